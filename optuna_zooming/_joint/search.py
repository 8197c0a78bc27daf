"""Which combination of several parameters to try next: the model's part in the search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import FloatArray, IntArray
from .axes import Axes
from .candidates import Candidates
from .conditions import Conditions
from .model.fitting import Fitted
from .model.process import Process
from .model.space import JointTrials, Pools, pooled
from .model.values import Levels

# The model is given no more points than this: half of them the best, the others evenly spread.
LARGEST = 200


@dataclass(frozen=True)
class JointSearch:
    """When the model of all parameters chooses, instead of each parameter for itself, and what.

    Zooming on every axis finds the region with the first few trials, of which no model could learn
    how parameters act together; later on some trials stay its own, as a model that is wrong would
    never find out.

    Args:
        least_trials: Finished trials before the model takes part.
        trials_per_parameter: Or so many for each parameter.
        own_turn: One in so many trials is zooming's.
        random_choices: Share of the choices that are drawn at random in zooming's own trials.
            Two categorical parameters that both went by the values of their own choices would see
            the same trials, and the same pair of choices would win again and again.
    """

    least_trials: int = 10
    trials_per_parameter: float = 1.5
    own_turn: int = 3
    random_choices: float = 0.5

    def begins(self, n_trials: int, n_parameters: int) -> bool:
        """Whether there are enough trials for the model.

        Args:
            n_trials: Finished ones whose value is known or expected.
            n_parameters: Those that vary.
        """
        least = max(self.least_trials, self.trials_per_parameter * n_parameters)
        return n_parameters > 1 and n_trials >= least

    def is_own_turn(self, number: int) -> bool:
        """Whether a trial of this number is zooming's own, also after the model began."""
        return number % self.own_turn == 0

    def combination(
        self,
        trials: JointTrials,
        pending: FloatArray,
        axes: Axes,
        conditions: Conditions,
        branches: FloatArray,
        fitted: Fitted,
        rng: np.random.Generator,
    ) -> FloatArray | None:
        """The combination with the largest expected improvement, (n_parameters,).

        Args:
            trials: Those whose value is known or expected.
            pending: (m, n_parameters), where trials are being made.
            axes: Where to search.
            conditions: Which parameters there are only for some values of others.
            branches: (k, n_parameters), one of which to choose, with NaN for what is free in it;
                none for any combination.
            fitted: What was learnt from trials before.
            rng: Source of the candidates.

        Returns:
            A place for every parameter, also for those that are inactive in this combination;
            ``None`` where the trials tell nothing: all values are equal, or all trials diverged.
        """
        levels = _levels(trials, axes)
        if levels is None:
            return None
        theta = fitted.hyperparameters(trials)
        known = _of_many(pooled(trials.points, *levels.of_trials(trials)))
        process = Process.given(known, axes.categorical, theta)
        # What is to be improved on is the best under what is settled, not another that cannot be.
        best = float(process.posterior(axes.settled(known.points))[0].max())
        if len(pending):
            expected = process.posterior(pending)[0]
            process = Process.given(known.with_single(pending, expected), axes.categorical, theta)
        return Candidates(process, known, axes, conditions, branches, best).most_promising(rng)


def _levels(trials: JointTrials, axes: Axes) -> Levels | None:
    """The levels of the trials with the choices that are settled; of all where that says nothing.

    Beside other choices the best of these may be nothing but bad, and no two of them be told apart.
    """
    settled = np.flatnonzero(axes.categorical & ~np.isnan(axes.fixed))
    alike = (trials.points[:, settled] == axes.fixed[settled]).all(axis=1)
    for values in (trials.values[alike], trials.values):
        levels = Levels.of(values) if np.isfinite(values).any() else None
        if levels is not None:
            return levels
    return None


def _of_many(pools: Pools) -> Pools:
    """All pools, or of very many the best by their values, and others that are evenly spread."""
    count = len(pools.means)
    if count <= LARGEST:
        return pools
    order = np.argsort(-pools.means, kind="stable").astype(np.int64)
    best, others = order[: LARGEST // 2], np.sort(order[LARGEST // 2 :])
    spread = others[np.arange(LARGEST - len(best)) * len(others) // (LARGEST - len(best))]
    chosen: IntArray = np.sort(np.concatenate((best, spread)))
    return pools[chosen]
