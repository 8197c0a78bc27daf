"""The calibration command: it uses saved rows, and its page agrees with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.problems.groups import group_names
from benchmarks.reports.calibration import settings
from benchmarks.reports.calibration.settings import BUDGETS, DEFAULT, PRUNED_TRIALS, setting
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.runs.judged import ARMS_BUDGETS
from benchmarks.runs.rows import Cell, Run, read_runs
from benchmarks.runs.runner import RECOMMENDATION_BUDGETS

PROBLEMS = ["noise-2pct/0", "noise-2pct/1"]


@pytest.fixture
def two_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group is two functions, and a study with a pruner is short."""
    monkeypatch.setattr(settings, "group_names", lambda group: PROBLEMS)
    monkeypatch.setattr(settings, "PRUNED_TRIALS", 10)


def _line(page: str, label: str, nth: int = 0) -> list[str]:
    """The cells of the nth line of this label, without intervals."""
    lines = [line for line in page.splitlines() if line.startswith(f"| {label} |")]
    return [cell.partition("<sub>")[0].strip() for cell in lines[nth].split("|")[2:-1]]


def _runs(folder: Path, sampler: str = "zooming", pruner: str = "none") -> list[Run]:
    cells = [Cell(name, sampler, pruner) for name in PROBLEMS]
    return [run for cell in cells for run in read_runs(cell.path(folder))[2]]


@pytest.mark.usefixtures("two_problems")
def test_command_uses_saved_rows_and_agrees_with_them(tmp_path: Path) -> None:
    saved = ["--problems", *PROBLEMS, "--samplers", "zooming", "--seeds", "2"]
    assert main(["compare", *saved, "--jobs", "1", "--out", str(tmp_path)]) == 0
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").iterdir()}
    flags = ["--groups", "noise", "--pruners", "none", "--seeds", "2", "--jobs", "1"]
    assert main(["calibration", *flags, "--out", str(tmp_path)]) == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").iterdir()} == files
    runs, page = _runs(tmp_path), (tmp_path / "calibration.md").read_text()
    for i, budget in enumerate(BUDGETS):
        at = budget - 1
        share = 100 * np.mean([run.interval_holds[at] for run in runs])
        assert _line(page, "no pruner: recommended arm")[i] == f"{share:.1f}"
        share = 100 * np.mean([run.arms_hold[at] / run.arms_judged[at] for run in runs])
        assert _line(page, "no pruner: all arms")[i] == f"{share:.1f}"
        half = 100 * np.median([run.arms_width[at] for run in runs]) / 2
        assert float(_line(page, "no pruner: all arms", 1)[i]) == pytest.approx(half, abs=0.006)
        recommended, best = (
            100 * np.mean([getattr(run, f"{kind}_regret")[at] for run in runs])
            for kind in ("recommended", "best")
        )
        shown = _line(page, "no pruner: recommended arm / best_trial")[i].split(" / ")
        assert [float(x) for x in shown] == pytest.approx([recommended, best], abs=0.006)
        difference = float(_line(page, "difference")[i])
        assert difference == pytest.approx(recommended - best, abs=0.006)
    command = "calibration --groups noise --pruners none --seeds 2 --out FOLDER"
    assert f"python -m benchmarks {command}" in page
    assert "the rows are from the code and tables of this checkout" in page
    assert (tmp_path / "figures" / "calibration.png").stat().st_size > 3000
    assert not (tmp_path / "figures" / "calibration.html").exists()
    drawn = tmp_path / "drawn"
    assert main(["report", "--rows", str(tmp_path), "--results", str(drawn), "--html"]) == 0
    assert (drawn / "calibration.md").read_text() == page
    assert "half-width" in (drawn / "figures" / "calibration.html").read_text()


@pytest.mark.usefixtures("two_problems")
def test_pruners_stand_beside_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = ["--groups", "noise", "--pruners", "median", "none", "--seeds", "1", "--jobs", "1"]
    monkeypatch.setattr(settings, "BUDGETS", BUDGETS[:3])
    assert main(["calibration", *flags, "--out", str(tmp_path)]) == 0
    page = (tmp_path / "calibration.md").read_text()
    # Five trials, then ten, and no more with a pruner.
    assert [bool(cell) for cell in _line(page, "median: all arms")] == [True, True, *[False] * 4]
    pruned, none = (
        np.array([run.interval_width[9] for run in _runs(tmp_path, pruner=name)])
        for name in ("median", "none")
    )
    expected = [pruned.mean() / none.mean(), np.median(pruned) / np.median(none)]
    shown = _line(page, "median: recommended arm", 2)[1].split(" / ")
    assert [float(x) for x in shown] == pytest.approx(expected, abs=0.006)


