"""What looks wrong in how a study is set up is said: once while it runs, and by explain."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import optuna
import pytest

from optuna_zooming import ZoomingPruner, ZoomingSampler, explain
from optuna_zooming.dashboard._note import our_part

LINEAR = "The range of lr, 1e-05 to 1, spans 5 decades on a linear scale"


def _loss(rate: float) -> float:
    return (math.log10(rate) + 2.0) ** 2


def _linear(trial: optuna.Trial) -> float:
    return _loss(trial.suggest_float("lr", 1e-5, 1))


def _told(log: pytest.LogCaptureFixture, what: str) -> int:
    # A record is caught once for each logger on its way.
    return len({id(record) for record in log.records if what in record.getMessage()})


@pytest.mark.parametrize("n_jobs", [1, 4])
def test_a_linear_scale_is_told_once_while_a_study_runs(
    n_jobs: int, optuna_log: pytest.LogCaptureFixture
) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(_linear, n_trials=12, n_jobs=n_jobs)
    assert _told(optuna_log, LINEAR) == 1
    # Nor again where somebody goes on with the study, or an engine pickles a sampler for a trial.
    study.sampler = ZoomingSampler(seed=1)
    study.optimize(_linear, n_trials=2)
    study.sampler = pickle.loads(pickle.dumps(study.sampler))
    study.optimize(_linear, n_trials=2)
    assert _told(optuna_log, LINEAR) == 1
    # Another study is another chance.
    optuna.create_study(sampler=ZoomingSampler(seed=0)).optimize(_linear, n_trials=2)
    assert _told(optuna_log, LINEAR) == 2


@pytest.mark.parametrize(
    ("setting", "times"),
    [
        ("", 1),
        ("optuna.logging.set_verbosity(optuna.logging.ERROR)", 0),
        ("optuna.logging.disable_default_handler(); optuna.logging.enable_propagation()", 1),
    ],
)
def test_optuna_s_settings_count_and_nothing_is_printed(setting: str, times: int) -> None:
    script = (
        "import logging, optuna\n"
        "from optuna_zooming import StopWhenSure, ZoomingSampler\n"
        "logging.basicConfig(format='%(message)s')\n"
        f"{setting}\n"
        "study = optuna.create_study(sampler=ZoomingSampler(seed=0))\n"
        "study.optimize(lambda t: t.suggest_float('lr', 1e-5, 1), n_trials=12,\n"
        "               callbacks=[StopWhenSure()])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert done.stderr.count(LINEAR) == times


def test_with_several_parameters_each_is_told_once(optuna_log: pytest.LogCaptureFixture) -> None:
    def objective(trial: optuna.Trial) -> float:
        return _linear(trial) + trial.suggest_float("decay", 1e-6, 1e-2)

    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(objective, n_trials=15)
    assert _told(optuna_log, LINEAR) == 1
    assert _told(optuna_log, "The range of decay, 1e-06 to 0.01, spans 4 decades") == 1


@pytest.mark.parametrize(
    "suggest",
    [
        lambda trial: trial.suggest_float("lr", 1e-5, 1, log=True),
        lambda trial: trial.suggest_float("lr", 1e-2, 1),
        lambda trial: trial.suggest_float("lr", 0, 1),
        lambda trial: trial.suggest_float("lr", -1, 1),
        lambda trial: trial.suggest_float("lr", 0.001, 10.001, step=0.5),
        lambda trial: trial.suggest_int("lr", 1, 100_000),
        lambda trial: trial.suggest_categorical("lr", [1e-5, 1e-3, 1]),
    ],
)
def test_other_ranges_are_nobody_s_mistake(
    suggest: Callable[[optuna.Trial], float], optuna_log: pytest.LogCaptureFixture
) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(lambda trial: suggest(trial) ** 2, n_trials=3)
    assert "linear scale" not in optuna_log.text
    assert explain(study).remarks == ""


def test_explain_tells_of_any_sampler_s_linear_scale_and_the_dashboard_with_it() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(_linear, n_trials=10)
    found = explain(study)
    assert found.remarks.startswith(f"{LINEAR}: nine tenths of it lie above 0.1. If the order of")
    assert str(found).splitlines()[-2:] == [found.remarks, found.advice]
    assert "decades on a linear scale" in our_part(study)


def test_explain_tells_of_a_linear_scale_where_nothing_survived() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(lambda trial: math.inf * trial.suggest_float("lr", 1e-5, 1), n_trials=3)
    assert explain(study).remarks.startswith(LINEAR)


@pytest.mark.parametrize("reports", [True, False])
def test_explain_tells_that_nothing_was_reported_to_a_pruner(reports: bool) -> None:
    def objective(trial: optuna.Trial) -> float:
        loss = _loss(trial.suggest_float("lr", 1e-5, 1, log=True))
        if reports:
            trial.report(loss, 0)
        if trial.should_prune():
            raise optuna.TrialPruned
        return loss

    for pruner, told in ((ZoomingPruner(), not reports), (optuna.pruners.NopPruner(), False)):
        study = optuna.create_study(sampler=ZoomingSampler(seed=0), pruner=pruner)
        study.optimize(objective, n_trials=4)
        assert ("call trial.report(value, step)" in explain(study).remarks) == told


def test_constraints_are_told_once_by_threads_and_by_each_process(tmp_path: Path) -> None:
    script = (
        "import sys, optuna\n"
        "from optuna_zooming import ZoomingSampler\n"
        "def objective(trial):\n"
        "    x = trial.suggest_float('x', 0, 1)\n"
        # As a sampler's constraints_func stores them, with every version of Optuna.
        "    trial.storage.set_trial_system_attr(trial._trial_id, 'constraints', [x - 0.5])\n"
        "    return x\n"
        "study = optuna.create_study(storage=sys.argv[1], study_name='x', load_if_exists=True,\n"
        "                            sampler=ZoomingSampler())\n"
        "study.optimize(objective, n_trials=8, n_jobs=4)\n"
    )
    url = f"sqlite:///{tmp_path / 'study.db'}"
    # The second one finds constraints from its first trial on.
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script, url], capture_output=True, text=True, check=True
        )
        assert done.stderr.count("ignores constraints") == 1
        assert done.stdout == ""
