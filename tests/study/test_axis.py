"""Optuna distributions on the unit axis: ends, round trips and extreme ranges."""

from __future__ import annotations

import math
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import FloatDistribution, IntDistribution

from optuna_zooming._study.axis import Axis, NumericDistribution

ONE_ULP = math.nextafter(1.0, 2.0)
DENORMAL = 5e-324
HUGE = sys.float_info.max

DISTRIBUTIONS: list[NumericDistribution] = [
    FloatDistribution(-1.0, 3.0),
    FloatDistribution(1.0, ONE_ULP),
    FloatDistribution(1e5, math.nextafter(1e5, 2e5), log=True),
    FloatDistribution(0.0, DENORMAL),
    FloatDistribution(-1e-323, 1e-323),
    FloatDistribution(-1e308, 1e308),
    FloatDistribution(-HUGE, HUGE),
    FloatDistribution(1e-300, 1e300, log=True),
    FloatDistribution(DENORMAL, HUGE, log=True),
    FloatDistribution(1e-5, 1e-1, log=True),
    FloatDistribution(0.0, 1.0, step=0.1),
    FloatDistribution(-10.2, 10.2, step=0.1),
    FloatDistribution(-1e308, 1e308, step=1e306),
    FloatDistribution(0.0, 1e20, step=1.0),
    FloatDistribution(2.0, 2.0),
    IntDistribution(-10, 10),
    IntDistribution(-10, 10, step=4),
    IntDistribution(1, 1000, log=True),
    IntDistribution(2**49, 2**49 + 3, log=True),
    IntDistribution(2**49, 2**49, log=True),
    IntDistribution(0, 2**62),
    IntDistribution(1, 10**30, log=True),
    IntDistribution(0, 3 * 10**30, step=3),
    IntDistribution(7, 7),
]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=str)
def test_ends_of_the_axis_are_exactly_the_ends_of_the_range(
    distribution: NumericDistribution,
) -> None:
    axis = Axis.of(distribution)
    ends = axis.value(0.0), axis.value(1.0)
    assert ends == (distribution.low, distribution.high)
    assert all(type(end) is type(distribution.low) for end in ends)


def _resolution(axis: Axis) -> float:
    """How far apart on the axis a point and the nearest value may be."""
    low, high = float(axis.distribution.low), float(axis.distribution.high)
    if low < 1e6 and isinstance(axis.distribution, IntDistribution) and axis.distribution.log:
        # From 1 to 2, with half a step of padding on either side.
        return math.log(1.5 / 0.5) / math.log((high + 0.5) / (low - 0.5))
    if axis.cells is not None:
        return 0.5 / axis.cells.count + 1e-9
    # Ranges of a few floats, and those that begin among the denormal ones.
    few_floats = high - low < 1e-10 * max(abs(low), abs(high)) or high <= 1e-322
    return 1.0 if few_floats or low == high else 5e-4 if low == DENORMAL else 1e-9


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=str)
@given(point=st.floats(0.0, 1.0))
def test_every_value_is_in_range_and_found_again_at_its_place(
    distribution: NumericDistribution, point: float
) -> None:
    axis = Axis.of(distribution)
    value = axis.value(point)
    assert type(value) is type(distribution.low)
    assert distribution.low <= value <= distribution.high
    place = axis.places([value])[0]
    assert abs(place - point) <= _resolution(axis)
    if axis.cells is not None:
        assert axis.value(place) == value


@pytest.mark.parametrize(
    ("distribution", "value", "place"),
    [
        (FloatDistribution(-1.0, 3.0), 0.0, 0.25),
        # Four decades: 1e-2 is three quarters of the way.
        (FloatDistribution(1e-5, 1e-1, log=True), 1e-2, 0.75),
        (FloatDistribution(-1e308, 1e308), 0.0, 0.5),
        (FloatDistribution(1e-300, 1e300, log=True), 1.0, 0.5),
        # Eleven cells; the fourth one's centre.
        (FloatDistribution(0.0, 1.0, step=0.1), 0.3, 3.5 / 11),
        # -10, -6, -2, 2, 6, 10: the third of six.
        (IntDistribution(-10, 10, step=4), -2, 2.5 / 6),
        # (ln 10 - ln 0.5) / (ln 100.5 - ln 0.5) = 2.995732 / 5.303305.
        (IntDistribution(1, 100, log=True), 10, 0.564880),
    ],
    ids=str,
)
def test_places_match_hand_worked_values(
    distribution: NumericDistribution, value: float, place: float
) -> None:
    axis = Axis.of(distribution)
    assert axis.places([value])[0] == pytest.approx(place, abs=1e-6)
    assert axis.value(place) == pytest.approx(value, rel=1e-5, abs=1e-300)


@pytest.mark.parametrize(
    ("distribution", "n_values"),
    [
        (FloatDistribution(0.0, 1.0, step=0.1), 11),
        (IntDistribution(-10, 10, step=4), 6),
        (IntDistribution(1, 16, log=True), 16),
    ],
    ids=str,
)
def test_every_value_of_a_discrete_axis_can_be_reached(
    distribution: NumericDistribution, n_values: int
) -> None:
    axis = Axis.of(distribution)
    assert len({axis.value(point) for point in np.linspace(0, 1, 2001)}) == n_values


@pytest.mark.parametrize(
    "foreign", [None, "0.5", True, math.nan, math.inf, -0.001, 1.001, 10**400, 0.5j, [0.5]]
)
def test_values_that_are_not_on_the_axis_have_no_place(foreign: Any) -> None:
    places = Axis.of(FloatDistribution(0.0, 1.0)).places([0.25, foreign])
    assert places[0] == 0.25
    assert math.isnan(places[1])


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), Fraction(1, 2)])
def test_any_kind_of_real_number_has_a_place(value: Any) -> None:
    assert Axis.of(FloatDistribution(0.0, 1.0)).places([value])[0] == 0.5


def test_no_values_have_no_places() -> None:
    assert Axis.of(IntDistribution(0, 1)).places([]).shape == (0,)


def test_a_place_has_a_value_of_its_own_distribution() -> None:
    # 1.5 is from before the steps changed, and an integer from a trial of another program.
    assert Axis.of(FloatDistribution(1.0, 5.0, step=1.0)).own_value(1.5, 0.3) == 2.0
    continuous = Axis.of(FloatDistribution(0.0, 10.0))
    assert type(continuous.own_value(3, 0.3)) is float
    assert type(Axis.of(IntDistribution(0, 2**60)).own_value(7.0, 0.5)) is int


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=str)
def test_between_the_places_of_values_are_these_values(distribution: NumericDistribution) -> None:
    axis = Axis.of(distribution)
    values = np.array([distribution.low, distribution.high], dtype=np.float64)
    np.testing.assert_allclose(axis.between(axis.points(values)), values, rtol=1e-9, atol=1e-300)


def test_between_two_integers_there_are_halves() -> None:
    axis = Axis.of(IntDistribution(1, 4))
    one, two = axis.points(np.array([1.0, 2.0]))
    assert axis.between(np.array([(one + two) / 2]))[0] == pytest.approx(1.5)
