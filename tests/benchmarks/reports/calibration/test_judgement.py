"""Shares that hold, what is unknown, and widths, against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.reports.calibration.judgement import (
    Counts,
    arms_counts,
    judged,
    quantiles,
    recommended_counts,
)
from benchmarks.reports.calibration.statistics import ratios, summarise
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.runs.rows import Run
from tests.benchmarks.made_runs import run_of

OURS = Key("zooming", "none")
NAN = np.nan


def _run(seed: int, **after_five: float) -> Run:
    """Five trials, judged after the last one."""
    before = np.full(4, NAN)
    columns: dict[str, Any] = {n: np.append(before, value) for n, value in after_five.items()}
    return replace(run_of(seed, NAN, 5), **columns)


def test_a_recommendation_counts_where_it_was_judged() -> None:
    # Eight of ten hold; one run recommends nothing.
    runs = {
        seed: _run(seed, interval_holds=float(seed < 8), interval_width=0.02 * (seed + 1))
        for seed in range(10)
    }
    runs[10] = _run(10, interval_holds=NAN, interval_width=NAN)
    table = ResultsTable({OURS: {"task": runs}})
    found = judged(recommended_counts(table, OURS, [5]), ["task"], one_each=True)
    assert [*found.studies, *found.arms] == [10, 1]
    # (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n) by hand, z = 1.96.
    assert found.holds[:, 0] == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert found.half_widths[1, 0] == pytest.approx(0.055)
    assert [*found.known_hold, *found.unknown] == [0.8, 0]


def test_an_infinite_interval_holds_and_stands_apart() -> None:
    runs = {
        0: _run(0, interval_holds=1.0, interval_width=np.inf),
        1: _run(1, interval_holds=0.0, interval_width=0.2),
        2: _run(2, interval_holds=1.0, interval_width=0.4),
        3: _run(3, interval_holds=1.0, interval_width=0.6),
    }
    table = ResultsTable({OURS: {"task": runs}})
    found = judged(recommended_counts(table, OURS, [5]), ["task"], one_each=True)
    assert found.holds[0, 0] == 0.75
    assert found.unknown == 0.25
    assert found.known_hold[0] == pytest.approx(2 / 3, abs=1e-4)
    np.testing.assert_allclose(found.half_widths[:, 0], [0.15, 0.2, 0.25])


def test_a_study_counts_once_however_many_arms_it_has() -> None:
    runs = {
        # 3 of 4 hold, one of them as nothing is known of it: 2 of 3 of the others.
        0: _run(0, arms_judged=4.0, arms_hold=3.0, arms_unknown=1.0, arms_width=0.2),
        # 1 of 1.
        1: _run(1, arms_judged=1.0, arms_hold=1.0, arms_unknown=0.0, arms_width=0.1),
        # Nothing is known at all.
        2: _run(2, arms_judged=2.0, arms_hold=2.0, arms_unknown=2.0, arms_width=NAN),
        # Everything diverged: not judged.
        3: _run(3, arms_judged=0.0, arms_hold=0.0, arms_unknown=0.0, arms_width=NAN),
    }
    table = ResultsTable({OURS: {"task": runs}})
    found = judged(arms_counts(table, OURS, [5]), ["task"], one_each=False)
    assert found.studies == 3
    assert found.arms[0] == pytest.approx(7 / 4)
    assert found.holds[0, 0] == pytest.approx((0.75 + 1 + 1) / 3, abs=1e-4)
    assert found.unknown[0] == pytest.approx((0.25 + 0 + 1) / 3, abs=1e-4)
    assert found.known_hold[0] == pytest.approx((2 / 3 + 1) / 2, abs=1e-4)
    np.testing.assert_allclose(found.half_widths[1], [0.075])
    assert 0.75 <= found.holds[1, 0] < found.holds[0, 0] < found.holds[2, 0] <= 1


@pytest.mark.parametrize("one_each", [True, False])
def test_without_a_judgement_nothing_is_a_number(one_each: bool) -> None:
    nothing = np.full((1, 2, 1), NAN)
    found = judged(Counts(nothing, nothing, nothing, nothing), ["task"], one_each=one_each)
    assert found.studies == 0
    shown = [found.arms, found.holds, found.known_hold, found.unknown, found.half_widths]
    assert all(np.isnan(each).all() for each in shown)


def test_widths_are_compared_where_both_are_known() -> None:
    # Without the second and third: (2 + 4 + 12) / (1 + 2 + 3) and 4 / 2.
    pruned = np.array([2.0, NAN, 5.0, 4.0, 12.0]).reshape(1, 5, 1)
    none = np.array([1.0, 7.0, NAN, 2.0, 3.0]).reshape(1, 5, 1)
    np.testing.assert_allclose(ratios(pruned, none)[:, 0], [3, 2])
    assert np.isnan(ratios(pruned, np.zeros_like(none))).all()


def test_quantiles_leave_out_what_is_not_known() -> None:
    values = np.array([[[1.0, NAN], [3.0, NAN], [NAN, NAN]]])
    np.testing.assert_array_equal(quantiles(values, [0.5]), [[2, NAN]])


def test_regrets_are_paired() -> None:
    """Runs differ by whole ones, the recommendation from the best trial by 0.01 in each."""
    runs = {
        seed: replace(run_of(seed, 1.0 + seed, 5), recommended_regret=np.full(5, 0.99 + seed))
        for seed in range(3)
    }
    (group,) = summarise({"noise": ResultsTable({OURS: {"noise-1pct/0": runs}})}, n_seeds=3).groups
    (found,) = group.pruned
    np.testing.assert_allclose(found.regret, [[1.99], [2.0]])
    np.testing.assert_allclose(found.difference, [[-0.01], [-0.01], [-0.01]])
