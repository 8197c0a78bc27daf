"""Objectives of several parameters that replay a recorded grid of learning curves."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems.noise import trial_generator
from benchmarks.problems.problem import Kind
from benchmarks.problems.replay import LEARNING_RATE, Measure, report_curve

if TYPE_CHECKING:
    from benchmarks.recording.grid import Grid

PARAMETERS = (LEARNING_RATE, "momentum", "weight_decay", "batch_size", "optimiser")

SEARCHED = (
    (LEARNING_RATE, "momentum"),
    (LEARNING_RATE, "batch_size"),
    (LEARNING_RATE, "momentum", "weight_decay"),
    (LEARNING_RATE, "momentum", "weight_decay", "batch_size"),
    (LEARNING_RATE, "momentum", "weight_decay", "optimiser"),
)
"""Which parameters are searched together, where a grid varies all of them."""


class GridProblem:
    """Some of a grid's parameters to be found, the others at their middle value.

    Learning rate, weight decay and batch size are searched on logarithmic axes, momentum on a
    linear one, as users do; a trial draws one of the recorded seeds.

    Args:
        grid: The recorded grid.
        searched: Names among PARAMETERS, in the order in which they are suggested.

    Raises:
        ValueError: If a name is unknown or its axis has a single value.
    """

    direction: Literal["maximize"] = "maximize"
    kind: Kind = "interacting"
    measure: Measure = "accuracy"

    def __init__(self, grid: Grid, searched: Sequence[str]) -> None:
        axes = grid_axes(grid)
        wrong = [name for name in searched if len(axes.get(name, ())) < 2]
        if wrong or not searched:
            choices = [name for name, axis in axes.items() if len(axis) > 1]
            raise ValueError(
                f"{grid.name} varies {', '.join(choices)}; got {', '.join(wrong) or 'nothing'}."
            )
        self.name = f"{grid.name}/{'+'.join(searched)}"
        self.n_epochs = grid.n_epochs
        self.n_parameters = len(searched)
        self._grid = grid
        self._axes = {name: axes[name] for name in searched}
        self._fixed = {
            name: axis[len(axis) // 2] for name, axis in axes.items() if name not in searched
        }
        self.fingerprint = f"{binascii.crc32(grid.validation_accuracy.tobytes()):08x}"
        means, deviations = self._corners()
        # An interpolation that is linear in each cell has its extremes at the corners.
        self._best, self._worst = float(means.max()), float(means.min())
        # Standard deviation of a training at the best corner, over the recorded seeds.
        self.noise = float(deviations[means.argmax()])

    @property
    def span(self) -> float:
        """Best minus worst mean accuracy."""
        return self._best - self._worst

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes which recorded seed each trial draws."""

        return lambda trial: report_curve(trial, self.learning_curve(trial, seed))

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """Accuracies (n_epochs,) of the recorded seed that this trial of this run draws."""
        curves = self._accuracy({name: self._suggest(trial, name) for name in self._axes})
        drawn = int(trial_generator(seed, trial.number).integers(len(curves)))
        return np.asarray(curves[drawn])

    def truth(self, params: Mapping[str, Any]) -> float:
        """Mean over the recorded seeds of the last epoch's accuracy."""
        return float(self._accuracy(params)[:, -1].mean())

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective: as the truth."""
        return self.truth(params)

    def regret(self, params: Mapping[str, Any]) -> float:
        """(best - mean here) / (best - worst) over the searched parameters."""
        return (self._best - self.truth(params)) / self.span

    def _suggest(self, trial: optuna.Trial, name: str) -> Any:
        axis = self._axes[name]
        if name == "optimiser":
            return trial.suggest_categorical(name, list(axis))
        if name == "batch_size":
            return trial.suggest_int(name, int(axis[0]), int(axis[-1]), log=True)
        return trial.suggest_float(name, float(axis[0]), float(axis[-1]), log=name != "momentum")

    def _accuracy(self, params: Mapping[str, Any]) -> NDArray[np.float64]:
        point = {**self._fixed, **params}
        point["learning_rate"] = point.pop(LEARNING_RATE)
        return self._grid.accuracy(**point)

    def _corners(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(n_corners,) each: mean and standard deviation over the seeds after the last epoch."""
        last = self._grid.validation_accuracy[..., -1]
        # The axes in the order of the array: optimiser, batch size, rate, momentum, decay.
        order = ("optimiser", "batch_size", LEARNING_RATE, "momentum", "weight_decay")
        at = tuple(
            slice(None) if name in self._axes else slice(n // 2, n // 2 + 1)
            for name, n in zip(order, last.shape)
        )
        corners = last[at].reshape(-1, last.shape[-1])
        return corners.mean(axis=1), corners.std(axis=1, ddof=1)


def grid_axes(grid: Grid) -> dict[str, Sequence[Any]]:
    """The axis of every parameter, by the name under which it is searched."""
    return {
        LEARNING_RATE: grid.learning_rates.tolist(),
        "momentum": grid.momenta.tolist(),
        "weight_decay": grid.weight_decays.tolist(),
        "batch_size": grid.batch_sizes.tolist(),
        "optimiser": list(grid.optimisers),
    }


def searched_together(grid: Grid) -> list[tuple[str, ...]]:
    """Those of SEARCHED that this grid varies."""
    varied = {name for name, axis in grid_axes(grid).items() if len(axis) > 1}
    return [names for names in SEARCHED if varied.issuperset(names)]
