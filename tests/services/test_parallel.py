"""Many workers on one study, on every storage."""

from __future__ import annotations

import math
from pathlib import Path

import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState

from optuna_zooming import ZoomingSampler
from tests.services.promises import Witness, check_study, check_trials
from tests.services.storages import Place
from tests.services.workers.crew import Crew
from tests.services.workers.objective import CrashError, objective
from tests.services.workers.worker import Told, work

N_WORKERS = 8


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_eight_processes_share_a_study(place: Place, tmp_path: Path) -> None:
    with place.study() as study, Crew(tmp_path) as crew:
        witness = Witness(study)
        for _ in range(N_WORKERS):
            crew.start(work, place, 6, False)
        crew.finish(meanwhile=witness.look)
        assert len(crew.told()) == N_WORKERS * 6
        assert {each.state for each in crew.told()} == {"COMPLETE", "PRUNED", "FAIL"}
        check_study(place, crew.told(), witness)


def test_eight_threads_share_a_sampler() -> None:
    study = optuna.create_study(
        sampler=ZoomingSampler(seed=0), pruner=optuna.pruners.MedianPruner(n_startup_trials=3)
    )
    witness = Witness(study)
    told: list[Told] = []

    def note(study: optuna.Study, trial: FrozenTrial) -> None:
        value = trial.value if trial.state == TrialState.COMPLETE else None
        told.append(Told(trial.number, trial.state.name, value))
        witness.look()

    study.optimize(objective, n_trials=64, n_jobs=N_WORKERS, catch=CrashError, callbacks=[note])
    assert len(told) == 64
    check_trials(study.trials, told)
    witness.check_against_fresh()
    assert math.isfinite(study.best_value)
