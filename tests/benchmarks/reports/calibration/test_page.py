"""What the page says first, and what its figure shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import UserError
from benchmarks.reports.calibration.figure import COLORS, calibration_chart
from benchmarks.reports.calibration.page import write_page
from benchmarks.reports.calibration.statistics import summarise
from benchmarks.reports.calibration.summary import FILE, CalibrationSummary, read_summary
from benchmarks.reports.compact import save_record
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.runs.rows import Run
from tests.benchmarks.made_runs import run_of


def _run(seed: int, *, hold: float, worse: float, width: float) -> Run:
    """Ten trials, every one judged: 4 arms of which a share holds, of regret 0.1."""
    ones = np.ones(10)
    return replace(
        run_of(seed, 0.1, 10),
        recommended_regret=(0.1 + worse) * ones,
        interval_holds=hold * ones,
        interval_width=width * ones,
        arms_judged=4 * ones,
        arms_hold=4 * hold * ones,
        arms_unknown=ones if hold else 0 * ones,
        arms_width=2 * width * ones,
    )


@pytest.fixture(scope="module")
def summary() -> CalibrationSummary:
    """Without a pruner all is well, with the median pruner nothing."""
    good = [_run(seed, hold=1.0, worse=-0.01, width=0.02) for seed in range(100)]
    bad = [_run(seed, hold=0.0, worse=0.02, width=0.06) for seed in range(100)]
    runs = {
        Key("zooming", "none"): {"noise-1pct/0": dict(enumerate(good))},
        Key("zooming", "median"): {"noise-1pct/0": dict(enumerate(bad))},
    }
    return summarise({"noise": ResultsTable(runs)}, n_seeds=100)


def test_failures_stand_first_and_only_those(summary: CalibrationSummary, tmp_path: Path) -> None:
    page = write_page(summary, tmp_path).read_text()
    failures = page.partition("## Where it fails")[2].partition("##")[0]
    assert failures.strip().splitlines() == [
        "- recommended arm, share below 95 % with its whole interval:",
        "  - noise, median: 0.0 % after 5, 0.0 % after 10",
        "- all arms, share below 95 % with its whole interval:",
        "  - noise, median: 0.0 % after 5, 0.0 % after 10",
        "- recommendation worse than `study.best_trial`, in points of percent:",
        "  - noise, median: +2.00 after 5 (+2.00 to +2.00), +2.00 after 10 (+2.00 to +2.00)",
    ]
    # Widths are three times those without a pruner; a quarter of the arms is unknown there.
    assert "| median: all arms | 3.00 / 3.00 | 3.00 / 3.00 |" in page
    assert "| no pruner: all arms | 25.0 (100.0) | 25.0 (100.0) |" in page
    assert "| no pruner: recommended arm / best_trial | 9.00 / 10.00 |" in page


def test_the_figure_has_a_dot_for_each_pruner(summary: CalibrationSummary) -> None:
    chart = calibration_chart(summary.groups)
    assert chart.rows == ["noise, 10", "noise, 50"]
    shares, arms, widths, regrets = chart.panels
    assert [dots.label for dots in shares.dots] == ["none", "median"]
    for panel, none, median in (
        (shares, 100, 0), (arms, 100, 0), (widths, 1, 3), (regrets, -1, 2)
    ):  # fmt: skip
        assert [dots.x[0] for dots in panel.dots] == pytest.approx([none, median])
        # Nothing ran as long as 50 trials.
        assert all(np.isnan(dots.x[1]) for dots in panel.dots)
        assert all(not dots.low[0] > dots.x[0] for dots in panel.dots)
        assert all(not dots.high[0] < dots.x[0] for dots in panel.dots)


def test_every_pruner_has_a_colour() -> None:
    assert list(COLORS) == list(PRUNERS)


def test_a_record_of_an_earlier_kind_is_to_be_made_again(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"groups": [], "origin": {}}')
    with pytest.raises(UserError, match="make it again: python -m benchmarks calibration"):
        read_summary(tmp_path)


def test_the_record_comes_back_as_it_was(summary: CalibrationSummary, tmp_path: Path) -> None:
    save_record(summary, tmp_path / FILE)
    again = read_summary(tmp_path)
    first, second = (each.groups[0].pruned[1] for each in (summary, again))
    np.testing.assert_array_equal(first.to_none, second.to_none)
    np.testing.assert_array_equal(first.arms.half_widths, second.arms.half_widths)
