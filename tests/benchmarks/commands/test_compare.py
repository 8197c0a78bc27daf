"""The compare and report commands from end to end, on functions with a known optimum."""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

from benchmarks.commands import compare, report
from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem, select_problems
from benchmarks.problems.noise import run_seed
from benchmarks.reports.results_table import Key, load_table, summary_lines
from benchmarks.rivals.samplers import RIVALS, Rival
from benchmarks.runs import cells
from benchmarks.runs.fingerprints import ROWS_VERSION
from benchmarks.runs.rows import Cell, Run, read_runs
from benchmarks.runs.runner import RECOMMENDATION_BUDGETS, run_study

PROBLEMS = ["noise-2pct/0", "two-peaks/1"]
TASKS = cells.tasks_of(PROBLEMS, ["random", "qmc"], ["none"], n_seeds=3, n_trials=8)


def command(module: Any, *flags: str) -> int:
    parser = argparse.ArgumentParser(prog="test")
    module.add_arguments(parser)
    return int(module.main(parser.parse_args(list(flags))))


def rows_of(folder: Path) -> dict[Cell, list[dict[str, Any]]]:
    """Everything but the times, which differ from run to run."""
    found = {}
    for path in sorted((folder / "raw").glob("*.csv.gz")):
        cell, _, runs = read_runs(path)
        found[cell] = [
            {k: np.asarray(v).tolist() for k, v in vars(run).items() if k != "sampler_seconds"}
            for run in runs
        ]
    return found


def same_rows(one: Path, other: Path) -> None:
    np.testing.assert_equal(rows_of(one), rows_of(other))


def counting(monkeypatch: pytest.MonkeyPatch, *, interrupt_at: int = 10**9) -> list[int]:
    """Counts the studies that run; Ctrl-C comes in the one of this number."""
    count = [0]
    original: Callable[..., Run] = run_study

    def counted(*args: Any, **options: Any) -> Run:
        count[0] += 1
        if count[0] == interrupt_at:
            raise KeyboardInterrupt
        return original(*args, **options)

    monkeypatch.setattr(cells, "run_study", counted)
    return count


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    before = optuna.logging.get_verbosity()
    yield
    optuna.logging.set_verbosity(before)


def test_an_interrupted_comparison_continues_to_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.run_tasks(TASKS, tmp_path / "whole", n_jobs=1)
    with monkeypatch.context() as patch:
        counting(patch, interrupt_at=8)
        with pytest.raises(KeyboardInterrupt):
            cells.run_tasks(TASKS, tmp_path / "resumed", n_jobs=1)
    count = counting(monkeypatch)
    cells.run_tasks(TASKS, tmp_path / "resumed", n_jobs=1)
    assert count[0] == 12 - 7
    same_rows(tmp_path / "whole", tmp_path / "resumed")


def test_more_seeds_and_trials_run_only_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.run_tasks(TASKS[:1], tmp_path, n_jobs=1)
    count = counting(monkeypatch)
    cells.run_tasks([dataclasses.replace(TASKS[0], n_seeds=4)], tmp_path, n_jobs=1)
    assert count[0] == 1
    cells.run_tasks([dataclasses.replace(TASKS[0], n_trials=5)], tmp_path, n_jobs=1)
    assert count[0] == 1
    cells.run_tasks([dataclasses.replace(TASKS[0], n_trials=9)], tmp_path, n_jobs=1)
    assert count[0] == 4


def test_rows_made_by_other_code_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.run_tasks(TASKS[:1], tmp_path, n_jobs=1)
    count = counting(monkeypatch)
    monkeypatch.setattr(cells, "fingerprint_of", lambda cell: {"sampler": "newer"})
    cells.run_tasks(TASKS[:1], tmp_path, n_jobs=1)
    assert count[0] == 3


def test_rows_with_columns_of_an_earlier_kind_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells.run_tasks(TASKS[:1], tmp_path, n_jobs=1)
    path = TASKS[0].cell.path(tmp_path)
    header, columns, *rows = gzip.decompress(path.read_bytes()).decode().splitlines()
    header = header.replace(f'"rows": "{ROWS_VERSION}"', '"rows": "earlier"')
    old = "\n".join([header, columns.replace("arms_judged", "arms"), *rows])
    path.write_bytes(gzip.compress(old.encode()))
    count = counting(monkeypatch)
    cells.run_tasks(TASKS[:1], tmp_path, n_jobs=1)
    assert count[0] == 3


