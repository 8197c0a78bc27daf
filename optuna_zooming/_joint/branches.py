"""Branches of a search space, combinations of choices: those that no trial has been in yet."""

from __future__ import annotations

import itertools

import numpy as np

from .._arrays import FloatArray, IntArray
from .axes import Axes
from .conditions import Conditions

# More branches than this are not gone through: a study is too short for it.
MOST_BRANCHES = 32
# An integer with no more positions than this is a choice, like a number of layers.
FEW_POSITIONS = 4


def unseen_branches(tried: FloatArray, axes: Axes, conditions: Conditions) -> FloatArray:
    """The branches without a trial, (n_branches, n_parameters), NaN for what is no choice.

    To zooming, a branch is a ball of the discrete metric: one without an arm is not covered.

    Args:
        tried: (n, n_parameters), all trials, whatever became of them.
        axes: The parameters; where some are settled, only branches with these count.
        conditions: Which choices there are only after others.
    """
    branching = _branching(axes)
    places = [_places(axes, j) for j in branching]
    count = int(np.prod([float(len(each)) for each in places])) if places else 0
    none = np.empty((0, len(axes.counts)))
    if not 1 < count <= MOST_BRANCHES:
        return none
    branches = np.full((count, len(axes.counts)), np.nan)
    branches[:, branching] = list(itertools.product(*places))
    masked = conditions.masked(branches)
    # An inactive choice makes no branch of its own. No place is negative.
    keys = np.nan_to_num(masked[:, branching], nan=-1.0)
    seen = np.nan_to_num(tried[:, branching], nan=-1.0)
    unseen = ~(keys[:, None] == seen).all(axis=2).any(axis=1)
    first = np.unique(keys, axis=0, return_index=True)[1]
    chosen: FloatArray = branches[first[unseen[first]]]
    return chosen


def _branching(axes: Axes) -> IntArray:
    """The parameters that are choices."""
    few = [
        j
        for j, cells in enumerate(axes.cells)
        if cells is not None and cells.count <= FEW_POSITIONS
    ]
    return np.union1d(np.flatnonzero(axes.categorical), np.array(few, dtype=np.int64))


def _places(axes: Axes, parameter: int) -> FloatArray:
    """(n,): every place of one of them; the only one where it is settled."""
    if not np.isnan(axes.fixed[parameter]):
        return axes.fixed[[parameter]]
    cells = axes.cells[parameter]
    if cells is None:
        return np.arange(axes.counts[parameter], dtype=np.float64)
    places = cells.centre(np.arange(cells.count))
    low, high = axes.ends[parameter]
    inside: FloatArray = places[(places >= low) & (places <= high)]
    return inside
