"""The surrogate's length scales by maximum likelihood, and how well it predicts what it lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.recording.searches.surrogate import Link, Surrogate, columns_of
from benchmarks.training.searches.space import Space

Floats = NDArray[np.float64]
N_FOLDS = 5
N_DIGITS = 4
# Log-normal prior of a scale, in multiples of an axis: as wide as the axis, give or take.
PRIOR_MEAN, PRIOR_DEVIATION = 0.0, 1.0
BOUNDS = (math.log(0.05), math.log(30.0))
NUGGET_BOUNDS = (math.log(1e-4), math.log(2.0))


@dataclass(frozen=True, eq=False)
class Fit:
    """Length scales (n_parameters,) and nugget."""

    scales: list[float]
    nugget: float


def fit(space: Space, places: Floats, values: Floats, *, start: Fit | None = None) -> Fit:
    """Scales and nugget of largest posterior density, rounded as they are recorded.

    start: where to begin, in order to be faster.
    """
    columns, owners = columns_of(space, places)
    inputs = torch.tensor(columns)
    differences = (inputs[:, None, :] - inputs[None, :, :]) ** 2
    n_parameters = len(space.parameters)
    squares = torch.zeros(n_parameters, len(values), len(values), dtype=torch.float64)
    squares.index_add_(0, torch.tensor(owners), differences.permute(2, 0, 1))
    line = Link.of(values).stretched(values)
    targets = torch.tensor((line - line.mean()) / line.std())

    def loss(logs: Floats) -> tuple[float, Floats]:
        given = torch.tensor(logs, requires_grad=True)
        density = _log_density(squares, targets, given)
        (-density).backward()  # type: ignore[no-untyped-call]
        assert given.grad is not None
        return -density.item(), given.grad.numpy()

    if start is None:
        first = np.full(n_parameters + 1, math.log(0.7))
        first[-1] = math.log(0.1)
    else:
        first = np.log([*start.scales, start.nugget])
    bounds = [BOUNDS] * n_parameters + [NUGGET_BOUNDS]
    found = minimize(
        loss, first, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 50}
    )
    *scales, nugget = (float(f"{value:.{N_DIGITS}g}") for value in np.exp(found.x))
    return Fit(scales, nugget)


def _log_density(squares: torch.Tensor, targets: torch.Tensor, logs: torch.Tensor) -> torch.Tensor:
    """Log posterior density, the signal's variance and mean being those that fit best."""
    n = len(targets)
    distances = torch.einsum("p,pij->ij", torch.exp(-2 * logs[:-1]), squares)
    root = torch.sqrt(5 * distances + 1e-12)
    kernel = (1 + root + root**2 / 3) * torch.exp(-root)
    covariance = kernel + torch.exp(logs[-1]) * torch.eye(n, dtype=torch.float64)
    factor = torch.linalg.cholesky(covariance)
    both = torch.stack([torch.ones_like(targets), targets], dim=1)
    solved = torch.cholesky_solve(both, factor)
    level = solved[:, 1].sum() / solved[:, 0].sum()
    quadratic = (targets - level) @ (solved[:, 1] - level * solved[:, 0])
    likelihood = -0.5 * n * torch.log(quadratic / n) - torch.log(torch.diagonal(factor)).sum()
    prior = -0.5 * (((logs[:-1] - PRIOR_MEAN) / PRIOR_DEVIATION) ** 2).sum()
    return likelihood + prior


def held_out_predictions(
    space: Space, places: Floats, values: Floats, fitted: Fit, *, refit: bool
) -> Floats:
    """(n,): what the surrogate without a fifth of the rows predicts for them.

    refit: whether the scales too are fitted without these rows.
    """
    order = np.random.default_rng(0).permutation(len(values))
    predicted = np.empty(len(values))
    for fold in range(N_FOLDS):
        out = order[fold::N_FOLDS]
        kept = np.setdiff1d(order, out)
        used = fit(space, places[kept], values[kept], start=fitted) if refit else fitted
        surrogate = Surrogate(space, places[kept], values[kept], used.scales, used.nugget)
        predicted[out] = surrogate.means(places[out])
    return predicted


def r2(values: Floats, predicted: Floats) -> float:
    """Share of the variance that predictions explain."""
    return float(1 - ((values - predicted) ** 2).sum() / ((values - values.mean()) ** 2).sum())
