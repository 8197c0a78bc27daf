"""Pruners under comparison, with their defaults: name -> factory()."""

from __future__ import annotations

from collections.abc import Callable

import optuna
from optuna.pruners import BasePruner

from optuna_zooming import ZoomingPruner

PRUNERS: dict[str, Callable[[], BasePruner]] = {
    "none": optuna.pruners.NopPruner,
    "median": optuna.pruners.MedianPruner,
    "successive-halving": optuna.pruners.SuccessiveHalvingPruner,
    "hyperband": optuna.pruners.HyperbandPruner,
    "zooming": ZoomingPruner,
}


class RecordingPruner(BasePruner):
    """Prunes nothing, but has every epoch reported (a NopPruner is not reported to)."""

    def prune(self, study: optuna.Study, trial: optuna.trial.FrozenTrial) -> bool:
        return False
