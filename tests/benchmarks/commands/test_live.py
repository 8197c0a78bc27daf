"""Live runs: training inside the objective, rows that are kept, and runs that continue."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
import torch

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.runs.live_rows import LiveResult, LiveRun, append_result, read_results
from benchmarks.training.live import LiveTask, prepare
from benchmarks.training.rate_sweep import suggest_rate

N_EPOCHS = 2


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks this small train slower on a contended pool of threads than on one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _live(folder: Path, *flags: str) -> int:
    files = ["--storage", str(folder / "live.db"), "--out", str(folder / "live.csv")]
    small = ["--epochs", str(N_EPOCHS), "--seeds", "1", "--device", "cpu"]
    return main(["live", "digits-mlp", *files, *small, *flags])


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "live.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _n_trials(folder: Path) -> dict[str, int]:
    summaries = optuna.get_all_study_summaries(f"sqlite:///{folder / 'live.db'}")
    return {summary.study_name.split()[1]: summary.n_trials for summary in summaries}


@pytest.fixture(scope="module")
def task() -> LiveTask:
    return prepare("digits-mlp", n_epochs=N_EPOCHS, device="cpu", folder=None)


def _run(**changes: Any) -> LiveRun:
    fields: dict[str, Any] = {
        "problem": "digits-mlp",
        "sampler": "zooming",
        "pruner": "none",
        "seed": 0,
        "trials": 15,
        "epochs": 10,
        "device": "cpu",
    }
    return LiveRun(**{**fields, **changes})


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
    torch="2",
)


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
    assert _n_trials(tmp_path) == {"random": 3}


def test_fewer_trials_than_the_study_holds_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _live(tmp_path, "--trials", "2", "--samplers", "random")
    assert _live(tmp_path, "--trials", "1", "--samplers", "random") == EXIT_USER_ERROR
    assert "more than --trials 1" in capsys.readouterr().err


def test_a_trial_meets_the_same_network_whatever_proposed_it(task: LiveTask) -> None:
    def accuracies() -> list[float | None]:
        study = optuna.create_study(direction="maximize")
        for rate in (0.01, 0.1):
            study.enqueue_trial({"lr": rate})
        study.optimize(task.objective(run_seed=5), n_trials=2)
        return [trial.value for trial in study.trials]

    first = accuracies()
    assert first == accuracies()


def test_pruning_stops_training(task: LiveTask) -> None:
    study = optuna.create_study(
        direction="maximize", pruner=optuna.pruners.ThresholdPruner(lower=0.99)
    )
    study.enqueue_trial({"lr": 1e-5})
    study.optimize(task.objective(run_seed=0), n_trials=1)
    (trial,) = study.trials
    assert trial.state == optuna.trial.TrialState.PRUNED
    assert list(trial.intermediate_values) == [1]


def test_a_sweep_falls_and_then_explodes(task: LiveTask) -> None:
    rates = np.geomspace(1e-5, 100.0, 200)
    losses = task.sweep_losses(rates, run_seed=0)
    assert losses.shape == rates.shape
    reached = losses[np.isfinite(losses)]
    # Untrained, ten classes cost ln 10 = 2.3; at a fair rate the loss falls, at 100 it explodes.
    assert 2.0 < reached[0] < 3.0
    assert reached.min() < 1.5
    assert not np.all(losses < 3.0)


def test_the_range_test_suggests_the_steepest_fall() -> None:
    rates = np.geomspace(1e-6, 10.0, 141)
    exponents = np.log10(rates)
    # Flat, then a logistic fall that is steepest at 1e-2, then an explosion beyond 1.
    losses = 2.3 - 2.0 / (1.0 + np.exp(-6.0 * (exponents + 2.0)))
    losses = np.where(exponents > 0.0, 1e6, losses)
    # Smoothing over about 50 steps of a twentieth of a decade delays the fall.
    assert 1e-2 <= suggest_rate(rates, losses) < 1e-1


def test_a_sweep_that_explodes_at_once_is_refused() -> None:
    losses = np.full(100, np.nan)
    losses[:5] = 2.3
    with pytest.raises(ValueError, match="start at a lower rate"):
        suggest_rate(np.geomspace(1e-5, 10.0, 100), losses)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "rows" / "live.csv"
    append_result(path, _run(seed=0), RESULT)
    append_result(path, _run(seed=1), RESULT)
    assert read_results(path) == {_run(seed=0): RESULT, _run(seed=1): RESULT}


@pytest.mark.parametrize(
    ("content", "message"),
    [("a,b\n1,2\n", "other columns"), (None, "is damaged")],
    ids=["foreign", "cut short"],
)
def test_a_foreign_or_damaged_file_of_rows_is_refused(
    tmp_path: Path, content: str | None, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "live.csv"
    append_result(path, _run(), RESULT)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:-40] if content is None else content, encoding="utf-8")
    assert _live(tmp_path, "--samplers", "random") == EXIT_USER_ERROR
    assert message in capsys.readouterr().err


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
