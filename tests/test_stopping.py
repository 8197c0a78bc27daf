"""StopWhenSure: when a study ends, and that it is not broken."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.samplers import BaseSampler, RandomSampler, TPESampler

from optuna_zooming import StopWhenSure, ZoomingPruner, ZoomingSampler, explain, recommended_params
from optuna_zooming._joint.outlook import LEAST_OF_SEVERAL, LEAST_TRIALS


def _loss(trial: optuna.Trial) -> float:
    return (math.log10(trial.suggest_float("lr", 1e-5, 10, log=True)) + 2.0) ** 2


def _noisy(seed: int, scatter: float) -> Any:
    rng = np.random.default_rng(seed)
    return lambda trial: _loss(trial) + scatter * rng.standard_normal()


def _optimized(
    objective: Any, callback: StopWhenSure, sampler: BaseSampler | None = None, **more: Any
) -> optuna.Study:
    study = optuna.create_study(sampler=sampler or ZoomingSampler(seed=0), **more)
    study.optimize(objective, n_trials=60, callbacks=[callback])
    return study


@pytest.mark.parametrize("sampler", [ZoomingSampler, TPESampler, RandomSampler])
def test_studies_end_with_good_recommendations(sampler: Callable[..., BaseSampler]) -> None:
    regrets = []
    # Not one study of each: TPE differs between Optuna's versions, and so does its luck.
    for seed in range(8):
        study = _optimized(_noisy(0, 0.1), StopWhenSure(), sampler(seed=seed))
        assert LEAST_TRIALS <= len(study.trials) < 60
        regrets.append((math.log10(recommended_params(study).params["lr"]) + 2.0) ** 2)
    # Of a range of 9, from the optimum at 0.01 to the upper end.
    assert np.median(regrets) < 0.09


def test_it_ends_when_explain_says_stop() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=2))
    while len(study.trials) < 60:
        study.optimize(_noisy(len(study.trials), 0.1), n_trials=1)
        assert StopWhenSure().is_sure(study) == (explain(study).next_step == "stop")


@pytest.mark.parametrize("seed", range(3))
def test_a_larger_share_ends_it_earlier(seed: int) -> None:
    counts = [
        len(_optimized(_noisy(seed, 0.1), StopWhenSure(share=share)).trials)
        for share in (0.1, 0.01, 1e-5)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[2] == 60


def test_it_waits_for_the_least_number_of_trials() -> None:
    assert len(_optimized(_loss, StopWhenSure(share=0.5)).trials) == LEAST_TRIALS


def test_several_parameters() -> None:
    def objective(trial: optuna.Trial) -> float:
        return _loss(trial) + (trial.suggest_int("layers", 1, 6) - 3) ** 2

    study = _optimized(objective, StopWhenSure())
    assert LEAST_OF_SEVERAL <= len(study.trials) < 60
    assert recommended_params(study).params["layers"] == 3


def test_with_a_pruner() -> None:
    def objective(trial: optuna.Trial) -> float:
        loss = _loss(trial)
        for epoch in range(1, 9):
            trial.report(loss + 4.0 / epoch, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned
        return loss + 0.5

    study = _optimized(objective, StopWhenSure(), pruner=ZoomingPruner())
    assert len(study.trials) < 60
    assert (math.log10(recommended_params(study).params["lr"]) + 2.0) ** 2 < 0.09


@pytest.mark.parametrize(
    "objective",
    [
        lambda trial: math.inf,
        lambda trial: math.inf * trial.suggest_float("x", 1, 2),
        lambda trial: 1.0 + 0.0 * trial.suggest_float("x", 1, 2),
        lambda trial: 1.0,
    ],
)
def test_a_study_that_says_nothing_goes_on(objective: Any) -> None:
    assert len(_optimized(objective, StopWhenSure()).trials) == 60


def test_what_a_seed_s_trials_are_does_not_depend_on_it() -> None:
    stopped = _optimized(_noisy(0, 0.1), StopWhenSure())
    free = optuna.create_study(sampler=ZoomingSampler(seed=0))
    free.optimize(_noisy(0, 0.1), n_trials=len(stopped.trials))
    assert [t.params for t in stopped.trials] == [t.params for t in free.trials]


def test_threads_all_stop() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(_loss, n_trials=200, n_jobs=4, callbacks=[StopWhenSure(share=0.02)])
    assert LEAST_TRIALS <= len(study.trials) < 100


def test_it_says_why(optuna_log: pytest.LogCaptureFixture) -> None:
    with optuna_log.at_level(logging.INFO, logger="optuna.optuna_zooming.stopping"):
        study = _optimized(_loss, StopWhenSure(share=0.02))
    (told,) = {r.getMessage() for r in optuna_log.records if "Sure enough" in r.getMessage()}
    assert f"after {len(study.trials)} trials" in told


def test_several_objectives_are_refused_and_the_trial_is_kept() -> None:
    study = optuna.create_study(directions=["minimize", "minimize"])
    with pytest.raises(ValueError, match="single objective, but it has 2"):
        study.optimize(lambda trial: (1.0, 2.0), n_trials=2, callbacks=[StopWhenSure()])
    assert [trial.values for trial in study.trials] == [[1.0, 2.0]]


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"share": 0.0}, ValueError, "above 0 and below 1, got 0.0"),
        ({"share": 1.0}, ValueError, "above 0 and below 1, got 1.0"),
        ({"share": math.nan}, ValueError, "got nan"),
        ({"share": "1 %"}, TypeError, "real number or None, got '1 %'"),
        ({"share": True}, TypeError, "real number or None, got True"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        StopWhenSure(**arguments)
