"""Learning curves whose best rates start slowly, with noise of its own in every epoch.

What a pruner sees early speaks for the faster rates, and what it stops is far from its end.
"""

from __future__ import annotations

import binascii
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems.noise import trial_generator
from benchmarks.problems.replay import LEARNING_RATE, report_curve

Floats = NDArray[np.float64]
Curve = Callable[[Floats, Floats], Floats]
"""(rates, shares of the epochs that are over, 0 to 1) -> noise-free values, larger is better."""

# Places at which the best rate is sought: so close that the best is off by less than 1e-6.
N_PLACES = 20001


@dataclass(frozen=True, eq=False)
class SlowStarter:
    """A learning curve that is known at every rate.

    Attributes:
        name: Name of the problem.
        curve: The noise-free curve.
        nothing: Its value where nothing is learnt. The span is what the best rate is better than
            that, not than the worst rate, which may be as bad as one likes.
        noise: Standard deviation of the independent error of every epoch, in the curve's units.
        n_epochs: Epochs of a trial that is not pruned.
        low: Lower end of the range.
        high: Upper end of the range.
        mute: Whether the objective reports nothing on its way and only returns its last value.
    """

    name: str
    curve: Curve
    nothing: float
    noise: float
    n_epochs: int
    low: float = 1e-6
    high: float = 10.0
    mute: bool = False

    direction: Literal["maximize"] = "maximize"
    n_parameters: int = 1

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes the noise of each trial number."""

        if self.mute:
            return lambda trial: float(self.learning_curve(trial, seed)[-1])
        return lambda trial: report_curve(trial, self.learning_curve(trial, seed))

    def learning_curve(self, trial: optuna.Trial, seed: int) -> Floats:
        """Values (n_epochs,) with an error in each."""
        rate = trial.suggest_float(LEARNING_RATE, self.low, self.high, log=True)
        errors = trial_generator(seed, trial.number).standard_normal(self.n_epochs)
        shares = np.arange(1, self.n_epochs + 1) / self.n_epochs
        return self.curve(np.array(rate), shares) + self.noise * errors

    @property
    def fingerprint(self) -> str:
        """Hash of the code that makes the values."""
        return _source_hash()

    @functools.cached_property
    def best(self) -> float:
        """The largest final value on the range."""
        rates = np.geomspace(self.low, self.high, N_PLACES)
        return float(self.curve(rates, np.array(1.0)).max())

    @property
    def span(self) -> float:
        """Best minus the value of learning nothing."""
        return self.best - self.nothing

    def truth(self, params: Mapping[str, Any]) -> float:
        """Noise-free value after the last epoch."""
        return float(self.curve(np.array(params[LEARNING_RATE]), np.array(1.0)))

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective: as the truth."""
        return self.truth(params)

    def regret(self, params: Mapping[str, Any]) -> float:
        """What is missing to the best, a fraction of the span.

        What is worse than having learnt nothing counts as that, as on recorded tables of losses.
        """
        missing = (self.best - self.truth(params)) / self.span
        return min(max(missing, 0.0), 1.0)


def _decay(steps: Floats) -> Floats:
    """exp(-steps), which no longer falls where it is 0 but for rounding."""
    return np.exp(-np.minimum(steps, 50))


def exponential(
    rates: Floats, shares: Floats, *, speed: float, cost: float, lateness: float = 1.0
) -> Floats:
    """-(0.2 + 2 exp(-speed rate share^lateness) + cost rate)."""
    return -(0.2 + 2 * _decay(speed * rates * shares**lateness) + cost * rates)


def power(rates: Floats, shares: Floats) -> Floats:
    """-(0.1 + 1.5 / (1 + (3000 rate share)^2) + 2 rate)."""
    return np.asarray(-(0.1 + 1.5 / (1 + (3000 * rates * shares) ** 2) + 2 * rates))


def stretched(rates: Floats, shares: Floats) -> Floats:
    """-(0.3 + 3 exp(-sqrt(1000 rate share)) + rate / 2)."""
    return -(0.3 + 3 * _decay(np.sqrt(1000 * rates * shares)) + 0.5 * rates)


def paused(rates: Floats, shares: Floats) -> Floats:
    """Nothing happens in the first two fifths: -(0.2 + exp(-20000 rate (share - 0.4)) + 5 rate)."""
    return -(0.2 + _decay(20000 * rates * np.maximum(shares - 0.4, 0)) + 5 * rates)


def sigmoidal(rates: Floats, shares: Floats) -> Floats:
    """An accuracy that rises the later the higher it ends: 0.95 at the best rate, chance is 0.1."""
    quality = np.maximum(1 - ((np.log10(rates) + 1.5) / 1.5) ** 2, 0)
    middle = 0.15 + 0.5 * quality

    def risen(share: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp((middle - share) / 0.08)))

    return np.asarray(0.1 + 0.85 * quality * risen(shares) / risen(np.array(1.0)))


def reporting_slow_starters() -> list[SlowStarter]:
    """One family of losses: plain, with more noise, and with its level reached late."""
    plain = functools.partial(exponential, speed=4000, cost=3)
    late = functools.partial(exponential, speed=300, cost=1, lateness=3)
    return [
        SlowStarter("slow-loss", plain, nothing=-2.2, noise=0.01, n_epochs=8),
        SlowStarter("slow-loss-noisy", plain, nothing=-2.2, noise=0.05, n_epochs=20),
        SlowStarter("slow-loss-late", late, nothing=-2.2, noise=0.01, n_epochs=8),
    ]


def tuning_slow_starters() -> list[SlowStarter]:
    """Other formulas, optima, noise and numbers of epochs."""
    return [
        SlowStarter("tuning-slow-power", power, nothing=-1.6, noise=0.02, n_epochs=12),
        SlowStarter(
            "tuning-slow-stretched", stretched, nothing=-3.3, noise=0.05, n_epochs=30, low=1e-7
        ),
        SlowStarter("tuning-slow-pause", paused, nothing=-1.2, noise=0.03, n_epochs=10, high=1.0),
        SlowStarter("tuning-slow-sigmoid", sigmoidal, nothing=0.1, noise=0.01, n_epochs=16),
    ]


@functools.lru_cache(maxsize=1)
def _source_hash() -> str:
    return f"{binascii.crc32(Path(__file__).read_bytes()):08x}"
