"""Objectives of several parameters with a known optimum and controlled noise."""

from __future__ import annotations

import binascii
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems import surfaces
from benchmarks.problems.noise import trial_generator
from benchmarks.problems.problem import Kind

NOISE_LEVELS = (0.0, 0.02, 0.05, 0.1)
# What a parameter on a logarithmic axis ranges over.
LOW, HIGH = 1e-4, 1.0


class Landscape(Protocol):
    """Parameters, and the mean in [0, 1] that they have."""

    @property
    def n_parameters(self) -> int: ...

    @property
    def kind(self) -> Kind: ...

    def suggest(self, trial: optuna.Trial) -> dict[str, Any]:
        """The trial's parameters."""

    def mean(self, params: Mapping[str, Any]) -> float:
        """Noise-free value in [0, 1]."""


@dataclass(frozen=True)
class Cube:
    """A surface on the unit cube: ``x0``, ``x2``, ... on logarithmic axes, the others linear."""

    n_parameters: int
    surface: surfaces.Surface
    kind: Kind = "interacting"

    def suggest(self, trial: optuna.Trial) -> dict[str, Any]:
        """Floats ``x0`` to ``x{n - 1}``."""
        return {
            f"x{i}": trial.suggest_float(f"x{i}", *self._range(i), log=i % 2 == 0)
            for i in range(self.n_parameters)
        }

    def mean(self, params: Mapping[str, Any]) -> float:
        """The surface at the parameters' places."""
        return self.surface(np.array([self._place(i, params) for i in range(self.n_parameters)]))

    def _range(self, i: int) -> tuple[float, float]:
        return (LOW, HIGH) if i % 2 == 0 else (0.0, 1.0)

    def _place(self, i: int, params: Mapping[str, Any]) -> float:
        value = float(params[f"x{i}"])
        place = math.log(value / LOW) / math.log(HIGH / LOW) if i % 2 == 0 else value
        return min(max(place, 0.0), 1.0)


@dataclass(frozen=True)
class ByOptimiser:
    """A choice of three, of which one has a parameter of its own, beside a rate and an integer.

    Attributes:
        best_rate: Per optimiser, the best place of the rate on its logarithmic axis.
        height: Per optimiser, the value that it reaches at best; the largest is 1.
        momentum: Best momentum; only ``sgd`` has one.
        layers: Best number of layers, from 1 to 4.
    """

    best_rate: Mapping[str, float]
    height: Mapping[str, float]
    momentum: float
    layers: int
    n_parameters: int = 4
    kind: Kind = "conditional"

    def suggest(self, trial: optuna.Trial) -> dict[str, Any]:
        """``momentum`` is suggested to ``sgd`` alone."""
        optimiser = trial.suggest_categorical("optimiser", sorted(self.height))
        params: dict[str, Any] = {"optimiser": optimiser}
        params["lr"] = trial.suggest_float("lr", LOW, HIGH, log=True)
        params["layers"] = trial.suggest_int("layers", 1, 4)
        if optimiser == "sgd":
            params["momentum"] = trial.suggest_float("momentum", 0.0, 1.0)
        return params

    def mean(self, params: Mapping[str, Any]) -> float:
        """A product of peaks, at most the optimiser's height."""
        optimiser = params["optimiser"]
        place = math.log(params["lr"] / LOW) / math.log(HIGH / LOW)
        rate = math.exp(-0.5 * ((place - self.best_rate[optimiser]) / 0.2) ** 2)
        layers = 1 - 0.1 * abs(params["layers"] - self.layers)
        momentum = 1.0
        if optimiser == "sgd":
            momentum = 1 - 0.3 * abs(params["momentum"] - self.momentum)
        return float(self.height[optimiser] * rate * layers * momentum)


@dataclass(frozen=True)
class JointProblem:
    """A landscape of several parameters, seen through noise; a single epoch that reports nothing.

    Attributes:
        name: Name of the problem.
        landscape: Parameters and mean; the mean spans [0, 1].
        noise: Standard deviation of a value.
        mute: Whether the objective reports nothing on its way, as it has none.
    """

    name: str
    landscape: Landscape
    noise: float
    mute: bool = True

    direction: Literal["maximize"] = "maximize"
    n_epochs: int = 1
    span: float = 1.0

    @property
    def n_parameters(self) -> int:
        """Those of the trial that has most."""
        return self.landscape.n_parameters

    @property
    def kind(self) -> Kind:
        """Whether the parameters act apart, together, or in some trials only."""
        return self.landscape.kind

    @property
    def fingerprint(self) -> str:
        """Hash of the code that makes the values."""
        return _source_hash()

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes the noise of each trial number."""
        return lambda trial: float(self.learning_curve(trial, seed)[-1])

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """The value of the only epoch, (1,)."""
        mean = self.landscape.mean(self.landscape.suggest(trial))
        error = trial_generator(seed, trial.number).standard_normal()
        return np.array([mean + self.noise * error])

    def truth(self, params: Mapping[str, Any]) -> float:
        """Noise-free value."""
        return self.landscape.mean(params)

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective: as the truth."""
        return self.truth(params)

    def regret(self, params: Mapping[str, Any]) -> float:
        """What is missing to the optimum."""
        return 1 - self.truth(params)


