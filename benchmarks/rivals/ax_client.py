"""Ax's client (BoTorch's Gaussian process), with its defaults."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Union

from ax.api.client import Client
from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig
from ax.utils.common.logger import set_ax_logger_levels
from optuna.distributions import (
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)

from benchmarks.rivals.search_spaces import (
    Parameter,
    Space,
    active,
    first_value,
    from_plain,
    is_counted,
    n_steps,
    to_plain,
)

_LOSS = "loss"
_Config = Union[RangeParameterConfig, ChoiceParameterConfig]


class AxOptimiser:
    """The optimiser of a search space: its centre, four quasi-random points, then the model.

    Ax knows trees: what exists with one value of one other is declared as its dependant.
    What exists with several is always asked for, and used where there is one.
    """

    def __init__(self, space: Space, *, seed: int) -> None:
        set_ax_logger_levels(logging.WARNING)
        self._space = space
        self._client = Client(random_seed=seed)
        self._client.configure_experiment(parameters=[_config(name, space) for name in space])
        self._client.configure_optimization(f"-{_LOSS}")

    def ask(self) -> tuple[int, dict[str, Any]]:
        ((ticket, plain),) = self._client.get_next_trials(max_trials=1).items()
        params = {
            name: from_plain(float(plain[name]), each.distribution)
            for name, each in self._space.items()
            if name in plain
        }
        return ticket, active(self._space, params)

    def attach(self, params: Mapping[str, Any]) -> int:
        whole: dict[str, Any] = {}
        for name, each in self._space.items():
            if name in params:
                whole[name] = params[name]
            elif _in_tree(each) is None or each.exists_with(whole):
                # Ax asks for it, though this trial has none.
                whole[name] = first_value(each.distribution)
        plain = {name: _plain(value, name, self._space) for name, value in whole.items()}
        return int(self._client.attach_trial(plain))

    def tell(self, ticket: int, loss: float | None) -> None:
        if loss is None:
            self._client.mark_trial_failed(ticket)
        else:
            self._client.complete_trial(ticket, raw_data={_LOSS: loss})


def _plain(value: Any, name: str, space: Space) -> float | int | str:
    """A value in Ax's words; a choice is text, which has no order."""
    of = space[name].distribution
    plain = to_plain(value, of)
    return str(plain) if isinstance(of, CategoricalDistribution) else plain


def _config(name: str, space: Space) -> _Config:
    of = space[name].distribution
    dependants = _dependants(name, space)
    if isinstance(of, CategoricalDistribution):
        values = [str(index) for index in range(len(of.choices))]
        return ChoiceParameterConfig(
            name, values, "str", is_ordered=False, dependent_parameters=dependants
        )
    assert isinstance(of, (FloatDistribution, IntDistribution))
    if dependants:
        counts = list(range(int(of.low), int(of.high) + 1))
        return ChoiceParameterConfig(
            name, counts, "int", is_ordered=True, dependent_parameters=dependants
        )
    if is_counted(of):
        return RangeParameterConfig(name, (0, n_steps(of)), "int")
    kind: Any = "int" if isinstance(of, IntDistribution) else "float"
    return RangeParameterConfig(
        name, (of.low, of.high), kind, scaling="log" if of.log else "linear"
    )


def _dependants(name: str, space: Space) -> dict[Any, list[str]] | None:
    """By value, the parameters that exist with it."""
    found: dict[Any, list[str]] = {}
    for child, each in space.items():
        parent, value = _in_tree(each) or (None, None)
        if parent == name:
            found.setdefault(_plain(value, name, space), []).append(child)
    return found or None


def _in_tree(parameter: Parameter) -> tuple[str, Any] | None:
    """The one parent and its one value with which a parameter exists, if that is all."""
    links = [(name, value) for name, values in parameter.parents.items() for value in values]
    return links[0] if len(links) == 1 else None
