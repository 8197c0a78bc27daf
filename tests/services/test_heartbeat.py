"""Workers that give no sign of life: dead, or only asleep."""

from __future__ import annotations

import dataclasses
import signal
from pathlib import Path
from typing import get_args

import optuna
import pytest
from optuna.storages import RetryHeartbeatStaleTrialCallback, fail_stale_trials
from optuna.trial import FrozenTrial, TrialState

from tests.services.promises import Witness, check_study
from tests.services.requirement import wait_until
from tests.services.storages import Place
from tests.services.workers.crew import Crew
from tests.services.workers.heartbeat_worker import Late, hang_first, work

pytestmark = [
    pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning"),
    # The witness asks for trials that never end.
    pytest.mark.filterwarnings("ignore:Heartbeat of storage is supposed to be used:UserWarning"),
]


def _hanging(study: optuna.Study) -> list[FrozenTrial]:
    return [
        trial
        for trial in study.trials
        if "hangs" in trial.user_attrs
        and RetryHeartbeatStaleTrialCallback.retried_trial_number(trial) is None
    ]


def _all_failed(study: optuna.Study) -> bool:
    fail_stale_trials(study)
    return all(trial.state == TrialState.FAIL for trial in _hanging(study))


def _waiting(study: optuna.Study) -> list[FrozenTrial]:
    return study.get_trials(deepcopy=False, states=(TrialState.WAITING,))


# Not SQLite, where one who falls asleep in the middle of a write stops all others.
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_workers_that_wake_up_too_late_break_nothing(place: Place, tmp_path: Path) -> None:
    # The sleepers must not bury each other, however slowly they start.
    place, go = dataclasses.replace(place, grace_period=2), tmp_path / "go"
    lenient = dataclasses.replace(place, grace_period=600)
    with place.study() as study, Crew(tmp_path) as crew:
        witness = Witness(study)
        sleepers = [crew.start(hang_first, lenient, go, late) for late in get_args(Late)]
        crew.wait_until(lambda: len(_hanging(study)) == len(sleepers), meanwhile=witness.look)
        for sleeper in sleepers:
            crew.signal(sleeper, signal.SIGSTOP)
        for _ in range(2):
            crew.start(work, place, 6)
        crew.wait_until(lambda: _all_failed(study), meanwhile=witness.look)
        go.touch()
        for sleeper in sleepers:
            crew.signal(sleeper, signal.SIGCONT)
        crew.finish(meanwhile=witness.look)
        assert [(t.state, t.value) for t in _hanging(study)] == [(TrialState.FAIL, None)] * 3
        check_study(place, crew.told(), witness)


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_trial_of_a_killed_worker_is_tried_again(place: Place, tmp_path: Path) -> None:
    place = dataclasses.replace(place, grace_period=2)
    with place.study() as study, Crew(tmp_path) as crew:
        witness = Witness(study)
        victim = crew.start(hang_first, place, tmp_path / "never", "tell")
        crew.wait_until(lambda: len(_hanging(study)) == 1, meanwhile=witness.look)
        crew.kill(victim)
        wait_until(lambda: _all_failed(study), meanwhile=witness.look)
        # SQLite locks no rows: of workers that start together, two may take up the one that waits.
        crew.start(work, place, 4)
        crew.wait_until(lambda: not _waiting(study), meanwhile=witness.look)
        for _ in range(2):
            crew.start(work, place, 4)
        crew.finish(meanwhile=witness.look)
        [killed] = _hanging(study)
        retried = [
            trial
            for trial in study.trials
            if RetryHeartbeatStaleTrialCallback.retried_trial_number(trial) == killed.number
        ]
        assert any(trial.state.is_finished() for trial in retried)
        for trial in retried:
            assert killed.params.items() <= trial.params.items()
        check_study(place, crew.told(), witness)
