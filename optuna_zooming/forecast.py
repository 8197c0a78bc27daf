"""Where the best learning rate lies, by the curves of the first trainings (numpy only)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optuna_zooming.arms import FloatArray, History
from optuna_zooming.gaps import Gaps

# With more trials than this, their values say more than a curve does: of where to go next, and of
# where not to.
FEW, MOST = 2, 4

# A training that lasted less than this share of the relaxation times it should have was so slow
# that any smaller rate is worse.
SLOW = 0.2

# More than any index.
FIRST = 1e6


def with_forecast(gaps: Gaps, history: History, relaxed: float, farthest: float) -> Gaps:
    """The gaps, with those preferred, and avoided, that the first curves speak for and against.

    The number of relaxation times that fit into a training is proportional to the learning rate
    (see :mod:`optuna_zooming.relaxation`). If the best of the first trials lasted fewer than
    ``relaxed`` of them, the next one goes up by as much as it lacked, but not past the middle of
    the gap, or at the end of the axis not past ``farthest`` of it. Below a slow training nothing
    is tried. A slow training above the best one contradicts all this: the parameter is no learning
    rate.

    Args:
        gaps: Between all arms.
        history: Of a single parameter, whose axis is logarithmic; others have no forecast.
        relaxed: Relaxation times that a training at the best rate lasts.
        farthest: Where to split the gap at the upper end at most, fraction of its width.
    """
    lasted = history.relaxations
    if lasted is None or len(lasted) == 0 or history.n_trials > MOST or history.decades == 0:
        return gaps
    slow = lasted < SLOW * relaxed
    best = int(np.argmax(history.values))
    above = history.points > history.points[best]
    if np.any(slow[above]):
        return gaps
    hopeless = history.points[slow & (lasted > 0)].max(initial=-1.0)
    gaps = replace(gaps, index=np.where(gaps.right <= hopeless, gaps.index - FIRST, gaps.index))
    too_low = 0 < lasted[best] < relaxed and not np.any(lasted[above] <= lasted[best])
    if too_low and history.n_trials <= FEW:
        step = np.log10(relaxed / lasted[best]) / history.decades
        gaps = _upwards(gaps, history.points[best], step, farthest)
    return gaps


def _upwards(gaps: Gaps, start: float, step: float, farthest: float) -> Gaps:
    """The gap above ``start`` first, split a ``step`` on if that is not too far."""
    at = int(np.searchsorted(gaps.left, start, side="right")) - 1
    width = gaps.right[at] - gaps.left[at]
    part = farthest if gaps.right[at] == 1.0 else 0.5
    point: FloatArray = gaps.point.copy()
    index: FloatArray = gaps.index.copy()
    point[at] = gaps.left[at] + min(step, part * width)
    index[at] += FIRST
    return replace(gaps, point=point, index=index)
