"""Time that a sampler, or a pruner, itself takes per trial in a study with many trials."""

from __future__ import annotations

import time

import numpy as np
import optuna
from optuna.trial import TrialState

from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import rival
from benchmarks.workers.prefilled import (
    Shape,
    learning_curve,
    prefilled_study,
    search_space,
    value_at,
)


def seconds_per_trial(
    sampler: str,
    n_finished: int,
    shape: Shape,
    repeats: int,
    limit: float,
    *,
    mean: bool = False,
) -> float:
    """Median over the timed trials; the first, which fills caches, is not among them.

    With ``mean`` the mean, in which counts what is done now and then.
    """
    study = prefilled_study(rival(sampler).make(0), n_finished, shape)
    sampler_seconds(study, shape, pruned=False)
    times: list[float] = []
    started = time.perf_counter()
    while len(times) < repeats and (len(times) < 3 or time.perf_counter() - started < limit):
        pruned = shape.pruned > 0 and len(times) % 2 == 1
        times.append(sampler_seconds(study, shape, pruned=pruned))
    return float(np.mean(times) if mean else np.median(times))


def sampler_seconds(study: optuna.Study, shape: Shape, *, pruned: bool) -> float:
    """Seconds for ask, suggest and tell; the reports between them are not counted."""
    space = search_space(shape.parameters)
    start = time.perf_counter()
    trial = study.ask(space)
    asked = time.perf_counter()
    value = value_at(trial.params["lr"])
    curve = learning_curve(value, shape.reports, np.random.default_rng((1, trial.number)))
    for step, report in enumerate(curve[: len(curve) // 2 + 1] if pruned else curve):
        trial.report(report, step)
    ended = time.perf_counter()
    if pruned:
        study.tell(trial, state=TrialState.PRUNED)
    else:
        study.tell(trial, value)
    return asked - start + time.perf_counter() - ended


def median_pruner_seconds(pruner: str, n_finished: int, shape: Shape, calls: int) -> float:
    """Median over three trials; one more before them fills caches."""
    study = prefilled_study(rival("random").make(0), n_finished, shape, PRUNERS[pruner]())
    times = [pruner_seconds(study, shape, calls) for _ in range(4)]
    return float(np.median(times[1:]))


def pruner_seconds(study: optuna.Study, shape: Shape, calls: int) -> float:
    """Seconds of should_prune after every report of a trial that stays among the best.

    It is called after at most ``calls`` of them, and their mean stands for the others; but the
    first call alone for itself, since it may read what has ended since the last trial.
    """
    trial = study.ask(search_space(shape.parameters))
    curve = learning_curve(1.0, shape.reports, np.random.default_rng((1, trial.number)))
    asked = set(np.linspace(0, len(curve) - 1, min(calls, len(curve))).astype(int).tolist())
    times = []
    for step, report in enumerate(curve):
        trial.report(report, step)
        if step in asked:
            start = time.perf_counter()
            trial.should_prune()
            times.append(time.perf_counter() - start)
    study.tell(trial, curve[-1])
    return times[0] + (len(curve) - 1) * float(np.mean(times[1:] or [0.0]))
