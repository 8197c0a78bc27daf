"""One parameter's next value for one trial, with what other workers are about to choose in mind."""

from __future__ import annotations

import zlib
from typing import Any, cast

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial

from .._policy.arms import Policy
from .axis import Axis, NumericDistribution
from .parameters import Chosen, chosen_parameters, places_on
from .peers import COMMON_SEED, MAX_PEERS, fixed_params
from .trial_log import TrialLog


def propose(
    log: TrialLog,
    policy: Policy,
    seed: int,
    trial: FrozenTrial,
    name: str,
    distribution: BaseDistribution,
    chosen: Chosen | None = None,
) -> Any:
    """A value within the distribution's range.

    Workers that ask at the same moment see the same trials. So each first thinks for those with a
    lower trial number that have not chosen this parameter yet, and takes their places for taken.

    Args:
        log: The study's trials.
        policy: How to choose.
        seed: Of the sampler.
        trial: The one that is asking.
        name: The parameter.
        distribution: Its distribution.
        chosen: The trial's parameters chosen before; ``None`` for those that the trial has.
    """
    choice = _Choice(log, policy, name, distribution)
    chosen = chosen_parameters(trial) if chosen is None else chosen
    peers = sorted(log.undecided_peers(name, trial.number, chosen), key=lambda peer: peer.number)
    for peer in peers[-MAX_PEERS:]:
        choice.presume(peer)
    return choice.value(choice.place(trial.number, chosen, COMMON_SEED if peers else seed))


class _Choice:
    """The choice of one parameter, with the places that others are presumed to choose."""

    def __init__(
        self, log: TrialLog, policy: Policy, name: str, distribution: BaseDistribution
    ) -> None:
        self._log, self._policy, self._name = log, policy, name
        self._distribution = distribution
        categorical = isinstance(distribution, CategoricalDistribution)
        self._axis = None if categorical else Axis.of(cast(NumericDistribution, distribution))
        self._presumed: list[float] = []

    def presume(self, peer: FrozenTrial) -> None:
        """Take the place that another trial is about to choose for taken."""
        fixed = fixed_params(peer)
        if self._name in fixed:
            place = float(places_on(self._distribution)([fixed[self._name]])[0])
            if not np.isnan(place):
                self._presumed.append(place)
            return
        self._presumed.append(self.place(peer.number, chosen_parameters(peer), COMMON_SEED))

    def place(self, number: int, chosen: Chosen, seed: int) -> float:
        """Where a trial should look: a place on the unit axis, or the number of a choice."""
        rng = np.random.default_rng([seed, number, zlib.crc32(self._name.encode("utf-8"))])
        if self._axis is None:
            distribution = cast(CategoricalDistribution, self._distribution)
            choices = self._log.choices(self._name, distribution, number, chosen, self._presumed)
            return self._policy.choose(choices, rng)
        history = self._log.history(self._name, self._axis, number, chosen, self._presumed)
        return self._policy.propose(history, rng)

    def value(self, place: float) -> Any:
        """The parameter's value at a place."""
        if self._axis is None:
            return cast(CategoricalDistribution, self._distribution).choices[int(place)]
        return self._log.value_at(self._name, self._axis, place)
