"""Several threads and processes on one study, and one who publishes for all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import optuna

from optuna_zooming import explain
from optuna_zooming.dashboard import ZoomingDashboard
from tests.dashboard.shown import figures, note, times_published, wait_until_published

ROOT = Path(__file__).parents[2]
WORKER = """
import sys, time
import optuna
from optuna_zooming import ZoomingSampler
from optuna_zooming.dashboard import ZoomingDashboard

def objective(trial):
    time.sleep(0.1)
    return (trial.suggest_float("x", 0, 1) - 0.3) ** 2

study = optuna.load_study(study_name="s", storage=sys.argv[1], sampler=ZoomingSampler())
study.optimize(objective, timeout=4, callbacks=[ZoomingDashboard(every=1)])
"""


def test_threads_share_one_publisher(tmp_path: Path) -> None:
    study = optuna.create_study(storage=f"sqlite:///{tmp_path}/study.db")
    study.optimize(
        lambda trial: trial.suggest_float("x", 0, 1),
        n_trials=40,
        n_jobs=4,
        callbacks=[ZoomingDashboard(every=600)],
    )
    wait_until_published(study)
    assert times_published(study) <= 2
    assert "40 trials" in note(study)


def test_processes_publish_no_more_often_than_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/study.db"
    study = optuna.create_study(storage=url, study_name="s")
    began = time.monotonic()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [worker.communicate()[1] for worker in workers]
    seconds = time.monotonic() - began
    assert [worker.returncode for worker in workers] == [0, 0, 0], said
    assert not any("ZoomingDashboard" in each for each in said)
    # One a second, one that each worker makes when it ends, and one or the other that was claimed
    # by two workers in the same moment.
    assert times_published(study) <= seconds + 1 + 2 * len(workers)
    assert set(figures(study)) == {"zooming-arms-x"}
    assert note(study).replace("\\", "").count(explain(study).recommendation) == 1
    assert f"{len(study.trials)} trials" in note(study)
