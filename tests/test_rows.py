"""Raw rows on disk: written whole, read as written, refused when damaged."""

from __future__ import annotations

import dataclasses
import gzip
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import UserError
from benchmarks.problems import make_problem
from benchmarks.rows import COLUMNS, Cell, Run, read_runs, write_runs
from benchmarks.runner import run_study
from benchmarks.samplers import RIVALS

CELL = Cell("diverging/0", "random", "hyperband")


def made_run(seed: int) -> Run:
    problem = make_problem(CELL.problem)
    return run_study(problem, RIVALS[CELL.sampler], CELL.pruner, seed, n_trials=12)


def test_rows_are_read_as_written(tmp_path: Path) -> None:
    runs = [made_run(seed) for seed in range(3)]
    write_runs(CELL, runs[::-1], tmp_path, fingerprint={"version": "1"})
    cell, fingerprint, found = read_runs(CELL.path(tmp_path))
    assert (cell, fingerprint) == (CELL, {"version": "1"})
    assert [run.seed for run in found] == [0, 1, 2]
    for written, read in zip(runs, found):
        for name in COLUMNS[1:]:
            ours, theirs = getattr(written, name), getattr(read, name)
            if ours.dtype.kind == "U":
                assert list(ours) == list(theirs)
            else:
                # Half a unit of the last digit that is kept.
                rounding = {"sampler_seconds": 5e-3, "interval_width": 5e-4}.get(name, 5e-6)
                np.testing.assert_allclose(theirs, ours, rtol=rounding)


def test_equal_rows_make_equal_files(tmp_path: Path) -> None:
    run = dataclasses.replace(made_run(0), sampler_seconds=np.zeros(12))
    for folder in ("one", "other"):
        write_runs(CELL, [run], tmp_path / folder, fingerprint={})
    one, other = (CELL.path(tmp_path / folder).read_bytes() for folder in ("one", "other"))
    assert one == other


def test_cells_have_files_of_their_own(tmp_path: Path) -> None:
    cells = [
        Cell("a/0.1..1", "zooming:c=1", "none"),
        Cell("a", "zooming:c=1", "none"),
        Cell("a/0.1..1", "zooming", "none"),
        Cell("a/0.1..1", "zooming:c=1", "median"),
    ]
    paths = {cell.path(tmp_path) for cell in cells}
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path / "raw"}


@pytest.mark.parametrize("damage", ["cut", "text", "columns"])
def test_damaged_files_are_refused_by_name(tmp_path: Path, damage: str) -> None:
    write_runs(CELL, [made_run(0)], tmp_path, fingerprint={})
    path = CELL.path(tmp_path)
    content = gzip.decompress(path.read_bytes()).decode()
    broken = {
        "cut": path.read_bytes()[:-20],
        "text": b"not gzip",
        "columns": gzip.compress(content.replace("best_regret", "best").encode()),
    }
    path.write_bytes(broken[damage])
    with pytest.raises(UserError, match=r"diverging@0__random__hyperband.*delete it"):
        read_runs(path)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_runs(CELL, [made_run(0)], tmp_path, fingerprint={})
    before = CELL.path(tmp_path).read_bytes()

    def full_disk(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("benchmarks.rows.os.replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_runs(CELL, [made_run(0), made_run(1)], tmp_path, fingerprint={})
    assert CELL.path(tmp_path).read_bytes() == before
    assert list((tmp_path / "raw").iterdir()) == [CELL.path(tmp_path)]
