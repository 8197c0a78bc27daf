"""What another trial may still bring, by the model of all parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray
from .axes import Axes
from .candidates import Candidates
from .conditions import Conditions
from .improvement import log_expected_improvement
from .model.space import JointTrials, pooled
from .recommendation import JointRecommendation, Model

# The first trials look at the whole range: the range of the values is that of so many of them.
FIRST = 10
# What improves by less than this share of a single trial's scatter is not worth a trial, nor what
# improves by less than the first of these shares of the range; by more than the second it is.
NOISE_SHARE, LEAST_SHARE, MOST_SHARE = 0.3, 0.002, 0.01
# Fewer trials than this say nothing of what others may bring, with one parameter and with several.
LEAST_TRIALS, LEAST_OF_SEVERAL = 8, 10
# A value this many times farther from the best than the worse quartile does not widen it: a
# learning rate past the cliff may give a finite loss of 1e30.
OFF_SCALE = 10.0


@dataclass(frozen=True)
class Outlook:
    """What another trial may bring, in the objective's units.

    Attributes:
        improvement: By how much the best combination for another trial is expected to be better
            than the recommended one, without noise; 0 where it is expected to be worse.
        point: (n_parameters,), that combination.
        noise: Standard deviation of a single trial beside the recommended combination.
        value_range: From the best value to the worst of those that trials all over the range had.
        n_trials: How many trials say so.
    """

    improvement: float
    point: FloatArray
    noise: float
    value_range: float
    n_trials: int

    @property
    def least_trials(self) -> int:
        """Fewer say nothing of what others may bring."""
        return LEAST_TRIALS if len(self.point) == 1 else LEAST_OF_SEVERAL

    @property
    def says_something(self) -> bool:
        """Whether there are so many."""
        return self.n_trials >= self.least_trials

    @property
    def share(self) -> float:
        """The improvement, as a share of the range of values."""
        return self.improvement / 2 / (self.value_range / 2)

    def tolerance(self, share: float | None = None) -> float:
        """The improvement that is not worth another trial.

        With several parameters improvements are smaller, and there are more of them to come.

        Args:
            share: Of the range of values; ``None`` for one that follows the noise.
        """
        if share is not None:
            return share * self.value_range
        least, most = LEAST_SHARE * self.value_range, MOST_SHARE * self.value_range
        worth = min(max(NOISE_SHARE * self.noise, least), most)
        return float(worth / np.sqrt(len(self.point)))

    def is_settled(self, share: float | None = None) -> bool:
        """Whether no further trial is expected to bring more than is worth it."""
        return self.says_something and self.improvement <= self.tolerance(share)

    @property
    def further_trials(self) -> int:
        """About how many more trials to make before the next look, one at least.

        The improvement to be expected falls about as fast as one over the number of trials: by
        how studies for tuning went on, it takes half as many trials as there are for each time that
        it exceeds the tolerance. More than twice as many in all cannot be foretold.
        """
        expected = self.n_trials
        if self.improvement / 2 < self.tolerance():
            expected = math.ceil(self.n_trials * (self.improvement / 2 / self.tolerance()))
        return max(expected, self.least_trials - self.n_trials, 1)

    @classmethod
    def of(
        cls,
        trials: JointTrials,
        recommendation: JointRecommendation,
        axes: Axes,
        conditions: Conditions,
        rng: np.random.Generator,
    ) -> Outlook | None:
        """What is to be expected after these trials; ``None`` where all their values are equal.

        Args:
            trials: In the order in which they were made; one at least was measured.
            recommendation: How they are modelled, and what is recommended.
            axes: Where another trial may be made.
            conditions: Which parameters there are only for some values of others.
            rng: Source of the combinations that are compared.
        """
        model = recommendation.model(trials)
        if model is None:
            return None
        row = recommendation.recommended(trials, model).row
        best = float(model.levels_at(trials.points[[row]])[0][0])
        known = pooled(trials.points, *model.levels.of_trials(trials))
        anywhere = np.empty((0, len(axes.ends)))
        candidates = Candidates(model.mixture, known, axes, conditions, anywhere, best)
        point = candidates.most_promising(rng)
        expected = _expected_improvement(model, conditions.masked(point[None]), best)
        return cls(
            improvement=_below(model, best, best + expected) + 0.0,
            point=point,
            noise=_below(model, best - model.mixture.noise, best),
            value_range=value_range(trials.values),
            n_trials=len(trials.values),
        )


def value_range(values: FloatArray) -> float:
    """From the best value to the worst of those that the first trials had, positive.

    Where later trials gather around the optimum, the range does not shrink.

    Args:
        values: (n,), oriented, in the order of the trials, two of them finite and different.
    """
    finite = values[np.isfinite(values)]
    first = np.sort(finite[:FIRST])
    # Halves: the difference of huge values overflows.
    to_quartile, to_worst, to_least = (
        float(finite.max()) / 2 - float(each) / 2
        for each in (first[len(first) // 4], first[0], finite.min())
    )
    half = min(to_worst, OFF_SCALE * to_quartile) or to_worst or to_least
    limits = np.finfo(np.float64)
    return 2.0 * min(max(half, float(limits.tiny)), float(limits.max) / 2)


def _expected_improvement(model: Model, points: FloatArray, best: float) -> float:
    means, errors = model.levels_at(points)
    logarithm = log_expected_improvement(means, np.maximum(errors, 1e-10), best)
    return float(np.exp(logarithm)[0])


def _below(model: Model, low: float, high: float) -> float:
    """The difference between two levels, in the objective's units."""
    low_value, high_value = model.levels.values(np.array([low, high]))
    return float(min(high_value - low_value, np.finfo(np.float64).max))
