"""Failed trials: divergence is learnt, crashes are forgiven."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import optuna
import pytest
from numpy.testing import assert_array_equal
from optuna.trial import TrialState

from optuna_zooming import ZoomingSampler, active_arms
from optuna_zooming._evidence.failures import Verdict, judge, judge_choices

LOW, HIGH = 1e-5, 1e1
WORST, BEST = 0.1, 0.97
N_TRIALS = 20


@dataclass(frozen=True)
class Problem:
    """A learning-rate curve with 1 % noise: slow rise, faster fall, NaN beyond the cliff."""

    optimum: float
    cliff: float = 1.0
    crash_rate: float = 0.0

    def accuracy(self, u: float) -> float:
        """Noise-free accuracy at a point of the unit axis; chance beyond the cliff."""
        width = 0.25 if u < self.optimum else 0.15
        bump = math.exp(-(((u - self.optimum) / width) ** 2))
        return WORST + (BEST - WORST) * bump * (u <= self.cliff)

    def run(self, seed: int) -> optuna.Study:
        """A study of 20 trials; an objective that returns NaN and one that raises end as FAIL."""
        rng = np.random.default_rng([seed, 1])
        study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=seed))
        for _ in range(N_TRIALS):
            trial = study.ask()
            u = unit(trial.suggest_float("lr", LOW, HIGH, log=True))
            if rng.random() < self.crash_rate or u > self.cliff:
                study.tell(trial, state=TrialState.FAIL)
            else:
                study.tell(trial, self.accuracy(u) + rng.normal(0.0, 0.01))
        return study

    def n_beyond(self, study: optuna.Study) -> int:
        """Trials spent beyond the cliff."""
        return sum(unit(t.params["lr"]) > self.cliff for t in study.trials)

    def regret(self, study: optuna.Study) -> float:
        """Share of the range by which the best trial's rate falls short."""
        return (BEST - self.accuracy(unit(study.best_params["lr"]))) / (BEST - WORST)


def unit(rate: float) -> float:
    """The place of a rate on the unit axis."""
    return math.log(rate / LOW) / math.log(HIGH / LOW)


# From an optimum far below the cliff to one at its very edge.
CLIFFS = [
    Problem(cliff - distance, cliff)
    for cliff in (0.45, 0.6, 0.75, 0.9)
    for distance in (0.01, 0.05, 0.15, 0.3)
]


def test_rates_that_return_nan_get_at_most_3_of_20_trials() -> None:
    studies = [(problem, problem.run(seed)) for problem in CLIFFS for seed in range(4)]
    spent = np.array([problem.n_beyond(study) for problem, study in studies])
    assert spent.mean() <= 2.5
    # Where the best rates lie at the very edge, looking for them costs a fourth now and then.
    away_from_edge = np.array([p.cliff - p.optimum > 0.02 for p, _ in studies])
    assert np.mean(spent[away_from_edge] <= 3) >= 0.95
    assert spent.max() <= 5
    # And the cliff hides nothing.
    assert np.mean([problem.regret(study) for problem, study in studies]) < 0.01


def test_crashes_at_random_cost_little_regret() -> None:
    regrets = {
        crash_rate: np.array(
            [
                problem.regret(problem.run(seed))
                for problem in (Problem(o, 1.0, crash_rate) for o in (0.25, 0.4, 0.55, 0.7))
                for seed in range(40)
            ]
        )
        for crash_rate in (0.0, 0.3)
    }
    # 0.15 %: six of twenty trials less, however well they are recognised, at a regret of 0.3 %.
    assert regrets[0.3].mean() < 1.25 * regrets[0.0].mean() + 0.0015
    # No run lost a good rate to bad luck.
    assert regrets[0.3].max() < 0.1


def test_first_trial_that_crashes_condemns_nothing() -> None:
    # It lies at the optimum of a noiseless curve, in the middle of the range.
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))
    study.enqueue_trial({"lr": 1e-2})
    first = study.ask({"lr": optuna.distributions.FloatDistribution(LOW, HIGH, log=True)})
    study.tell(first, state=TrialState.FAIL)

    def accuracy(trial: optuna.Trial) -> float:
        return Problem(0.5).accuracy(unit(trial.suggest_float("lr", LOW, HIGH, log=True)))

    study.optimize(accuracy, n_trials=15)
    assert abs(unit(study.best_params["lr"]) - 0.5) < 0.02


def _report_and_end(state: TrialState, report: float, place: float = 0.55) -> optuna.Study:
    """Eleven trials with value 0 up to 1 (0.5 if the place is beyond), and one that ended so."""
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))
    distribution = optuna.distributions.FloatDistribution(0.0, 1.0)
    for x in np.linspace(0, 1.0 if place < 0.6 else 0.5, 11):
        study.enqueue_trial({"x": x})
        study.tell(study.ask({"x": distribution}), 0.0)
    study.enqueue_trial({"x": place})
    trial = study.ask({"x": distribution})
    trial.report(0.5, 0)
    trial.report(report, 1)
    if state != TrialState.RUNNING:
        study.tell(trial, state=state)
    return study


