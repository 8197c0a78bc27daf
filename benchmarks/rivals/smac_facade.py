"""SMAC3's facade for hyperparameters (a random forest), with its defaults."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ConfigSpace import (
    AndConjunction,
    Categorical,
    Configuration,
    ConfigurationSpace,
    Float,
    InCondition,
    Integer,
)
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory import StatusType, TrialInfo, TrialValue

from benchmarks.rivals.search_spaces import Space, from_plain, is_counted, n_steps, to_plain


class SmacOptimiser:
    """The optimiser of a search space, conditions included.

    Args:
        space: The search space.
        seed: Seed of the optimiser.
        deterministic: Whether SMAC takes the objective for one without noise. By default it does
            not, and asks for its incumbents up to three times.
    """

    def __init__(self, space: Space, *, seed: int, deterministic: bool = False) -> None:
        self._space = space
        self._declared = _declared(space, seed)
        # Of the objective's own randomness, which SMAC thinks that it can choose.
        self._seed = 0 if deterministic else seed
        self._worst: float | None = None
        self._failed: list[TrialInfo] = []
        # SMAC writes its scenario to disk, which nobody reads.
        with tempfile.TemporaryDirectory() as folder:
            scenario = Scenario(
                self._declared,
                deterministic=deterministic,
                output_directory=Path(folder),
                seed=seed,
            )
            self._facade = HyperparameterOptimizationFacade(
                scenario,
                target_function=None,  # type: ignore[arg-type, unused-ignore]
                logging_level=False,
                overwrite=True,
            )

    def ask(self) -> tuple[TrialInfo, dict[str, Any]]:
        info = self._facade.ask()
        plain = dict(info.config)
        return info, {
            name: from_plain(plain[name], each.distribution)
            for name, each in self._space.items()
            if name in plain
        }

    def attach(self, params: Mapping[str, Any]) -> TrialInfo:
        plain = {
            name: to_plain(value, self._space[name].distribution) for name, value in params.items()
        }
        return TrialInfo(Configuration(self._declared, plain), seed=self._seed)

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


def _declared(space: Space, seed: int) -> ConfigurationSpace:
    """The space in ConfigSpace's words."""
    declared = ConfigurationSpace(seed=seed)
    own = {name: _hyperparameter(name, each.distribution) for name, each in space.items()}
    declared.add(*own.values())
    for name, each in space.items():
        conditions = [
            InCondition(
                own[name],
                own[parent],
                [to_plain(value, space[parent].distribution) for value in values],
            )
            for parent, values in each.parents.items()
        ]
        if conditions:
            declared.add(conditions[0] if len(conditions) == 1 else AndConjunction(*conditions))
    return declared


def _hyperparameter(name: str, of: BaseDistribution) -> Any:
    if isinstance(of, CategoricalDistribution):
        return Categorical(name, list(range(len(of.choices))))
    assert isinstance(of, (FloatDistribution, IntDistribution))
    if is_counted(of):
        return Integer(name, (0, n_steps(of)))
    if isinstance(of, IntDistribution):
        return Integer(name, (of.low, of.high), log=of.log)
    return Float(name, (of.low, of.high), log=of.log)
