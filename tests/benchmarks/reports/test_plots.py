"""README's figure and table, from the results that are kept."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.paths import RESULTS
from benchmarks.reports.pages.group import OVERVIEW_GROUP
from benchmarks.reports.plots import OVERVIEW, overview
from benchmarks.reports.summary import read_summary

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def test_readme_shows_in_its_table_what_its_figure_shows() -> None:
    (panel,) = overview(read_summary(RESULTS, OVERVIEW_GROUP)).panels
    assert [line.label for line in panel.series] == list(OVERVIEW.values())
    table = README.split("| regret after trials |")[1].split("\n\n")[0]
    budgets, _, *rows = [re.split(r"\s*\|\s*", row.strip("| *")) for row in table.splitlines()]
    assert len(rows) == len(panel.series)
    for row, line in zip(rows, panel.series):
        assert line.label in row[0]
        curve = dict(zip(line.x, line.y))
        for cell, budget in zip(row[1:], budgets):
            told = cell.strip("*")
            assert told == f"{curve[float(budget)]:.{len(told.partition('.')[2])}f}"
