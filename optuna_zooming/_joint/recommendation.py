"""The combination to use in the end: best by the posterior, not by its luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .kept import kept
from .model.mixture import Mixture
from .model.process import Prior
from .model.space import JointTrials, pooled
from .model.values import Levels

NORMAL_QUANTILE = 1.96


@dataclass(frozen=True)
class Recommended:
    """What is recommended.

    Attributes:
        row: Index of a trial with this combination.
        mean: Its expected value, oriented.
        interval: 95 % interval of that; infinite where all values are equal.
    """

    row: int
    mean: float
    interval: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Model:
    """What trials say of the noise-free objective at every combination.

    Attributes:
        levels: The scale on which it is modelled.
        mixture: The model.
        n_trials: How many trials it rests on.
        inflation: Factor on the half-widths of intervals.
    """

    levels: Levels
    mixture: Mixture
    n_trials: int
    inflation: float

    def levels_at(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(means, their standard errors) at combinations, (n, n_parameters), in levels."""
        means, variances = self.mixture.posterior(points)
        return means, np.sqrt(variances)

    def intervals(self, means: FloatArray, errors: FloatArray) -> FloatArray:
        """(n, 2): 95 % intervals of means in levels, (n,), in the objective's units."""
        half_widths = NORMAL_QUANTILE * self.inflation * errors
        return self.levels.values(np.column_stack((means - half_widths, means + half_widths)))


@dataclass(frozen=True)
class JointRecommendation:
    """Which combination is recommended, and what is expected of it.

    Args:
        prior: Of the model's hyperparameters.
        caution: Standard errors that are taken off the posterior mean, so that little known
            combinations need to promise more.
        inflation: Factor on the half-width of the interval: hyperparameters are taken for certain,
            and the best of many is chosen.
        largest: The model is given no more points than this.
        best, luckiest: How many of these are the best by a first look at an even spread of all
            points, and how many those with the best values.
        looked_at: So many points, evenly spread as well, are looked at.
    """

    prior: Prior = Prior()
    caution: float = 0.5
    inflation: float = 2.0
    largest: int = 300
    best: int = 100
    luckiest: int = 20
    looked_at: int = 3000

    def of(self, trials: JointTrials) -> Recommended:
        """The recommended one among the measured combinations.

        Args:
            trials: Of which one at least has a finite value without error.
        """
        return self.recommended(trials, self.model(trials))

    def model(self, trials: JointTrials) -> Model | None:
        """What trials say of all combinations; ``None`` where their finite values are equal.

        Args:
            trials: Of which one at least has a finite value.
        """
        return kept(self, trials, self._fitted)

    def _fitted(self, trials: JointTrials) -> Model | None:
        levels = Levels.of(trials.values)
        if levels is None:
            return None
        known = np.flatnonzero(~np.isnan(trials.values))
        return Model(levels, self.mixture(trials[known], levels), len(known), self.inflation)

    def recommended(
        self, trials: JointTrials, model: Model | None, among: BoolArray | None = None
    ) -> Recommended:
        """The recommended one among measured combinations.

        Args:
            trials: All of them.
            model: What they say.
            among: (n,), which of them may be recommended, one measured one at least; ``None`` for
                all.
        """
        measured = np.isfinite(trials.values) & (trials.errors == 0.0)
        rows = np.flatnonzero(measured if among is None else measured & among)
        # One trial for each combination, whatever the order of the trials.
        rows = rows[np.unique(trials.sites[rows], return_index=True)[1]]
        if model is None:
            value = float(trials.values[rows[0]])
            return Recommended(int(rows[0]), value, (-np.inf, np.inf))
        means, errors = model.levels_at(trials.points[rows])
        at = int(np.argmax(means - self.caution * errors))
        low, high = model.intervals(means[[at]], errors[[at]])[0]
        mean = float(model.levels.values(means[[at]])[0])
        return Recommended(int(rows[at]), mean, (float(low), float(high)))

    def mixture(self, trials: JointTrials, levels: Levels) -> Mixture:
        """The model of trials, or where there are very many, of some of them.

        Args:
            trials: None of which has NaN for its value.
            levels: Of their values.
        """
        pools = pooled(trials.points, *levels.of_trials(trials))
        count = len(pools.counts)
        if count <= self.largest:
            return Mixture.fitted(pools, trials.categorical, self.prior)
        # First from points that do not depend on the values: the luckiest of very many trials, by
        # themselves, look better than they are.
        look = Mixture.fitted(pools[_evenly(count, self.largest)], trials.categorical, self.prior)
        luckiest = _largest(pools.means, self.luckiest)
        seen = np.union1d(luckiest, _evenly(count, min(count, self.looked_at)))
        means, variances = look.posterior(pools.points[seen])
        promising = seen[_largest(means - self.caution * np.sqrt(variances), self.best)]
        rest = _evenly(count, self.largest - self.best - self.luckiest)
        chosen = np.union1d(np.union1d(luckiest, promising), rest)
        return look.on(pools[chosen])


def _evenly(count: int, chosen: int) -> IntArray:
    return np.arange(chosen, dtype=np.int64) * count // chosen


def _largest(values: FloatArray, count: int) -> IntArray:
    return np.argsort(-values, kind="stable")[:count].astype(np.int64)
