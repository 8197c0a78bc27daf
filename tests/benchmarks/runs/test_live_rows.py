"""Rows of live runs: read as written, replaced in their place, refused if foreign or damaged."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.runs.live_rows import (
    LiveCode,
    LiveResult,
    LiveRow,
    LiveRun,
    read_rows,
    save_row,
)

RUN = LiveRun(
    problem="digits-mlp",
    sampler="zooming",
    pruner="none",
    seed=0,
    trials=15,
    epochs=10,
    device="cpu",
)
CODE = LiveCode(
    optuna="5.0.0",
    torch="2.2",
    sampler_package="optuna 5.0.0",
    sampler_source="0123",
    pruner_source="",
    training_source="4567",
)
RESULT = LiveResult(
    learning_rate=0.1,
    validation_accuracy=0.9,
    interval_low=0.8,
    interval_high=1.0,
    test_accuracy=0.95,
    n_final=3,
    epochs_spent=150,
    seconds=1.5,
    hardware="cpu",
)
ROW = LiveRow(CODE, RESULT)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "rows" / "live.csv"
    other = dataclasses.replace(RUN, seed=1)
    save_row(path, RUN, ROW)
    save_row(path, other, ROW)
    assert read_rows(path) == {RUN: ROW, other: ROW}


def test_a_run_made_anew_takes_the_place_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "live.csv"
    other = dataclasses.replace(RUN, seed=1)
    save_row(path, RUN, ROW)
    save_row(path, other, ROW)
    anew = LiveRow(dataclasses.replace(CODE, optuna="6.0.0"), RESULT)
    save_row(path, RUN, anew)
    assert list(read_rows(path).items()) == [(RUN, anew), (other, ROW)]


@pytest.mark.parametrize(
    ("content", "message"),
    [("a,b\n1,2\n", "other columns"), (None, "is damaged")],
    ids=["foreign", "cut short"],
)
def test_a_foreign_or_damaged_file_of_rows_is_refused(
    tmp_path: Path, content: str | None, message: str
) -> None:
    path = tmp_path / "live.csv"
    save_row(path, RUN, ROW)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:-40] if content is None else content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_rows(path)
    with pytest.raises(UserError, match=message):
        save_row(path, RUN, ROW)


def test_all_of_the_code_counts() -> None:
    changed = [
        dataclasses.replace(CODE, **{field.name: "other"}) for field in dataclasses.fields(CODE)
    ]
    assert len({each.digest for each in [CODE, *changed]}) == 1 + len(changed)


def test_the_rows_of_the_repository_can_be_read() -> None:
    rows = read_rows(RESULTS / "live.csv")
    assert {run.problem for run in rows} == {"mnist-mlp", "cifar10-cnn"}
    assert all(row.code.torch for row in rows.values())
