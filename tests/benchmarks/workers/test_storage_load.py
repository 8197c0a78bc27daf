"""Crews of processes on a storage: what is counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import optuna
import pytest

from benchmarks.workers.crew import Crew
from benchmarks.workers.places import Place, open_storage
from benchmarks.workers.storage_load import count_near, near_duplicates, trials_per_second


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    return Place("sqlite", f"sqlite:///{tmp_path}/study.db")


@pytest.mark.parametrize(
    ("places", "count"),
    [
        ([0.0, 0.009, 0.5, 0.9], 2),
        # Each is near the next, and none is counted twice.
        ([0.1, 0.109, 0.118], 3),
        ([0.1, 0.2, 0.3], 0),
        # Numbers of choices.
        ([2.0, 0.0, 2.0, 2.0], 3),
        ([0.5], 0),
    ],
)
def test_near_places_are_counted_once(places: list[float], count: int) -> None:
    assert count_near(np.array(places)) == count


def test_processes_with_one_seed_propose_one_value(sqlite: Place) -> None:
    with Crew(2) as crew:
        assert near_duplicates(crew, sqlite, "random", "same", rounds=2) == {
            "log float": [2, 2],
            "int": [2, 2],
            "choices": [2, 2],
        }
    # Nobody is told a value before all have asked.
    states = [
        [trial.state for trial in study.get_trials(deepcopy=False)] for study in _studies(sqlite)
    ]
    assert states == [[optuna.trial.TrialState.RUNNING] * 2] * 6


def test_threads_that_share_a_sampler_share_its_seed() -> None:
    with Crew(3, threads=True) as crew:
        found = near_duplicates(crew, Place("memory", ""), "random", "same", rounds=1)
    # Draws of one generator: three of 512 numbers, not one of them three times.
    assert found["int"] == [0]


def test_a_crew_shares_the_trials_of_a_study(sqlite: Place) -> None:
    with Crew(2) as crew:
        assert trials_per_second(crew, sqlite, "random", 7) > 0
    (study,) = _studies(sqlite)
    # Each process makes one before the clock starts.
    assert len(study.trials) == 7 + 2
    assert all(trial.state == optuna.trial.TrialState.COMPLETE for trial in study.trials)


def _studies(place: Place) -> list[optuna.Study]:
    storage = open_storage(place)
    return [
        optuna.load_study(study_name=name, storage=storage)
        for name in optuna.get_all_study_names(storage)
    ]
