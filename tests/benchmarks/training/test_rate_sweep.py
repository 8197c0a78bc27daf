"""The learning-rate range test: what it suggests."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.training.rate_sweep import suggest_rate


def test_the_range_test_suggests_the_steepest_fall() -> None:
    rates = np.geomspace(1e-6, 10.0, 141)
    exponents = np.log10(rates)
    # Flat, then a logistic fall that is steepest at 1e-2, then an explosion beyond 1.
    losses = 2.3 - 2.0 / (1.0 + np.exp(-6.0 * (exponents + 2.0)))
    losses = np.where(exponents > 0.0, 1e6, losses)
    # Smoothing over about 50 steps of a twentieth of a decade delays the fall.
    assert 1e-2 <= suggest_rate(rates, losses) < 1e-1


def test_a_sweep_that_explodes_at_once_is_refused() -> None:
    losses = np.full(100, np.nan)
    losses[:5] = 2.3
    with pytest.raises(ValueError, match="start at a lower rate"):
        suggest_rate(np.geomspace(1e-5, 10.0, 100), losses)
