"""What became of a trial, in a word."""

from __future__ import annotations

import math

import pytest
from optuna.trial import TrialState, create_trial

from optuna_zooming._study.outcomes import OUTCOMES, outcome_of


@pytest.mark.parametrize(
    ("state", "value", "reports", "expected"),
    [
        (TrialState.COMPLETE, 1.0, {}, "complete"),
        (TrialState.COMPLETE, -math.inf, {}, "diverged"),
        # It has ended with a value, which counts.
        (TrialState.COMPLETE, 1.0, {0: math.nan}, "complete"),
        (TrialState.PRUNED, None, {0: 1.0}, "pruned"),
        (TrialState.PRUNED, None, {0: 1.0, 1: math.nan}, "diverged"),
        (TrialState.FAIL, None, {0: math.nan}, "diverged"),
        (TrialState.FAIL, None, {0: 1.0}, "failed"),
        (TrialState.FAIL, None, {0: 1.0, 1: math.inf}, "diverged"),
        (TrialState.RUNNING, None, {0: math.nan}, "diverged"),
        (TrialState.RUNNING, None, {0: 1.0}, "running"),
        (TrialState.WAITING, None, {}, "waiting"),
    ],
)
def test_outcome(
    state: TrialState, value: float | None, reports: dict[int, float], expected: str
) -> None:
    trial = create_trial(state=state, value=value, intermediate_values=reports)
    assert outcome_of(trial) == expected
    assert expected in OUTCOMES
