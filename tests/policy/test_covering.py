"""Confidence radius and covering."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from optuna_zooming._policy.covering import confidence_radius, uncovered_intervals

UNIT = st.floats(0.0, 1.0)
BALLS = st.lists(st.tuples(UNIT, UNIT), max_size=12)


def test_radius_matches_hand_worked_values() -> None:
    # ln(10000) = 9.210340; sqrt(18.420681) = 4.291932; / sqrt(2) = 3.034855; / 10 = 0.429193.
    radius = confidence_radius(np.array([0, 1, 99]), 10_000)
    assert_allclose(radius, [4.291932, 3.034855, 0.429193], atol=1e-6)


def test_radius_is_proportional_to_scale() -> None:
    # ln(2) = 0.693147; sqrt(1.386294 / 4) = 0.588705; a tenth of it.
    assert_allclose(confidence_radius(np.array([3]), 2, 0.1), [0.0588705], atol=1e-7)


@pytest.mark.parametrize(("horizon", "scale", "name"), [(1, 1.0, "horizon"), (2, 0.0, "scale")])
def test_radius_refuses_bad_arguments(horizon: int, scale: float, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        confidence_radius(np.array([1]), horizon, scale)


@pytest.mark.parametrize(
    ("points", "reach", "holes"),
    [
        ([], [], [(0.0, 1.0)]),
        ([0.5], [0.5], []),
        ([0.5], [0.25], [(0.0, 0.25), (0.75, 1.0)]),
        # In any order, one ball inside another, and touching balls leave no hole.
        ([0.75, 0.25, 0.25], [0.25, 0.125, 0.0], [(0.0, 0.125), (0.375, 0.5)]),
        ([0.25, 0.75], [0.25, 0.25], []),
        # A hole of a few rounding steps is a hole; no grid would find it.
        ([0.0, 1.0], [0.5, 0.5 - 2**-50], [(0.5, 0.5 + 2**-50)]),
    ],
)
def test_uncovered_intervals_match_hand_worked_cases(
    points: list[float], reach: list[float], holes: list[tuple[float, float]]
) -> None:
    found = uncovered_intervals(np.array(points), np.array(reach))
    assert [tuple(hole) for hole in found] == holes


@given(balls=BALLS, probes=st.lists(UNIT, max_size=20))
def test_point_is_uncovered_exactly_inside_a_reported_hole(
    balls: list[tuple[float, float]], probes: list[float]
) -> None:
    points, reach = np.array(balls).reshape(-1, 2).T
    holes = uncovered_intervals(points, reach)
    # Probe between the balls' ends too, where a sweep could go wrong.
    ends = np.sort(np.clip(np.concatenate(([0.0, 1.0], points - reach, points + reach)), 0, 1))
    for probe in [*probes, *((ends[1:] + ends[:-1]) / 2)]:
        covered = any(p - r <= probe <= p + r for p, r in zip(points, reach))
        in_hole = any(low < probe < high for low, high in holes)
        at_end = probe in (0.0, 1.0) or any(probe in hole for hole in holes)
        assert covered != in_hole or at_end


@given(balls=BALLS)
def test_holes_are_disjoint_increasing_and_not_empty(balls: list[tuple[float, float]]) -> None:
    points, reach = np.array(balls).reshape(-1, 2).T
    ends = uncovered_intervals(points, reach).ravel()
    assert np.all(ends[0::2] < ends[1::2])
    assert np.all(np.diff(ends) >= 0)