@pytest.mark.usefixtures("two_problems")
def test_fixed_rates_alone_make_a_page(tmp_path: Path) -> None:
    flags = ["--groups", "replicates", "--seeds", "1", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["calibration", *flags]) == 0
    page = (tmp_path / "calibration.md").read_text()
    runs = _runs(tmp_path, "replicates-4")
    assert {len(run) for run in runs} == {20}
    share = 100 * np.mean([run.arms_hold[19] / run.arms_judged[19] for run in runs])
    assert _line(page, "4 rates, 5 seeds")[1] == f"{share:.1f}"
    assert "calibration.png" not in page


@pytest.mark.usefixtures("two_problems")
def test_studies_of_tpe_stand_beside_a_group_under_any_pruner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "BUDGETS", BUDGETS[:4])
    flags = ["--groups", "tpe-studies", "noise", "--pruners", "median", "--seeds", "3"]
    assert main(["calibration", *flags, "--jobs", "1", "--out", str(tmp_path)]) == 0
    page = (tmp_path / "calibration.md").read_text()
    runs = _runs(tmp_path, "tpe-judged")
    # Half of the seeds, rounded up.
    assert [(run.seed, len(run)) for run in runs] == [(0, 25), (1, 25)] * 2
    own = page.partition("## Tpe-studies")[2].partition("##")[0]
    assert "TPESampler" in own
    assert "seeds of each problem: 2." in own
    assert "| median:" not in own
    holds, regrets = [], []
    for budget in BUDGETS[:4]:
        at = budget - 1
        share = 100 * np.mean([run.interval_holds[at] for run in runs])
        holds.append(f"{share:.1f}")
        recommended, best = (
            100 * np.mean([getattr(run, f"{kind}_regret")[at] for run in runs])
            for kind in ("recommended", "best")
        )
        regrets.append([recommended, best, recommended - best])
    assert _line(own, "no pruner: recommended arm")[:4] == holds
    pairs = [
        cell.split(" / ") for cell in _line(own, "no pruner: recommended arm / best_trial")[:4]
    ]
    shown = [[*pair, difference] for pair, difference in zip(pairs, _line(own, "difference"))]
    np.testing.assert_allclose(np.array(shown, dtype=float), regrets, atol=0.006)
    assert "calibration --groups tpe-studies noise --pruners median --seeds 3 --out" in page


def test_tpe_searches_the_tables_kept_for_reporting() -> None:
    tasks = setting("tpe-studies", ["median"], n_seeds=20).tasks
    assert {(t.cell.sampler, t.cell.pruner, t.n_seeds, t.n_trials) for t in tasks} == {
        ("tpe-judged", "none", 10, 100)
    }
    names = [*group_names("reporting"), *group_names("reporting-kinds")]
    assert [task.cell.problem for task in tasks] == list(dict.fromkeys(names))


def test_what_is_run_by_default() -> None:
    tasks = [task for name in DEFAULT for task in setting(name, list(PRUNERS), n_seeds=1).tasks]
    assert {task.cell.pruner for task in tasks} == set(PRUNERS)
    assert {task.n_trials for task in tasks if task.cell.pruner != "none"} == {PRUNED_TRIALS}
    replicates = [task for task in tasks if task.cell.sampler.startswith("replicates")]
    assert {(task.cell.sampler[-1], task.n_trials) for task in replicates} == {("4", 20), ("5", 25)}
    assert {task.cell.pruner for task in replicates} == {"none"}
    assert "tpe-judged" in {task.cell.sampler for task in tasks}
    assert {task.n_seeds for task in tasks if task.cell.problem == "slow-loss"} == {4}
    noiseless, noise = (setting(name, ["none"], n_seeds=1).tasks for name in ("noiseless", "noise"))
    assert {task.cell.problem.partition("/")[0] for task in noiseless} == {"noise-0pct"}
    assert "noise-0pct" not in {task.cell.problem.partition("/")[0] for task in noise}


def test_all_arms_are_judged_where_they_are_shown() -> None:
    fixed = {rates * seeds for rates in settings.RATES for seeds in settings.SEEDS_OF_RATES}
    assert {*BUDGETS, *fixed} == set(ARMS_BUDGETS)
    assert set(ARMS_BUDGETS) <= set(RECOMMENDATION_BUDGETS)


def test_several_parameters_are_judged_by_their_recommended_combination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "tuning-ridge-2d/2pct"
    monkeypatch.setattr(settings, "group_names", lambda group: [problem])
    flags = [
        "--groups",
        "tuning-joint",
        "--pruners",
        "none",
        "--seeds",
        "1",
        "--jobs",
        "1",
        "--out",
        str(tmp_path),
    ]
    assert main(["calibration", *flags]) == 0
    (run,) = read_runs(Cell(problem, "zooming", "none").path(tmp_path))[2]
    budgets = np.array(BUDGETS) - 1
    assert np.isin(run.interval_holds[budgets], (0.0, 1.0)).all()
    assert (run.interval_width[budgets] >= 0).all()
    # What is recommended is one of the trials.
    assert np.isin(run.recommended_regret[budgets], run.regret).all()
