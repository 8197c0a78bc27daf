"""What one trial's value and reports are to the core: oriented, bounded, in order."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
from optuna.trial import FrozenTrial

from ..._arrays import FloatArray

DIVERGED = -math.inf

# Values beyond are taken for this one, so that their sums and differences are finite.
LARGEST = 1e300


def bounded(value: float) -> float:
    """The value, at most ``LARGEST`` in magnitude."""
    return min(max(value, -LARGEST), LARGEST)


def oriented(value: float | None, sign: float) -> float:
    """The objective value with its sign; NaN and both infinities mean divergence."""
    if value is None or not math.isfinite(value):
        return DIVERGED
    return sign * bounded(value)


def curve(trial: FrozenTrial, sign: float) -> FloatArray:
    """(n_reports,): what a trial reported, oriented, in the order of its steps."""
    reports = trial.intermediate_values
    return np.array([sign * bounded(reports[step]) for step in sorted(reports)])


def reported_divergence(trial: FrozenTrial) -> bool:
    """Whether any report was NaN, or the last one infinite."""
    reports = trial.intermediate_values
    if any(map(math.isnan, reports.values())):
        return True
    return len(reports) > 0 and math.isinf(reports[max(reports)])


def seconds(when: datetime | None) -> float:
    """A time as a number whose differences are seconds; NaN where it is not known."""
    # Foreign trials may come with a time zone, others without.
    return math.nan if when is None else (when.replace(tzinfo=None) - datetime.min).total_seconds()
