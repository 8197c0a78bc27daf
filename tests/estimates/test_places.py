"""Repeats at one place, exact or nearly so."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from optuna_zooming._estimates.places import place_of_each


def test_equal_points_are_one_place() -> None:
    assert_array_equal(place_of_each(np.array([0.1, 0.1, 0.3, 0.3, 0.3])), [0, 0, 1, 1, 1])


@pytest.mark.parametrize("width", [1e-7, 1e-4, 9e-3])
def test_points_together_and_by_themselves_are_one_place(width: float) -> None:
    points = np.array([0.2, 0.5, 0.5 + width / 2, 0.5 + width, 0.6])
    assert_array_equal(place_of_each(points), [0, 1, 1, 1, 2])


def test_search_that_closes_in_leaves_its_trials_apart() -> None:
    points = 0.5 + np.array([-0.1, -0.02, -0.008, -0.004, 0.0, 0.004, 0.008, 0.02, 0.1])
    assert_array_equal(place_of_each(points), np.arange(9))


def test_one_point_is_one_place() -> None:
    assert_array_equal(place_of_each(np.array([0.7])), [0])
