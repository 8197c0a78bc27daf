"""Rows as a table: which of them a comparison shows."""

from __future__ import annotations

from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.runs.rows import Cell
from tests.benchmarks.made_runs import run_of


def test_studies_made_for_calibration_are_no_rivals() -> None:
    samplers = ["zooming", "replicates-4", "tpe", "tpe-judged", "zooming:min_slope=4"]
    runs = {Key(name, "none"): {"noise-2pct/0": {0: run_of(0, 0.1, 5)}} for name in samplers}
    made = {Cell("noise-2pct/0", name, "none"): {"rows": "3"} for name in samplers}
    rivals = ResultsTable(runs, made).of_rivals()
    assert [key.sampler for key in rivals.keys] == ["zooming", "tpe", "zooming:min_slope=4"]
    assert [cell.sampler for cell in rivals.fingerprints] == [
        "zooming",
        "tpe",
        "zooming:min_slope=4",
    ]
