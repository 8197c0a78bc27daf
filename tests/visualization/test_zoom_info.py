"""plot_zoom: what the figure shows, compared as data."""

from __future__ import annotations

import math

import numpy as np
import optuna
import pytest
from optuna.samplers import TPESampler

from optuna_zooming import TextbookZooming, ZoomingSampler, recommended_arm
from optuna_zooming.visualization._arms_info import _get_arms_plot_info
from optuna_zooming.visualization._zoom_info import _checkpoints, _get_zoom_plot_info
from tests.visualization.studies import (
    of_every_outcome,
    of_losses,
    of_several,
    of_stopped,
    study_of,
    trial_of,
)


@pytest.mark.parametrize(
    ("study", "name"),
    [(of_losses(20), "lr"), (of_stopped(), "lr"), (of_several(20), "x"), (of_several(20), "kind")],
)
def test_steps_are_what_was_recommended_when_the_study_was_so_long(
    study: optuna.Study, name: str
) -> None:
    info = _get_zoom_plot_info(study, name)
    for step in info.steps:
        so_far = study_of(study.trials[: int(step.number) + 1], study.direction.name.lower())  # type: ignore[arg-type]
        arm = recommended_arm(so_far, name)
        assert (step.value, step.ball) == (arm.value, arm.ball)
    assert info.steps[-1].number == len(study.trials) - 1
    assert info.recommended == recommended_arm(study, name)


def test_the_ball_shrinks_as_the_search_zooms_in() -> None:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(
        lambda t: (math.log10(t.suggest_float("lr", 1e-5, 1.0, log=True)) + 2.0) ** 2, n_trials=40
    )
    steps = _get_zoom_plot_info(study, "lr").steps
    widths = [math.log10(step.ball[1] / step.ball[0]) for step in steps]
    assert np.mean(widths[30:]) < np.mean(widths[3:10]) / 3


def test_it_is_that_of_the_policy_asked_for() -> None:
    study, policy = of_losses(20), TextbookZooming(horizon=20)
    info = _get_zoom_plot_info(study, "lr", policy=policy)
    assert info.recommended == recommended_arm(study, "lr", policy=policy)
    assert info.steps != _get_zoom_plot_info(study, "lr").steps


def test_trials_are_those_of_the_other_figure() -> None:
    study = of_every_outcome()
    zoom, arms = _get_zoom_plot_info(study, "lr"), _get_arms_plot_info(study, "lr")
    assert (zoom.points, zoom.best, zoom.axis) == (arms.points, arms.best, arms.axis)


def test_any_sampler_s_study_will_do() -> None:
    study = optuna.create_study(sampler=TPESampler(seed=0))
    study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=15)
    assert _get_zoom_plot_info(study, "x").steps


def test_nothing_is_recommended_before_anything_finite() -> None:
    study = study_of([trial_of(0.5, math.inf), trial_of(0.1, math.inf), trial_of(1e-3, 1.0)])
    assert [step.number for step in _get_zoom_plot_info(study, "lr").steps] == [2]
    assert _get_zoom_plot_info(study_of([trial_of(0.5, math.inf)]), "lr").steps == []


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("n_trials", [1, 2, 24, 25, 26, 49, 50, 51, 199, 200, 201, 5000, 10**6])
def test_it_is_looked_at_so_many_trials_at_most(n_trials: int, several: bool) -> None:
    counts = _checkpoints(n_trials, several)
    assert counts == sorted(set(counts))
    assert counts[0] == 1
    assert counts[-1] == n_trials
    assert len(counts) <= (25 if several else 50)
    # Early on, where the search zooms in, more often.
    assert len([count for count in counts if count <= 20]) >= min(n_trials, 5)


def test_a_bound_on_the_trials_leaves_the_steps() -> None:
    study = of_losses(120)
    info = _get_zoom_plot_info(study, "lr", most_trials=30)
    assert (len(info.points), info.n_trials) == (30, 120)
    assert info.steps == _get_zoom_plot_info(study, "lr").steps
