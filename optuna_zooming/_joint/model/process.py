"""A Gaussian process, and its most probable lengths, signal and noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..._arrays import BoolArray, FloatArray
from .kernel import correlation, correlation_and_gradient, squared_distances
from .linear import inverted, product, times
from .space import Pools

# Variance of the unknown mean around 0, of levels whose variance is 1.
MEAN_VARIANCE = 1.0
# The least noise, so that matrices can be inverted.
JITTER = 1e-6
MAX_ITERATIONS = 40
# By how much the cost grows with the square of the distance from the bounds.
WALL = 10.0


@dataclass(frozen=True)
class Prior:
    """Independent normal distributions of the logarithms of the hyperparameters.

    (mean, standard deviation), and (least, largest) value of each.
    """

    length: tuple[float, float] = (float(np.log(0.4)), 1.0)
    # Where there are many parameters, few of them matter: ln(length) grows by this times ln(n).
    length_growth: float = 0.35
    signal: tuple[float, float] = (0.0, 1.0)
    noise: tuple[float, float] = (-2.0, 2.0)
    length_bounds: tuple[float, float] = (-3.5, 4.0)
    signal_bounds: tuple[float, float] = (-3.0, 3.0)
    noise_bounds: tuple[float, float] = (-9.0, 1.0)

    def means(self, n_parameters: int) -> FloatArray:
        """(n_parameters + 2,): lengths, signal variance, noise variance."""
        length = self.length[0] + self.length_growth * np.log(max(n_parameters, 1))
        return np.array([length] * n_parameters + [self.signal[0], self.noise[0]])

    def deviations(self, n_parameters: int) -> FloatArray:
        """(n_parameters + 2,), as above."""
        return np.array([self.length[1]] * n_parameters + [self.signal[1], self.noise[1]])

    def bounds(self, n_parameters: int) -> list[tuple[float, float]]:
        """(n_parameters + 2,), as above."""
        return [self.length_bounds] * n_parameters + [self.signal_bounds, self.noise_bounds]


class Likelihood:
    """Minus the logarithm of the posterior density of the hyperparameters, up to a constant.

    Args:
        pools: The trials.
        categorical: (n_parameters,), whose columns hold choice numbers.
        prior: Of the hyperparameters.
    """

    def __init__(self, pools: Pools, categorical: BoolArray, prior: Prior) -> None:
        self.prior = prior
        self._pools = pools
        self._squares = squared_distances(pools.points, pools.points, categorical)
        # As a matrix, so that the gradient is one product.
        self._flat = self._squares.reshape(len(categorical), len(pools.means) ** 2)

    def __call__(self, theta: FloatArray) -> tuple[float, FloatArray]:
        """The value and its gradient, (n_parameters + 2,).

        Args:
            theta: (n_parameters + 2,), logarithms of the lengths, of the signal variance and of
                the noise variance.
        """
        pools, n_parameters = self._pools, len(self._squares)
        lengths, signal, noise = theta[:-2], np.exp(theta[-2]), np.exp(theta[-1])
        alike, common = correlation_and_gradient(self._squares, lengths)
        each = noise + JITTER + pools.variances
        covariance = signal * alike + MEAN_VARIANCE
        covariance[np.diag_indices_from(covariance)] += each / pools.counts
        inverse, log_determinant = inverted(covariance)
        weights = times(inverse, pools.means)
        within = pools.counts - 1.0
        value = 0.5 * (
            pools.means @ weights
            + log_determinant
            + np.sum(within * np.log(each) + pools.scatter / each)
        )
        # Half the derivative by each entry of the covariance.
        half = 0.5 * (inverse - np.outer(weights, weights))
        gradient = np.empty(len(theta))
        by_length = times(self._flat, (signal * common * half).ravel())
        gradient[:-2] = np.exp(-2.0 * lengths) * by_length
        gradient[-2] = signal * np.sum(alike * half)
        by_noise = np.sum(np.diagonal(half) / pools.counts)
        by_noise += 0.5 * np.sum(within / each - pools.scatter / each**2)
        gradient[-1] = noise * by_noise
        away = (theta - self.prior.means(n_parameters)) / self.prior.deviations(n_parameters)
        gradient += away / self.prior.deviations(n_parameters)
        return float(value + 0.5 * away @ away), gradient


def most_probable(
    likelihood: Likelihood, start: FloatArray, *, fixed_noise: bool = False
) -> tuple[FloatArray, float]:
    """(hyperparameters, minus the logarithm of their density), by BFGS.

    Args:
        likelihood: The latter, of the former.
        start: (n_parameters + 2,), where to begin.
        fixed_noise: Whether the noise stays as it is.
    """
    from scipy.optimize import minimize

    n_free = len(start) - fixed_noise
    low, high = np.array(likelihood.prior.bounds(len(start) - 2)).T

    def cost(free: FloatArray) -> tuple[float, FloatArray]:
        theta = np.append(free, start[n_free:])
        inside = np.clip(theta, low, high)
        value, gradient = likelihood(inside)
        # A wall: the method knows no bounds, and L-BFGS-B, which does, starts threads for matrices
        # of ten rows.
        beyond = theta - inside
        gradient = np.where(beyond == 0.0, gradient, 2.0 * WALL * beyond)
        return value + WALL * float(beyond @ beyond), gradient[:n_free]

    found: Any = minimize(
        cost, start[:n_free], jac=True, method="BFGS", options={"maxiter": MAX_ITERATIONS}
    )
    theta = np.clip(np.append(found.x, start[n_free:]), low, high)
    return theta, likelihood(theta)[0]


@dataclass(frozen=True, eq=False)
class Process:
    """The posterior of the objective, given trials.

    Attributes:
        pools: The trials.
        categorical: (n_parameters,), whose columns hold choice numbers.
        theta: The hyperparameters, as in :class:`Likelihood`.
        inverse: Of the covariance of the pools' means.
    """

    pools: Pools
    categorical: BoolArray
    theta: FloatArray
    inverse: FloatArray

    @classmethod
    def given(cls, pools: Pools, categorical: BoolArray, theta: FloatArray) -> Process:
        """The process with these hyperparameters."""
        alike = correlation(pools.points, pools.points, categorical, theta[:-2])
        covariance = np.exp(theta[-2]) * alike + MEAN_VARIANCE
        each = np.exp(theta[-1]) + JITTER + pools.variances
        covariance[np.diag_indices_from(covariance)] += each / pools.counts
        return cls(pools, categorical, theta, inverted(covariance)[0])

    def posterior(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(means, variances) of the noise-free objective at points: (m,) each."""
        alike = correlation(points, self.pools.points, self.categorical, self.theta[:-2])
        prior = np.exp(self.theta[-2]) + MEAN_VARIANCE
        shared = np.exp(self.theta[-2]) * alike + MEAN_VARIANCE
        solved = product(shared, self.inverse)
        variances = prior - np.sum(solved * shared, axis=1)
        return times(solved, self.pools.means), np.maximum(variances, 0.0)