@pytest.mark.parametrize("state", [TrialState.FAIL, TrialState.PRUNED, TrialState.RUNNING])
@pytest.mark.parametrize("report", [math.nan, math.inf, -math.inf])
def test_report_of_nan_or_infinity_is_judged_like_a_failure(
    state: TrialState, report: float
) -> None:
    # Beyond all survivors it diverged; among them it was bad luck, which says nothing.
    for place, expected in ((0.8, 12), (0.55, 11)):
        study = _report_and_end(state, report, place)
        assert sum(arm.pulls for arm in active_arms(study, "x")) == expected


@pytest.mark.parametrize(
    ("state", "pulls"), [(TrialState.FAIL, 11), (TrialState.RUNNING, 11), (TrialState.PRUNED, 12)]
)
def test_finite_reports_of_unfinished_trials_are_no_pulls(state: TrialState, pulls: int) -> None:
    assert sum(arm.pulls for arm in active_arms(_report_and_end(state, 0.5), "x")) == pulls


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_infinite_values_are_the_worst_and_do_not_blow_up_the_scale(value: float) -> None:
    # In the direction that looks best, too: a loss of minus infinity is a broken run.
    for direction in ("maximize", "minimize"):
        study = optuna.create_study(direction=direction, sampler=ZoomingSampler(seed=0))
        sign = 1.0 if direction == "maximize" else -1.0

        def objective(trial: optuna.Trial, sign: float = sign) -> float:
            u = unit(trial.suggest_float("lr", LOW, HIGH, log=True))
            return value if u > 0.6 else sign * Problem(0.45).accuracy(u)

        study.optimize(objective, n_trials=N_TRIALS)
        finite = [t for t in study.trials if math.isfinite(t.value or 0.0)]
        best = max(finite, key=lambda t: sign * (t.value or 0.0))
        assert abs(unit(best.params["lr"]) - 0.45) < 0.02
        assert len(finite) >= 15


def test_no_failures_need_no_verdict() -> None:
    verdict = judge(np.empty(0), np.array([0.5]))
    assert (len(verdict.diverged), verdict.low, verdict.high) == (0, 0.0, 1.0)
    assert len(verdict.barred()) == 0


def test_failures_beyond_all_survivors_diverged_and_those_among_them_crashed() -> None:
    survived = np.linspace(0.0, 0.6, 10)
    failed = np.array([0.85, 0.31, 0.95, 0.9])
    verdict = judge(failed, survived)
    assert_array_equal(verdict.diverged, [True, False, True, True])
    assert 0.6 < verdict.high <= 0.85
    assert verdict.low == 0.0


def test_lower_cliff_is_recognised_too() -> None:
    verdict = judge(np.array([0.05, 0.1, 0.2]), np.linspace(0.4, 1.0, 10))
    assert verdict.diverged.all()
    assert 0.2 <= verdict.low < 0.4
    assert verdict.high == 1.0


def test_lucky_survivor_beyond_a_cliff_hides_nothing() -> None:
    survived = np.append(np.linspace(0.0, 0.5, 12), 0.8)
    failed = np.array([0.56, 0.6, 0.64, 0.7, 0.75, 0.85, 0.9, 0.95])
    verdict = judge(failed, survived)
    assert verdict.diverged.all()


def test_failure_right_beside_a_survivor_is_a_crash() -> None:
    # A cliff would have to lie in the last thousandth of the axis.
    assert not judge(np.array([0.601]), np.linspace(0, 0.6, 10)).diverged[0]


def test_where_crashes_are_frequent_more_failures_are_needed() -> None:
    survived = np.linspace(0.0, 0.7, 10)
    beyond = np.array([0.85, 0.86])
    crashes = np.linspace(0.02, 0.68, 9)
    assert judge(beyond, survived).diverged.all()
    assert not judge(np.append(beyond, crashes), survived).diverged.any()


def test_without_survivors_the_search_goes_downwards_first_and_then_anywhere() -> None:
    assert judge(np.array([0.5, 0.25]), np.empty(0)).high == 0.25
    everywhere = judge(np.array([0.5, 0.25, 0.125]), np.empty(0))
    assert (everywhere.low, everywhere.high) == (0.0, 1.0)


def test_thousands_of_failures_are_judged() -> None:
    failed = np.linspace(0.5, 1.0, 5000)
    assert judge(failed, np.linspace(0.0, 0.4, 5000)).diverged.all()


def test_barred_points_lie_beyond_the_cliffs() -> None:
    barred = Verdict(np.zeros(0, dtype=np.bool_), 0.1, 0.8).barred()
    assert np.all((barred <= 0.1) | (barred >= 0.8))
    # No gap between them is wide enough to look unexplored.
    assert np.diff(barred[barred >= 0.8]).max() <= 1 / 32


def test_choice_that_always_fails_is_dead_and_one_that_survived_is_not() -> None:
    survived = np.array([0, 0, 1, 1, 2, 2, 2])
    failed = np.array([3, 3, 3, 2])
    assert_array_equal(judge_choices(failed, survived), [True, True, True, False])


def test_choice_that_failed_once_is_tried_again() -> None:
    assert not judge_choices(np.array([1]), np.array([0, 0, 0]))[0]


def test_choice_that_returns_nan_is_dropped() -> None:
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        value = {"sgd": 0.8, "adam": 0.9, "broken": math.nan}
        return value[trial.suggest_categorical("optimiser", ["sgd", "adam", "broken"])]

    study.optimize(objective, n_trials=N_TRIALS)
    assert sum(t.params["optimiser"] == "broken" for t in study.trials) <= 4
