"""Where the best learning rate lies, by the curves of the first trainings (numpy only)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .._history import History
from .gaps import Gaps

# With more trials than this, their values say more than their curves do.
MOST = 4

# A training that lasted less than this share of the relaxation times it should have had a rate so
# low that no smaller one is worth a trial.
SLOW = 0.05

# More than any index.
FIRST = 1e6


def with_forecast(gaps: Gaps, history: History, relaxed: float, farthest: float) -> Gaps:
    """The gaps, with those preferred, and avoided, that the first curves speak for and against.

    The number of relaxation times that fit into a training is proportional to the learning rate
    (see :mod:`.relaxation`). If the best trial has the largest rate and lasted fewer
    than ``relaxed`` of them, the next one goes up by as much as it lacked, but not past
    ``farthest`` of the gap that is left. Below a very slow training nothing is tried. A smooth
    curve at a larger rate than the best one's contradicts all this: the parameter is no learning
    rate, or there is nothing to be gained above.

    Args:
        gaps: Between all arms.
        history: Of a single parameter, whose axis is logarithmic; others have no forecast.
        relaxed: Relaxation times that a training at the best rate lasts.
        farthest: Where to split the gap at the upper end at most, fraction of its width.
    """
    lasted = history.relaxations
    if lasted is None or len(lasted) == 0 or history.n_trials > MOST or history.decades == 0:
        return gaps
    best = int(np.argmax(history.values))
    above = history.points > history.points[best]
    if np.any(np.isfinite(lasted[above])):
        return gaps
    slow = (lasted > 0) & (lasted < SLOW * relaxed)
    hopeless = gaps.right <= history.points[slow].max(initial=0.0)
    index = np.where(hopeless, gaps.index - FIRST, gaps.index)
    point = gaps.point.copy()
    if gaps.left[-1] == history.points[best] and 0 < lasted[best] < relaxed:
        missing = np.log10(relaxed / lasted[best]) / history.decades
        point[-1] = gaps.left[-1] + min(missing, farthest * (1.0 - gaps.left[-1]))
        index[-1] += FIRST
    return replace(gaps, point=point, index=index)
