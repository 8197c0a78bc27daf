"""What optuna-dashboard would show of a study, read by its own functions."""

from __future__ import annotations

import json
from typing import Any

import optuna
import pytest

from optuna_zooming.dashboard._publishers import publisher_of
from tests.services.requirement import DEADLINE


def wait_until_published(study: optuna.Study) -> None:
    """Wait, as the end of the process does, for the last state; but without giving up."""
    publisher_of(study).hurry()
    publisher_of(study).wait(DEADLINE)


def figures(study: optuna.Study) -> dict[str, Any]:
    """The published figures, by their names in the dashboard."""
    reader = pytest.importorskip("optuna_dashboard._custom_plot_data")
    return {
        name: json.loads(figure)
        for name, figure in reader.get_plotly_graph_objects(attributes(study)).items()
    }


def note(study: optuna.Study) -> str:
    """The study's note."""
    return str(pytest.importorskip("optuna_dashboard").get_note(study))


def attributes(study: optuna.Study) -> dict[str, Any]:
    """All that is stored with the study beside its trials, and not by its owner."""
    return study._storage.get_study_system_attrs(study._study_id)


def times_published(study: optuna.Study) -> int:
    """How many times the study has been published, by all workers."""
    return int(attributes(study)["optuna_zooming:published"]["number"])
