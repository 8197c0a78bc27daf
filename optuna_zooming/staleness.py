"""When a running trial is taken for dead: far more have overtaken it than ever before (numpy only).

A worker that was killed leaves its trial running for ever, and whether it is dead or slow cannot
be seen. How far the others fell behind each other can: a trial that finishes after trials that
were started later was overtaken by them, and so were all that ran beside it. Dead trials never
finish, so however many there are, they do not blur this measure.
"""

from __future__ import annotations

import numpy as np

from optuna_zooming.arms import FloatArray

# So many of the latest trials are looked at; a single straggler is forgotten after as many.
WINDOW = 256
# How many times as far behind as any finished trial a living one may be.
FACTOR = 2.0
# And so many more finished trials, before anything is known, and after very many; the former
# counts for as many finished trials as it is.
PRIOR_SLACK, SLACK = 8.0, 2.0


def patience(ended: FloatArray) -> float:
    """By how many finished trials a running one may be overtaken before it is taken for dead.

    Args:
        ended: (n,), when each of the latest trials finished, in the order in which they were
            started, any unit; NaN for those that failed or have not finished.
    """
    ended = ended[~np.isnan(ended)]
    n = len(ended)
    slack = SLACK + (PRIOR_SLACK - SLACK) * PRIOR_SLACK / (PRIOR_SLACK + n)
    if n == 0:
        return slack
    rank = np.empty(n)
    rank[np.argsort(ended, kind="stable")] = np.arange(n)
    return FACTOR * float(np.max(rank - np.arange(n))) + slack
