"""Figures of merit against values worked out by hand or by scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from benchmarks.reports import stats

REGRET = np.array([[[0.5, 0.02, 0.01], [0.3, 0.3, 0.1]], [[0.1, 0.1, 0.0], [0.9, 0.2, 0.2]]])


def test_mean_over_runs_averages_problems_and_seeds() -> None:
    np.testing.assert_allclose(stats.mean_over_runs(REGRET), [0.45, 0.155, 0.0775])


def test_interquartile_mean_is_the_mean_of_the_middle_half() -> None:
    # Sorted by hand: the middle two of four runs.
    expected = [(0.3 + 0.5) / 2, (0.1 + 0.2) / 2, (0.01 + 0.1) / 2]
    np.testing.assert_allclose(stats.interquartile_mean(REGRET), expected)


def test_bootstrap_agrees_with_scipy_on_a_single_stratum() -> None:
    sample = np.random.default_rng(1).exponential(size=40)
    reference = scipy_stats.bootstrap(
        (sample,), np.mean, method="percentile", n_resamples=4000, random_state=2
    ).confidence_interval
    low, high = stats.stratified_bootstrap(
        sample[None], lambda x: np.asarray(x.mean()), np.random.default_rng(3), n_resamples=4000
    )
    np.testing.assert_allclose([low, high], [reference.low, reference.high], rtol=0.03)


def test_bootstrap_never_mixes_problems() -> None:
    # Seeds agree within each problem: resampling them changes nothing.
    regret = np.array([[0.1, 0.1, 0.1], [0.9, 0.9, 0.9]])[..., None]
    low, high = stats.stratified_bootstrap(regret, stats.mean_over_runs, np.random.default_rng(0))
    np.testing.assert_allclose([low, high], [[0.5], [0.5]])


@pytest.mark.parametrize(("target", "expected"), [(0.5, 1), (0.2, 2), (0.0775, 3), (0.01, np.inf)])
def test_first_at_or_below(target: float, expected: float) -> None:
    assert stats.first_at_or_below(np.array([0.45, 0.155, 0.0775]), target) == expected


def test_median_run_counts_runs_that_never_arrive_as_infinite() -> None:
    # Firsts to 0.1: 2, 3, 1 and never; their median lies between 2 and 3.
    assert stats.median_run_to(REGRET, 0.1) == 2.5
    # To 0.01: 3, never, 3, never.
    assert stats.median_run_to(REGRET, 0.01) == np.inf


def test_by_epochs_counts_a_trial_from_its_last_epoch() -> None:
    regret = np.array([[0.5, np.nan, 0.1]])
    epochs = np.array([[2.0, 1.0, 3.0]])
    found = stats.by_epochs(regret, epochs, 8)
    np.testing.assert_array_equal(found, [[1, 0.5, 1, 1, 1, 0.1, 0.1, 0.1]])


def test_a_recommendation_stands_until_the_next() -> None:
    found = stats.carried_forward(np.array([np.nan, 0.3, np.nan, 0.1, np.nan]))
    np.testing.assert_array_equal(found, [np.nan, 0.3, 0.3, 0.1, 0.1])


def test_mean_ranks_share_ties() -> None:
    ours, theirs = np.array([[[0.1, 0.2], [0.1, 0.2]]]), np.array([[[0.3, 0.2], [0.0, 0.2]]])
    found = stats.mean_ranks([ours, theirs])
    np.testing.assert_array_equal(found, [[1.5, 1.5], [1.5, 1.5]])
    np.testing.assert_array_equal(stats.mean_ranks([ours, ours + 1]), [[1, 1], [2, 2]])


def test_paired_difference_cancels_what_both_share() -> None:
    # Runs differ wildly, the difference never: its interval has no width.
    theirs = np.random.default_rng(0).random((3, 5, 2))
    mean, low, high = stats.paired_difference(theirs - 0.25, theirs, np.random.default_rng(1))
    np.testing.assert_allclose([mean, low, high], -0.25)


def test_area_under_curve_is_the_mean_regret() -> None:
    assert stats.area_under_curve(REGRET) == pytest.approx(2.73 / 12)


def test_single_seeds_leave_the_problems_to_be_drawn_anew() -> None:
    regret = np.array([0.1, 0.2, 0.3, 0.8])[:, None, None]
    rng = np.random.default_rng(0)
    low, high = stats.stratified_bootstrap(regret, stats.mean_over_runs, rng, n_resamples=2000)
    # Four draws of four values: at best and at worst the same one four times.
    assert 0.1 < low[0] < 0.35 < high[0] < 0.8
    seeds = stats.stratified_bootstrap(
        np.swapaxes(regret, 0, 1), stats.mean_over_runs, np.random.default_rng(0), n_resamples=2000
    )
    assert (low, high) == seeds
