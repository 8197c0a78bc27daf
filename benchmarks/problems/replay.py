"""Objectives that replay recorded learning curves instead of training."""

from __future__ import annotations

import binascii
import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems.noise import trial_generator

if TYPE_CHECKING:
    from benchmarks.recording.curves import Curves

LEARNING_RATE = "lr"
Measure = Literal["accuracy", "loss"]
MEASURES: tuple[Measure, ...] = ("accuracy", "loss")


def report_curve(
    trial: optuna.Trial, curve: NDArray[np.float64], *, key_of_cost: str = "epochs"
) -> float:
    """Report a trial's learning curve epoch by epoch (step 1 is the first) and return its end.

    A curve that turns NaN ends there, as a training loop would: the trial then costs the epochs up
    to that one, which the trial's user attribute ``key_of_cost`` says.

    Args:
        trial: The running trial.
        curve: (n_epochs,), validation accuracy after each epoch.
        key_of_cost: Name of the user attribute.

    Raises:
        optuna.TrialPruned: When the study's pruner says so.
    """
    # NopPruner reads nothing, so that reporting to it would only cost time.
    pruning = not isinstance(trial.study.pruner, optuna.pruners.NopPruner)
    diverged = np.flatnonzero(np.isnan(curve))
    if diverged.size:
        curve = curve[: diverged[0] + 1]
        trial.set_user_attr(key_of_cost, len(curve))
    for epoch, accuracy in enumerate(curve, start=1):
        trial.report(float(accuracy), epoch)
        if pruning and trial.should_prune():
            raise optuna.TrialPruned
    return float(curve[-1])


class ReplayProblem:
    """A learning rate to be found on a recorded table, on its full range or a part of it.

    A trial draws one of the recorded seeds, interpolates that seed's curves linearly in the
    logarithm of the rate, reports every epoch and returns the last one.

    Args:
        curves: The recorded table.
        low: Lower end of the range of rates; None for the table's own.
        high: Upper end likewise.
        divergence: What a diverged training returns: "chance", the accuracy as it was recorded,
            or "nan", from the first epoch whose loss was not finite (of the nearest recorded rate).
        mute: Whether the objective reports nothing on its way and only returns its last value.
        measure: What is sought: the highest "accuracy", or the lowest "loss" (its negative is the
            objective, and a training that diverges to NaN fails). A mean loss above that of
            guessing counts as guessing.

    Raises:
        ValueError: If the range is empty or leaves the recorded rates, or the table has no
            accuracy to be sought.
    """

    direction: Literal["maximize"] = "maximize"
    n_parameters = 1

    def __init__(
        self,
        curves: Curves,
        *,
        low: float | None = None,
        high: float | None = None,
        divergence: Literal["chance", "nan"] = "chance",
        mute: bool = False,
        measure: Measure = "accuracy",
    ) -> None:
        rates = curves.learning_rates
        self.low = float(rates[0]) if low is None else float(low)
        self.high = float(rates[-1]) if high is None else float(high)
        if not rates[0] <= self.low < self.high <= rates[-1]:
            raise ValueError(
                f"low and high must satisfy {rates[0]:g} <= low < high <= {rates[-1]:g}, the "
                f"rates recorded in {curves.name}; got {self.low:g} and {self.high:g}."
            )
        self.name = curves.name
        if low is not None or high is not None:
            self.name += f"/{self.low:g}..{self.high:g}"
        if divergence == "nan":
            self.name += "+nan"
        if measure == "loss":
            self.name += "+loss"
        if mute:
            self.name += "+mute"
        self._mute = mute
        self.n_epochs = curves.n_epochs
        self._log_rates = np.log(rates)
        # (n_rates, n_seeds, n_epochs), larger is better; (n_rates,), the mean in the end.
        self._curves, self._mean = measured(curves, measure)
        self.fingerprint = f"{binascii.crc32(self._curves.tobytes()):08x}"
        self._lost = _lost_epochs(curves) if divergence == "nan" or measure == "loss" else None
        self.measure = measure
        self._best, self._worst = _extremes(self._log_rates, self._mean, self.low, self.high)

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes which recorded seed each trial draws."""

        if self._mute:
            return lambda trial: float(self.learning_curve(trial, seed)[-1])
        return lambda trial: report_curve(trial, self.learning_curve(trial, seed))

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """(n_epochs,): the curve of the recorded seed that this trial of this run draws."""
        rate = trial.suggest_float(LEARNING_RATE, self.low, self.high, log=True)
        drawn = int(trial_generator(seed, trial.number).integers(self._curves.shape[1]))
        return self.curve(rate, drawn)

    def curve(self, rate: float, seed_index: int) -> NDArray[np.float64]:
        """(n_epochs,): the curve at ``rate`` for the recorded seed at ``seed_index``."""
        lower, weight = _interpolation(self._log_rates, math.log(rate))
        ends = self._curves[lower : lower + 2, seed_index]
        curve = (1 - weight) * ends[0] + weight * ends[1]
        if self._lost is not None:
            nearest = lower + int(weight > 0.5)
            curve = np.where(self._lost[nearest, seed_index], np.nan, curve)
        return np.asarray(curve, dtype=np.float64)

    @property
    def n_seeds(self) -> int:
        """Recorded seeds of each rate."""
        return int(self._curves.shape[1])

    @property
    def span(self) -> float:
        """Best minus worst mean on the range."""
        return self._best - self._worst

    @property
    def noise(self) -> float:
        """Standard deviation of a training at the best rate of the range, over the recorded seeds.

        In the objective's units; NaN if fewer than two seeds have a value there.
        """
        low, high = math.log(self.low), math.log(self.high)
        inside = (self._log_rates >= low) & (self._log_rates <= high)
        places = np.concatenate([self._log_rates[inside], [low, high]])
        best = math.exp(places[np.argmax(np.interp(places, self._log_rates, self._mean))])
        finals = np.array([self.curve(best, seed)[-1] for seed in range(self.n_seeds)])
        finals = finals[~np.isnan(finals)]
        return float(finals.std(ddof=1)) if len(finals) > 1 else math.nan

    @property
    def best_place(self) -> float:
        """Where the best of the recorded rates lies in the range, 0 to 1 in the logarithm."""
        low, high = math.log(self.low), math.log(self.high)
        inside = (self._log_rates >= low) & (self._log_rates <= high)
        best = self._log_rates[np.argmax(np.where(inside, self._mean, -np.inf))]
        return float((best - low) / (high - low))

    def truth(self, params: Mapping[str, Any]) -> float:
        """Mean over the recorded seeds after the last epoch."""
        return float(np.interp(math.log(params[LEARNING_RATE]), self._log_rates, self._mean))

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective over the recorded seeds that have a value after the last epoch."""
        rate = params[LEARNING_RATE]
        finals = np.array([self.curve(rate, seed)[-1] for seed in range(self.n_seeds)])
        finals = finals[np.isfinite(finals)]
        return float(finals.mean()) if len(finals) else math.nan

    def regret(self, params: Mapping[str, Any]) -> float:
        """(best - mean at the rate) / (best - worst), both taken over this problem's range."""
        return (self._best - self.truth(params)) / self.span


