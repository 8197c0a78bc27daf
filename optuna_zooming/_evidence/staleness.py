"""When a running trial is taken for dead: more have overtaken it than the slowest (numpy only).

A worker that was killed leaves its trial running for ever, and whether it is dead or slow cannot
be seen. How far the others fell behind each other can: a trial that finishes after trials that
were started later was overtaken by them, and so were all that ran beside it. Dead trials never
finish, so however many there are, they do not blur this measure.
"""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray

# So many of the latest trials are looked at; a single straggler is forgotten after as many.
WINDOW = 256
# What counts is how far behind the slowest tenth was: a single straggler says little.
SLOW = 0.9
# A living trial may be so many trials further behind than these were, before anything is
# known, and after very many; the former counts for ``PRIOR_WEIGHT`` finished trials.
PRIOR_SLACK, SLACK, PRIOR_WEIGHT = 8.0, 1.0, 4.0


def patience(ended: FloatArray) -> float:
    """By how many finished trials a running one may be overtaken before it is taken for dead.

    Args:
        ended: (n,), when each of the latest trials finished, in the order in which they were
            started, any unit; NaN for those that failed or have not finished.
    """
    ended = ended[~np.isnan(ended)]
    n = len(ended)
    slack = SLACK + (PRIOR_SLACK - SLACK) * PRIOR_WEIGHT / (PRIOR_WEIGHT + n)
    if n == 0:
        return slack
    rank = np.empty(n)
    rank[np.argsort(ended, kind="stable")] = np.arange(n)
    return float(np.quantile(np.maximum(rank - np.arange(n), 0.0), SLOW)) + slack
