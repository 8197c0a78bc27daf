"""Replayed tables: what a trial sees, what it costs and what is called regret."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from benchmarks.problems.groups import group_names, make_problem, part_of, select_problems
from benchmarks.problems.ranges import N_STRATA, ranges_anywhere, sub_ranges
from benchmarks.problems.replay import ReplayProblem
from benchmarks.rivals.pruners import RecordingPruner
from benchmarks.runs.runner import epochs_of
from tests.benchmarks.recorded import small_curves

CURVES = small_curves()


def run(problem: ReplayProblem, seed: int, **options: Any) -> optuna.Study:
    study = optuna.create_study(direction=problem.direction, **options)
    for rate in (1e-5, 1e-2, 3e-3, 1.0, 0.9):
        study.enqueue_trial({"lr": rate})
    study.optimize(problem.objective(seed), n_trials=5)
    return study


def test_curves_are_exact_at_recorded_rates() -> None:
    problem = ReplayProblem(CURVES)
    for i, rate in enumerate(CURVES.learning_rates):
        for seed in range(2):
            recorded = CURVES.accuracy[i, seed]
            np.testing.assert_allclose(problem.curve(rate, seed), recorded, atol=1e-12)


def test_curves_are_linear_in_the_logarithm_between() -> None:
    # A quarter of the way from 1e-3 (0.6) to 1e-2 (0.9), seed 0 being 0.02 lower.
    found = ReplayProblem(CURVES).curve(10**-2.75, 0)
    np.testing.assert_allclose(found, 0.655 * np.array([0.5, 0.8, 1.0]))


def test_each_trial_meets_the_same_seed_under_every_sampler() -> None:
    problem = ReplayProblem(CURVES)
    samplers = (optuna.samplers.RandomSampler(seed=1), optuna.samplers.TPESampler(seed=2))
    noise = []
    for sampler in samplers:
        pruner = optuna.pruners.NopPruner()
        study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
        study.optimize(problem.objective(7), n_trials=30)
        noise.append([trial.values[0] - problem.truth(trial.params) for trial in study.trials])
    np.testing.assert_allclose(noise[0], noise[1], atol=1e-12)
    assert {round(each, 6) for each in noise[0]} == {-0.02, 0.02}


def test_runs_differ_in_the_seeds_they_draw() -> None:
    problem = ReplayProblem(CURVES)
    assert len({tuple(trial.value for trial in run(problem, s).trials) for s in range(6)}) > 3


def test_every_epoch_is_reported_and_reporting_changes_no_value() -> None:
    problem = ReplayProblem(CURVES)
    silent = run(problem, 3, pruner=optuna.pruners.NopPruner())
    reported = run(problem, 3, pruner=RecordingPruner())
    assert [t.value for t in silent.trials] == [t.value for t in reported.trials]
    for trial in reported.trials:
        assert list(trial.intermediate_values) == [1, 2, 3]
        assert trial.intermediate_values[3] == trial.value


def test_a_pruned_trial_costs_the_epochs_it_ran() -> None:
    class SecondEpoch(optuna.pruners.BasePruner):
        def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
            return trial.last_step == 2

    study = run(ReplayProblem(CURVES), 0, pruner=SecondEpoch())
    assert {trial.state for trial in study.trials} == {TrialState.PRUNED}
    assert [epochs_of(trial, 3) for trial in study.trials] == [2] * 5


def test_mute_objective_reports_nothing_and_returns_the_same() -> None:
    mute = run(ReplayProblem(CURVES, mute=True), 0)
    speaking = run(ReplayProblem(CURVES), 0)
    assert [trial.value for trial in mute.trials] == [trial.value for trial in speaking.trials]
    assert all(trial.intermediate_values == {} for trial in mute.trials)


def test_group_of_mute_problems_has_those_that_report() -> None:
    names = select_problems(["reporting-mute"])
    assert names == [f"{name}+mute" for name in select_problems(["reporting"])]
    assert make_problem(names[0]).name == names[0]
    assert make_problem("digits-mlp-sgd/0.1..1e+1+nan+mute").name.endswith("/0.1..10+nan+mute")


def test_divergence_can_return_nan_from_its_epoch_on() -> None:
    problem = ReplayProblem(CURVES, divergence="nan")
    trials = run(problem, 0, pruner=RecordingPruner()).trials
    # 1.0 has diverged in its second epoch; 0.9 lies nearest to it; the others have not.
    assert [trial.state for trial in trials[:3]] == [TrialState.COMPLETE] * 3
    assert [trial.state for trial in trials[3:]] == [TrialState.FAIL] * 2
    assert [epochs_of(trial, 3) for trial in trials] == [3, 3, 3, 2, 2]
    assert math.isnan(trials[3].intermediate_values[2])


def test_diverged_accuracy_counts_as_recorded_by_default() -> None:
    states = {trial.state for trial in run(ReplayProblem(CURVES), 0).trials}
    assert states == {TrialState.COMPLETE}


def test_regret_on_the_full_range() -> None:
    problem = ReplayProblem(CURVES)
    assert problem.regret({"lr": 1e-2}) == pytest.approx(0)
    assert problem.regret({"lr": 1.0}) == pytest.approx(1)
    # Halfway between 0.6 and 0.9.
    assert problem.regret({"lr": 10**-2.5}) == pytest.approx((0.9 - 0.75) / 0.8)


def test_regret_is_relative_to_the_best_of_a_sub_range() -> None:
    # Ends halfway between recorded rates: the best there is 0.75, the worst 0.2.
    problem = ReplayProblem(CURVES, low=10**-4.5, high=10**-2.5)
    assert problem.regret({"lr": 10**-2.5}) == pytest.approx(0)
    assert problem.regret({"lr": 10**-4.5}) == pytest.approx(1)
    assert problem.regret({"lr": 1e-3}) == pytest.approx(0.15 / 0.55)


@pytest.mark.parametrize(("low", "high"), [(1e-6, 1.0), (1e-3, 2.0), (0.1, 0.1), (0.1, 0.01)])
def test_a_range_outside_of_the_table_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"low and high must satisfy 1e-05 <= low < high <= 1"):
        ReplayProblem(CURVES, low=low, high=high)


def test_sub_ranges_are_fixed_round_and_near_a_good_rate() -> None:
    ranges = sub_ranges(CURVES, count=5)
    assert ranges == sub_ranges(small_curves(), count=5)
    assert ranges != sub_ranges(small_curves("digits-other"), count=5)
    assert len(set(ranges)) == 5
    for low, high in ranges:
        assert 1e-5 <= low < high <= 1
        assert 1.5 < math.log10(high / low) <= 5.3
        assert low == pytest.approx(float(f"{low:.0e}"))
        # The one recorded rate within 2 % of the best is 1e-2.
        assert math.log10(low) - 0.25 <= -2 <= math.log10(high) + 0.25


def test_loss_is_sought_downwards_and_divergence_to_nan_fails() -> None:
    curves = small_curves()
    losses = np.linspace(0.5, 3.0, 6)[:, None, None] * np.ones_like(curves.validation_loss)
    losses[-1, 0, 1:] = np.nan
    problem = ReplayProblem(replace(curves, validation_loss=losses), measure="loss")
    assert problem.name.endswith("+loss")
    assert problem.curve(1e-5, 0).tolist() == [-0.5, -0.5, -0.5]
    # The last rate's first seed diverged after one epoch, its second one ended above guessing.
    assert np.isnan(problem.curve(1.0, 0)).tolist() == [False, True, True]
    assert problem.truth({"lr": 1.0}) == pytest.approx(-np.log(10))
    assert problem.regret({"lr": 1e-5}) == 0.0
    assert problem.regret({"lr": 1e-4}) == pytest.approx(0.5 / (np.log(10) - 0.5))


def test_without_an_accuracy_the_loss_has_to_be_asked_for() -> None:
    with pytest.raises(ValueError, match=r"digits-test records no accuracy.*\+loss"):
        ReplayProblem(replace(small_curves(), validation_accuracy=None))


def test_guessing_is_what_the_table_says_it_is() -> None:
    """The highest rate's first seed is lost, its second one ends at 3: both count as guessing."""
    curves = small_curves()
    losses = np.where(np.isnan(curves.validation_loss), np.nan, 0.5)
    losses[-1, 1] = 3.0
    regression = replace(
        curves,
        train_loss=losses,
        validation_loss=losses,
        validation_accuracy=None,
        metadata={"guessing_loss": 1.0},
    )
    problem = ReplayProblem(regression, measure="loss")
    assert problem.truth({"lr": 1.0}) == -1.0
    assert problem.curve(1.0, 1)[-1] == -3.0
    assert np.isnan(problem.curve(1.0, 0)).tolist() == [False, True, True]


