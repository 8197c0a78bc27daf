"""plot_arms: what the figure is made of, compared as data."""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import optuna
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState, create_trial

from optuna_zooming import TextbookZooming, active_arms, recommended_arm
from optuna_zooming.visualization import plot_arms
from optuna_zooming.visualization._arms_info import _get_arms_plot_info, _TrialPoint
from optuna_zooming.visualization._arms_plotly import _get_arms_plot

Direction = Literal["minimize", "maximize"]
LOG_RATE = FloatDistribution(1e-5, 1.0, log=True)


def _trial(
    value: Any,
    objective: float | None,
    *,
    state: TrialState = TrialState.COMPLETE,
    distribution: BaseDistribution = LOG_RATE,
    reports: dict[int, float] | None = None,
) -> FrozenTrial:
    return create_trial(
        params={"lr": value},
        distributions={"lr": distribution},
        value=objective,
        state=state,
        intermediate_values=reports,
    )


def _study(trials: Sequence[FrozenTrial], direction: Direction = "minimize") -> optuna.Study:
    study = optuna.create_study(direction=direction)
    study.add_trials(trials)
    return study


def test_every_outcome_is_told_apart() -> None:
    study = _study(
        [
            _trial(1e-3, 0.5),
            _trial(1e-2, 0.7, state=TrialState.PRUNED, reports={0: 0.7}),
            _trial(1e-1, math.inf),
            _trial(0.2, None, state=TrialState.FAIL, reports={0: math.nan}),
            _trial(0.3, None, state=TrialState.FAIL),
            _trial(0.4, None, state=TrialState.PRUNED),
            _trial(0.5, None, state=TrialState.RUNNING),
        ]
    )
    info = _get_arms_plot_info(study, "lr")
    assert info.points == [
        _TrialPoint(0, 1e-3, 0.5, "complete"),
        _TrialPoint(1, 1e-2, 0.7, "pruned"),
        _TrialPoint(2, 1e-1, None, "diverged"),
        _TrialPoint(3, 0.2, None, "diverged"),
        _TrialPoint(4, 0.3, None, "failed"),
        _TrialPoint(5, 0.4, None, "pruned"),
    ]
    assert info.best == info.points[0]
    assert info.is_log
    assert info.choices is None


def test_arms_are_the_public_ones_of_the_policy_asked_for() -> None:
    study = _study([_trial(10.0**-k, abs(k - 3) / 4) for k in range(6)])
    policy = TextbookZooming(horizon=10)
    info = _get_arms_plot_info(study, "lr", policy=policy)
    assert info.arms == active_arms(study, "lr", policy=policy)
    assert info.recommended == recommended_arm(study, "lr", policy=policy)
    assert info.arms != _get_arms_plot_info(study, "lr").arms


@pytest.mark.parametrize(
    ("distribution", "values", "axis_type"),
    [
        (LOG_RATE, [1e-4, 1e-3, 1e-2], "log"),
        (FloatDistribution(0.0, 1.0), [0.1, 0.5, 0.9], "linear"),
        (IntDistribution(1, 100, log=True), [1, 10, 100], "log"),
        (IntDistribution(1, 8), [1, 4, 8], "linear"),
        (CategoricalDistribution(["sgd", None, True]), ["sgd", None, True], "category"),
    ],
)
def test_axis_fits_the_distribution(
    distribution: BaseDistribution, values: list[Any], axis_type: str
) -> None:
    study = _study(
        [_trial(value, float(i), distribution=distribution) for i, value in enumerate(values)]
    )
    figure = plot_arms(study, "lr")
    assert figure.layout.xaxis.type == axis_type
    (complete,) = (trace for trace in figure.data if trace.name == "complete")
    shown = [str(value) for value in values] if axis_type == "category" else values
    assert list(complete.x) == shown


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_diverged_trials_stand_on_the_worse_edge(direction: Direction) -> None:
    sign = 1 if direction == "minimize" else -1
    study = _study(
        [_trial(1e-3, sign * 1.0), _trial(1e-2, sign * 2.0), _trial(0.5, sign * math.inf)],
        direction,
    )
    figure = plot_arms(study, "lr")
    (diverged,) = (trace for trace in figure.data if trace.name == "diverged")
    low, high = figure.layout.yaxis.range
    assert list(diverged.y) == [high if direction == "minimize" else low]


def test_an_exploded_loss_does_not_flatten_the_rest() -> None:
    study = _study([_trial(10.0**-k, float(k)) for k in range(1, 5)] + [_trial(1.0, 1e30)])
    low, high = _get_arms_plot(_get_arms_plot_info(study, "lr")).layout.yaxis.range
    assert low < 1.0 < 4.0 < high < 100.0


