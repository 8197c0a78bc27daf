"""A worker killed in mid-trial: nothing is lost, and the study goes on as if nothing happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from optuna_zooming import ZoomingSampler

N_BEFORE, N_AFTER = 5, 3

WORKER = """
import sys, time
import optuna
from optuna_zooming import ZoomingSampler

def objective(trial):
    x = trial.suggest_float("x", 0, 1)
    if trial.number == {n_before}:
        print("in mid-trial", flush=True)
        time.sleep(600)
    return (x - 0.3) ** 2

study = optuna.create_study(
    study_name="s", storage=sys.argv[1], load_if_exists=True, sampler=ZoomingSampler(seed=4)
)
study.optimize(objective, n_trials={n_before} + 1)
"""


def _objective(trial: optuna.Trial) -> float:
    return (trial.suggest_float("x", 0, 1) - 0.3) ** 2


def _resumed(storage: str) -> optuna.Study:
    return optuna.create_study(
        study_name="s", storage=storage, load_if_exists=True, sampler=ZoomingSampler(seed=4)
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_kill_in_mid_trial_loses_nothing_and_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/study.db"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(n_before=N_BEFORE), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "in mid-trial\n"
        os.kill(worker.pid, signal.SIGKILL)

    killed = _resumed(url)
    states = [trial.state for trial in killed.trials]
    assert states == [TrialState.COMPLETE] * N_BEFORE + [TrialState.RUNNING]

    # The same study without a death: its sixth trial simply takes its time.
    alive = _resumed("sqlite:///:memory:")
    alive.optimize(_objective, n_trials=N_BEFORE)
    running = alive.ask()
    running.suggest_float("x", 0, 1)
    for study in (killed, alive):
        study.optimize(_objective, n_trials=N_AFTER)
    assert [t.params for t in killed.trials] == [t.params for t in alive.trials]
    assert [t.state for t in killed.trials[N_BEFORE + 1 :]] == [TrialState.COMPLETE] * N_AFTER
