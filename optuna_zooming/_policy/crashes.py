"""Where to look beside trials that failed, and beyond them (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray
from .._history import History
from .gaps import Gap, Gaps

# A part of the axis this wide, in which nobody has been, is looked at though it is barred.
VERY_WIDE = 0.3
# After so many trials, and again after as many.
LOOK_EVERY = 13
# How far from a single crash its gap is tried again, as a share of the wider part beside it.
RETRY = 0.25


def beside(gaps: Gaps, gap: int, crashed: FloatArray) -> Gap:
    """A gap to look into; where trials crashed inside, the widest part between them.

    Crashes say nothing of a gap's worth, but whether they were bad luck or are a property of the
    place shows only beside it: near a single one, which was probably bad luck, and between several.

    Args:
        gaps: All of them.
        gap: Which one.
        crashed: (c,), increasing, units of axis.
    """
    chosen = gaps.at(gap)
    inside = crashed[(crashed > chosen.left) & (crashed < chosen.right)]
    if len(inside) == 0:
        return chosen
    ends = np.concatenate(([chosen.left], inside, [chosen.right]))
    widest = int(np.argmax(np.diff(ends)))
    left, right = float(ends[widest]), float(ends[widest + 1])
    if len(inside) > 1:
        return Gap(left, right, (left + right) / 2)
    crash, far = (left, right) if left == inside[0] else (right, left)
    return Gap(left, right, crash + RETRY * (far - crash))


def beyond_failures(history: History) -> float | None:
    """The middle of the widest part of the axis without any trial, if it is barred and very wide.

    It was barred because all trials on this side of it failed; beyond them they may survive.
    Several parameters take turns: a look of all of them at once would have no good neighbour.
    ``None`` where there is no such part, and while it is no time to look.
    """
    turn, rest = divmod(history.n_trials, LOOK_EVERY)
    own_turn = (turn - history.rank) % history.n_parameters == 0
    if history.n_trials == 0 or rest > 0 or not own_turn:
        return None
    tried = np.concatenate(([0.0, 1.0], history.points, history.running, history.crashed))
    ends = np.unique(tried)
    widest = int(np.argmax(np.diff(ends)))
    left, right = float(ends[widest]), float(ends[widest + 1])
    barred = (history.barred > left) & (history.barred < right)
    if right - left < VERY_WIDE or not barred.any():
        return None
    place = (left + right) / 2
    if history.cells is None:
        return place
    cell = history.cells.index(np.array([place]))
    visited = np.isin(cell, history.cells.index(tried[2:]))[0]
    return None if visited else float(history.cells.centre(cell)[0])
