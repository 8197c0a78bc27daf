"""SMAC3's facade for hyperparameters (a random forest), with its defaults."""

from __future__ import annotations

import tempfile
from pathlib import Path

from ConfigSpace import Configuration, ConfigurationSpace, Float
from optuna.distributions import FloatDistribution
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory import StatusType, TrialInfo, TrialValue

_NAME = "x"


class SmacOptimiser:
    """The optimiser of one float.

    By default SMAC takes the objective for a noisy one, and asks for its incumbents again.
    """

    def __init__(self, axis: FloatDistribution, *, seed: int) -> None:
        self._space = ConfigurationSpace(seed=seed)
        self._space.add(Float(_NAME, (axis.low, axis.high), log=axis.log))
        self._seed = seed
        self._worst: float | None = None
        self._failed: list[TrialInfo] = []
        # SMAC writes its scenario to disk, which nobody reads.
        with tempfile.TemporaryDirectory() as folder:
            scenario = Scenario(self._space, output_directory=Path(folder), seed=seed)
            self._facade = HyperparameterOptimizationFacade(
                scenario,
                target_function=None,  # type: ignore[arg-type, unused-ignore]
                logging_level=False,
                overwrite=True,
            )

    def ask(self) -> tuple[TrialInfo, float]:
        info = self._facade.ask()
        return info, float(info.config[_NAME])

    def attach(self, value: float) -> TrialInfo:
        return TrialInfo(Configuration(self._space, {_NAME: value}), seed=self._seed)

    def tell(self, ticket: TrialInfo, loss: float | None) -> None:
        if loss is None:
            self._failed.append(ticket)
        else:
            self._worst = loss if self._worst is None else max(loss, self._worst)
            self._facade.tell(ticket, TrialValue(cost=loss), save=False)
        # The forest cannot take SMAC's default cost of a crash, which is infinite.
        if self._worst is not None:
            crashed = TrialValue(cost=self._worst, status=StatusType.CRASHED)
            for each in self._failed:
                self._facade.tell(each, crashed, save=False)
            self._failed.clear()
