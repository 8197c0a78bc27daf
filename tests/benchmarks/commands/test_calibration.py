"""Calibration: counts, Wilson's interval, and the command on functions with a known optimum."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main
from benchmarks.commands import calibration
from benchmarks.reports.pages.calibration import BUDGETS, OURS, coverage
from benchmarks.reports.results_table import ResultsTable
from benchmarks.runs.rows import Cell, Run, read_runs
from tests.benchmarks.made_runs import run_of


def _run(seed: int, holds: float, width: float) -> Run:
    """Five trials, judged after the last one."""
    before = np.full(4, np.nan)
    return replace(
        run_of(seed, np.nan, 5),
        interval_holds=np.append(before, holds),
        interval_width=np.append(before, width),
    )


def test_coverage_counts_what_was_judged() -> None:
    # Eight of ten hold; one run recommends nothing.
    runs = {seed: _run(seed, float(seed < 8), 0.02 * (seed + 1)) for seed in range(10)}
    runs[10] = _run(10, np.nan, np.nan)
    found = coverage(ResultsTable({OURS: {"task": runs}}), 5)
    assert (found.n, found.holds) == (10, 0.8)
    # (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n) by hand, z = 1.96.
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert found.half_widths[1] == pytest.approx(0.055)


def test_coverage_without_a_judgement_is_not_a_number() -> None:
    found = coverage(ResultsTable({OURS: {"task": {0: _run(0, np.nan, np.nan)}}}), 5)
    assert found.n == 0
    assert np.isnan([found.holds, found.low, found.high, *found.half_widths]).all()


def test_command_uses_saved_rows_and_agrees_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = ["noise-2pct/0", "noise-2pct/1"]
    monkeypatch.setattr(calibration, "group_names", lambda group: problems)
    saved = ["--problems", *problems, "--samplers", "zooming", "--seeds", "2"]
    assert main(["compare", *saved, "--jobs", "1", "--out", str(tmp_path)]) == 0
    files = {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").iterdir()}
    flags = ["--groups", "noise", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["calibration", *flags]) == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "raw").iterdir()} == files
    cells = [Cell(name, "zooming", "none") for name in problems]
    runs = [run for cell in cells for run in read_runs(cell.path(tmp_path))[2]]
    page = (tmp_path / "calibration.md").read_text()
    for budget in BUDGETS:
        share = 100 * np.mean([run.interval_holds[budget - 1] for run in runs])
        half = 100 * np.median([run.interval_width[budget - 1] for run in runs]) / 2
        (line,) = (line for line in page.splitlines() if line.startswith(f"| {budget} |"))
        assert f"| {budget} | {share:.1f} % |" in line
        assert f"| {half:.2f} % | 4 |" in line
    assert "python -m benchmarks calibration --groups noise --seeds 2 --out FOLDER" in page
    assert "the rows are from the code and tables of this checkout" in page
    assert (tmp_path / "figures" / "calibration.png").stat().st_size > 3000
    assert not (tmp_path / "figures" / "calibration.html").exists()
    drawn = tmp_path / "drawn"
    assert main(["report", "--rows", str(tmp_path), "--results", str(drawn), "--html"]) == 0
    assert (drawn / "calibration.md").read_text() == page
    assert "half-width" in (drawn / "figures" / "calibration.html").read_text()


def test_several_parameters_are_judged_by_their_recommended_combination(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = "tuning-ridge-2d/2pct"
    monkeypatch.setattr(calibration, "group_names", lambda group: [problem])
    flags = ["--groups", "tuning-joint", "--seeds", "1", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["calibration", *flags]) == 0
    (run,) = read_runs(Cell(problem, "zooming", "none").path(tmp_path))[2]
    budgets = np.array(BUDGETS) - 1
    assert np.isin(run.interval_holds[budgets], (0.0, 1.0)).all()
    assert (run.interval_width[budgets] >= 0).all()
    # What is recommended is one of the trials.
    assert np.isin(run.recommended_regret[budgets], run.regret).all()
