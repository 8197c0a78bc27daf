"""Pooled t-intervals at fixed rates, and our intervals beside them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from benchmarks.problems.groups import make_problem
from benchmarks.reports.calibration.fixed_rates import pooled_intervals, replicated
from benchmarks.reports.calibration.settings import replicates_key
from benchmarks.reports.results_table import ResultsTable
from benchmarks.rivals.samplers import rival
from benchmarks.runs.runner import run_study


def test_pooled_intervals_by_hand() -> None:
    # Squares about the means: 2 + 8 with 1 + 2 degrees of freedom; t(0.975, 3) = 3.1824.
    means, half_widths = pooled_intervals([np.array([1.0, 3.0]), np.array([2.0, 4.0, 6.0])])
    assert means.tolist() == [2, 4]
    deviation = np.sqrt(10 / 3)
    expected = 3.1824 * deviation / np.sqrt([2, 3])
    np.testing.assert_allclose(half_widths, expected, rtol=1e-4)


def test_two_rates_give_the_interval_of_the_pooled_t_test() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.standard_normal(5), 1 + rng.standard_normal(5)
    _, half_widths = pooled_intervals([ours, theirs])
    test = stats.ttest_ind(ours, theirs).confidence_interval(0.95)
    # The error of a difference of two means of as many values is sqrt(2) that of one.
    assert half_widths == pytest.approx(np.full(2, (test.high - test.low) / 2 / np.sqrt(2)))


def test_single_values_have_no_deviation() -> None:
    assert np.isnan(pooled_intervals([np.array([1.0]), np.array([2.0])]).half_widths).all()


def test_ours_stand_beside_the_pooled_intervals() -> None:
    name = "noise-5pct/0"
    runs = {
        seed: run_study(make_problem(name), rival("replicates-4"), "none", seed, n_trials=20)
        for seed in range(2)
    }
    # Ours are made to be twice as wide as the pooled ones, and the recommended arm's as wide.
    made, widths = {}, []
    for seed, run in runs.items():
        half = pooled_intervals([run.value[rate::4] for rate in range(4)]).half_widths[0]
        full = np.full(20, 2 * half)
        made[seed] = replace(run, arms_width=2 * full, interval_width=full)
        widths.append(half)
    table = ResultsTable({replicates_key(4): {name: made}})
    found = replicated(table, "functions", 4)
    assert found.n_seeds == 2
    np.testing.assert_allclose(found.to_pooled[:, -1], [1, 2], rtol=1e-5)
    assert found.pooled_half_widths[-1] == pytest.approx(np.mean(widths), rel=1e-5)
    truths = [make_problem(name).truth({"lr": rate}) for rate in _rates(runs[0].params[:4])]
    half = widths[0]
    holds = [abs(runs[0].value[i::4].mean() - truths[i]) <= half for i in range(4)]
    alone = replicated(ResultsTable({replicates_key(4): {name: {0: made[0]}}}), "functions", 4)
    assert alone.pooled_hold[-1] == np.mean(holds)


def _rates(params: np.ndarray) -> list[float]:
    return [float(text.partition(":")[2].rstrip("}")) for text in params]
