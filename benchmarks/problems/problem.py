"""What a problem is: an objective to maximise, and the truth about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import numpy as np
import optuna
from numpy.typing import NDArray

Kind = Literal["separable", "interacting", "conditional"]
"""Of several parameters: each acts apart, or together, or some are only in some trials."""


class Problem(Protocol):
    """An objective to maximise, and the truth about it."""

    @property
    def name(self) -> str: ...

    @property
    def direction(self) -> Literal["maximize"]: ...

    @property
    def n_epochs(self) -> int:
        """Epochs of a trial that is not pruned."""

    @property
    def n_parameters(self) -> int: ...

    @property
    def fingerprint(self) -> str:
        """Changes when the objective does, so that old rows are not taken for new ones."""

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """Suggest the trial's parameters and train: (n_epochs,), the objective after each epoch."""

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """A fresh noise stream per run; trial n meets the same noise under every sampler."""

    @property
    def span(self) -> float:
        """best - worst, in the objective's units.

        Of slow starters best - having learnt nothing, of real trainings best known - median of
        random configurations.
        """

    def truth(self, params: Mapping[str, Any]) -> float:
        """Noise-free value at the full number of epochs, in the objective's units."""

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective where it does not diverge, NaN where it always does.

        What an interval is to hold. The truth of a loss takes what is worse than guessing for
        guessing, the objective does not.
        """

    def regret(self, params: Mapping[str, Any]) -> float:
        """Noise-free regret at the full number of epochs, a fraction of the span."""