def measured(curves: Curves, measure: Measure) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A table's curves, (n_rates, n_seeds, n_epochs), and (n_rates,) means after the last epoch.

    Larger is better. A diverged training's accuracy is as it was recorded, its loss that of
    guessing.
    """
    if measure == "accuracy":
        return curves.accuracy, curves.mean_accuracy[:, -1]
    guessing = curves.guessing_loss
    losses = np.where(_lost_epochs(curves), guessing, curves.validation_loss)
    return -losses, -np.minimum(losses[:, :, -1], guessing).mean(axis=1)


def _interpolation(knots: NDArray[np.float64], x: float) -> tuple[int, float]:
    """Left neighbour of ``x`` among the increasing knots, and the weight of the right one."""
    lower = min(max(int(np.searchsorted(knots, x, side="right")) - 1, 0), len(knots) - 2)
    weight = (x - knots[lower]) / (knots[lower + 1] - knots[lower])
    # Rounding of log and exp may leave the range by an ulp.
    return lower, float(min(max(weight, 0.0), 1.0))


def _lost_epochs(curves: Curves) -> NDArray[np.bool_]:
    """(n_rates, n_seeds, n_epochs): whether a loss has stopped being finite by then."""
    finite = np.isfinite(curves.train_loss) & np.isfinite(curves.validation_loss)
    return np.asarray(np.logical_or.accumulate(~finite, axis=2))


def _extremes(
    log_rates: NDArray[np.float64], mean: NDArray[np.float64], low: float, high: float
) -> tuple[float, float]:
    """Largest and smallest value of the piecewise linear mean curve on [low, high]."""
    ends = np.log([low, high])
    inside = (log_rates >= ends[0]) & (log_rates <= ends[1])
    values = np.concatenate([mean[inside], np.interp(ends, log_rates, mean)])
    if values.max() == values.min():
        raise ValueError(f"The mean does not vary between {low:g} and {high:g}.")
    return float(values.max()), float(values.min())
