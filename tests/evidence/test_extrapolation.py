"""Pruned trials: compared, at the step they reached, with what the others had there."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest
from numpy.testing import assert_allclose

from optuna_zooming import ZoomingSampler, recommended_arm
from optuna_zooming._arrays import FloatArray, IntArray
from optuna_zooming._evidence.extrapolation import Finals, estimated_finals

NAN = math.nan
Reports = dict[int, tuple[IntArray, FloatArray]]


def _reports(**steps: list[tuple[int, float]]) -> Reports:
    """Reports from ``s3=[(trial, value), ...]``."""
    return {
        int(step[1:]): (np.array([i for i, _ in pairs]), np.array([v for _, v in pairs]))
        for step, pairs in steps.items()
    }


def _finals(finals: list[float], steps: list[int], reports: Reports) -> Finals:
    """Estimates; a trial starts with its report at the first of the steps."""
    starts = np.full(len(finals), NAN)
    for step in sorted(reports, reverse=True):
        members, values = reports[step]
        starts[members] = values
    return estimated_finals(np.array(finals), np.array(steps), reports, starts)


def _values(finals: list[float], steps: list[int], reports: Reports) -> FloatArray:
    return _finals(finals, steps, reports).values


def test_report_alone_is_taken_as_it_is_and_nothing_is_known() -> None:
    found = _finals([NAN], [3], _reports(s3=[(0, 0.4)]))
    assert_allclose(found.values, [0.4])
    assert_allclose(found.bounds, [[-math.inf, math.inf]])


@pytest.mark.parametrize(
    ("report", "final"),
    [
        (0.2, 0.7),  # as the second of three
        (0.25, 0.75),  # halfway to the best
        (0.9, 1.4),  # 0.6 above the best
        (0.05, 0.55),  # 0.05 below the worst
    ],
)
def test_place_among_peers_at_the_step_is_carried_over(report: float, final: float) -> None:
    # Peers whose order at the step is their order in the end: 0.1, 0.2, 0.3 -> 0.6, 0.7, 0.8.
    reports = _reports(s2=[(0, 0.1), (1, 0.2), (2, 0.3), (3, report)])
    assert _values([0.6, 0.7, 0.8, NAN], [9, 9, 9, 2], reports)[3] == pytest.approx(final)


def test_lead_shrinks_as_the_peers_differences_do() -> None:
    # 0.1, 0.2, 0.3 at the step and 0.70, 0.72, 0.74 in the end: a lead of 0.1 becomes 0.02.
    reports = _reports(s2=[(0, 0.1), (1, 0.2), (2, 0.3), (3, 0.4)])
    assert _values([0.7, 0.72, 0.74, NAN], [9, 9, 9, 2], reports)[3] == pytest.approx(0.76)


def test_lead_over_a_slow_starter_is_no_promise() -> None:
    # One peer, from -1.6 to -0.4: one that is at -0.5 already will not gain 1.2 as well as lead.
    reports = _reports(s1=[(0, -1.6), (1, -0.5)])
    found = _finals([-0.4, NAN], [9, 1], reports)
    # Between no change and the peer's; as much again, since one peer is no range.
    assert_allclose(found.bounds[1], [-1.7, 1.9])
    assert found.values[1] == pytest.approx(0.7)


def test_bounds_are_the_changes_of_the_peers_with_the_nearest_reports() -> None:
    # Nine peers gain 0.9, 0.8, ..., 0.1, and end at 1; the farthest, which gained most, has no say.
    values = [0.1 * i for i in range(1, 10)]
    first = [(i, value - 9.0) for i, value in enumerate([*values, 1.0])]
    reports = _reports(s1=first, s2=[*enumerate(values), (9, 1.0)])
    found = _finals([*([1.0] * 9), NAN], [9] * 9 + [2], reports)
    # From no change to 0.8, and an eighth of that farther on either side.
    assert_allclose(found.bounds[9], [1.0 - 0.1, 1.8 + 0.1])
    assert_allclose(found.bounds[0], [1.0, 1.0])


def test_who_is_behind_at_first_may_still_catch_up_with_the_best() -> None:
    # Two peers from 0.5 to 0.9 and from 0.6 to 1: none of them gained 0.9.
    at_first = _finals([0.9, 1.0, NAN], [9, 9, 1], _reports(s1=[(0, 0.5), (1, 0.6), (2, 0.1)]))
    # From no change to 1, and half of that farther, of two peers.
    assert_allclose(at_first.bounds[2], [0.1 - 0.45, 1.0 + 0.45])
    # Later, when they had an eighth of their way before them: 0.05, which is what they gained.
    reports = _reports(s1=[(0, 0.5), (1, 0.6), (2, 0.1)], s7=[(0, 0.85), (1, 0.95), (2, 0.4)])
    later = _finals([0.9, 1.0, NAN], [9, 9, 7], reports)
    assert_allclose(later.bounds[2], [0.4 - 0.0375, 0.4 + 0.075 + 0.0375])


def test_step_that_says_nothing_gives_the_peers_mean() -> None:
    # Four peers, whose order at the step is the reverse in the end: Spearman -1, counted as 0;
    # with two pairs of prior, trust is 2 / 6. Mapped value 0.8, mean 0.65.
    reports = _reports(s1=[(0, 0.1), (1, 0.2), (2, 0.3), (3, 0.4), (4, 0.4)])
    found = _values([0.8, 0.7, 0.6, 0.5, NAN], [9, 9, 9, 9, 1], reports)[4]
    assert found == pytest.approx(0.8 / 3 + 0.65 * 2 / 3)


def test_longer_pruned_trials_serve_shorter_ones_as_peers() -> None:
    # Trial 1 got to step 5, where it is 0.1 below trial 0: 0.8. Trial 2 equals it at step 1.
    reports = _reports(s1=[(0, 0.3), (1, 0.2), (2, 0.2)], s5=[(0, 0.7), (1, 0.6)])
    assert_allclose(_values([0.9, NAN, NAN], [9, 5, 1], reports), [0.9, 0.8, 0.8])


def test_diverged_trials_are_no_peers() -> None:
    reports = _reports(s1=[(0, 9.0), (1, 0.2), (2, 0.2)])
    assert _values([-math.inf, 0.5, NAN], [9, 9, 1], reports)[2] == pytest.approx(0.5)


def test_trials_without_reports_stay_unknown() -> None:
    found = _values([1.0, NAN], [-1, -1], {})
    assert found[0] == 1.0
    assert math.isnan(found[1])


def _slow_winner(trial: optuna.Trial) -> float:
    """Accuracy: the best rates (around 1e-3) start slowest, and overtake all others in the end."""
    u = (math.log10(trial.suggest_float("lr", 1e-5, 1e1, log=True)) + 5) / 6
    quality = math.exp(-(((u - 1 / 3) / 0.2) ** 2))
    for epoch in range(1, 11):
        trial.report(0.5 * (1 - quality) + (1.5 * quality - 0.5) * (epoch / 10) ** 2, epoch)
        if trial.should_prune():
            raise optuna.TrialPruned
    return quality


@pytest.mark.parametrize("seed", range(5))
def test_slow_curve_that_wins_late_is_not_condemned_by_its_pruned_trials(seed: int) -> None:
    pruner = optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1)
    study = optuna.create_study(
        direction="maximize", sampler=ZoomingSampler(seed=seed), pruner=pruner
    )
    study.optimize(_slow_winner, n_trials=25)
    assert any(t.state == optuna.trial.TrialState.PRUNED for t in study.trials)
    found = recommended_arm(study, "lr").value
    assert abs(math.log10(found) + 3.0) < 0.75
