"""Objectives with a known optimum and controlled noise, for the noise and adversary tasks."""

from __future__ import annotations

import binascii
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems import functions
from benchmarks.problems.noise import trial_generator
from benchmarks.problems.ranges import N_STRATA
from benchmarks.problems.replay import LEARNING_RATE, report_curve

NOISE_LEVELS = (0.0, 0.01, 0.02, 0.05, 0.1)


@dataclass(frozen=True)
class SyntheticProblem:
    """A landscape over a log range, seen through noise.

    Attributes:
        name: Name of the problem.
        landscape: Mean in [0, 1] over the unit axis; its maximum, 1, is at the optimum.
        optimum: Where on the unit axis.
        noise: Standard deviation (scale, when heavy-tailed) in fractions of the range.
        heavy_tails: Draw the noise from Student's t with 2 degrees of freedom (infinite variance).
        diverging: Probability that a trial returns NaN wherever it is.
        unit: The objective is the noisy landscape times this.
        low: Lower end of the range.
        high: Upper end of the range.
        slow: How much later the best rates get going than others: epoch ``e`` of ``E`` shows
            the share ``(e / E) ** (0.5 + slow * mean)`` of the final value.
        mute: Whether the objective reports nothing on its way and only returns its last value.
    """

    name: str
    landscape: functions.Landscape
    optimum: float
    noise: float
    heavy_tails: bool = False
    diverging: float = 0.0
    unit: float = 1.0
    low: float = 1e-6
    high: float = 1.0
    slow: float = 0.0

    mute: bool = False

    direction: Literal["maximize"] = "maximize"
    n_parameters: int = 1
    n_epochs: int = 10

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes the noise of each trial number."""

        if self.mute:
            return lambda trial: float(self.learning_curve(trial, seed)[-1])
        return lambda trial: report_curve(trial, self.learning_curve(trial, seed))

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """Values (n_epochs,) with one error for the whole trial, or NaN throughout."""
        rate = trial.suggest_float(LEARNING_RATE, self.low, self.high, log=True)
        rng = trial_generator(seed, trial.number)
        error = rng.standard_t(2) if self.heavy_tails else rng.standard_normal()
        if rng.random() < self.diverging:
            return np.full(self.n_epochs, np.nan)
        mean = self.mean(rate)
        share = (np.arange(1, self.n_epochs + 1) / self.n_epochs) ** (0.5 + self.slow * mean)
        return np.asarray(self.unit * (mean * share + self.noise * error))

    @property
    def fingerprint(self) -> str:
        """Hash of the code that makes the values."""
        return _source_hash()

    def mean(self, rate: float) -> float:
        """Noise-free value in [0, 1] at a rate."""
        u = math.log(rate / self.low) / math.log(self.high / self.low)
        return float(self.landscape(np.array([min(max(u, 0.0), 1.0)]))[0])

    @property
    def span(self) -> float:
        """The landscape spans [0, 1] by construction."""
        return self.unit

    def truth(self, params: Mapping[str, Any]) -> float:
        """Noise-free value in the objective's units."""
        return self.unit * self.mean(params[LEARNING_RATE])

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective: as the truth."""
        return self.truth(params)

    def regret(self, params: Mapping[str, Any]) -> float:
        """What is missing to the optimum."""
        return 1 - self.mean(params[LEARNING_RATE])


@functools.lru_cache(maxsize=1)
def _source_hash() -> str:
    files = (Path(__file__), Path(functions.__file__))
    return f"{binascii.crc32(b''.join(file.read_bytes() for file in files)):08x}"


def noise_problems() -> list[SyntheticProblem]:
    """The learning-rate-like landscape at every noise level, with the optimum in six places."""
    return [
        SyntheticProblem(
            name=f"noise-{100 * noise:g}pct/{variant}",
            landscape=functions.learning_rate_like(optimum),
            optimum=optimum,
            noise=noise,
        )
        for noise in NOISE_LEVELS
        for variant, optimum in enumerate(even_optima("noise"))
    ]


def adversary_problems() -> list[SyntheticProblem]:
    """Every adversary, with the optimum in six places where it is free to move."""
    free: dict[str, tuple[Callable[[float], functions.Landscape], dict[str, Any]]] = {
        "two-peaks": (functions.two_peaks, {}),
        "narrow-peak": (functions.narrow_peak, {}),
        "cliff-beside": (functions.cliff_beside, {}),
        "flat-plateau": (functions.flat_plateau, {}),
        "heavy-tails": (functions.learning_rate_like, {"heavy_tails": True}),
        "diverging": (functions.learning_rate_like, {"diverging": 0.3}),
        "tiny-unit": (functions.learning_rate_like, {"unit": 1e-9}),
        "huge-unit": (functions.learning_rate_like, {"unit": 1e9}),
        # As wide in decades as on the other axes, so half as wide on this one.
        "twelve-decades": (
            functools.partial(functions.learning_rate_like, width=0.5),
            {"low": 1e-12},
        ),
        "late-bloomer": (functions.learning_rate_like, {"slow": 3.0}),
    }
    problems = [
        SyntheticProblem(
            name=f"{name}/{variant}",
            landscape=build(optimum),
            optimum=optimum,
            noise=0.02,
            **options,
        )
        for name, (build, options) in free.items()
        for variant, optimum in enumerate(even_optima(name))
    ]
    at_an_end = {
        "left-edge": (functions.edge, 0.0),
        "right-edge": (functions.edge, 1.0),
        "monotone-down": (functions.monotone, 0.0),
        "monotone-up": (functions.monotone, 1.0),
    }
    for name, (build, optimum) in at_an_end.items():
        problems.append(
            SyntheticProblem(name=name, landscape=build(optimum), optimum=optimum, noise=0.02)
        )
    return problems


def even_optima(name: str) -> list[float]:
    """(N_STRATA,) places for the optimum, one drawn from each part of the axis, lowest first.

    Anywhere: samplers that look in the middle first are not to be favoured. Always the same ones
    for problems of this name.
    """
    rng = np.random.default_rng([binascii.crc32(name.encode()), N_STRATA])
    return [float(place) for place in (np.arange(N_STRATA) + rng.random(N_STRATA)) / N_STRATA]
