"""Which positions of a discrete axis are still free (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import IntArray
from .._history import Cells
from .gaps import Gaps


def free_runs(count: int, taken: IntArray) -> IntArray:
    """(n_runs, 2): first and last cell of each run of free ones, increasing.

    Args:
        count: Number of cells.
        taken: (n,), cells that are not free, increasing and distinct.
    """
    first = np.append(0, taken + 1)
    last = np.append(taken - 1, count - 1)
    runs: IntArray = np.column_stack((first, last))[first <= last]
    return runs


def free_cells(gaps: Gaps, cells: Cells, taken: IntArray) -> tuple[Gaps, list[IntArray]]:
    """The gaps that hold a free cell, and the runs, (n_runs, 2) each, of free cells in them.

    Both ends of a gap belong to it: where trials were merged, an end is no trial's own cell.

    Args:
        gaps: Between all arms, which together span the axis.
        cells: Of the axis.
        taken: (n,), as in :func:`free_runs`.
    """
    runs = free_runs(cells.count, taken)
    first, last = cells.index(gaps.left), cells.index(gaps.right)
    inside = []
    for low, high in zip(first, last):
        begin = int(np.searchsorted(runs[:, 1], low, side="left"))
        end = int(np.searchsorted(runs[:, 0], high, side="right"))
        inside.append(np.clip(runs[begin:end], low, high))
    holds = np.array([len(each) > 0 for each in inside], dtype=np.bool_)
    return gaps.where(holds), [each for each in inside if len(each)]


def nearest(runs: IntArray, cell: int) -> IntArray:
    """(1,): the cell nearest to ``cell`` in any of the runs, (n_runs, 2), n_runs at least 1."""
    candidates = np.clip(cell, runs[:, 0], runs[:, 1])
    closest: IntArray = candidates[[np.argmin(np.abs(candidates - cell))]]
    return closest
