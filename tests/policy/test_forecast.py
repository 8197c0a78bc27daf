"""A first training that was too slow says how far up the next one should go."""

from __future__ import annotations

from typing import Literal

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.replay import ReplayProblem
from benchmarks.sensitivity.policy_replay import replay_policy
from optuna_zooming import AdaptiveZooming, ZoomingSampler
from optuna_zooming._arrays import FloatArray
from optuna_zooming._history import History
from optuna_zooming._policy.forecast import with_forecast
from optuna_zooming._policy.gaps import Gaps

Direction = Literal["maximize", "minimize"]
LOW, HIGH, DECADES = 1e-5, 1e1, 6.0
RELAXED = AdaptiveZooming().index.relaxed
USUAL, FARTHEST = 0.7, 0.5 + 0.5 * AdaptiveZooming().index.end_split


def _relaxing(times: float, level: float = 1.0) -> FloatArray:
    return 0.1 - level * np.expm1(-times * np.linspace(0, 1, 30))


def _place(trial: optuna.trial.FrozenTrial) -> float:
    return float(np.log10(trial.params["lr"] / LOW) / DECADES)


def _after(
    curves: list[FloatArray],
    direction: Direction = "maximize",
    log: bool = True,
    second: tuple[float, float] | None = None,
) -> float:
    """Where the trial after these goes, on the unit axis."""
    study = optuna.create_study(direction=direction, sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("lr", LOW, HIGH, log=log)
        if second:
            trial.suggest_float("momentum", *second)
        if trial.number == len(curves):
            return 0.0
        sign = 1.0 if direction == "maximize" else -1.0
        for step, value in enumerate(curves[trial.number]):
            trial.report(sign * value, step)
        return float(sign * curves[trial.number][-1])

    study.optimize(objective, n_trials=len(curves) + 1)
    if not log:
        return float((study.trials[-1].params["lr"] - LOW) / (HIGH - LOW))
    return _place(study.trials[-1])


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
@pytest.mark.parametrize("times", [8.0, 12.0])
def test_next_trial_goes_up_by_what_the_first_one_lacked(
    times: float, direction: Direction
) -> None:
    expected = 0.5 + np.log10(RELAXED / times) / DECADES
    assert _after([_relaxing(times)], direction) == pytest.approx(expected, abs=0.03)


def test_but_never_as_far_as_the_end() -> None:
    assert _after([_relaxing(0.1)]) == pytest.approx(FARTHEST, abs=0.03)


@pytest.mark.parametrize(
    ("curve", "log"),
    [
        (_relaxing(55.0), True),
        (_relaxing(0.1)[:5], True),
        (0.1 + np.linspace(0, 1, 30) ** 2, True),
        (_relaxing(0.1), False),
    ],
    ids=["fast", "too few reports", "speeds up", "linear axis"],
)
def test_what_says_nothing_changes_nothing(curve: FloatArray, log: bool) -> None:
    assert _after([curve], log=log) == pytest.approx(USUAL, abs=0.02)


def test_several_parameters_have_no_forecast() -> None:
    with_curve = _after([_relaxing(0.1)], second=(0.0, 0.9))
    assert with_curve == _after([_relaxing(0.1)[-1:]], second=(0.0, 0.9))


def _forecast(points: list[float], values: list[float], lasted: list[float]) -> Gaps:
    left, right = np.array([0.0, *points]), np.array([*points, 1.0])
    gaps = Gaps(left, right, (left + right) / 2, np.zeros(len(left)))
    history = History(
        np.array(points),
        np.array(values),
        pending=np.empty(0),
        relaxations=np.array(lasted),
        decades=DECADES,
    )
    return with_forecast(gaps, history, RELAXED, farthest=0.6)


def test_nothing_is_tried_below_a_very_slow_training() -> None:
    index = _forecast([0.3, 0.6, 0.8], [0.2, 0.5, 0.1], [0.5, np.inf, np.inf]).index
    assert index[0] < -1e3
    assert index[1:].tolist() == [0, 0, 0]


@pytest.mark.parametrize("lasted", [0.0, 0.1, 20.0])
def test_smooth_training_above_the_best_one_contradicts(lasted: float) -> None:
    # A larger rate that is worse without being rough, or that learnt nothing.
    found = _forecast([0.3, 0.6], [0.5, 0.2], [0.5, lasted])
    assert found.index.tolist() == [0, 0, 0]


def test_with_many_trials_their_values_decide() -> None:
    places = [0.1, 0.2, 0.3, 0.4, 0.5]
    assert _forecast(places, places, [0.1] * 5).index.tolist() == [0] * 6
    assert _forecast(places[:4], places[:4], [0.1] * 4).index[-1] > 1e3


def test_parameter_that_slows_training_down_costs_a_few_trials_only() -> None:
    """A batch size, say: the larger, the slower; the best place is at 0.2."""

    def objective(trial: optuna.Trial) -> float:
        place = np.log10(trial.suggest_float("lr", LOW, HIGH, log=True) / LOW) / DECADES
        curve = _relaxing(10 ** (1.5 - 3 * place)) - abs(place - 0.2)
        for step, value in enumerate(curve):
            trial.report(value, step)
        return float(curve[-1])

    for seed in range(5):
        study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=seed))
        study.optimize(objective, n_trials=10)
        assert all(trial.state == TrialState.COMPLETE for trial in study.trials)
        assert abs(_place(study.best_trial) - 0.2) < 0.06


def test_on_recorded_curves_three_trials_find_better_rates() -> None:
    """Tuning tables and their sub-ranges: the mean regret after three trials is halved."""
    means = []
    for relaxed in (0.0, RELAXED):
        policy = AdaptiveZooming().with_constants(relaxed=relaxed)
        regrets = []
        for name in group_names("tuning"):
            problem = make_problem(name)
            assert isinstance(problem, ReplayProblem)
            regrets += [
                replay_policy(problem, policy, seed, budgets=(3,)).best[0] for seed in range(6)
            ]
        means.append(np.mean(regrets))
    assert means[1] < 0.5 * means[0]
