"""A snapshot shows what the study showed when it was made, however it goes on."""

from __future__ import annotations

import optuna
import pytest

from optuna_zooming import ZoomingSampler, active_arms, explain, recommended_arm
from optuna_zooming._study.snapshot import snapshot


def _study() -> optuna.Study:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0), direction="maximize")
    study._storage.set_study_system_attr(study._study_id, "study:metric_names", ["accuracy"])
    study.optimize(lambda trial: -((trial.suggest_float("x", 0, 1) - 0.3) ** 2), n_trials=12)
    return study


def test_it_shows_what_the_study_shows() -> None:
    study = _study()
    seen = snapshot(study)
    assert seen.trials == study.trials
    assert seen.best_trial == study.best_trial
    assert seen.direction == study.direction
    assert seen.metric_names == ["accuracy"]
    assert seen.sampler is study.sampler
    assert active_arms(seen, "x") == active_arms(study, "x")
    assert recommended_arm(seen, "x") == recommended_arm(study, "x")
    assert explain(seen) == explain(study)


def test_it_stays_as_it_is() -> None:
    study = _study()
    running = study.ask()
    seen = snapshot(study)
    before = seen.trials
    running.suggest_float("x", 0, 1)
    running.report(1.0, step=1)
    study.tell(running, 1.0)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert seen.trials == before
    assert seen.best_value < 1.0 == study.best_value


def test_without_complete_trials_it_has_no_best_one() -> None:
    with pytest.raises(ValueError, match="No trials are completed"):
        _ = snapshot(optuna.create_study()).best_trial


def test_nothing_is_logged(optuna_log: pytest.LogCaptureFixture) -> None:
    study = _study()
    optuna.logging.set_verbosity(optuna.logging.INFO)
    explain(snapshot(study))
    assert optuna_log.text == ""