@functools.lru_cache(maxsize=1)
def _source_hash() -> str:
    files = (Path(__file__), Path(surfaces.__file__))
    return f"{binascii.crc32(b''.join(file.read_bytes() for file in files)):08x}"


def tuning_joint() -> list[JointProblem]:
    """Landscapes for tuning, each at every noise level."""
    return _at_every_noise(
        {
            "tuning-separable-3d": _separable(3, 2.0),
            "tuning-rotated-2d": _cube(2, _rotated(20.0)),
            "tuning-rotated-5d": _cube(5, _rotated(10.0)),
            "tuning-ridge-2d": _cube(2, _ridge(0.1)),
            "tuning-important-8d": _important(8, 5),
            "tuning-rotated-10d": _cube(10, _rotated(10.0)),
            "tuning-important-12d": _important(12, 7),
            "tuning-hartmann-6d": lambda rng: _shuffled_hartmann(rng),
            "tuning-optimisers": lambda rng: ByOptimiser(
                best_rate={"adam": 0.3, "rmsprop": 0.5, "sgd": 0.75},
                height={"adam": 0.95, "rmsprop": 0.8, "sgd": 1.0},
                momentum=0.85,
                layers=2,
            ),
        }
    )


def reporting_joint() -> list[JointProblem]:
    """Landscapes kept for reporting: other optima, directions, shapes and numbers of parameters."""
    return _at_every_noise(
        {
            "reporting-separable-4d": _separable(4, 1.5),
            "reporting-rotated-3d": _cube(3, _rotated(30.0)),
            "reporting-rotated-6d": _cube(6, _rotated(10.0)),
            "reporting-ridge-3d": _cube(3, _ridge(0.2)),
            "reporting-important-8d": _important(8, 2),
            "reporting-ridge-2d": _cube(2, _ridge(0.2)),
            "reporting-important-10d": _important(10, 1),
            "reporting-rotated-12d": _cube(12, _rotated(20.0)),
            "reporting-hartmann-6d": lambda rng: _shuffled_hartmann(rng),
            "reporting-optimisers": lambda rng: ByOptimiser(
                best_rate={"adam": 0.6, "rmsprop": 0.25, "sgd": 0.4},
                height={"adam": 1.0, "rmsprop": 0.9, "sgd": 0.9},
                momentum=0.3,
                layers=3,
            ),
        }
    )


def _at_every_noise(
    landscapes: Mapping[str, Callable[[np.random.Generator], Landscape]],
) -> list[JointProblem]:
    made = {
        name: build(np.random.default_rng(binascii.crc32(name.encode())))
        for name, build in landscapes.items()
    }
    return [
        JointProblem(f"{name}/{100 * noise:g}pct", landscape, noise)
        for name, landscape in made.items()
        for noise in NOISE_LEVELS
    ]


def _cube(
    n_parameters: int,
    build: Callable[[surfaces.Point, np.random.Generator], surfaces.Surface],
    kind: Kind = "interacting",
) -> Callable[[np.random.Generator], Landscape]:
    """Makes a surface with its optimum anywhere in the cube."""

    def made(rng: np.random.Generator) -> Landscape:
        optimum = rng.random(n_parameters)
        return Cube(n_parameters, build(optimum, rng), kind)

    return made


def _separable(n_parameters: int, power: float) -> Callable[[np.random.Generator], Landscape]:
    return _cube(n_parameters, lambda o, rng: surfaces.separable(o, power), "separable")


def _important(n_parameters: int, which: int) -> Callable[[np.random.Generator], Landscape]:
    return _cube(n_parameters, lambda o, rng: surfaces.one_important(o, which), "separable")


def _rotated(
    condition: float,
) -> Callable[[surfaces.Point, np.random.Generator], surfaces.Surface]:
    return lambda optimum, rng: surfaces.rotated_quadratic(optimum, condition, rng)


def _ridge(
    slope_along: float,
) -> Callable[[surfaces.Point, np.random.Generator], surfaces.Surface]:
    return lambda optimum, rng: surfaces.ridge(optimum, slope_along, rng)


def _shuffled_hartmann(rng: np.random.Generator) -> Landscape:
    return Cube(6, surfaces.hartmann6(rng.permutation(6), rng.random(6) < 0.5))
