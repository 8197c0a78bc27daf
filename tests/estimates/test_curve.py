"""The estimated mean as a curve: straight between places, with a band that bulges in gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from optuna_zooming._arrays import FloatArray
from optuna_zooming._estimates.curve import Curve, curve_through


def _curve(points: list[float], means: list[float], half_width: float, slope: float) -> Curve:
    at = np.array(means)
    intervals = np.column_stack((at - half_width, at + half_width))
    return curve_through(np.array(points), at, intervals, np.full(len(points), slope))


def _rows(curve: Curve) -> list[tuple[float, ...]]:
    return list(zip(curve.points, curve.means, curve.lows, curve.highs))


def test_in_a_gap_the_mean_may_be_as_far_off_as_the_slope_allows() -> None:
    # From either end 0.25 * 8 further up, or down, than the intervals' ends at 1 and -1.
    assert _rows(_curve([0.25, 0.75], [0.0, 0.0], 1.0, 8.0)) == [
        (0.25, 0.0, -1.0, 1.0),
        (0.5, 0.0, -3.0, 3.0),
        (0.75, 0.0, -1.0, 1.0),
    ]


def test_the_bounds_meet_nearer_to_the_end_that_they_leave_from_higher() -> None:
    # 1 + 4 x = 3 + 4 (1 - x) at x = 0.75; -1 - 4 x = 1 - 4 (1 - x) at x = 0.25.
    curve = _curve([0.0, 1.0], [0.0, 2.0], 1.0, 4.0)
    assert _rows(curve) == [
        (0.0, 0.0, -1.0, 1.0),
        (0.25, 0.5, -2.0, 2.0),
        (0.75, 1.5, 0.0, 4.0),
        (1.0, 2.0, 1.0, 3.0),
    ]


def test_a_curve_that_is_steeper_than_the_slope_has_a_straight_band() -> None:
    curve = _curve([0.0, 0.5, 1.0], [0.0, 10.0, 10.5], 1.0, 1.0)
    assert _rows(curve) == [
        (0.0, 0.0, -1.0, 1.0),
        (0.5, 10.0, 9.0, 11.0),
        (1.0, 10.5, 9.5, 11.5),
    ]


def test_the_steeper_place_tells_how_steep_a_gap_is() -> None:
    points, means = np.array([0.0, 1.0]), np.zeros(2)
    curve = curve_through(points, means, np.zeros((2, 2)), np.array([1.0, 6.0]))
    assert curve.highs.max() == 3.0


def test_a_place_where_all_diverged_breaks_the_curve() -> None:
    curve = _curve([0.0, 0.25, 0.5, 0.75], [1.0, 1.0, -np.inf, 1.0], 1.0, 8.0)
    assert curve.points.tolist() == [0.0, 0.125, 0.25, 0.5, 0.75]
    assert np.isnan(curve.means).tolist() == [False, False, False, True, False]
    assert np.isnan(curve.highs[3])
    assert np.isnan(curve.lows[3])


def test_what_has_no_bound_at_one_end_of_a_gap_has_none_inside() -> None:
    points, means = np.array([0.0, 1.0]), np.zeros(2)
    intervals = np.array([[-np.inf, 1.0], [-1.0, np.inf]])
    curve = curve_through(points, means, intervals, np.ones(2))
    assert curve.lows.tolist() == [-np.inf, -np.inf, -1.0]
    assert curve.highs.tolist() == [1.0, np.inf, np.inf]


def test_one_place_is_a_point() -> None:
    assert _rows(_curve([0.3], [2.0], 1.0, 5.0)) == [(0.3, 2.0, 1.0, 3.0)]


NUMBERS = st.floats(-1e300, 1e300)


@given(
    st.lists(
        st.tuples(st.floats(0.0, 1.0), NUMBERS, st.floats(0.0, 1e300), st.floats(0.0, 1e300)),
        min_size=1,
        max_size=6,
        unique_by=lambda place: place[0],
    ),
    st.floats(0.0, 1e300),
)
@example([(0.0, 1.8e293, 0.0, 0.0), (1.4e-45, 0.0, 0.0, 0.0)], 0.0)
def test_the_band_holds_the_mean_and_the_places_are_as_they_were(
    places: list[tuple[float, float, float, float]], slope: float
) -> None:
    points, means, below, above = np.array(sorted(places)).T
    intervals: FloatArray = np.column_stack((means - below, means + above))
    curve = curve_through(points, means, intervals, np.full(len(points), slope))
    assert (np.diff(curve.points) >= 0).all()
    assert len(curve) <= 3 * len(points)
    rounding = 1e-9 * np.abs(curve.means)
    assert (curve.lows <= curve.means + rounding).all()
    assert (curve.means - rounding <= curve.highs).all()
    for point, mean, (low, high) in zip(points, means, intervals):
        assert (point, mean, low, high) in _rows(curve)


@pytest.mark.parametrize("n", [2, 64])
def test_there_are_two_points_in_a_gap_at_most(n: int) -> None:
    rng = np.random.default_rng(0)
    means = rng.normal(size=n)
    assert len(_curve(np.linspace(0, 1, n).tolist(), means.tolist(), 0.5, 1e3)) == 3 * n - 2
