"""Branches of a search space that no trial has been in."""

from __future__ import annotations

import math

import numpy as np

from optuna_zooming._arrays import FloatArray
from optuna_zooming._joint.axes import Axes
from optuna_zooming._joint.branches import MOST_BRANCHES, unseen_branches
from optuna_zooming._joint.conditions import Conditions
from optuna_zooming._study.axis import UniformCells

NAN = math.nan
NO_CONDITIONS = Conditions([])


def _axes(counts: list[int], positions: list[int], fixed: list[float] | None = None) -> Axes:
    """Categoricals, then integers, then a rate."""
    n = len(counts) + len(positions) + 1
    return Axes(
        counts=np.array(counts + [0] * (n - len(counts))),
        cells=[None] * len(counts) + [UniformCells(each) for each in positions] + [None],
        ends=np.tile([0.0, 1.0], (n, 1)),
        fixed=np.full(n, NAN) if fixed is None else np.array(fixed),
    )


def _rows(points: FloatArray) -> list[list[float]]:
    return sorted(points.tolist())


def test_they_are_the_combinations_of_choices_and_small_integers() -> None:
    tried = np.array([[0.0, 0.25, 0.7], [0.0, 0.75, 0.1], [1.0, 0.25, 0.9]])
    found = unseen_branches(tried, _axes([2], [2]), NO_CONDITIONS)
    np.testing.assert_array_equal(found, [[1.0, 0.75, NAN]])


def test_a_large_integer_is_no_choice_and_too_many_are_not_gone_through() -> None:
    nothing = np.empty((0, 3))
    assert len(unseen_branches(nothing, _axes([2], [100]), NO_CONDITIONS)) == 2
    many = MOST_BRANCHES // 4 + 1
    assert len(unseen_branches(nothing, _axes([many], [4]), NO_CONDITIONS)) == 0
    assert len(unseen_branches(np.empty((0, 1)), _axes([], []), NO_CONDITIONS)) == 0


def test_an_inactive_choice_makes_no_branch() -> None:
    """The second categorical is there for choice 1 of the first: three branches, not four."""
    tried = np.array([[0.0, NAN, 0.2], [1.0, 1.0, 0.3]])
    axes = _axes([2, 2], [])
    conditions = Conditions.of(tried, np.array([0, 1]), axes.categorical)
    found = unseen_branches(tried, axes, conditions)
    assert found[:, :2].tolist() == [[1.0, 0.0]]


def test_only_branches_with_what_is_settled() -> None:
    axes = _axes([3, 2], [], fixed=[2.0, NAN, NAN])
    found = unseen_branches(np.array([[2.0, 0.0, 0.5], [0.0, 1.0, 0.5]]), axes, NO_CONDITIONS)
    assert found[:, :2].tolist() == [[2.0, 1.0]]
