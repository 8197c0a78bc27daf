"""What running trials have reported counts, once a finished trial got as far."""

from __future__ import annotations

from typing import Literal

import numpy as np
import optuna
import pytest
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import Trial, TrialState

from optuna_zooming import AdaptiveZooming, ZoomingSampler, recommended_arm
from optuna_zooming._history import History
from optuna_zooming._study.axis import Axis
from optuna_zooming._study.parameters import chosen_parameters
from optuna_zooming._study.trial_log import TrialLog

Direction = Literal["maximize", "minimize"]

AXIS = FloatDistribution(0.0, 1.0)
FINISHED = [0.2, 0.5, 0.6]  # after each epoch of the first trial


def _study(direction: Direction = "maximize") -> optuna.Study:
    return optuna.create_study(direction=direction, sampler=ZoomingSampler(seed=0))


def _start(study: optuna.Study, reports: list[float], **params: float | str) -> Trial:
    study.enqueue_trial(params)
    axes: dict[str, BaseDistribution] = {"x": AXIS, "kind": CategoricalDistribution(["a", "b"])}
    trial = study.ask({name: axes[name] for name in params})
    for step, value in enumerate(reports):
        trial.report(value, step)
    return trial


def _history(study: optuna.Study, asking: int | None, sign: float = 1.0) -> History:
    log = TrialLog(sign)
    log.update(study.trials)
    return log.history("x", Axis.of(AXIS), asking)


def _one_finished(running: list[float], sign: float = 1.0) -> optuna.Study:
    """One trial has ended at 0.3, the other runs at 0.7."""
    study = _study("maximize" if sign > 0 else "minimize")
    study.tell(_start(study, [sign * v for v in FINISHED], x=0.3), sign * FINISHED[-1])
    _start(study, [sign * v for v in running], x=0.7)
    return study


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_lead_at_the_same_step_is_carried_to_the_end(sign: float) -> None:
    history = _history(_one_finished([0.3, 0.55], sign), 2, sign)
    assert history.points.tolist() == [0.3, 0.7]
    assert history.values == pytest.approx([0.6, 0.65])
    assert history.watched.tolist() == history.running.tolist() == [0.7]
    assert history.n_trials == 2
    assert len(history.pending) == 0


@pytest.mark.parametrize("reports", [[], [0.3, 0.4, 0.5, 0.6]])
def test_trial_that_no_finished_one_can_be_compared_with_is_pending(reports: list[float]) -> None:
    history = _history(_one_finished(reports), 2)
    assert history.points.tolist() == [0.3]
    assert history.pending.tolist() == [0.7]
    assert len(history.watched) == 0


def test_only_a_proposal_looks_at_running_trials() -> None:
    study = _one_finished([0.3, 0.9])
    history = _history(study, None)
    assert history.points.tolist() == [0.3]
    assert history.pending.tolist() == [0.7]
    assert recommended_arm(study, "x").value == 0.3


def test_running_trials_guide_the_next_worker() -> None:
    def next_place(reports: list[float]) -> float:
        study = _one_finished(reports)
        return float(study.ask({"x": AXIS}).params["x"])

    # The one at 0.7 is far ahead, or far behind, at its second epoch.
    assert next_place([0.4, 0.8]) > 0.7
    assert next_place([0.1, 0.1]) < 0.6


def test_nobody_comes_closer_than_the_spacing_to_a_running_trial() -> None:
    policy = AdaptiveZooming()
    points = np.sort(np.append(np.linspace(0, 1, 30), 0.52))
    history = History(points, -((points - 0.52) ** 2), np.empty(0), watched=np.array([0.52]))
    for seed in range(20):
        place = policy.propose(history, np.random.default_rng(seed))
        assert abs(place - 0.52) >= policy.placement.spacing * 0.999


def test_dead_worker_s_reports_stay_while_its_place_becomes_free() -> None:
    study = _one_finished([0.3, 0.55])
    for x in np.linspace(0, 1, 20):
        study.tell(_start(study, FINISHED, x=x), FINISHED[-1])
    history = _history(study, 99)
    assert len(history.points) == 22
    assert len(history.watched) == 0


def test_running_trial_is_as_far_as_its_other_parameters_say() -> None:
    study = _study()
    study.tell(_start(study, FINISHED, kind="a", x=0.3), FINISHED[-1])
    _start(study, [0.3], kind="a", x=0.6)
    _start(study, [0.3], kind="b", x=0.7)
    asking = _start(study, [], kind="b")
    log = TrialLog(1.0)
    log.update(study.trials)
    chosen = chosen_parameters(study.trials[asking.number])
    history = log.history("x", Axis.of(AXIS), asking.number, chosen)
    assert history.points.tolist() == [0.3, 0.6, 0.7]
    assert history.distances is not None
    assert history.distances.tolist() == [1.0, 1.0, 0.0]


def test_finished_trial_counts_by_its_value_alone() -> None:
    study = _one_finished([0.3, 0.9])
    study.tell(1, 0.1, TrialState.COMPLETE)
    history = _history(study, 2)
    assert history.values.tolist() == [0.6, 0.1]
    assert len(history.watched) == 0