def test_several_processes_give_the_same_rows(tmp_path: Path) -> None:
    cells.run_tasks(TASKS, tmp_path / "one", n_jobs=1)
    cells.run_tasks(TASKS, tmp_path / "two", n_jobs=2)
    same_rows(tmp_path / "one", tmp_path / "two")


def test_seeds_are_shared_by_samplers_and_not_by_problems(tmp_path: Path) -> None:
    problems = ["noise-0pct/0", "noise-0pct/1"]
    tasks = cells.tasks_of(problems, ["random", "tpe"], ["none"], n_seeds=2, n_trials=5)
    cells.run_tasks(tasks, tmp_path, n_jobs=1)
    rows = {cell: [run["params"] for run in runs] for cell, runs in rows_of(tmp_path).items()}
    one, other = (
        [Cell(name, sampler, "none") for sampler in ("random", "tpe")] for name in problems
    )
    # TPE's first ten trials are RandomSampler's with the same seed.
    assert rows[one[0]] == rows[one[1]]
    assert rows[other[0]] == rows[other[1]]
    starts = {params[0] for cell in (one[0], other[0]) for params in rows[cell]}
    assert len(starts) == 4


def test_a_crash_is_recorded_shown_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(seed: int) -> optuna.samplers.BaseSampler:
        if seed == run_seed(PROBLEMS[0], 1):
            raise RuntimeError("no such matrix")
        return optuna.samplers.RandomSampler(seed=seed)

    flags = ["--problems", PROBLEMS[0], "--samplers", "random", "broken", "--seeds", "2"]
    flags += ["--trials", "5", "--jobs", "1", "--out", str(tmp_path)]
    monkeypatch.setitem(RIVALS, "broken", Rival(broken))
    assert command(compare, *flags) == 1
    assert "broken, none, seed 1: RuntimeError: no such matrix" in capsys.readouterr().err
    (failure,) = cells.read_failures(tmp_path)
    assert failure.cell == Cell(PROBLEMS[0], "broken", "none")
    assert failure.seed == 1
    monkeypatch.setitem(RIVALS, "broken", RIVALS["random"])
    assert command(compare, *flags) == 0
    assert cells.read_failures(tmp_path) == []


def test_a_run_agrees_with_its_study() -> None:
    problem = make_problem("diverging/0")
    run = run_study(problem, RIVALS["tpe"], "none", 0, n_trials=30)
    best = np.full(30, np.nan)
    for n in range(30):
        if not np.isnan(run.value[: n + 1]).all():
            best[n] = run.regret[np.nanargmax(run.value[: n + 1])]
    np.testing.assert_array_equal(run.best_regret, best)
    assert set(run.state) == {"COMPLETE", "FAIL"}
    assert np.isnan(run.value[run.state == "FAIL"]).all()
    assert (run.sampler_seconds > 0).all()


def test_recommendations_are_judged_at_their_budgets_only() -> None:
    run = run_study(make_problem("noise-2pct/0"), RIVALS["zooming"], "none", 0, n_trials=14)
    judged = np.flatnonzero(~np.isnan(run.recommended_regret)) + 1
    assert judged.tolist() == [n for n in RECOMMENDATION_BUDGETS if n <= 14]
    assert set(run.interval_holds[judged - 1]) <= {0.0, 1.0}
    assert (run.interval_width[judged - 1] >= 0).all()


def test_problems_by_group_pattern_and_name() -> None:
    assert len(select_problems(["noise"])) == 5 * 6
    assert select_problems(["two-peaks/*", "two-peaks/1"]) == [f"two-peaks/{i}" for i in range(6)]
    assert select_problems(["two-peaks/1+mute"]) == ["two-peaks/1+mute"]
    with pytest.raises(UserError, match=r"'mnits'.*tuning, reporting.*two-peaks"):
        select_problems(["mnits"])


@pytest.mark.parametrize(
    "name", ["digits-mlp-sgd/1e-3", "digits-mlp-sgd/1..0.1", "digits-mlp-sgd+x"]
)
def test_a_malformed_range_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"digits-mlp-sgd"):
        select_problems([name])


