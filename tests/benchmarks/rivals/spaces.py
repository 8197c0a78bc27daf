"""Problems that are nothing but a search space, for tests of what searches them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray


class Layered:
    """A number of layers, and units where there are at least two; all are worth nothing."""

    name = "layered"
    direction: Literal["maximize"] = "maximize"
    n_epochs = 1
    n_parameters = 2
    fingerprint = ""
    span = 1.0

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        return np.array([self.value(trial)])

    def value(self, trial: optuna.Trial) -> float:
        if trial.suggest_int("layers", 1, 3) > 1:
            trial.suggest_int("units", 8, 64, log=True)
        return 0.0

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        return self.value

    def truth(self, params: Mapping[str, Any]) -> float:
        return 0.0

    def expected(self, params: Mapping[str, Any]) -> float:
        return 0.0

    def regret(self, params: Mapping[str, Any]) -> float:
        return 0.0


class Everything(Layered):
    """Every kind of parameter, and conditions on an integer and on choices of several types."""

    def value(self, trial: optuna.Trial) -> float:
        layers = trial.suggest_int("layers", 1, 3)
        if layers > 1:
            trial.suggest_int("units", 8, 64, log=True)
        power = trial.suggest_int("power", 1, 1000, log=True)
        kind = trial.suggest_categorical("kind", ["sgd", None, 3])
        if kind == "sgd":
            trial.suggest_float("momentum", 0.0, 1.0)
        if kind is None and layers == 1:
            trial.suggest_int("odd", 1, 9, step=2)
        trial.suggest_float("only", 4.0, 4.0)
        return trial.suggest_float("step", 0.5, 2.0, step=0.5) + power / 1000
