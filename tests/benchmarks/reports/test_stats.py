"""Figures of merit against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reports import stats

REGRET = np.array([[[0.5, 0.02, 0.01], [0.3, 0.3, 0.1]], [[0.1, 0.1, 0.0], [0.9, 0.2, 0.2]]])


def test_mean_over_runs_averages_problems_and_seeds() -> None:
    np.testing.assert_allclose(stats.mean_over_runs(REGRET), [0.45, 0.155, 0.0775])


def test_interquartile_mean_is_the_mean_of_the_middle_half() -> None:
    # Sorted by hand: the middle two of four runs.
    expected = [(0.3 + 0.5) / 2, (0.1 + 0.2) / 2, (0.01 + 0.1) / 2]
    np.testing.assert_allclose(stats.interquartile_mean(REGRET), expected)


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


def test_area_under_curve_is_the_mean_regret() -> None:
    assert stats.area_under_curve(REGRET) == pytest.approx(2.73 / 12)
