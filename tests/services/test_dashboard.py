"""The dashboard's callback on every storage."""

from __future__ import annotations

import math

import optuna
import pytest

from optuna_zooming import explain
from optuna_zooming.dashboard import ZoomingDashboard
from tests.dashboard.shown import figures, note, times_published, wait_until_published
from tests.services.storages import Place


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_figure_and_note_are_published_on_every_storage(place: Place) -> None:
    with place.study() as study:
        study.optimize(_objective, n_trials=8, callbacks=[ZoomingDashboard()])
        wait_until_published(study)
    # What another process finds there.
    with place.study() as study:
        assert set(figures(study)) == {"zooming-arms-rate"}
        assert explain(study).recommendation in note(study).replace("\\", "")
        assert times_published(study) <= 2


def _objective(trial: optuna.Trial) -> float:
    return math.log10(trial.suggest_float("rate", 1e-4, 1, log=True)) ** 2
