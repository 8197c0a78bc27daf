"""Rows of procedures that have to know their number of trials: entry n is all of one with n."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from optuna.trial import FrozenTrial, TrialState

from benchmarks.rivals.one_epoch import costs, selections
from benchmarks.runs.rows import Run


def of_the_best(run: Run, trials: Sequence[FrozenTrial], n_epochs: int, k: int) -> Run:
    """The run as one epoch for all and the best ``k`` to the end, from trials that went there."""
    spent = costs(len(trials), n_epochs, k)
    return dataclasses.replace(
        run,
        epochs=np.diff(spent, prepend=0).astype(float),
        best_regret=run.regret[selections(trials, k)],
    )


def of_whole_studies(studies: Mapping[int, Run], n_trials: int, n_epochs: int) -> Run:
    """The best trial of each study, at the entry of its size.

    Args:
        studies: By size, runs that have so many trials; size 1 among them.
        n_trials: Number of entries; sizes that were not run are worth the next smaller one.
        n_epochs: What one trial more costs.
    """
    sizes = np.array(sorted(studies))
    runs = [studies[size] for size in sizes]
    best = [_best(run) for run in runs]
    # Entry n, from 0, is the largest study of at most n + 1 trials.
    at = np.searchsorted(sizes, np.arange(1, n_trials + 1), side="right") - 1

    def entries(name: str) -> Any:
        return np.array([getattr(run, name)[index] for run, index in zip(runs, best)])[at]

    names = [each.name for each in dataclasses.fields(Run) if each.name != "seed"]
    ends = np.array([run.best_regret[-1] for run in runs])
    seconds = np.array([run.sampler_seconds.mean() for run in runs])
    own = {
        "best_regret": ends[at],
        "epochs": np.full(n_trials, float(n_epochs)),
        "sampler_seconds": seconds[at],
    }
    return Run(runs[0].seed, **{**{name: entries(name) for name in names}, **own})


def _best(run: Run) -> int:
    """Index of the best complete trial, of the first one if there is none."""
    complete = (run.state == TrialState.COMPLETE.name) & ~np.isnan(run.value)
    return int(np.argmax(np.where(complete, run.value, -np.inf)))
