"""ZoomingPruner beside other pruners: worked out by hand, and what the page says of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from benchmarks.reports.pages.group import write_page
from benchmarks.reports.plots import regret_by_pruner
from benchmarks.reports.pruned import pruned
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.reports.summarise import summarise
from benchmarks.reports.summary import EPOCHS, Line
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.runs import cells
from benchmarks.runs.rows import Run
from tests.benchmarks.made_runs import run_of

PROBLEM = "two-peaks/0"


def run(seed: int, epochs_each: int, regrets: list[float]) -> Run:
    best = np.array(regrets)
    return dataclasses.replace(
        run_of(seed, 0.0, n_trials=len(best)),
        epochs=np.full(len(best), float(epochs_each)),
        value=1 - best,
        regret=best,
        best_regret=best,
    )


def table() -> ResultsTable:
    """Ten epochs a trial without a pruner, five with one; four seeds there, two here."""
    whole = {seed: run(seed, 10, [0.5, 0.4, 0.3, 0.2, 0.1]) for seed in range(4)}
    short = {seed: run(seed, 5, [0.5, 0.5, 0.5, 0.5, 0.2, 0.2, 0.2, 0.2]) for seed in range(2)}
    return ResultsTable(
        {
            Key("zooming", "none"): {PROBLEM: whole},
            Key("zooming", "zooming"): {PROBLEM: short},
            Key("zooming", "median"): {PROBLEM: short},
        }
    )


def test_differences_at_equal_epochs_to_where_every_run_goes_on() -> None:
    found = pruned(table())["zooming"]
    # After 20, 30 and 40 epochs: 0.5, 0.2 and 0.2 against 0.4, 0.3 and 0.2; the pruned runs have
    # more trials, all of which count, and end at 40.
    np.testing.assert_array_equal(found["none"].x, [20, 30, 40])
    np.testing.assert_allclose(found["none"].mean, [0.1, -0.1, 0.0], atol=1e-12)
    # Seeds agree.
    np.testing.assert_allclose(found["none"].low, found["none"].mean)
    np.testing.assert_allclose(found["median"].mean, [0, 0, 0])


def test_the_page_says_where_it_loses(tmp_path: Path) -> None:
    summary = summarise(table(), "adversaries")
    _, _, section = write_page(summary, tmp_path).read_text().partition("## ZoomingPruner minus")
    assert "- sampler zooming, to no pruner: after 20 epochs (+10.00, +10.00 to +10.00)" in section
    assert "to median" not in section
    unsure = Line(*(np.array([each]) for each in (20.0, 0.1, -0.05, 0.2)))
    summary = dataclasses.replace(summary, pruned={"zooming": {"median": unsure}})
    _, _, section = write_page(summary, tmp_path).read_text().partition("### Where ZoomingPruner")
    beyond, _, mean_only = section.partition("Worse in the mean only:")
    assert "Nowhere." in beyond
    assert "- sampler zooming, to median: after 20 epochs (+10.00, -5.00 to +20.00)" in mean_only


def test_without_pruned_studies_nothing_is_said(tmp_path: Path) -> None:
    alone = ResultsTable({Key("zooming", "none"): table().runs[Key("zooming", "none")]})
    assert "ZoomingPruner" not in write_page(summarise(alone, "adversaries"), tmp_path).read_text()


def test_every_pruner_is_on_the_figure_to_the_last_epoch() -> None:
    columns = {Key("zooming", name): table().runs[Key("zooming", "none")] for name in PRUNERS}
    chart = regret_by_pruner(summarise(ResultsTable(columns), "adversaries"))
    assert chart is not None
    (panel,) = chart.panels
    assert [line.label for line in panel.series] == list(PRUNERS)
    assert {line.x[-1] for line in panel.series} == {50}
    assert len({line.color for line in panel.series}) == len(PRUNERS)


@pytest.mark.parametrize("pruner", [name for name in PRUNERS if name != "none"])
def test_pruned_studies_of_the_default_comparison_reach_the_last_epoch(pruner: str) -> None:
    tasks = cells.default_tasks([PROBLEM], n_seeds=20, n_trials=100)
    lengths = {task.n_trials for task in tasks if task.cell.pruner == pruner}
    # A trial costs an epoch at least.
    assert min(lengths) >= EPOCHS[-1]