def test_a_range_of_ones_own_choice() -> None:
    (name,) = select_problems(["digits-mlp-sgd/1e-4..0.1+nan"])
    study = optuna.create_study(direction="maximize")
    make_problem(name).learning_curve(study.ask(), 0)
    (each,) = study.trials[0].distributions.values()
    assert each == optuna.distributions.FloatDistribution(1e-4, 0.1, log=True)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--pruners", "halving"], "choose from '?none'?, '?median'?"),
        (["--seeds", "0"], "whole number of 1 or more, got '0'"),
        (["--problem", "x"], "unrecognized|ambiguous"),
    ],
)
def test_wrong_flags_name_the_choices(
    flags: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    compare.add_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(flags)
    assert re.search(message, capsys.readouterr().err)


def test_report_shows_what_the_rows_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    samplers = ["zooming", "zooming-textbook", "random", "blie", "one-epoch-top-3"]
    flags = ["--seeds", "3", "--trials", "30", "--jobs", "1", "--out", str(tmp_path)]
    assert command(compare, "--problems", "noise-2pct/[01]", "--samplers", *samplers, *flags) == 0
    pruned = ["--samplers", "zooming", "random", "--pruners", "median"]
    assert command(compare, "--problems", "noise-2pct/[01]", *pruned, *flags) == 0
    drawn = tmp_path / "drawn"
    assert command(report, "--rows", str(tmp_path), "--results", str(drawn), "--html") == 0
    page = (drawn / "noise.md").read_text()
    table = load_table(tmp_path)
    after_five = 100 * table.array("best_regret", Key("random", "none"))[..., 4].mean()
    (line,) = [line for line in page.splitlines() if line.startswith("| random |")][:1]
    assert f"{after_five:.2f} <sub>" in line
    assert "## Where we lose" in page
    assert "the rows are from the code and tables of this checkout" in page
    assert "- made by: `python -m benchmarks" in page
    assert (
        "--problems noise-2pct/0 noise-2pct/1 --samplers random zooming --pruners median "
        "--seeds 3 --trials 30 --out FOLDER`" in page
    )
    for image in ("noise-trials", "noise-epochs", "noise-noise", "noise-problems-10"):
        assert f"figures/{image}.png" in page
        assert f"{image}.html" not in page
        assert (drawn / "figures" / f"{image}.png").stat().st_size > 3000
        assert "plotly" in (drawn / "figures" / f"{image}.html").read_text()
    again = tmp_path / "again"
    again.mkdir()
    (again / "noise.json").write_bytes((drawn / "noise.json").read_bytes())
    assert command(report, "--results", str(again)) == 0
    assert (again / "noise.md").read_text() == page
    images = [sorted((folder / "figures").glob("*.png")) for folder in (drawn, again)]
    assert [path.read_bytes() for path in images[0]] == [path.read_bytes() for path in images[1]]
    assert not list(again.glob("**/*.html"))


def test_report_without_rows_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run compare first"):
        command(report, "--rows", str(tmp_path), "--results", str(tmp_path))
    with pytest.raises(UserError, match=r"run compare --out FOLDER, then report --rows FOLDER"):
        command(report, "--results", str(tmp_path))
    with pytest.raises(UserError, match=r"noise\.json is missing.*compare --problems noise"):
        command(report, "--results", str(tmp_path), "--groups", "noise")


def test_slow_samplers_run_less_unless_they_are_asked_for() -> None:
    one, several = "noise-2pct/0", "tuning-ridge-2d/0pct"

    def size(tasks: list[cells.Task], problem: str) -> list[tuple[int, int]]:
        return [
            (each.n_seeds, each.n_trials)
            for each in tasks
            if each.cell == Cell(problem, "gp", "none")
        ]

    default = cells.default_tasks([one, several], n_seeds=20, n_trials=200)
    assert size(default, one) == [(3, 30)]
    assert size(default, several) == [(5, 100)]
    asked = cells.tasks_of([one, several], ["gp"], ["none"], n_seeds=20, n_trials=200)
    assert size(asked, one) == size(asked, several) == [(20, 200)]


def test_summary_counts_only_what_samplers_share(tmp_path: Path) -> None:
    tasks = cells.tasks_of(PROBLEMS, ["random"], ["none"], n_seeds=2, n_trials=8)
    shorter = cells.tasks_of(PROBLEMS[:1], ["qmc"], ["none"], n_seeds=1, n_trials=5)
    cells.run_tasks([*tasks, *shorter], tmp_path, n_jobs=1)
    table = load_table(tmp_path)
    random, qmc = Key("random", "none"), Key("qmc", "none")
    assert table.array("best_regret", random).shape == (2, 2, 8)
    assert table.array("best_regret", random, qmc).shape == (1, 1, 5)
    assert sum("x 2 runs" in line for line in summary_lines(table)) == 1
