"""Both figures as matplotlib draws them, from the same data as plotly."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, IntDistribution
from optuna.trial import TrialState

from optuna_zooming import recommended_arm
from optuna_zooming.visualization import matplotlib as drawn
from optuna_zooming.visualization._arms_info import _get_arms_plot_info
from optuna_zooming.visualization._plotly._parts import _escaped
from optuna_zooming.visualization._wording import _title
from tests.visualization.studies import (
    LONG_NAME,
    of_every_outcome,
    of_integers,
    of_losses,
    of_several,
    of_stopped,
    study_of,
    trial_of,
)

pyplot = pytest.importorskip("matplotlib.pyplot")
BOTH = pytest.mark.parametrize("plot", [drawn.plot_arms, drawn.plot_zoom])
Plot = Callable[..., Any]


@pytest.fixture(autouse=True)
def _without_a_window() -> Iterator[None]:
    pyplot.switch_backend("Agg")
    yield
    pyplot.close("all")


def _names(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.get_legend().get_texts()]


def _offsets(axes: Any, name: str) -> list[tuple[float, float]]:
    """Where the marks of a name are."""
    found = [each for each in axes.collections if each.get_label() == name]
    return [tuple(point) for each in found for point in each.get_offsets()]


@BOTH
@pytest.mark.parametrize(
    "study",
    [
        of_losses(1),
        of_losses(60),
        of_losses(60, "maximize"),
        of_losses(1000),
        of_stopped(),
        of_several(20),
        of_several(6),
        of_integers(),
        of_every_outcome(),
        study_of([trial_of(1e-3, math.inf)]),
        study_of([trial_of(10.0**-k, 10.0**-k) for k in range(5)]),
        study_of([trial_of(3, 1.0, distribution=IntDistribution(3, 3))]),
        study_of([trial_of(1e-3, 1e300), trial_of(1e-2, -1e300)]),
    ],
)
def test_every_study_is_drawn_without_a_warning(plot: Plot, study: optuna.Study) -> None:
    axes = plot(study, "lr")
    axes.figure.canvas.draw()
    assert axes.figure.axes[0] is axes
    expected = _title("lr", _get_arms_plot_info(study, "lr").recommended)
    assert axes.get_title(loc="left") == "\n".join(expected)
    names = _names(axes)
    assert len(names) == len(set(names))


def test_the_panels_are_those_of_the_data() -> None:
    study = of_losses(60)
    info = _get_arms_plot_info(study, "lr")
    whole, detail = drawn.plot_arms(study, "lr").figure.axes
    assert info.axis is not None
    assert info.detail is not None
    assert whole.get_xscale() == detail.get_xscale() == "log"
    assert whole.get_xlim() == pytest.approx(info.axis.padded())
    assert whole.get_ylim() == pytest.approx(info.scale[:2])
    assert detail.get_xlim() == pytest.approx((info.detail.left, info.detail.right))
    assert detail.get_ylim() == pytest.approx(info.detail.scale[:2])


def test_what_is_recommended_is_a_ring_in_both_panels() -> None:
    study = of_losses(60)
    arm = recommended_arm(study, "lr")
    for axes in drawn.plot_arms(study, "lr").figure.axes:
        assert _offsets(axes, "recommended") == [pytest.approx((arm.value, arm.mean))]


def test_trials_are_where_the_data_says() -> None:
    study = of_stopped()
    points = _get_arms_plot_info(study, "lr").points
    axes = drawn.plot_arms(study, "lr")
    pruned = _offsets(axes, "pruned, with its last report")
    assert pruned == [(p.param_value, p.objective) for p in points if p.outcome == "pruned"]
    numbered = _offsets(drawn.plot_zoom(study, "lr"), "complete")
    assert numbered == [(p.number, p.param_value) for p in points if p.outcome == "complete"]


def test_diverged_and_failed_trials_stand_on_the_worse_edge() -> None:
    axes = drawn.plot_arms(of_every_outcome(), "lr")
    high = axes.get_ylim()[1]
    for name in ("diverged", "failed", "running"):
        assert [y for _, y in _offsets(axes, name)][:1] == [pytest.approx(high)]


def test_losses_over_decades_are_on_a_logarithmic_axis() -> None:
    study = study_of([trial_of(10.0 ** -(k + 1), 10.0**-k) for k in range(5)])
    assert drawn.plot_arms(study, "lr").get_yscale() == "log"


def test_choices_are_labels() -> None:
    distribution = CategoricalDistribution(["$a_b$", "<b>", None])
    study = study_of([trial_of(c, 1.0, distribution=distribution) for c in distribution.choices])
    for axes, which in ((drawn.plot_arms(study, "lr"), "x"), (drawn.plot_zoom(study, "lr"), "y")):
        axes.figure.canvas.draw()
        labels = [tick.get_text() for tick in getattr(axes, f"get_{which}ticklabels")()]
        # No formula: matplotlib shows an escaped dollar as one.
        assert labels == [r"\$a_b\$", "<b>", "None"]


@BOTH
def test_long_names_stay_inside_of_the_figure(plot: Plot) -> None:
    names = (LONG_NAME, f"{LONG_NAME}_2", f"{LONG_NAME}_3")
    axes = plot(of_several(20, names), LONG_NAME)
    axes.figure.canvas.draw()
    width, height = axes.figure.bbox.size
    texts = [*axes.texts, axes.xaxis.label, axes.yaxis.label, *axes.get_legend().get_texts()]
    texts.append(axes._left_title)
    for text in texts:
        box = text.get_window_extent()
        if text.get_text():
            assert box.x0 >= 0
            assert box.y0 >= 0
            assert box.x1 <= width
            assert box.y1 <= height


@BOTH
def test_the_page_s_own_background_shows_through(plot: Plot) -> None:
    axes = plot(of_losses(5), "lr")
    assert axes.figure.get_facecolor()[3] == 0.0
    assert axes.get_facecolor()[3] == 0.0


@BOTH
@pytest.mark.parametrize("trials", [[], [trial_of(1e-3, None, state=TrialState.RUNNING)]])
def test_nothing_finished_gives_empty_axes_and_a_warning(
    plot: Plot, trials: list[Any], optuna_log: pytest.LogCaptureFixture
) -> None:
    axes = plot(study_of(trials), "lr")
    assert not axes.has_data()
    assert "No trial with parameter 'lr' has finished" in optuna_log.text


@BOTH
def test_unknown_parameters_and_several_objectives_are_refused(plot: Plot) -> None:
    with pytest.raises(ValueError, match="'momentum'"):
        plot(study_of([trial_of(1e-3, 1.0)]), "momentum")
    with pytest.raises(ValueError, match="single objective, but it has 2"):
        plot(optuna.create_study(directions=["minimize", "maximize"]), "lr")


@BOTH
def test_without_matplotlib_the_extra_is_named(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"plot_\w+ needs matplotlib.*zooming\[matplotlib\]"):
        plot(study_of([trial_of(1e-3, 1.0)]), "lr")


def test_the_target_name_stands_beside_the_axis() -> None:
    axes = drawn.plot_arms(of_losses(5), "lr", target_name="loss")
    assert axes.get_ylabel() == "loss"


def test_plotly_s_escapes_are_plotly_s_own() -> None:
    assert _escaped("$<") == "&#36;&lt;"
    axes = drawn.plot_arms(study_of([trial_of(1e-3, 0.5, name="$<")]), "$<")
    assert axes.get_xlabel() == r"\$<"


def test_marks_are_no_smaller_than_what_can_be_seen() -> None:
    axes: Any = drawn.plot_arms(of_losses(1000), "lr")
    (complete,) = (each for each in axes.collections if each.get_label() == "complete")
    assert np.sqrt(complete.get_sizes()[0]) > 2.0