@pytest.mark.parametrize(
    "objectives", [[None], [math.inf], [math.inf, math.inf], [1.0], [1.0, 1.0], [1e300, -1e300]]
)
def test_awkward_studies_give_a_figure_of_finite_numbers(objectives: list[float | None]) -> None:
    study = _study(
        [
            _trial(10.0**-i, y, state=TrialState.FAIL if y is None else TrialState.COMPLETE)
            for i, y in enumerate(objectives)
        ]
    )
    figure = plot_arms(study, "lr")
    assert figure.data
    # JSON has no name for NaN or infinity, so plotly would write null.
    low, high = json.loads(figure.to_json())["layout"]["yaxis"]["range"]
    assert low < high
    for trace in figure.data:
        for heights in (trace.y, trace.error_y.array, trace.error_y.arrayminus):
            # None lifts the pen.
            drawn = [y for y in ([] if heights is None else heights) if y is not None]
            assert np.isfinite(drawn).all()


def test_unknown_interval_reaches_from_edge_to_edge_and_says_so() -> None:
    figure = plot_arms(_study([_trial(1e-3, 0.5)]), "lr")
    low, high = figure.layout.yaxis.range
    arm = next(trace for trace in figure.data if trace.name.startswith("arms"))
    assert (arm.y[0] - arm.error_y.arrayminus[0], arm.y[0] + arm.error_y.array[0]) == (low, high)
    assert "interval unknown" in arm.text[0]


@pytest.mark.parametrize("trials", [[], [_trial(1e-3, None, state=TrialState.RUNNING)]])
def test_nothing_finished_gives_an_empty_figure_and_a_warning(
    trials: list[FrozenTrial], caplog: pytest.LogCaptureFixture
) -> None:
    optuna.logging.enable_propagation()
    try:
        with caplog.at_level(logging.WARNING):
            figure = plot_arms(_study(trials), "lr")
    finally:
        optuna.logging.disable_propagation()
    assert figure.data == ()
    assert "No trial with parameter 'lr' has finished" in caplog.text


def test_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'momentum'"):
        plot_arms(_study([_trial(1e-3, 1.0)]), "momentum")


def test_several_objectives_are_refused() -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    with pytest.raises(ValueError, match="2 directions"):
        plot_arms(study, "lr")


def test_without_plotly_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    with pytest.raises(ImportError, match=r"optuna-zooming\[plot\]"):
        plot_arms(_study([_trial(1e-3, 1.0)]), "lr")


def test_choices_that_read_alike_have_columns_of_their_own() -> None:
    distribution = CategoricalDistribution([None, "None", "a"])
    study = _study([_trial(c, 1.0, distribution=distribution) for c in (None, "None", "a")])
    (complete,) = (trace for trace in plot_arms(study, "lr").data if trace.name == "complete")
    assert list(complete.x) == ["None", "'None'", "a"]


@pytest.mark.parametrize("constraints", [None, 1.0, [None], ["x"], {"a": None}])
def test_constraints_that_optuna_cannot_read_do_no_harm(constraints: Any) -> None:
    trial = create_trial(
        params={"lr": 0.1},
        distributions={"lr": LOG_RATE},
        value=1.0,
        system_attrs={"constraints": constraints},
    )
    assert len(plot_arms(_study([trial]), "lr").data) > 0


def _several(n_trials: int) -> optuna.Study:
    rng = np.random.default_rng(0)
    study = optuna.create_study()
    for _ in range(n_trials):
        params: dict[str, Any] = {"lr": float(10 ** rng.uniform(-5, 0)), "x": 0.25 + rng.random()}
        params["kind"] = ("<b>", "adam")[int(rng.integers(2))]
        distributions: dict[str, Any] = {
            "lr": LOG_RATE,
            "x": FloatDistribution(0.0, 2.0),
            "kind": CategoricalDistribution(["<b>", "adam"]),
        }
        value = float(params["x"] + (params["kind"] == "adam"))
        study.add_trial(create_trial(params=params, distributions=distributions, value=value))
    return study


def test_the_title_says_where_the_other_parameters_are() -> None:
    study = _several(20)
    arm = recommended_arm(study, "lr")
    assert arm.section is not None
    figure = plot_arms(study, "lr")
    # What a choice is called is no markup.
    section = f"section through x={arm.section['x']:.3g}, kind=&lt;b&gt;"
    assert figure.layout.title.text == f"Arms of lr<br><sub>{section}</sub>"
    assert figure.layout.xaxis.title.text == "lr"
    (star,) = (trace for trace in figure.data if trace.name == "recommended arm")
    assert (star.x[0], star.y[0]) == (arm.value, arm.mean)


def test_before_the_model_begins_the_title_says_marginal() -> None:
    assert "marginal" in plot_arms(_several(6), "lr").layout.title.text


def test_of_a_single_parameter_the_title_says_no_more() -> None:
    study = _study([_trial(10.0**-k, abs(k - 3) / 4) for k in range(6)] * 3)
    assert plot_arms(study, "lr").layout.title.text == "Arms of lr"
