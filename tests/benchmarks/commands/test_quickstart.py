"""The quickstart: real training, resuming, and what it says of wrong requests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState, create_trial

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.commands.quickstart import STUDY_NAME
from benchmarks.runs.storage import storage_url
from optuna_zooming import explain

ROOT = Path(__file__).parents[3]


@pytest.fixture
def short_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.problems.digits.N_EPOCHS", 1)


def _run(folder: Path, *flags: str) -> int:
    files = ["--storage", str(folder / "q.db"), "--figure", str(folder / "q.html")]
    return main(["quickstart", *files, *flags])


def _trials(folder: Path) -> list[FrozenTrial]:
    study = optuna.load_study(study_name=STUDY_NAME, storage=storage_url(str(folder / "q.db")))
    return study.trials


@pytest.mark.usefixtures("short_training")
def test_it_prints_what_was_tried_and_what_it_recommends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, "--trials", "3") == 0
    printed = capsys.readouterr().out
    for trial in _trials(tmp_path):
        assert f"{trial.params['lr']:.3g}" in printed
    study = optuna.load_study(study_name=STUDY_NAME, storage=storage_url(str(tmp_path / "q.db")))
    assert f"{explain(study)}\nTest accuracy" in printed
    for command in ("optuna-dashboard", "optuna-zooming report"):
        assert f"{command} sqlite:///{tmp_path / 'q.db'}" in printed
    assert "plotly" in (tmp_path / "q.html").read_text(encoding="utf-8").lower()


@pytest.mark.usefixtures("short_training")
def test_running_again_continues_to_the_number_of_trials_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(tmp_path, "--trials", "2")
    first = _trials(tmp_path)
    _run(tmp_path, "--trials", "2")
    assert _trials(tmp_path) == first
    assert "add more with --trials 12" in capsys.readouterr().out
    _run(tmp_path, "--trials", "3")
    assert "2 of 3 trials are finished" in capsys.readouterr().out
    assert _trials(tmp_path)[:2] == first
    assert len(_trials(tmp_path)) == 3


@pytest.mark.usefixtures("short_training")
def test_an_interrupted_trial_is_made_up_for(tmp_path: Path) -> None:
    _run(tmp_path, "--trials", "1")
    study = optuna.load_study(study_name=STUDY_NAME, storage=storage_url(str(tmp_path / "q.db")))
    distributions = study.trials[0].distributions
    study.add_trial(
        create_trial(params={"lr": 0.1}, distributions=distributions, state=TrialState.FAIL)
    )
    _run(tmp_path, "--trials", "2")
    states = [trial.state for trial in _trials(tmp_path)]
    assert states == [TrialState.COMPLETE, TrialState.FAIL, TrialState.COMPLETE]


def test_a_killed_process_loses_no_finished_trial(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "quickstart", "--storage", "q.db"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*command, "--trials", "100"], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    finished: list[FrozenTrial] = []
    while len(finished) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
        try:
            finished = [trial for trial in _trials(tmp_path) if trial.state.is_finished()]
        except (KeyError, optuna.exceptions.StorageInternalError):
            continue  # the study is about to be created
    process.kill()
    process.wait()
    assert len(finished) >= 2
    survivors = [trial for trial in _trials(tmp_path) if trial.state.is_finished()]
    # As text: a diverged trial reported NaN, which equals nothing.
    assert list(map(repr, survivors[: len(finished)])) == list(map(repr, finished))
    wanted = len(survivors) + 1
    assert _run(tmp_path, "--trials", str(wanted)) == 0
    afterwards = [trial for trial in _trials(tmp_path) if trial.state.is_finished()]
    assert list(map(repr, afterwards[:-1])) == list(map(repr, survivors))
    assert len(afterwards) == wanted


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--storage", "no/such/folder/q.db"], "there is no folder no/such/folder"),
        (["--storage", "."], "this is a folder"),
        (["--storage", __file__], "cannot be opened as a database"),
        (["--storage", "nosuchdb://host/x"], "cannot be opened as a database"),
    ],
)
def test_a_wrong_request_is_answered_clearly(
    flags: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["quickstart", *flags]) == EXIT_USER_ERROR
    assert message in capsys.readouterr().err


def test_a_study_has_a_trial_at_least(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["quickstart", "--trials", "0"])
    assert "must be a whole number of 1 or more, got '0'" in capsys.readouterr().err


def test_a_figure_that_cannot_be_drawn_is_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def to_image(*_: object) -> bytes:
        raise ValueError("Image export requires the Kaleido package")

    monkeypatch.setattr("plotly.graph_objects.Figure.to_image", to_image)
    assert _run(tmp_path, "--figure", str(tmp_path / "q.png")) == EXIT_USER_ERROR
    assert "pip install kaleido" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
