"""Conditional parameters, as trials show them."""

from __future__ import annotations

import math

import numpy as np

from optuna_zooming._joint.conditions import Conditions

NAN = math.nan
NUMERIC = np.zeros(3, dtype=np.bool_)


def test_a_parameter_of_one_choice_is_active_with_it_alone() -> None:
    categorical = np.array([True, False])
    points = np.array([[0.0, NAN], [1.0, 0.3], [2.0, NAN], [1.0, 0.8]])
    conditions = Conditions.of(points, np.array([0]), categorical)
    full = np.array([[0.0, 0.5], [1.0, 0.5], [2.0, 0.5], [3.0, 0.5]])
    # Of the last choice nothing is known.
    expected = [NAN, 0.5, NAN, NAN]
    np.testing.assert_array_equal(conditions.masked(full)[:, 1], expected)


def test_of_an_integer_the_nearest_that_was_seen_decides() -> None:
    points = np.array([[0.1, NAN, NAN], [0.9, 0.2, 0.4], [0.1, NAN, NAN]])
    conditions = Conditions.of(points, np.array([0]), NUMERIC)
    full = np.array([[0.4, 0.5, 0.5], [0.6, 0.5, 0.5]])
    np.testing.assert_array_equal(np.isnan(conditions.masked(full)[:, 1:]).all(axis=1), [1, 0])


def test_what_depends_on_an_inactive_parameter_is_inactive() -> None:
    """The second is there for choice 1 of the first, the third for choice 0 of the second."""
    categorical = np.array([True, True, False])
    points = np.array([[0.0, NAN, NAN], [1.0, 0.0, 0.7], [1.0, 1.0, NAN], [1.0, 0.0, 0.2]])
    conditions = Conditions.of(points, np.array([0, 1]), categorical)
    full = np.array([[0.0, 0.0, 0.5], [1.0, 0.0, 0.5], [1.0, 1.0, 0.5]])
    expected = [[0.0, NAN, NAN], [1.0, 0.0, 0.5], [1.0, 1.0, NAN]]
    np.testing.assert_array_equal(conditions.masked(full), expected)


def test_where_no_choice_explains_it_nothing_is_taken_for_inactive() -> None:
    points = np.array([[0.0, NAN], [0.0, 0.3], [1.0, NAN], [1.0, 0.3]])
    conditions = Conditions.of(points, np.array([0]), np.array([True, False]))
    np.testing.assert_array_equal(conditions.masked(points[1::2]), points[1::2])


def test_trials_that_all_have_everything_have_no_conditions() -> None:
    points = np.random.default_rng(0).random((5, 3))
    assert Conditions.of(points, np.arange(3), NUMERIC).conditions == []


def test_parameters_of_which_no_value_is_known_explain_nothing() -> None:
    # Only trials without a value had the last two.
    points = np.column_stack((np.linspace(0.1, 0.9, 5), np.full((5, 2), NAN)))
    conditions = Conditions.of(points, np.array([1]), np.zeros(3, dtype=np.bool_))
    anywhere = np.full((2, 3), 0.5)
    np.testing.assert_array_equal(conditions.masked(anywhere), anywhere)
