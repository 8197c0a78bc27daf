"""Intervals against scipy, enumeration and hand-worked cases; and that they are fast enough."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from scipy import stats as scipy_stats

from benchmarks.reports.intervals import (
    INTERQUARTILE_MEAN,
    estimate,
    percentiles,
    resample_counts,
    resampled_interquartile_means,
    resampled_means,
)
from benchmarks.reports.results_table import table_of

MANY = 20_000


def test_one_run_of_each_table_is_the_bootstrap_of_scipy() -> None:
    sample = np.random.default_rng(1).exponential(size=40)
    reference = scipy_stats.bootstrap(
        (sample,), np.mean, method="percentile", n_resamples=4000, random_state=2
    ).confidence_interval
    tables = [f"table-{i}" for i in range(40)]
    found = estimate(sample[:, None, None], tables, n_resamples=4000)
    np.testing.assert_allclose(found.low, reference.low, rtol=0.03)
    np.testing.assert_allclose(found.high, reference.high, rtol=0.03)


def test_seeds_of_a_single_table_are_the_bootstrap_of_scipy() -> None:
    sample = np.random.default_rng(1).exponential(size=40)
    reference = scipy_stats.bootstrap(
        (sample,), np.mean, method="percentile", n_resamples=4000, random_state=2
    ).confidence_interval
    found = estimate(sample[None, :, None], ["table"], n_resamples=4000)
    np.testing.assert_allclose(found.low, reference.low, rtol=0.03)
    np.testing.assert_allclose(found.high, reference.high, rtol=0.03)


def test_both_levels_have_the_spread_of_every_resample_there_is() -> None:
    # Two tables with two seeds: four ways to draw tables, and four to draw seeds of each copy.
    regret = np.array([[0.0, 1.0], [4.0, 8.0]])
    means = [
        np.mean([regret[table, list(seeds)] for table, seeds in zip(drawn, chosen)])
        for drawn in itertools.product(range(2), repeat=2)
        for chosen in itertools.product(itertools.product(range(2), repeat=2), repeat=2)
    ]
    draws = resampled_means(regret, ["a", "b"], MANY)
    assert draws.mean() == pytest.approx(np.mean(means), abs=0.05)
    assert draws.std() == pytest.approx(np.std(means), rel=0.02)
    for level in (0.1, 0.5, 0.9):
        expected = np.quantile(means, level)
        assert np.quantile(draws, level) == pytest.approx(expected, abs=0.3)


def test_ranges_of_a_table_go_together() -> None:
    # Seeds agree: a resample is 2a, a + b or 2b, whatever the number of b's ranges.
    regret = np.array([[0.0, 0.0], [0.3, 0.3], [0.6, 0.6], [0.9, 0.9]])
    draws = resampled_means(regret, ["a", "b", "b", "b"], MANY)
    values, counts = np.unique(draws.round(6), return_counts=True)
    np.testing.assert_allclose(values, [0, 0.45, 0.6])
    np.testing.assert_allclose(counts / MANY, [0.25, 0.5, 0.25], atol=0.02)


def test_paired_runs_share_their_resamples() -> None:
    # Runs differ wildly, the difference never: its interval has no width.
    theirs = np.random.default_rng(0).random((3, 5, 2))
    found = estimate(theirs - 0.25 - theirs, ["a", "a", "b"])
    np.testing.assert_allclose(found, -0.25)
    # And two samplers that are asked for one after the other meet the same resamples.
    one, other = (resampled_means(each, ["a", "a", "b"], 50) for each in (theirs, theirs - 0.25))
    np.testing.assert_allclose(other - one, -0.25)


def test_interquartile_mean_of_each_resample_is_that_of_its_runs() -> None:
    values = np.random.default_rng(3).random((3, 5, 2))
    tables = ("a", "a", "b")
    counts = resample_counts(tables, 5, 40).astype(int)
    expected = [
        scipy_stats.trim_mean(np.repeat(values.reshape(15, 2), own.ravel(), axis=0), 0.25, axis=0)
        for own in counts
    ]
    np.testing.assert_allclose(resampled_interquartile_means(values, tables, 40), expected)
    found = estimate(values, tables, INTERQUARTILE_MEAN, n_resamples=40)
    np.testing.assert_allclose([found.low, found.high], percentiles(np.array(expected)))


def test_a_single_table_with_single_seeds_draws_its_problems() -> None:
    regret = np.array([0.1, 0.2, 0.3, 0.8])[:, None, None]
    found = estimate(regret, ["a"] * 4)
    # Four draws of four values: at best and at worst the same one four times.
    assert 0.1 < found.low[0] < 0.35 < found.high[0] < 0.8
    assert found == estimate(regret, ["a", "b", "c", "d"])


def test_a_single_run_has_no_interval() -> None:
    found = estimate(np.array([[[0.3]]]), ["a"])
    assert found.mean == [0.3]
    assert np.isnan([found.low, found.high]).all()


def test_what_goes_together() -> None:
    ranges = ["mnist-mlp-sgd/0.1..10+loss", "mnist-mlp-sgd/0.1..1e+1+mute", "mnist-mlp-sgd+mute"]
    assert {table_of(name) for name in ranges} == {"mnist-mlp-sgd"}
    assert table_of("mnist-grid-sgd/lr+momentum") == "mnist-grid-sgd"
    assert table_of("two-peaks/1") == "two-peaks/1"
    assert table_of("tuning-two-peaks/1+mute") == "tuning-two-peaks/1"


def test_a_page_of_intervals_takes_seconds() -> None:
    tables = [f"table-{i // 10}" for i in range(70)]
    regret = np.random.default_rng(0).random((70, 20, 3))
    started = time.perf_counter()
    for _ in range(3):
        estimate(regret, tables)
        estimate(regret, tables, INTERQUARTILE_MEAN)
    assert time.perf_counter() - started < 6
