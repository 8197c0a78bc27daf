"""How alike the objective is at two combinations: a Matern 5/2 kernel over mixed parameters."""

from __future__ import annotations

import numpy as np

from ..._arrays import BoolArray, FloatArray
from .linear import product

# Squared distance of two different choices, where the ends of an axis have 1.
OTHER_CHOICE = 0.5
# A trial without a parameter is as if in the middle of its axis, or among its choices, and this
# squared distance aside: any place on the axis is about as near. So all distances are those of
# points in a Euclidean space, without which the kernel would be none.
ASIDE = 0.1
ROOT_5 = float(np.sqrt(5.0))


def squared_distances(a: FloatArray, b: FloatArray, categorical: BoolArray) -> FloatArray:
    """(n_parameters, n, m): of the points ``a`` (n, ...) from ``b`` (m, ...), per parameter.

    Args:
        a, b: Points, (n or m, n_parameters); NaN where a parameter is inactive.
        categorical: (n_parameters,), whose columns hold choice numbers.
    """
    left, right = a.T[:, :, None], b.T[:, None, :]
    squares: FloatArray = np.square(left - right)
    squares[categorical] = OTHER_CHOICE * (squares[categorical] > 0)
    _set_absent(squares, a.T, np.isnan(b.T), categorical)
    _set_absent(squares.transpose(0, 2, 1), b.T, np.isnan(a.T), categorical)
    return squares


def _set_absent(
    squares: FloatArray, present: FloatArray, absent: BoolArray, categorical: BoolArray
) -> None:
    """Write the distances to points that lack a parameter into ``squares``."""
    for j in np.flatnonzero(absent.any(axis=1)):
        if categorical[j]:
            to_middle = np.full(len(present[j]), 0.5 * OTHER_CHOICE)
        else:
            to_middle = (present[j] - 0.5) ** 2
        aside = np.where(np.isnan(present[j]), 0.0, to_middle + ASIDE)
        squares[j][:, absent[j]] = aside[:, None]


def correlation(
    a: FloatArray, b: FloatArray, categorical: BoolArray, log_lengths: FloatArray
) -> FloatArray:
    """Matern 5/2 between points, with a length for each parameter: (n, m).

    As by :func:`squared_distances`, but faster: a product of matrices.

    Args:
        a, b, categorical: As there.
        log_lengths: (n_parameters,).
    """
    n_choices = 1 + int(max(np.nanmax(each[:, categorical], initial=0.0) for each in (a, b)))
    left, right = (_embedded(each, categorical, log_lengths, n_choices) for each in (a, b))
    squares = np.add.outer(np.sum(left**2, axis=1), np.sum(right**2, axis=1))
    squares -= 2.0 * product(left, right.T)
    # Rounding may make them negative.
    distance = ROOT_5 * np.sqrt(np.maximum(squares, 0.0))
    return np.asarray((1.0 + distance + distance**2 / 3.0) * np.exp(-distance))


def _embedded(
    points: FloatArray, categorical: BoolArray, log_lengths: FloatArray, n_choices: int
) -> FloatArray:
    """(n, n_coordinates): points of a Euclidean space that are as far apart.

    A choice is a corner of a simplex; what is inactive lies aside of the middle.
    """
    absent = np.isnan(points)
    along = np.where(absent, 0.0, points - 0.5)[:, ~categorical]
    chosen = points[:, categorical, None] == np.arange(n_choices)
    corners = np.sqrt(0.5 * OTHER_CHOICE) * chosen
    aside = np.sqrt(ASIDE) * absent
    scale = np.exp(-log_lengths)
    return np.concatenate(
        (
            along * scale[~categorical],
            (corners * scale[categorical, None]).reshape(len(points), -1),
            aside * scale,
        ),
        axis=1,
    )


def correlation_and_gradient(
    squares: FloatArray, log_lengths: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Matern 5/2 at distances (n_parameters, n, n), and what its derivatives have in common.

    The derivative by length ``j`` is ``squares[j] * exp(-2 * log_lengths[j])`` times the latter.
    """
    scaled = np.einsum("p,pij->ij", np.exp(-2.0 * log_lengths), squares)
    distance = ROOT_5 * np.sqrt(scaled)
    decay = np.exp(-distance)
    value = (1.0 + distance + distance**2 / 3.0) * decay
    return value, 5.0 / 3.0 * (1.0 + distance) * decay
