"""The model's hyperparameters, learnt anew each time the study has grown by a tenth."""

from __future__ import annotations

import numpy as np

from ..._arrays import FloatArray
from .process import Likelihood, Prior, most_probable
from .space import JointTrials, pooled
from .values import Levels

# To search, noise is expected to be small at first: a model that smoothes what is not noise finds
# nothing. What is recommended in the end rests on a mixture of noise levels instead.
SEARCH_PRIOR = Prior(noise=(-4.0, 1.5))
# Learnt from no more trials than this.
LARGEST = 120
# Up to so many trials each new one counts at once.
FEW = 20


class Fitted:
    """Remembers the hyperparameters that were found last; what they are follows from the trials."""

    def __init__(self, prior: Prior = SEARCH_PRIOR) -> None:
        self._prior = prior
        self._key = b""
        self._theta = np.empty(0)

    def hyperparameters(self, trials: JointTrials) -> FloatArray:
        """(n_parameters + 2,), as in :class:`Likelihood`: the most probable ones.

        Args:
            trials: All of them, in the order in which they were made. The last ones do not count
                until there are enough of them.
        """
        first = _milestone(len(trials.values))
        count = min(first, LARGEST)
        chosen = trials[np.arange(count, dtype=np.int64) * first // count]
        key = b"".join(each.tobytes() for each in (chosen.points, chosen.values, chosen.errors))
        if key != self._key:
            self._key, self._theta = key, self._most_probable(chosen)
        return self._theta

    def _most_probable(self, trials: JointTrials) -> FloatArray:
        start = self._prior.means(trials.points.shape[1])
        levels = Levels.of(trials.values) if np.isfinite(trials.values).any() else None
        if levels is None:
            return start
        pools = pooled(trials.points, *levels.of_trials(trials))
        return most_probable(Likelihood(pools, trials.categorical, self._prior), start)[0]


def _milestone(count: int) -> int:
    """The largest number of trials, up to ``count``, after which they are learnt anew."""
    if count < FEW:
        return count
    step: int = 2 ** (count // FEW).bit_length()
    return count - count % step
