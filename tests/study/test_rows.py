"""A list of trials is read on where it ended only if it is the same study's."""

from __future__ import annotations

import copy

import numpy as np
import optuna
import pytest
from optuna.trial import FrozenTrial, TrialState

from optuna_zooming._study.trials.rows import Rows


def _study(n_trials: int = 4) -> optuna.Study:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=n_trials)
    return study


def _rows(trials: list[FrozenTrial]) -> Rows:
    rows = Rows()
    rows.advance(trials)
    return rows


def test_only_what_finished_since_is_new() -> None:
    study = _study(2)
    running = study.ask()
    rows = Rows()
    assert rows.advance(study.get_trials(deepcopy=False)) == [0, 1]
    assert rows.unfinished == [2]
    study.tell(study.ask(), 1.0)
    study.tell(running, 1.0)
    now = study.get_trials(deepcopy=False)
    assert rows.continued_by(now)
    assert rows.advance(now) == [2, 3]
    assert rows.unfinished == []


def test_other_objects_with_the_same_content_continue() -> None:
    # As a storage gives that reads everything anew, NaN among the reports included.
    study = _study()
    trial = study.ask()
    trial.report(float("nan"), 0)
    study.tell(trial, 1.0)
    rows = _rows(study.trials)
    assert rows.continued_by(copy.deepcopy(study.trials))


def test_arrays_among_the_attributes_do_no_harm() -> None:
    study = _study()
    trials = study.trials
    trials[0].user_attrs["array"] = np.arange(3)
    assert _rows(trials).continued_by(copy.deepcopy(trials))


@pytest.mark.parametrize("change", ["shorter", "recreated", "row deleted", "unfinished replaced"])
def test_anything_else_is_another_study(change: str) -> None:
    study = _study()
    study.ask()
    before = study.trials
    if change == "shorter":
        now = before[:3]
    elif change == "recreated":
        now = _study(6).trials
    elif change == "row deleted":
        study.ask()
        now = [*before[:1], *study.trials[2:]]
    else:
        now = [*before[:4], _study(5).trials[4]]
        now[4]._trial_id = before[4]._trial_id + 1
    assert not _rows(before).continued_by(now)


def test_a_list_from_before_is_not_taken_for_the_next_one() -> None:
    study = _study()
    trial = study.ask()
    earlier = study.trials
    study.tell(trial, 1.0)
    rows = _rows(study.trials)
    assert earlier[-1].state == TrialState.RUNNING
    assert not rows.continued_by(earlier)


@pytest.mark.parametrize("change", ["shorter", "recreated", "row deleted", "last replaced"])
def test_long_studies_are_told_apart_too(change: str) -> None:
    trial = optuna.create_trial(value=1.0)
    trials = []
    for number in range(3000):
        trials.append(copy.copy(trial))
        trials[-1]._trial_id = trials[-1].number = number
    rows = _rows(trials)
    assert rows.continued_by(copy.copy(trials))
    other = copy.copy(trial)
    if change == "shorter":
        now = trials[:-1]
    elif change == "recreated":
        now = [copy.copy(each) for each in trials]
        for each in now:
            each.datetime_start = other.datetime_complete
            each.datetime_complete = None
    elif change == "row deleted":
        now = [*trials[:1000], *trials[1001:], other]
    else:
        now = [*trials[:-2], other, trials[-1]]
    assert not rows.continued_by(now)
