"""Ax's client (BoTorch's Gaussian process), with its defaults."""

from __future__ import annotations

import logging

from ax.api.client import Client
from ax.api.configs import RangeParameterConfig
from ax.utils.common.logger import set_ax_logger_levels
from optuna.distributions import FloatDistribution

_NAME, _LOSS = "x", "loss"


class AxOptimiser:
    """The optimiser of one float: its centre, four quasi-random points, then the model."""

    def __init__(self, axis: FloatDistribution, *, seed: int) -> None:
        set_ax_logger_levels(logging.WARNING)
        parameter = RangeParameterConfig(
            name=_NAME,
            bounds=(axis.low, axis.high),
            parameter_type="float",
            scaling="log" if axis.log else "linear",
        )
        self._client = Client(random_seed=seed)
        self._client.configure_experiment(parameters=[parameter])
        self._client.configure_optimization(f"-{_LOSS}")

    def ask(self) -> tuple[int, float]:
        ((ticket, params),) = self._client.get_next_trials(max_trials=1).items()
        return ticket, float(params[_NAME])

    def attach(self, value: float) -> int:
        return int(self._client.attach_trial({_NAME: value}))

    def tell(self, ticket: int, loss: float | None) -> None:
        if loss is None:
            self._client.mark_trial_failed(ticket)
        else:
            self._client.complete_trial(ticket, raw_data={_LOSS: loss})