def test_mean_of_the_objective_leaves_out_what_diverged_and_takes_losses_as_they_are() -> None:
    curves = small_curves()
    losses = np.full_like(curves.validation_loss, 0.5)
    # Of the lowest rate's two seeds one ends far above guessing, and then the other one is lost.
    losses[0, 0] = 30.0
    problem = ReplayProblem(replace(curves, validation_loss=losses), measure="loss")
    params = {"lr": problem.low}
    assert problem.n_seeds == 2
    assert problem.expected(params) == pytest.approx(-(30.0 + 0.5) / 2)
    assert problem.expected(params) < problem.truth(params)
    lost = losses.copy()
    lost[0, 1] = np.nan
    problem = ReplayProblem(replace(curves, validation_loss=lost), measure="loss")
    assert problem.expected(params) == pytest.approx(-30.0)


def test_best_rate_lies_in_each_part_of_the_ranges_anywhere() -> None:
    rates, best = np.geomspace(1e-6, 10, 50), 3e-3
    ranges = ranges_anywhere("digits-test", rates, best)
    assert ranges == ranges_anywhere("digits-test", rates, best)
    assert ranges != ranges_anywhere("digits-other", rates, best)
    places = [np.log(best / low) / np.log(high / low) for low, high in ranges]
    assert [int(place * N_STRATA) for place in places] == list(range(N_STRATA))
    for low, high in ranges:
        assert 1e-6 <= low < high <= 10
        assert 1.99 <= np.log10(high / low) <= 7.01


def test_groups_anywhere_have_accuracies_and_losses_of_every_table() -> None:
    names = group_names("tuning-anywhere")
    assert len(names) == 2 * N_STRATA * len({name.partition("/")[0] for name in names})
    assert sum(name.endswith("+loss") for name in names) == len(names) // 2
    assert make_problem(names[-1]).name == names[-1]
    assert group_names("reporting-anywhere-mute")[0].endswith("+mute")
    parts = [f"part {1 + part} of {N_STRATA}" for part in range(N_STRATA)]
    for group in ("tuning-anywhere", "reporting-anywhere-mute"):
        found = [part_of(name).partition(", best rate in ") for name in group_names(group)]
        assert [part for _, _, part in found] == parts * (len(found) // N_STRATA)
        assert {measure for measure, _, _ in found} == {"accuracy", "loss"}
