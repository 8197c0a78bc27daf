"""Levels: monotone, and back again, in any unit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming._joint.model.values import APART, LINEAR, Levels

FINITE = st.floats(-1e300, 1e300)


def _levels(values: object) -> Levels:
    levels = Levels.of(np.array(values, dtype=float))
    assert levels is not None
    return levels


@given(st.lists(FINITE, min_size=2, max_size=30))
def test_levels_are_finite_and_keep_the_order(values: list[float]) -> None:
    array = np.sort(np.array(values))
    levels = Levels.of(array)
    if levels is not None:
        mapped = levels.of_values(array)
        assert np.isfinite(mapped).all()
        assert np.all(np.diff(mapped) >= 0)
        assert mapped.std() == pytest.approx(1.0)


def test_levels_lead_back_to_the_values() -> None:
    values = np.random.default_rng(0).normal(70.0, 10.0, 100) ** 2
    levels = _levels(values)
    np.testing.assert_allclose(levels.values(levels.of_values(values)), values)
    assert levels.of_values(values).mean() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("unit", [1e-9, 1e9, 1e290, -1e-300 * -1.0])
def test_the_unit_of_the_objective_does_not_matter(unit: float) -> None:
    values = np.random.default_rng(1).random(40)
    np.testing.assert_allclose(
        _levels(unit * values).of_values(unit * values), _levels(values).of_values(values)
    )


def test_the_best_fifth_is_on_a_straight_line_and_the_rest_compressed() -> None:
    values = np.arange(101.0)
    levels = _levels(values)
    # The 80 and 95 % quantiles are 80 and 95.
    assert levels.width == pytest.approx(15 / APART)
    mapped = levels.of_values(values)
    np.testing.assert_allclose(np.diff(mapped[80:], 2), 0.0, atol=1e-12)
    assert mapped[10] - mapped[0] < 0.3 * (mapped[100] - mapped[90])


def test_a_single_huge_value_is_compressed() -> None:
    values = np.append(np.arange(100.0), 1e12)
    levels = _levels(values)
    lucky = levels.of_values(values)[-1] * levels.spread + levels.shift
    widths = (1e12 - levels.centre) / levels.width
    assert lucky == pytest.approx(LINEAR + math.log1p(widths - LINEAR))


@given(st.floats(-50, 200))
def test_errors_follow_the_slope(value: float) -> None:
    levels = _levels(np.arange(101.0))
    step = 1e-4
    ends = levels.of_values(np.array([value - step, value + step]))
    error = levels.of_errors(np.array([1.0]), np.array([value]))[0]
    assert error == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-3)


def test_diverged_trials_are_the_worst_there_are() -> None:
    values = np.array([-math.inf, 1.0, 2.0, 3.0, math.nan])
    levels = _levels(values)
    diverged, worst = levels.of_values(np.array([-math.inf, 1.0]))
    assert diverged < worst - 0.5
    # One that is far below is no better.
    assert levels.of_values(np.array([-1e9]))[0] == diverged


@pytest.mark.parametrize("values", [[3.0], [0.0, 0.0], [0.1 + 0.2, 0.3], [-math.inf, 7.0]])
def test_equal_values_have_no_levels(values: list[float]) -> None:
    assert Levels.of(np.array(values)) is None


def test_a_loss_gone_astray_leaves_the_others_apart() -> None:
    values = np.append(np.arange(20.0), -1e300)
    mapped = _levels(values).of_values(values)
    assert mapped[19] - mapped[17] > 0.1


def test_where_the_best_are_equal_the_others_give_the_scale() -> None:
    values = np.array([0.5, 0.7, *[1.0] * 8])
    mapped = _levels(values).of_values(values)
    assert mapped[0] < mapped[1] < mapped[2] == mapped[9]


def test_far_ends_are_infinite_rather_than_an_error() -> None:
    levels = _levels(1e300 * np.array([-1.0, 0.0, 1.0]))
    assert levels.values(np.array([-1e6, 1e6])).tolist() == [-math.inf, math.inf]
