"""All parameters of a trial at once where the model chooses, one by one where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial

from ..._joint.search import JointSearch
from ..._policy.arms import Policy
from ..parameters import chosen_parameters
from ..proposals import propose
from ..trial_log import TrialLog
from .choice import JointChoice
from .union import alike


def joint_space(
    log: TrialLog, search: JointSearch | None, trial: FrozenTrial
) -> dict[str, BaseDistribution]:
    """The parameters that the model chooses for a trial; empty where it is zooming's."""
    space = _varied(log)
    return {} if _choice(log, search, trial, space) is None else space


def propose_all(
    log: TrialLog,
    policy: Policy,
    seed: int,
    trial: FrozenTrial,
    space: Mapping[str, BaseDistribution],
) -> dict[str, Any]:
    """A value for every parameter of a search space; see :func:`propose` for the arguments.

    By the model as far as it knows them, the others one by one.
    """
    choice = _choice(log, policy.joint, trial, space)
    values = (choice and choice.values(seed)) or {}
    chosen = dict(chosen_parameters(trial))
    chosen.update((name, (space[name], value)) for name, value in values.items())
    for name, distribution in space.items():
        if name not in values:
            values[name] = propose(log, policy, seed, trial, name, distribution, chosen)
            chosen[name] = (distribution, values[name])
    return values


def propose_one(
    log: TrialLog,
    policy: Policy,
    seed: int,
    trial: FrozenTrial,
    name: str,
    distribution: BaseDistribution,
) -> Any:
    """A value of one parameter, beside those that the trial has; see :func:`propose`.

    By the model where it was to choose all of them, but the range has changed since.
    """
    if name in log.union.together and alike(log.union.covering[name], distribution):
        asked = {**_varied(log), name: distribution}
        choice = _choice(log, policy.joint, trial, asked)
        values = choice and choice.values(seed)
        if values:
            return values[name]
    return propose(log, policy, seed, trial, name, distribution)


def _varied(log: TrialLog) -> dict[str, BaseDistribution]:
    return {name: log.union.latest[name] for name in log.union.together}


def _choice(
    log: TrialLog,
    search: JointSearch | None,
    trial: FrozenTrial,
    asked: Mapping[str, BaseDistribution],
) -> JointChoice | None:
    """The model's choice; ``None`` where it has none, before it begins and in zooming's turn."""
    if search is None or not search.begins(log.n_known, len(log.union.together)):
        return None
    choice = JointChoice(log, search, trial, asked)
    return choice if choice.is_the_model_s else None
