"""Expected improvement: against the integral that it is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from optuna_zooming._joint.improvement import log_expected_improvement


@pytest.mark.parametrize("z", [-30.0, -6.0, -1.0, 0.0, 2.5])
def test_it_is_the_mean_of_what_is_better(z: float) -> None:
    """With f = z + noise, E[max(f, 0)] = density(z) times an integral without tiny numbers."""
    integral, _ = quad(lambda t: t * math.exp(-0.5 * t * t + z * t), 0.0, 60.0 / max(1.0, -z))
    expected = math.log(integral) + norm.logpdf(z)
    mean, error, best = 3.0 + 2.0 * z, 2.0, 3.0
    found = log_expected_improvement(np.array([mean]), np.array([error]), best)
    assert found.item() == pytest.approx(expected + math.log(error), rel=1e-6)


def test_far_above_the_best_it_is_the_difference() -> None:
    found = log_expected_improvement(np.array([7.0, 1e6]), np.array([0.1, 1.0]), 2.0)
    np.testing.assert_allclose(np.exp(found), [5.0, 1e6 - 2.0])


def test_it_never_ends_and_keeps_the_order() -> None:
    means = np.linspace(-1e5, 1e5, 2001)
    found = log_expected_improvement(means, np.ones(2001), 0.0)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()
