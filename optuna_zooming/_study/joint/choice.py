"""The choice of all parameters of a trial, with what other workers are about to choose in mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial

from ..._arrays import FloatArray
from ..._joint.axes import Axes
from ..._joint.branches import unseen_branches
from ..._joint.conditions import Conditions
from ..._joint.search import JointSearch
from ..peers import COMMON_SEED, MAX_PEERS, fixed_params
from ..trial_log import TrialLog
from .search_space import SearchSpace


class JointChoice:
    """What the model chooses for one trial.

    Args:
        log: The study's trials.
        search: How to choose.
        trial: The one that is asking.
        asked: Name -> distribution of the parameters that are asked for.
    """

    def __init__(
        self,
        log: TrialLog,
        search: JointSearch,
        trial: FrozenTrial,
        asked: Mapping[str, BaseDistribution],
    ) -> None:
        self._log, self._search, self._trial = log, search, trial
        self._seen = log.combinations(trial.number)
        self._space = SearchSpace(self._seen.axes, asked)
        self._asked = asked
        axes, known = self._space.axes, self._seen.joint
        self._conditions = Conditions.of(known.points, axes.discrete, axes.categorical)
        # Places that are taken: of running trials, and of those that are about to be.
        self._pending = self._seen.pending

    @property
    def is_the_model_s(self) -> bool:
        """Whether the model chooses for the trial; otherwise zooming does."""
        return self._takes(self._trial)

    def values(self, seed: int) -> dict[str, Any] | None:
        """Name -> value of those parameters that are asked for and vary.

        ``None`` where the trials tell nothing.

        Args:
            seed: Of the sampler.
        """
        peers = [peer for peer in self._undecided_peers() if self._takes(peer)]
        for peer in peers[-MAX_PEERS:]:
            taken = self._combination(peer, COMMON_SEED)
            if taken is not None:
                self._pending = np.append(self._pending, taken[None], axis=0)
        chosen = self._combination(self._trial, COMMON_SEED if peers else seed)
        if chosen is None:
            return None
        return {
            name: self._space.value(name, float(place))
            for name, place in zip(self._space.names, chosen)
            if name in self._asked
        }

    def _takes(self, trial: FrozenTrial) -> bool:
        own = self._search.is_own_turn(trial.number)
        return not own or len(self._unseen(self._axes(trial))) > 0

    def _undecided_peers(self) -> list[FrozenTrial]:
        """Trials of other workers that have none of these parameters yet, by their numbers."""
        running = self._log.running_below(self._trial.number)
        peers = [peer for peer in running if not self._asked.keys() & peer.params.keys()]
        return sorted(peers, key=lambda peer: peer.number)

    def _combination(self, trial: FrozenTrial, seed: int) -> FloatArray | None:
        axes = self._axes(trial)
        own = self._search.is_own_turn(trial.number)
        return self._search.combination(
            self._seen.joint,
            self._conditions.masked(self._pending),
            axes,
            self._conditions,
            self._unseen(axes) if own else np.empty((0, len(axes.counts))),
            self._log.fitted,
            np.random.default_rng([seed, trial.number]),
        )

    def _unseen(self, axes: Axes) -> FloatArray:
        tried = np.concatenate((self._seen.tried, self._conditions.masked(self._pending)))
        return unseen_branches(tried, axes, self._conditions)

    def _axes(self, trial: FrozenTrial) -> Axes:
        """The axes, with the trial's own parameters and enqueued ones settled.

        What is not asked for, held fixed by ``PartialFixedSampler`` for example, is taken to stay
        as it was in the latest trial that had it.
        """
        settled = self._space.places_of({**fixed_params(trial), **trial.params})
        for j, name in enumerate(self._space.names):
            if name not in self._asked and np.isnan(settled[j]):
                places = self._seen.joint.points[:, j]
                known = places[~np.isnan(places)]
                settled[j] = known[-1] if len(known) else np.nan
        return replace(self._space.axes, fixed=settled)
