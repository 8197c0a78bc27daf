"""Gaussian processes of several noise levels, weighed by how probable these are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..._arrays import BoolArray, FloatArray
from .process import Likelihood, Prior, Process, most_probable
from .space import Pools

# Step between the noise levels, of the logarithm of the variance.
NOISE_STEP = 2.0
# Levels less probable than the best one by more than this, of the logarithm, are left out.
NEGLIGIBLE = 4.0


@dataclass(frozen=True, eq=False)
class Mixture:
    """The posterior of the objective where the noise is not known.

    A dozen trials cannot tell noise from a rugged objective, and the most probable noise alone
    would make them look sure.

    Attributes:
        processes: Each with another noise variance, its other hyperparameters fitted to that.
        weights: (n_processes,), their probabilities.
    """

    processes: tuple[Process, ...]
    weights: FloatArray

    @classmethod
    def fitted(cls, pools: Pools, categorical: BoolArray, prior: Prior) -> Mixture:
        """The mixture around the most probable noise.

        Args:
            pools: The trials, one at least.
            categorical: (n_parameters,), whose columns hold choice numbers.
            prior: Of the hyperparameters.
        """
        likelihood = Likelihood(pools, categorical, prior)
        best = most_probable(likelihood, prior.means(len(categorical)))
        found = [best]
        for step in (-NOISE_STEP, NOISE_STEP):
            found.extend(_with_other_noise(likelihood, best, step))
        densities = np.array([-cost for _, cost in found])
        weights = np.exp(densities - densities.max())
        processes = (Process.given(pools, categorical, theta) for theta, _ in found)
        return cls(tuple(processes), weights / weights.sum())

    def on(self, pools: Pools) -> Mixture:
        """The same hyperparameters, given other trials."""
        processes = (Process.given(pools, p.categorical, p.theta) for p in self.processes)
        return Mixture(tuple(processes), self.weights)

    @property
    def noise(self) -> float:
        """Standard deviation of a single trial."""
        variances = np.exp([process.theta[-1] for process in self.processes])
        return float(np.sqrt(self.weights @ variances))

    def posterior(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(means, variances) of the noise-free objective at points: (m,) each."""
        each = [process.posterior(points) for process in self.processes]
        means = np.array([mean for mean, _ in each])
        variances = np.array([variance for _, variance in each])
        mean = self.weights @ means
        return mean, self.weights @ (variances + (means - mean) ** 2)


def _with_other_noise(
    likelihood: Likelihood, best: tuple[FloatArray, float], step: float
) -> Iterator[tuple[FloatArray, float]]:
    """(hyperparameters, cost) at ever more or ever less noise, as long as it is probable."""
    theta, cost = best
    low, high = likelihood.prior.noise_bounds
    while low < theta[-1] < high:
        noise = min(max(theta[-1] + step, low), high)
        theta, cost = most_probable(likelihood, np.append(theta[:-1], noise), fixed_noise=True)
        if cost > best[1] + NEGLIGIBLE:
            return
        yield theta, cost
