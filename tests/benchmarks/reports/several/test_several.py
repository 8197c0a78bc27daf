"""Several parameters: figures worked out by hand, the file, and the page drawn from it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.reports.compact import as_json, save_record
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.results_table import Key, ResultsTable, table_of
from benchmarks.reports.several.curves import Curves, Shared
from benchmarks.reports.several.page import compare_commands, write_page
from benchmarks.reports.several.parts import KIND, NOISE, ORIGIN, PARAMETERS, parts_of, problems_of
from benchmarks.reports.several.summarise import summarise
from benchmarks.reports.several.summary import (
    Part,
    SeveralSummary,
    Versus,
    groups_of,
    read_summary,
)
from benchmarks.reports.several.tables import regret_table
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell, Run
from tests.benchmarks.made_runs import run_of

STEM = "several-tuning"
FLAT, DEEP = "tuning-rotated-2d/0pct", "tuning-hartmann-6d/2pct"
MADE_BY = MadeBy("python -m benchmarks compare", "2026-01-01 00:00 UTC", 12.0, "2 cores")
# Problem -> regret of all trials, and seeds and trials of each sampler.
REGRETS = {
    "zooming": {FLAT: 0.1, DEEP: 0.3},
    "tpe": {FLAT: 0.2, DEEP: 0.2},
    "smac": {DEEP: 0.6},
}
SIZES = {"zooming": (4, 100), "tpe": (4, 100), "smac": (2, 30)}


def table() -> ResultsTable:
    runs: dict[Key, dict[str, dict[int, Run]]] = {}
    for sampler, regrets in REGRETS.items():
        n_seeds, n_trials = SIZES[sampler]
        runs[Key(sampler, "none")] = {
            problem: {seed: run_of(seed, regret, n_trials) for seed in range(n_seeds)}
            for problem, regret in regrets.items()
        }
    # What other pages show is no rival here.
    runs[Key("zooming:min_slope=4", "none")] = runs[Key("tpe", "median")] = runs[Key("tpe", "none")]
    cells = [Cell(name, s, "none") for s in ("zooming", "tpe") for name in (FLAT, DEEP)]
    return ResultsTable(runs, {cell: fingerprint_of(cell) for cell in cells})


@pytest.fixture(scope="module")
def summary() -> SeveralSummary:
    return summarise(table(), STEM, made_by=[MADE_BY], failures=[f"{FLAT}, gp: no matrix"])


def test_the_figure_has_the_problems_that_most_samplers_ran(summary: SeveralSummary) -> None:
    assert set(summary.drawn) == {FLAT, DEEP}
    drawn = {each.sampler: len(each.curve.x) for each in summary.standings}
    assert drawn == {"zooming": 100, "tpe": 100, "smac": 0}


def test_what_is_recommended_stands_below_the_best_trial() -> None:
    made = table()
    for regret, runs in zip((0.05, 0.15), made.runs[Key("zooming", "none")].values()):
        for seed, run in runs.items():
            runs[seed] = dataclasses.replace(run, recommended_regret=np.full(100, regret))
    found = summarise(made, STEM)
    np.testing.assert_allclose(found.recommended.mean, 0.1)
    rows = regret_table(found).splitlines()
    assert rows[3].startswith("| zooming, the recommended combination | 10.00 ")


def part(summary: SeveralSummary, name: str) -> Part:
    (found,) = (each for each in summary.parts if each.name == name)
    return found


def against(part: Part, rival: str) -> Versus:
    (found,) = (each for each in part.versus if each.rival == rival)
    return found


def test_pages_have_the_problems_of_their_role() -> None:
    assert {name.partition("-")[0] for name in groups_of("several")} == {"reporting"}
    assert {name.partition("-")[0] for name in groups_of(STEM)} == {"tuning"}
    assert {FLAT, DEEP, "digits-grid-sgd/lr+batch_size"} <= set(problems_of(STEM))


def test_landscapes_are_drawn_with_all_their_levels_of_noise() -> None:
    assert table_of("tuning-rotated-2d/0pct") == table_of("tuning-rotated-2d/10pct")
    assert table_of("tuning-rotated-2d/0pct") != table_of("tuning-rotated-5d/0pct")


def test_problems_are_put_together_by_what_they_have_in_common() -> None:
    eight, twelve = "tuning-important-8d/10pct", "tuning-important-12d/5pct"
    grid, training = "digits-grid-sgd/lr+batch_size", "digits-search-mlp"
    found: dict[str, dict[str, set[str]]] = {}
    for by, name, own in parts_of(STEM, [FLAT, DEEP, eight, twelve, grid, training]):
        found.setdefault(by, {})[name] = set(own)
        assert len(set(own)) == len(own)
    assert found == {
        "all": {"all problems": {FLAT, DEEP, eight, twelve, grid, training}},
        ORIGIN: {
            "known optima": {FLAT, DEEP, eight, twelve},
            "recorded grids": {grid},
            "recorded trainings": {training},
        },
        PARAMETERS: {
            "2 to 3 parameters": {FLAT, grid},
            "4 to 6 parameters": {DEEP},
            "7 to 9 parameters": {eight, training},
            "10 or more parameters": {twelve},
        },
        KIND: {
            "separable": {eight, twelve},
            "interacting": {FLAT, DEEP, grid},
            "conditional": {training},
        },
        NOISE: {
            "noise of 0 %, known optima": {FLAT},
            "noise of 2 %, known optima": {DEEP},
            "noise of 5 %, known optima": {twelve},
            "noise of 10 %, known optima": {eight},
        },
    }


def test_only_runs_that_are_long_enough_are_shared() -> None:
    curves = Curves(table())
    assert curves.samplers == ["zooming", "tpe", "smac"]
    shared = curves.shared("zooming", "smac", problems=[FLAT, DEEP], budgets=(10, 30, 50))
    # Nothing of smac is longer than 30.
    assert list(shared) == [Shared((DEEP,), (0, 1), (10, 30))]
    shared = curves.shared("zooming", "tpe", problems=[FLAT, DEEP], budgets=(100,))
    assert list(shared) == [Shared((FLAT, DEEP), (0, 1, 2, 3), (100,))]


def test_differences_and_ratios_are_those_worked_out_by_hand(summary: SeveralSummary) -> None:
    tpe = against(part(summary, "all problems"), "tpe")
    assert tpe.runs == "2 x 4"
    assert list(tpe.difference.x) == [10, 20, 30, 50, 100]
    np.testing.assert_allclose(tpe.difference.mean, 0, atol=1e-12)
    # Both problems are drawn, or one of them twice.
    np.testing.assert_allclose(tpe.difference.low, -0.1)
    np.testing.assert_allclose(tpe.difference.high, 0.1)
    assert [tpe.ratio.mean[0], tpe.ratio.low[0], tpe.ratio.high[0]] == [1, 0.5, 1.5]


def test_a_rival_with_less_is_compared_on_what_both_have(summary: SeveralSummary) -> None:
    smac = against(part(summary, "all problems"), "smac")
    assert smac.runs == "1 x 2"
    assert list(smac.ratio.x) == [10, 20, 30]
    np.testing.assert_allclose(smac.ratio.mean, 0.5)
    (standing,) = (each for each in summary.standings if each.sampler == "smac")
    assert (standing.runs, standing.n_trials) == ("1 x 2", 30)
    np.testing.assert_allclose(standing.best.mean, 0.6)
    np.testing.assert_allclose(standing.ours.mean, 0.3)
    assert [each.rival for each in part(summary, "2 to 3 parameters").versus] == ["tpe"]


def test_runs_that_are_too_short_are_left_out_and_the_page_says_so() -> None:
    regrets = {FLAT: (0.1, 100), DEEP: (0.3, 30)}
    runs = {
        problem: {seed: run_of(seed, regret, n_trials) for seed in range(3)}
        for problem, (regret, n_trials) in regrets.items()
    }
    (ours,) = summarise(ResultsTable({Key("zooming", "none"): runs}), STEM).standings
    np.testing.assert_allclose(ours.best.mean, [0.2, 0.2, 0.2, 0.1, 0.1])
    assert ours.runs == "2 x 3, from 50 on 1 x 3"
    assert ours.curve.x[-1] == 30


def test_page_says_where_ours_is_behind(summary: SeveralSummary, tmp_path: Path) -> None:
    page = write_page(summary, tmp_path).read_text()
    losses = page.partition("## Where we lose")[2].partition("## Time")[0]
    places = "; ".join(
        f"{budget} trials (+10.00, +10.00 to +10.00)" for budget in (10, 20, 30, 50, 100)
    )
    assert f"- 4 to 6 parameters, to tpe: after {places}" in losses
    assert f"- {DEEP}, to tpe: after {places}" in losses
    assert "(1 of 2 problems; " in losses
    assert FLAT not in losses
    assert "all problems" not in losses


def test_page_shows_the_figures_and_how_they_were_made(
    summary: SeveralSummary, tmp_path: Path
) -> None:
    page = write_page(summary, tmp_path).read_text()
    assert "| **zooming** | 20.00 <sub>10.00 to 30.00</sub> |" in page
    assert "| zooming on the runs that smac has | 30.00 <sub>30.00 to 30.00</sub> |" in page
    assert "| 2 to 3 parameters: tpe | 0.50 <sub>0.50 to 0.50</sub> |" in page
    assert f"- failed study: {FLAT}, gp: no matrix" in page
    assert "- made by: `python -m benchmarks compare` (2026-01-01 00:00 UTC, 12 s" in page
    assert (tmp_path / "figures" / f"{STEM}-trials.png").stat().st_size > 5000
    assert compare_commands(summary) == [
        f"python -m benchmarks compare --problems {FLAT} {DEEP} --samplers zooming tpe "
        "--pruners none --seeds 4 --trials 100 --out FOLDER",
        f"python -m benchmarks compare --problems {DEEP} --samplers smac "
        "--pruners none --seeds 2 --trials 30 --out FOLDER",
    ]


def test_page_drawn_from_the_file_is_the_page_drawn_from_the_rows(
    summary: SeveralSummary, tmp_path: Path
) -> None:
    save_record(summary, tmp_path / f"{STEM}.json")
    again = read_summary(tmp_path, STEM)
    assert as_json(again) == as_json(summary)
    pages = [write_page(each, tmp_path / "page").read_text() for each in (summary, again)]
    assert pages[0] == pages[1]


def test_report_makes_the_page_from_rows(tmp_path: Path) -> None:
    flags = ["--problems", "tuning-ridge-2d/0pct", "--samplers", "zooming", "tpe", "tpe-group"]
    flags += ["--seeds", "2", "--trials", "10", "--jobs", "1", "--out", str(tmp_path / "rows")]
    assert main(["compare", *flags]) == 0
    results = tmp_path / "results"
    assert main(["report", "--rows", str(tmp_path / "rows"), "--results", str(results)]) == 0
    page = (results / f"{STEM}.md").read_text()
    assert "| **zooming** |" in page
    assert "the rows are from the code and tables of this checkout" in page
    assert "--seeds 2 --trials 10 --out FOLDER" in page
    assert not (results / "several.md").exists()
