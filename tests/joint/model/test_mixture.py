"""Several noise levels, weighed."""

from __future__ import annotations

import numpy as np
import pytest

from optuna_zooming._joint.model.mixture import NOISE_STEP, Mixture
from optuna_zooming._joint.model.process import Prior, Process
from optuna_zooming._joint.model.space import Pools, pooled

NUMERIC = np.array([False, False])


def _bowl(n: int, noise: float) -> Pools:
    rng = np.random.default_rng(n)
    points = rng.random((n, 2))
    depth = 8.0 * ((points - 0.4) ** 2).sum(axis=1)
    values = depth.mean() - depth + noise * rng.standard_normal(n)
    return pooled(points, values / values.std(), np.zeros(n))


def test_few_trials_leave_the_noise_open_and_many_tell_it() -> None:
    few, many = (
        Mixture.fitted(_bowl(6, 0.3), NUMERIC, Prior()),
        Mixture.fitted(_bowl(150, 0.3), NUMERIC, Prior()),
    )
    assert few.weights.sum() == pytest.approx(1.0)
    assert few.weights.max() < 0.7
    assert len(few.processes) >= 4
    assert many.weights.max() > 0.9
    noise = np.exp(many.processes[0].theta[-1] / 2)
    # 0.3 beside a bowl whose own standard deviation is about 0.7.
    assert noise == pytest.approx(0.39, rel=0.25)


def test_noise_levels_are_steps_apart() -> None:
    mixture = Mixture.fitted(_bowl(8, 0.1), NUMERIC, Prior())
    levels = np.sort([process.theta[-1] for process in mixture.processes])
    assert np.diff(levels).max() <= NOISE_STEP + 1e-9


def test_posterior_has_the_moments_of_the_mixture() -> None:
    pools = _bowl(8, 0.1)
    thetas = (np.array([0.0, 0.0, 0.0, -6.0]), np.array([0.0, 0.0, 0.0, 0.0]))
    processes = tuple(Process.given(pools, NUMERIC, theta) for theta in thetas)
    ask = np.array([[0.4, 0.4], [0.9, 0.1]])
    (m1, v1), (m2, v2) = (process.posterior(ask) for process in processes)
    mean, variance = Mixture(processes, np.array([0.25, 0.75])).posterior(ask)
    np.testing.assert_allclose(mean, 0.25 * m1 + 0.75 * m2)
    second = 0.25 * (v1 + m1**2) + 0.75 * (v2 + m2**2)
    np.testing.assert_allclose(variance, second - mean**2)


def test_other_trials_under_the_same_hyperparameters() -> None:
    mixture, other = Mixture.fitted(_bowl(10, 0.1), NUMERIC, Prior()), _bowl(20, 0.1)
    moved = mixture.on(other)
    np.testing.assert_array_equal(moved.weights, mixture.weights)
    expected = Process.given(other, NUMERIC, mixture.processes[0].theta)
    np.testing.assert_array_equal(moved.processes[0].inverse, expected.inverse)
