"""(live problem, sampler, pruner, seed) -> a row: a study on disk, or one sweep of the rate."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable

import numpy as np
import optuna
import torch
from optuna.trial import FrozenTrial, TrialState

from benchmarks.errors import UserError
from benchmarks.paths import BENCHMARKS
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import rival
from benchmarks.runs.fingerprints import code_of, source_hash
from benchmarks.runs.live_rows import LiveCode, LiveResult, LiveRun
from benchmarks.runs.storage import open_study
from benchmarks.training.devices import hardware_name
from benchmarks.training.live import HIGHEST_RATE, LOWEST_RATE, N_FINAL_NETWORKS, LiveTask
from benchmarks.training.rate_sweep import suggest_rate
from optuna_zooming import recommended_arm

RANGE_TEST = "range-test"
RANGE_TEST_STEPS = 100  # at least; otherwise one epoch
RESUME_STRIDE = 1_000_003
TRAINING = (
    "live",
    "networks",
    "recipes",
    "models",
    "transformer",
    "tasks",
    "batches",
    "optimisers",
    "precision",
    "datasets.image_files",
)
"""Modules of ``training`` that decide what a trial's value is."""


def code_of_run(run: LiveRun) -> LiveCode:
    """What the run is made by here and now."""
    modules = [
        (BENCHMARKS / "training").joinpath(*name.split(".")).with_suffix(".py") for name in TRAINING
    ]
    if run.sampler == RANGE_TEST:
        sweep = BENCHMARKS / "training" / "rate_sweep.py"
        code = {"sampler": f"torch {torch.__version__}", "sampler source": source_hash(sweep)}
    else:
        code = code_of(run.sampler, run.pruner)
    return LiveCode(
        optuna=optuna.__version__,
        torch=torch.__version__,
        sampler_package=code["sampler"],
        sampler_source=code["sampler source"],
        pruner_source=code.get("pruner source", ""),
        training_source=source_hash(*modules),
    )


def run_live(run: LiveRun, task: LiveTask, storage: str, tick: Callable[[int], None]) -> LiveResult:
    """Make a run, or continue what its study holds; ``tick`` is told of finished trials.

    Raises:
        UserError: If the study holds more trials than the run may have.
    """
    if run.sampler == RANGE_TEST:
        return _range_test(run, task)
    study = _optimise(run, task, storage, tick)
    rate, accuracy, low, high = _recommendation(study, run.sampler)
    trials = study.get_trials(deepcopy=False)
    return _result(
        run,
        task,
        rate,
        validation=(accuracy, low, high),
        epochs_spent=sum(len(trial.intermediate_values) for trial in trials),
        seconds=sum(trial.duration.total_seconds() for trial in trials if trial.duration),
    )


def study_name(run: LiveRun) -> str:
    """All but the number of trials: asking for more of them continues the study.

    Other code has a study of its own: trials of both are not to be mixed.
    """
    return (
        f"{run.problem} {run.sampler} {run.pruner} epochs={run.epochs} seed={run.seed} "
        f"{run.device} code={code_of_run(run).digest}"
    )


def _range_test(run: LiveRun, task: LiveTask) -> LiveResult:
    """One sweep of the rate in a short training, and the rate its losses suggest."""
    n_steps = max(task.batches_per_epoch, RANGE_TEST_STEPS)
    rates = np.geomspace(LOWEST_RATE, HIGHEST_RATE, n_steps)
    start = time.perf_counter()
    rate = suggest_rate(rates, task.sweep_losses(rates, run.seed))
    seconds = time.perf_counter() - start
    epochs = math.ceil(n_steps / task.batches_per_epoch)
    return _result(run, task, rate, epochs_spent=epochs, seconds=seconds)


def _optimise(
    run: LiveRun, task: LiveTask, storage: str, tick: Callable[[int], None]
) -> optuna.Study:
    with warnings.catch_warnings():
        # HyperbandPruner and a few samplers call themselves experimental.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        make, pruner, name = rival(run.sampler).make, PRUNERS[run.pruner](), study_name(run)
        study = open_study(storage, name, sampler=make(run.seed), pruner=pruner)
        n_done = len(_done(study))
        if n_done > run.trials:
            raise UserError(
                f"--storage {storage} holds {n_done} trials of {name!r}, more than "
                f"--trials {run.trials}; ask for at least {n_done} or name another storage."
            )
        if n_done > 0:
            # Several samplers draw from the seed alone: resumed, they would repeat themselves.
            study.sampler = make(run.seed + RESUME_STRIDE * n_done)
        tick(n_done)
        study.optimize(
            task.objective(run.seed),
            n_trials=run.trials - n_done,
            callbacks=[lambda study, trial: tick(1)],
        )
    return study


def _done(study: optuna.Study) -> list[FrozenTrial]:
    """Trials that count: not those that an interruption cut short."""
    return study.get_trials(deepcopy=False, states=(TrialState.COMPLETE, TrialState.PRUNED))


def _recommendation(study: optuna.Study, sampler: str) -> tuple[float, float, float, float]:
    """Learning rate, accuracy expected of it, and that mean's interval where there is one."""
    if rival(sampler).recommends:
        arm = recommended_arm(study, "lr")
        return float(arm.value), arm.mean, *arm.interval
    best = study.best_trial
    assert best.value is not None
    return best.params["lr"], best.value, math.nan, math.nan


def _result(
    run: LiveRun,
    task: LiveTask,
    rate: float,
    *,
    validation: tuple[float, float, float] = (math.nan, math.nan, math.nan),
    epochs_spent: int,
    seconds: float,
) -> LiveResult:
    return LiveResult(
        learning_rate=rate,
        validation_accuracy=validation[0],
        interval_low=validation[1],
        interval_high=validation[2],
        test_accuracy=task.test_accuracy(rate, run.seed),
        n_final=N_FINAL_NETWORKS,
        epochs_spent=epochs_spent,
        seconds=round(seconds, 3),
        hardware=hardware_name(run.device),
    )
