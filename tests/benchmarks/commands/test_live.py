"""The live command: rows that are kept, runs that continue, and runs made anew."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import optuna
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.commands import live
from benchmarks.paths import RESULTS
from benchmarks.runs import fingerprints
from benchmarks.runs.live import TRAINING
from benchmarks.runs.live_rows import LiveCode, read_rows, save_row
from tests.benchmarks.test_imports import loaded_by

N_EPOCHS = 2


pytestmark = pytest.mark.usefixtures("one_thread")


def _live(folder: Path, *flags: str) -> int:
    files = ["--storage", str(folder / "live.db"), "--out", str(folder / "live.csv")]
    small = ["--epochs", str(N_EPOCHS), "--seeds", "1", "--device", "cpu"]
    return main(["live", "digits-mlp", *files, *small, *flags])


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "live.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _n_trials(folder: Path) -> list[int]:
    """Of each study."""
    summaries = optuna.get_all_study_summaries(f"sqlite:///{folder / 'live.db'}")
    return [summary.n_trials for summary in summaries]


def test_each_sampler_leaves_a_row_with_its_test_accuracy(tmp_path: Path) -> None:
    assert _live(tmp_path, "--trials", "4", "--samplers", "zooming", "random", "range-test") == 0
    rows = _rows(tmp_path)
    assert [row["sampler"] for row in rows] == ["zooming", "random", "range-test"]
    assert all(0.0 <= float(row["test_accuracy"]) <= 1.0 for row in rows)
    assert [row["trials"] for row in rows] == ["4", "4", "1"]
    zooming = rows[0]
    assert int(zooming["epochs_spent"]) <= 4 * N_EPOCHS
    assert float(zooming["interval_low"]) <= float(zooming["validation_accuracy"])


def test_a_finished_run_is_not_repeated_and_more_trials_continue_it(tmp_path: Path) -> None:
    _live(tmp_path, "--trials", "2", "--samplers", "random")
    rows = _rows(tmp_path)
    _live(tmp_path, "--trials", "2", "--samplers", "random")
    assert _rows(tmp_path) == rows
    _live(tmp_path, "--trials", "3", "--samplers", "random")
    assert len(_rows(tmp_path)) == 2
    assert _n_trials(tmp_path) == [3]


@pytest.mark.parametrize(
    ("changed", "column", "affected"),
    [
        ("optimisers.py", "training_source", ["zooming", "range-test"]),
        ("sampler.py", "sampler_source", ["zooming"]),
        ("rate_sweep.py", "sampler_source", ["range-test"]),
    ],
)
def test_what_other_code_made_is_named_and_made_anew(
    changed: str,
    column: str,
    affected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    flags = ["--trials", "2", "--samplers", "zooming", "range-test"]
    _live(tmp_path, *flags)
    before = _rows(tmp_path)
    _change(changed, monkeypatch)
    capsys.readouterr()
    _live(tmp_path, *flags)
    assert _remade(capsys) == affected
    after = _rows(tmp_path)
    assert [row["sampler"] for row in after] == ["zooming", "range-test"]
    differs = [new["sampler"] for old, new in zip(before, after) if old[column] != new[column]]
    assert differs == affected
    # The trials of each code are in a study of their own.
    assert _n_trials(tmp_path) == [2] * (1 + ("zooming" in affected))
    _live(tmp_path, *flags)
    assert _remade(capsys) == []
    assert _rows(tmp_path) == after


def test_rows_of_unknown_code_are_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _live(tmp_path, "--samplers", "range-test")
    ((run, row),) = read_rows(tmp_path / "live.csv").items()
    unknown = LiveCode(**dict.fromkeys(vars(row.code), ""))
    save_row(tmp_path / "live.csv", run, row._replace(code=unknown))
    capsys.readouterr()
    _live(tmp_path, "--samplers", "range-test")
    assert _remade(capsys) == ["range-test"]
    assert read_rows(tmp_path / "live.csv")[run].code == row.code


def test_all_that_trains_is_in_the_code_of_a_run() -> None:
    trains = loaded_by("benchmarks.training.live", within="benchmarks.training")
    # Whatever fetches the data, their checksums say what they are.
    assert trains - {"benchmarks.training.datasets.fetch"} == {
        f"benchmarks.training.{name}" for name in TRAINING
    }


def _change(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the modules of this name read as if they had been changed."""
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: read(path) + b"# new" * (path.name == name)
    )
    # Without the memory of what was read before.
    monkeypatch.setattr(fingerprints, "_hash_of", fingerprints._hash_of.__wrapped__)


def _remade(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Samplers of the runs that were said to be of other code."""
    said = capsys.readouterr().err.splitlines()
    return [line.split(", ")[2] for line in said if "made by other code" in line]


def test_fewer_trials_than_the_study_holds_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _live(tmp_path, "--trials", "2", "--samplers", "random")
    assert _live(tmp_path, "--trials", "1", "--samplers", "random") == EXIT_USER_ERROR
    assert "more than --trials 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "choices"),
    [
        (["--samplers", "zoming"], "tpe"),
        (["--samplers", "one-epoch-top-1"], "range-test"),
    ],
)
def test_an_unfit_sampler_is_answered_with_the_choices(
    tmp_path: Path, flags: list[str], choices: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _live(tmp_path, *flags) == EXIT_USER_ERROR
    assert choices in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["problem", "--pruner", "--device"])
def test_an_unknown_choice_is_answered_with_the_choices(
    flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = ["nonsense"] if flag == "problem" else ["digits-mlp", flag, "nonsense"]
    with pytest.raises(SystemExit, match="2"):
        main(["live", *wrong])
    known = {"problem": "mnist-cnn", "--pruner": "hyperband", "--device": "cuda"}[flag]
    assert known in capsys.readouterr().err


def test_rows_go_to_a_file_unless_told_otherwise() -> None:
    parser = argparse.ArgumentParser()
    live.add_arguments(parser)
    assert parser.parse_args(["digits-mlp"]).out == RESULTS / "live.csv"
