"""The Gaussian process against closed forms, scipy and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from optuna_zooming._arrays import FloatArray
from optuna_zooming._joint.model.kernel import correlation
from optuna_zooming._joint.model.process import (
    JITTER,
    MEAN_VARIANCE,
    Likelihood,
    Prior,
    Process,
    most_probable,
)
from optuna_zooming._joint.model.space import pooled

CATEGORICAL = np.array([False, False, True])
PRIOR = Prior()
THETA = np.log([0.3, 0.8, 1.5, 1.7, 0.04])


def _mixed(n: int, seed: int = 0) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(points with repeats and gaps, values, variances of their own)."""
    rng = np.random.default_rng(seed)
    points: FloatArray = np.column_stack((rng.random((n, 2)), rng.integers(0, 3, n) * 1.0))
    points[::4, 1] = np.nan
    points[n // 2 :] = points[: n - n // 2]
    variances: FloatArray = np.where(np.arange(n) % 3 == 0, 0.2, 0.0)
    return points, rng.standard_normal(n), variances


def _covariance(a: FloatArray, b: FloatArray, theta: FloatArray) -> FloatArray:
    alike = correlation(a, b, CATEGORICAL, theta[:-2])
    return np.asarray(np.exp(theta[-2]) * alike + MEAN_VARIANCE)


def test_posterior_is_the_textbook_s_with_every_repeat_by_itself() -> None:
    points, values, variances = _mixed(24)
    ask = _mixed(10, seed=1)[0]
    noise = np.diag(np.exp(THETA[-1]) + JITTER + variances)
    solved = np.linalg.solve(_covariance(points, points, THETA) + noise, np.eye(24))
    shared = _covariance(ask, points, THETA)
    process = Process.given(pooled(points, values, variances), CATEGORICAL, THETA)
    means, deviations = process.posterior(ask)
    np.testing.assert_allclose(means, shared @ solved @ values)
    np.testing.assert_allclose(
        deviations, np.diag(_covariance(ask, ask, THETA) - shared @ solved @ shared.T)
    )
    # Half of the trials are repeats.
    assert len(process.pools.counts) < 24


def test_likelihood_is_that_of_scipy_with_every_repeat_by_itself() -> None:
    points, values, variances = _mixed(24)
    likelihood = Likelihood(pooled(points, values, variances), CATEGORICAL, PRIOR)

    def expected(theta: FloatArray) -> float:
        noise = np.diag(np.exp(theta[-1]) + JITTER + variances)
        covariance = _covariance(points, points, theta) + noise
        density = stats.multivariate_normal(np.zeros(24), covariance).logpdf(values)
        return float(-density - stats.norm(PRIOR.means(3), PRIOR.deviations(3)).logpdf(theta).sum())

    other = THETA + np.array([0.5, -0.3, 0.2, -1.0, 1.5])
    # Up to a constant.
    assert likelihood(other)[0] - likelihood(THETA)[0] == pytest.approx(
        expected(other) - expected(THETA)
    )


@pytest.mark.parametrize("seed", range(3))
def test_gradient_is_that_of_finite_differences(seed: int) -> None:
    likelihood = Likelihood(pooled(*_mixed(20, seed)), CATEGORICAL, PRIOR)
    gradient = likelihood(THETA)[1]
    for j in range(5):
        step = 1e-5 * (np.arange(5) == j)
        slope = (likelihood(THETA + step)[0] - likelihood(THETA - step)[0]) / 2e-5
        assert gradient[j] == pytest.approx(slope, rel=1e-5, abs=1e-6)


def test_the_most_probable_hyperparameters_are_found() -> None:
    likelihood = Likelihood(pooled(*_mixed(30)), CATEGORICAL, PRIOR)
    theta, cost = most_probable(likelihood, PRIOR.means(3))
    value, gradient = likelihood(theta)
    assert cost == pytest.approx(value)
    np.testing.assert_allclose(gradient, 0.0, atol=0.02)
    more = theta + np.array([0.1, 0.1, 0.1, 0.1, 1.0])
    fixed, _ = most_probable(likelihood, more, fixed_noise=True)
    assert fixed[-1] == more[-1]
    np.testing.assert_allclose(likelihood(fixed)[1][:-1], 0.0, atol=0.02)


def test_a_value_that_is_less_sure_counts_less() -> None:
    points = np.array([[0.2, 0.5, 0.0], [0.8, 0.5, 0.0]])
    values = np.array([0.0, 2.0])
    sure, unsure = (
        Process.given(pooled(points, values, np.array([0.0, extra])), CATEGORICAL, THETA)
        for extra in (0.0, 5.0)
    )
    (sure_mean,), (sure_variance,) = sure.posterior(points[1:])
    (mean,), (variance,) = unsure.posterior(points[1:])
    assert mean < sure_mean - 0.5
    assert variance > 2 * sure_variance


def test_far_from_all_trials_the_prior_is_left() -> None:
    short = np.log([1e-3, 1e-3, 1e-3, 2.0, 1e-4])
    process = Process.given(pooled(np.zeros((1, 3)), np.ones(1), np.zeros(1)), CATEGORICAL, short)
    (mean,), (variance,) = process.posterior(np.ones((1, 3)))
    # Only the common mean is shared: covariance 1, variance of the value 2 + 1 + noise.
    assert mean == pytest.approx(1 / 3.0001, rel=1e-4)
    assert variance == pytest.approx(3 - 1 / 3.0001, rel=1e-4)
