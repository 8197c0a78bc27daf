"""Distances of mixed points, and the Matern kernel over them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gamma, kv

from optuna_zooming._arrays import BoolArray, FloatArray
from optuna_zooming._joint.model.kernel import (
    ASIDE,
    OTHER_CHOICE,
    correlation,
    correlation_and_gradient,
    squared_distances,
)

NAN = math.nan


def _mixed_points(rng: np.random.Generator) -> tuple[FloatArray, BoolArray]:
    """(40 points of four parameters, of which some are missing; whether each is categorical)."""
    categorical = rng.random(4) < 0.5
    points = np.where(categorical, rng.integers(0, 4, (40, 4)), rng.random((40, 4)))
    points[rng.random((40, 4)) < 0.4] = NAN
    return points, categorical


def test_distances_per_parameter() -> None:
    categorical = np.array([False, True])
    a = np.array([[0.2, 1.0]])
    b = np.array([[0.5, 1.0], [0.2, 0.0], [NAN, 2.0], [1.0, NAN]])
    squares = squared_distances(a, b, categorical)
    np.testing.assert_allclose(squares[0, 0], [0.09, 0.0, 0.09 + ASIDE, 0.64])
    np.testing.assert_allclose(
        squares[1, 0], [0.0, OTHER_CHOICE, OTHER_CHOICE, 0.5 * OTHER_CHOICE + ASIDE]
    )
    np.testing.assert_allclose(squared_distances(b, a, categorical)[:, :, 0], squares[:, 0])


def test_two_trials_without_a_parameter_are_alike_in_it() -> None:
    points = np.array([[NAN, NAN], [NAN, NAN]])
    assert not squared_distances(points, points, np.array([False, True])).any()


@pytest.mark.parametrize("distance", [0.01, 0.3, 1.0, 4.0])
def test_it_is_the_matern_kernel_of_smoothness_five_halves(distance: float) -> None:
    length, smoothness = 0.7, 2.5
    scaled = math.sqrt(2 * smoothness) * distance / length
    expected = 2 ** (1 - smoothness) / gamma(smoothness) * scaled**smoothness
    expected *= kv(smoothness, scaled)
    a, b = np.zeros((1, 1)), np.full((1, 1), distance)
    found = correlation(a, b, np.array([False]), np.log([length]))
    assert found.item() == pytest.approx(expected)


def test_lengths_are_those_of_their_parameters() -> None:
    numeric = np.zeros(2, dtype=np.bool_)
    a, b = np.zeros((1, 2)), np.array([[0.3, 0.2]])
    scaled = np.array([[math.hypot(0.3 / 0.5, 0.2 / 4.0)]])
    one = correlation(np.zeros((1, 1)), scaled, numeric[:1], np.zeros(1))
    np.testing.assert_allclose(correlation(a, b, numeric, np.log([0.5, 4.0])), one)


@given(st.integers(0, 10_000))
def test_both_ways_to_the_correlation_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, categorical = _mixed_points(rng)
    lengths = rng.uniform(-3.5, 4.0, 4)
    squares = squared_distances(points, points, categorical)
    expected = correlation_and_gradient(squares, lengths)[0]
    found = correlation(points, points, categorical, lengths)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_gradient_by_the_lengths() -> None:
    rng = np.random.default_rng(0)
    squares, lengths = rng.random((3, 4, 4)), rng.standard_normal(3)
    value, common = correlation_and_gradient(squares, lengths)
    for j in range(3):
        step = 1e-6 * (np.arange(3) == j)
        up, down = (correlation_and_gradient(squares, lengths + by)[0] for by in (step, -step))
        by_length = squares[j] * np.exp(-2 * lengths[j]) * common
        np.testing.assert_allclose(by_length, (up - down) / 2e-6, rtol=1e-6)


@given(st.integers(0, 10_000))
def test_every_covariance_is_positive_definite(seed: int) -> None:
    """Also where parameters are missing from some trials, and whatever the lengths."""
    rng = np.random.default_rng(seed)
    points, categorical = _mixed_points(rng)
    covariance = correlation(points, points, categorical, rng.uniform(-3.5, 4.0, 4))
    assert np.linalg.eigvalsh(covariance).min() > -1e-12
