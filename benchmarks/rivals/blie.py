"""Batched Lipschitz narrowing, BLiE (arXiv 2302.01539), on one axis with reward in [0, 1].

The paper's code is not public; this follows its Algorithm 1: cubes of edge 1/2, 1/4, 1/8, ...;
each surviving cube is pulled at its centre; cubes far below the best are dropped; survivors halve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.trial import FrozenTrial, TrialState


@dataclass(frozen=True)
class Blie:
    """The elimination rule.

    Attributes:
        lipschitz: Lipschitz constant L of the mean reward over the unit axis.
        beta: A cube of edge ``l`` is pulled ``round(l ** -beta)`` times: 0 is once (no noise),
            2 suits independent noise.
    """

    lipschitz: float = 1.0
    beta: float = 0.0

    def next_centre(self, rewards: Sequence[float]) -> float:
        """Where the pull after these belongs.

        Args:
            rewards: Rewards in [0, 1] of all pulls so far, in the order they were asked for.
        """
        edge, centres, used = 0.5, np.array([0.25, 0.75]), 0
        while True:
            pulls = max(round(edge**-self.beta), 1)
            batch = rewards[used : used + pulls * len(centres)]
            if len(batch) < pulls * len(centres):
                return float(centres[len(batch) // pulls])
            means = np.mean(np.reshape(batch, (len(centres), pulls)), axis=1)
            centres = halve(centres[self.survivors(means, edge)], edge)
            used, edge = used + len(batch), edge / 2

    def survivors(self, means: NDArray[np.float64], edge: float) -> NDArray[np.bool_]:
        """Which cubes stay: those less than ``(2 + L/2) * edge`` below the best mean."""
        return np.asarray(means.max() - means < (2 + self.lipschitz / 2) * edge, dtype=np.bool_)


def halve(centres: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
    """Centres of the two halves of each cube of this edge, in order."""
    return np.ravel(centres[:, None] + np.array([-edge / 4, edge / 4]))


class BlieSampler(optuna.samplers.BaseSampler):
    """BLiE on one float parameter to be maximised, with values in [0, 1] as the paper has it.

    Trials count in the order of their numbers; failed and pruned ones are worth what they last
    reported, else 0.

    Raises:
        ValueError: From sampling, for a second parameter, another kind of it, or minimisation.
    """

    def __init__(self, *, rule: Blie | None = None) -> None:
        self._rule = rule or Blie()

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        return {}

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        return {}

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> float:
        if trial.params:
            raise ValueError(f"BLiE tunes one parameter, got {param_name!r} as a second one.")
        if not isinstance(param_distribution, FloatDistribution):
            raise ValueError(f"BLiE tunes a float parameter, got {param_distribution}.")
        if study.direction != optuna.study.StudyDirection.MAXIMIZE:
            raise ValueError("BLiE maximises; create the study with direction='maximize'.")
        states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
        finished = study.get_trials(deepcopy=False, states=states)
        centre = self._rule.next_centre([_reward(frozen) for frozen in finished])
        return _from_unit(centre, param_distribution)


def _reward(frozen: FrozenTrial) -> float:
    value = frozen.value
    if value is None and frozen.intermediate_values:
        value = frozen.intermediate_values[max(frozen.intermediate_values)]
    if value is None or math.isnan(value):
        return 0.0
    return min(max(value, 0.0), 1.0)


def _from_unit(u: float, each: FloatDistribution) -> float:
    if not each.log:
        return each.low + u * (each.high - each.low)
    value = math.exp(math.log(each.low) + u * math.log(each.high / each.low))
    return min(max(value, each.low), each.high)
