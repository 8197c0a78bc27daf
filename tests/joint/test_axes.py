"""Combinations stay on their axes, wherever they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optuna_zooming._arrays import FloatArray
from optuna_zooming._joint.axes import Axes
from optuna_zooming._study.axis import UniformCells

NAN = math.nan
# A rate of which a part is asked for, an integer of four, a choice of three, and one that is held.
AXES = Axes(
    counts=np.array([0, 0, 3, 0]),
    cells=[None, UniformCells(4), None, None],
    ends=np.array([[0.2, 0.6], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]),
    fixed=np.array([NAN, NAN, NAN, 0.3]),
)


def _assert_on_axes(points: FloatArray) -> None:
    assert points[:, 0].min() >= 0.2
    assert points[:, 0].max() <= 0.6
    assert set(points[:, 1]) <= {0.125, 0.375, 0.625, 0.875}
    assert set(points[:, 2]) <= {0.0, 1.0, 2.0}
    assert set(points[:, 3]) == {0.3}


def test_anywhere_is_everywhere_on_the_axes() -> None:
    points = AXES.anywhere(400, np.random.default_rng(0))
    _assert_on_axes(points)
    assert (len(set(points[:, 1])), len(set(points[:, 2]))) == (4, 3)
    assert points[:, 0].max() - points[:, 0].min() > 0.38


@pytest.mark.parametrize("step", [1e-6, 0.3, 5.0])
def test_every_move_moves_something(step: float) -> None:
    """A choice may be drawn again; an integer goes to another one, however small the step."""
    rng = np.random.default_rng(1)
    start = np.tile([0.4, 0.375, 1.0, 0.3], (300, 1))
    moved = AXES.moved(start, np.full(300, step), 0.0, rng)
    _assert_on_axes(moved)
    changes = moved != start
    assert changes.sum(axis=1).max() == 1
    assert (changes[:, :3].any(axis=0)).all()
    assert np.mean(~changes.any(axis=1)) < 0.2


def test_what_is_missing_comes_from_known_places_or_anywhere() -> None:
    rng = np.random.default_rng(2)
    lacking = np.tile([NAN, 0.625, NAN, NAN], (200, 1))
    known = np.array([[0.5, NAN, 2.0, 0.9], [NAN, 0.125, NAN, NAN]])
    points = AXES.completed(lacking, known, rng)
    _assert_on_axes(points)
    assert set(points[:, 1]) == {0.625}
    assert 0.3 < np.mean(points[:, 0] == 0.5) < 0.7
    assert len(set(points[:, 2])) == 3


def test_others_may_depend_on_choices_and_integers() -> None:
    assert AXES.discrete.tolist() == [1, 2]
    assert AXES.categorical.tolist() == [False, False, True, False]
