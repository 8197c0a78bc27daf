"""Where a range is too narrow or too wide."""

from __future__ import annotations

import math
from typing import Any

import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState, create_trial

from optuna_zooming._study.ends import End, ends_reached, ends_survived

RATE = FloatDistribution(1e-4, 1.0, log=True)


@pytest.mark.parametrize(
    ("distribution", "value", "expected"),
    [
        (RATE, 1.3e-4, End("x", "lower", 1e-4)),
        (RATE, 2e-4, None),
        (RATE, 0.8, End("x", "upper", 1.0)),
        (FloatDistribution(2.0, 3.0), 2.97, End("x", "upper", 3.0)),
        (FloatDistribution(2.0, 3.0), 2.5, None),
        # A share ends at 0 and 1, and a number of things begins at 0 or 1.
        (FloatDistribution(0.0, 1.0), 0.0, None),
        (FloatDistribution(0.0, 1.0), 1.0, None),
        (FloatDistribution(0.0, 0.5), 0.5, End("x", "upper", 0.5)),
        (IntDistribution(1, 8), 1, None),
        (IntDistribution(1, 8), 8, End("x", "upper", 8)),
        (IntDistribution(4, 8), 4, End("x", "lower", 4)),
        (IntDistribution(16, 512, log=True), 512, End("x", "upper", 512)),
        (IntDistribution(16, 512, log=True), 64, None),
        (FloatDistribution(0.5, 3.0, step=0.5), 3.0, End("x", "upper", 3.0)),
        # Two positions have no inside.
        (IntDistribution(2, 3), 3, None),
        (CategoricalDistribution([1, 2, 3]), 3, None),
        # A foreign trial's.
        (RATE, 5.0, None),
    ],
)
def test_ends_reached(distribution: BaseDistribution, value: Any, expected: End | None) -> None:
    found = list(ends_reached({"x": value}, {"x": distribution, "y": RATE}))
    assert found == ([] if expected is None else [expected])


def _trial(value: float, objective: float | None) -> FrozenTrial:
    state = TrialState.FAIL if objective is None else TrialState.COMPLETE
    return create_trial(
        params={"x": value}, distributions={"x": RATE}, value=objective, state=state
    )


@pytest.mark.parametrize(
    ("alive", "lost", "expected"),
    [
        ([1e-3, 1e-2], [0.1, 0.5], End("x", "upper", 1e-2)),
        ([0.1, 0.5], [1e-3, 1e-2, 2e-2], End("x", "lower", 0.1)),
        # One in six may have had bad luck elsewhere, one in three not.
        ([1e-3, 1e-2], [0.1, 0.2, 0.3, 0.4, 0.5, 5e-3], End("x", "upper", 1e-2)),
        ([1e-3, 1e-2], [0.1, 0.2, 5e-3], None),
        ([1e-3], [0.5], None),
        ([], [0.1, 0.5], None),
        ([1e-3], [], None),
    ],
)
@pytest.mark.parametrize("objective", [None, math.inf])
def test_ends_survived(
    alive: list[float], lost: list[float], expected: End | None, objective: float | None
) -> None:
    trials = [_trial(x, 1.0) for x in alive] + [_trial(x, objective) for x in lost]
    found = list(ends_survived(trials, {"x": RATE, "kind": CategoricalDistribution([1, 2])}))
    assert found == ([] if expected is None else [expected])
