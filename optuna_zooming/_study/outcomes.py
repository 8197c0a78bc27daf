"""What became of each trial, in a word."""

from __future__ import annotations

import math

from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from .trials.readings import reported_divergence

OUTCOMES = ("complete", "pruned", "diverged", "failed", "running", "waiting")


def outcome_of(trial: FrozenTrial) -> str:
    """One of ``OUTCOMES``.

    "diverged" is a trial whose value is infinite, or one without a value that reported divergence.
    An objective that returned NaN without a report looks like a crash: "failed".
    """
    if trial.value is not None and not math.isfinite(trial.value):
        return "diverged"
    if trial.state != TrialState.COMPLETE and reported_divergence(trial):
        return "diverged"
    return "failed" if trial.state == TrialState.FAIL else trial.state.name.lower()


def best_trial(study: Study) -> FrozenTrial | None:
    """The trial with the best value, if there is one that can be read."""
    try:
        return study.best_trial
    except (TypeError, ValueError):
        # No trial is complete; or a foreign trial holds constraints that Optuna cannot read.
        return None
