"""Both figures as plotly draws them: traces, layout, texts, and how large they are."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
import plotly.graph_objects as go
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState, create_trial

from optuna_zooming import recommended_arm
from optuna_zooming.visualization import plot_arms, plot_zoom
from optuna_zooming.visualization._arms_info import _get_arms_plot_info
from optuna_zooming.visualization._plotly._arms import _get_arms_plot
from optuna_zooming.visualization._plotly._zoom import _get_zoom_plot
from optuna_zooming.visualization._zoom_info import _get_zoom_plot_info
from tests.visualization.studies import (
    LOG_RATE,
    LONG_NAME,
    Direction,
    of_every_outcome,
    of_integers,
    of_losses,
    of_several,
    of_stopped,
    study_of,
    trial_of,
)

Plot = Callable[..., go.Figure]
BOTH = pytest.mark.parametrize("plot", [plot_arms, plot_zoom])
HUGE = sys.float_info.max
WHITE, BLACK = "#ffffff", "#121212"
# Characters of a figure's JSON that a dashboard may hold.
LARGEST = 60_000


def _named(figure: go.Figure, name: str, detail: bool = False) -> Any:
    """The trace of a name, in the first or in the second panel."""
    axis = "x2" if detail else "x"
    return next(t for t in figure.data if t.name == name and (t.xaxis or "x") == axis)


def _names(figure: go.Figure) -> list[str]:
    return [trace.name for trace in figure.data if trace.showlegend]


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
def test_axes_fit_the_distribution(
    distribution: BaseDistribution, values: list[Any], axis_type: str
) -> None:
    study = study_of(
        [trial_of(value, float(i), distribution=distribution) for i, value in enumerate(values)]
    )
    shown = [str(value) for value in values] if axis_type == "category" else values
    arms, zoom = plot_arms(study, "lr"), plot_zoom(study, "lr")
    assert arms.layout.xaxis.type == zoom.layout.yaxis.type == axis_type
    assert list(_named(arms, "complete").x) == shown
    assert list(_named(zoom, "complete").y) == shown


@pytest.mark.parametrize("n_trials", [1, 15])
def test_the_whole_search_range_is_shown(n_trials: int) -> None:
    figure = plot_arms(of_losses(n_trials), "lr")
    low, high = figure.layout.xaxis.range
    # With a margin, of 1e-5 to 1.
    assert -5.2 < low < -5.0 < 0.0 < high < 0.2


@BOTH
def test_the_title_is_the_answer_in_three_digits(plot: Plot) -> None:
    study = of_losses(15)
    arm = recommended_arm(study, "lr")
    low, high = (f"{end:.3g}" for end in arm.interval)
    title = plot(study, "lr").layout.title.text
    assert title == f"recommended lr {arm.value:.3g}: {arm.mean:.3g} ({low} to {high})"


@BOTH
def test_the_title_says_where_nothing_is_known(plot: Plot) -> None:
    alone = plot(study_of([trial_of(1e-3, 0.5)]), "lr")
    assert alone.layout.title.text == "recommended lr 0.001: 0.5 (interval unknown)"
    lost = plot(study_of([trial_of(1e-3, math.inf)]), "lr")
    assert lost.layout.title.text == "nothing can be recommended for lr yet"


@BOTH
def test_the_title_says_where_the_other_parameters_are(plot: Plot) -> None:
    study = of_several(20)
    arm = recommended_arm(study, "lr")
    assert arm.section is not None
    title = plot(study, "lr").layout.title.text
    # What a choice is called is no markup.
    assert f"section through x={arm.section['x']:.3g}, kind=&lt;b&gt;<" in title
    assert "marginal" in plot(of_several(6), "lr").layout.title.text


@BOTH
def test_the_title_says_how_many_trials_are_not_shown(plot: Plot) -> None:
    study = of_losses(20)
    study.add_trial(trial_of(1e-3, 0.05, distribution=FloatDistribution(1e-4, 1e-2, log=True)))
    assert re.search(r"not shown: \d trials outside", plot(study, "lr").layout.title.text)


@BOTH
def test_long_names_are_wrapped_and_no_markup(plot: Plot) -> None:
    names = (LONG_NAME, f"{LONG_NAME}_2", f"{LONG_NAME}_3")
    figure = plot(of_several(20, names), LONG_NAME)
    lines = figure.layout.title.text.replace("&lt;", "<").replace("&gt;", ">")
    lines = re.sub(r"</?span[^>]*>", "", lines).split("<br>")
    assert max(map(len, lines)) <= 110
    assert len(lines) <= 6
    assert LONG_NAME in lines[0]
    axis = figure.layout.xaxis if plot is plot_arms else figure.layout.yaxis
    assert len(axis.title.text) < 50
    assert "<learning>" not in figure.to_json()


def test_a_dollar_or_a_template_in_a_name_is_text() -> None:
    name = "$lr$ %{x}"
    figure = plot_arms(study_of([trial_of(1e-3, 0.5, name=name)]), name)
    assert "$" not in figure.layout.title.text
    assert "%{x} =" not in _named(figure, "complete").hovertemplate


def test_the_recommended_arm_is_a_ring_and_a_thin_line() -> None:
    study = of_losses(60)
    arm = recommended_arm(study, "lr")
    figure = plot_arms(study, "lr")
    for detail in (False, True):
        ring = _named(figure, "recommended", detail)
        assert (ring.x[0], ring.y[0]) == pytest.approx((arm.value, arm.mean), rel=1e-3)
        assert ring.marker.symbol == "circle-open"
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert [line.xref for line in lines] == ["x", "x2"]
    assert [line.x0 for line in lines] == [line.x1 for line in lines]


def test_the_first_panel_marks_what_the_second_shows() -> None:
    figure = plot_arms(of_losses(60), "lr")
    (frame,) = (shape for shape in figure.layout.shapes if shape.type == "rect")
    shown = [10.0**end for end in figure.layout.xaxis2.range]
    assert [frame.x0, frame.x1] == pytest.approx(shown, rel=1e-3)
    assert [frame.y0, frame.y1] == pytest.approx(list(figure.layout.yaxis2.range), rel=1e-3)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]


@pytest.mark.parametrize("study", [of_losses(60), of_stopped(), of_several(20)])
def test_the_legend_names_everything_once(study: optuna.Study) -> None:
    figure = plot_arms(study, "lr")
    names = _names(figure)
    assert len(names) == len(set(names))
    assert {trace.name for trace in figure.data} == set(names)


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_what_has_no_value_stands_on_the_worse_edge(direction: Direction) -> None:
    sign = 1 if direction == "minimize" else -1
    study = study_of(
        [
            trial_of(1e-3, sign * 1.0),
            trial_of(1e-2, sign * 2.0),
            trial_of(1e-2, sign * 2.1),
            trial_of(0.4, sign * 1e30),
            trial_of(0.5, sign * math.inf),
            trial_of(0.6, None, state=TrialState.FAIL),
            trial_of(0.7, None, state=TrialState.RUNNING),
        ],
        direction,
    )
    figure = plot_arms(study, "lr")
    low, high = figure.layout.yaxis.range
    symbols = set()
    for name in ("diverged", "failed", "running", "off the scale"):
        trace = _named(figure, name)
        assert list(trace.y) == [pytest.approx(high if direction == "minimize" else low, rel=1e-3)]
        # Drawn whole.
        assert trace.cliponaxis is False
        symbols.add(trace.marker.symbol)
    assert len(symbols) == 4
    assert _named(figure, "off the scale").text == (f"{sign * 1e30:.3g}, off the scale",)


def test_stopped_trials_have_a_tail_to_their_last_report() -> None:
    figure = plot_arms(of_stopped(), "lr")
    stopped = _named(figure, "pruned, with its last report")
    edge = figure.layout.yaxis.range[0]
    for height, up, down, report in zip(
        stopped.y, stopped.error_y.array, stopped.error_y.arrayminus, (0.2, 0.1)
    ):
        assert up == 0.0
        # Off the scale, it ends on the edge.
        assert height - down == pytest.approx(max(report, edge), abs=1e-3)
    assert _named(figure, "complete").error_y.array is None


def _hovers(figure: go.Figure) -> list[str]:
    """The texts beside the first point of each trace, as plotly fills its templates."""
    texts = []
    for trace in figure.data:
        if trace.hovertemplate is None:
            continue
        custom = trace.customdata[0] if trace.customdata is not None else ()
        known = {f"customdata[{i}]": value for i, value in enumerate(custom)}
        known.update(x=trace.x[0], y=trace.y[0])
        if trace.text is not None:
            known["text"] = trace.text[0]

        def filled(match: re.Match[str], known: dict[str, Any] = known) -> str:
            value = known[match[1]]
            return f"{value:.3g}" if "3~g" in (match[2] or "") else str(value)

        text = re.sub(r"%\{([^}:]+)(:[^}]*)?\}", filled, trace.hovertemplate)
        texts.append(text.removesuffix("<extra></extra>"))
    return texts


def test_hovering_over_a_trial_tells_what_became_of_it() -> None:
    assert _hovers(plot_arms(of_every_outcome(), "lr"))[:6] == [
        "trial 0: lr = 0.001<br>reached 0.5",
        "trial 1: lr = 0.01<br>stopped at step 0 with 0.7; expected to reach 0.7",
        "trial 5: lr = 0.4<br>stopped before it reported anything",
        "trial 6: lr = 0.5<br>running, no report yet",
        "trial 2: lr = 0.1<br>diverged",
        "trial 4: lr = 0.3<br>failed without a value",
    ]
    zoom = _hovers(plot_zoom(of_every_outcome(), "lr"))
    assert "trial 0: lr = 0.001<br>reached 0.5" in zoom
    assert "trial 1: lr = 0.01<br>stopped at step 0 with 0.7; expected to reach 0.7" in zoom


def test_hovering_over_an_arm_tells_its_mean_and_what_it_rests_on() -> None:
    study = of_stopped()
    arm = recommended_arm(study, "lr")
    low, high = (f"{end:.3g}" for end in arm.interval)
    mean = f"mean {arm.mean:.3g} (95 %: {low} to {high})"
    texts = _hovers(plot_arms(study, "lr"))
    assert any(f"recommended arm lr {arm.value:.3g}: {mean}<br>" in text for text in texts)
    alone = _hovers(plot_arms(study_of([trial_of(1e-3, 0.5)]), "lr"))
    assert "arm lr 0.001: mean 0.5 (interval unknown)<br>1 trial" in alone


@BOTH
def test_numbers_in_texts_have_three_digits(plot: Plot) -> None:
    figure = plot(of_losses(15), "lr")
    digits = [re.sub(r"[^\d]", "", n) for t in _hovers(figure) for n in re.findall(r"\d*\.\d+", t)]
    assert digits
    assert max(len(each.strip("0")) for each in digits) <= 3


def test_hovering_over_the_line_tells_what_was_recommended() -> None:
    study = of_losses(15)
    line = _named(plot_zoom(study, "lr"), "recommended so far")
    arm = recommended_arm(study, "lr")
    low, high = (f"{end:.3g}" for end in arm.ball)
    assert line.text[-1] == f"{arm.value:.3g} recommended<br>its confidence ball: {low} to {high}"


def test_the_line_ends_at_what_is_recommended_now() -> None:
    study = of_losses(15)
    figure = plot_zoom(study, "lr")
    line, ball = (_named(figure, n) for n in ("recommended so far", "its confidence ball"))
    arm = recommended_arm(study, "lr")
    assert line.y[-1] == pytest.approx(arm.value, rel=1e-3)
    assert line.line.shape == "hv"
    # Around the band: along its upper edge and back along the lower one.
    half = len(ball.y) // 2
    assert (ball.y[half], ball.y[half - 1]) == pytest.approx(arm.ball, rel=1e-3)


@pytest.mark.parametrize("n_trials", [1, 5])
def test_there_are_no_ticks_between_trials(n_trials: int) -> None:
    assert plot_zoom(of_losses(n_trials), "lr").layout.xaxis.dtick == 1


def test_of_choices_there_is_a_line_without_a_band() -> None:
    figure = plot_zoom(of_several(20), "kind")
    assert "its confidence ball" not in _names(figure)
    assert set(_named(figure, "recommended so far").y) <= {"&lt;b&gt;", "adam"}


def test_an_interval_of_which_nothing_is_known_reaches_from_edge_to_edge() -> None:
    figure = plot_arms(study_of([trial_of(1e-3, 0.5)]), "lr")
    arm = next(trace for trace in figure.data if trace.name.startswith("arms"))
    ends = (arm.y[0] - arm.error_y.arrayminus[0], arm.y[0] + arm.error_y.array[0])
    assert ends == pytest.approx(figure.layout.yaxis.range)


def test_on_a_logarithmic_scale_intervals_below_zero_are_cut() -> None:
    rng = np.random.default_rng(0)
    exponents = rng.uniform(-5, 0, 30)
    losses = 10 ** (1.5 * np.abs(exponents + 2) - 4 + rng.normal(0, 0.5, 30))
    study = study_of([trial_of(float(10**e), float(y)) for e, y in zip(exponents, losses)])
    figure = plot_arms(study, "lr")
    assert figure.layout.yaxis.type == "log"
    bottom = 10.0 ** figure.layout.yaxis.range[0]
    arm = next(trace for trace in figure.data if trace.name.startswith("arms"))
    assert any(a.interval[0] < 0 for a in _get_arms_plot_info(study, "lr").arms)
    for y, down in zip(arm.y, arm.error_y.arrayminus):
        assert y - down >= 0.99 * bottom


def test_the_mean_is_a_line_on_its_band() -> None:
    figure = plot_arms(of_losses(15), "lr")
    band, line = (trace for trace in figure.data[:2])
    assert band.fill == "toself"
    assert not band.showlegend
    assert line.name == band.name == "estimated mean, 95 % band"
    # None lifts the pen; x increases on the way.
    drawn = [x for x in line.x if x is not None]
    assert drawn == sorted(drawn)


@BOTH
@pytest.mark.parametrize("n_trials", [1, 5, 50, 2000])
def test_many_trials_are_small_and_translucent(plot: Plot, n_trials: int) -> None:
    complete = _named(plot(of_losses(n_trials), "lr"), "complete")
    assert len(complete.x) >= 0.8 * n_trials
    assert (complete.opacity <= 0.5) == (n_trials > 300)
    assert (complete.marker.size < 5) == (n_trials > 300)


def test_trials_fade_where_other_parameters_vary() -> None:
    studies = (of_losses(20), of_several(20))
    alone, beside = (_named(plot_arms(study, "lr"), "complete") for study in studies)
    assert beside.opacity < alone.opacity
    assert beside.marker.size < alone.marker.size


def _luminance(color: str) -> float:
    """Relative luminance by the Web Content Accessibility Guidelines."""
    shares = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@BOTH
@pytest.mark.parametrize("page", [WHITE, BLACK])
def test_text_and_marks_are_legible_on_any_page(plot: Plot, page: str) -> None:
    figure = plot(of_every_outcome(), "lr")
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert _contrast(figure.layout.font.color, page) >= 4.0
    colors = {trace.marker.color for trace in figure.data if trace.marker.color}
    assert len(colors) >= 3
    for color in colors:
        assert _contrast(color, page) >= 3.0


@BOTH
def test_nothing_of_plotly_s_own_template_is_kept(plot: Plot) -> None:
    template = json.loads(plot(of_losses(5), "lr").to_json())["layout"]["template"]
    assert template in ({}, {"data": {"scatter": [{"type": "scatter"}]}})


def test_in_black_and_white_symbols_tell_everything_apart() -> None:
    figure = plot_arms(of_every_outcome(), "lr")
    symbols = {trace.name: trace.marker.symbol for trace in figure.data if trace.marker.symbol}
    assert len(symbols) == 8
    assert len(set(symbols.values())) == 8


@BOTH
@pytest.mark.parametrize(
    "objectives", [[None], [math.inf], [math.inf, math.inf], [1.0], [1.0, 1.0], [1e300, -1e300]]
)
@pytest.mark.parametrize(
    "distribution",
    [
        LOG_RATE,
        FloatDistribution(-HUGE, HUGE),
        FloatDistribution(0.0, 5e-324),
        FloatDistribution(1.0, math.nextafter(1.0, 2.0)),
        FloatDistribution(5e-324, HUGE, log=True),
        IntDistribution(3, 3),
        IntDistribution(-(2**60), 2**60),
    ],
)
def test_awkward_studies_give_a_figure_of_finite_numbers(
    plot: Plot, distribution: Any, objectives: list[float | None]
) -> None:
    ends = (distribution.low, distribution.high)
    study = study_of(
        [
            trial_of(
                ends[i],
                y,
                state=TrialState.FAIL if y is None else TrialState.COMPLETE,
                distribution=distribution,
            )
            for i, y in enumerate(objectives)
        ]
    )
    figure = plot(study, "lr")
    assert figure.data
    # JSON has no name for NaN or infinity, so plotly would write null.
    layout = json.loads(figure.to_json())["layout"]
    for axis in (value for name, value in layout.items() if "axis" in name):
        assert axis["range"][0] < axis["range"][1]
    for trace in figure.data:
        for numbers in (trace.x, trace.y, trace.error_y.array, trace.error_y.arrayminus):
            # None lifts the pen.
            drawn = [number for number in numbers or () if number is not None]
            assert np.isfinite(np.array(drawn, dtype=np.float64)).all()


@BOTH
@pytest.mark.parametrize("trials", [[], [trial_of(1e-3, None, state=TrialState.RUNNING)]])
def test_nothing_finished_gives_an_empty_figure_and_a_warning(
    plot: Plot, trials: list[Any], optuna_log: pytest.LogCaptureFixture
) -> None:
    figure = plot(study_of(trials), "lr")
    assert figure.data == ()
    assert "No trial with parameter 'lr' has finished" in optuna_log.text


@BOTH
def test_unknown_parameter_is_refused_by_name(plot: Plot) -> None:
    with pytest.raises(ValueError, match="'momentum'"):
        plot(study_of([trial_of(1e-3, 1.0)]), "momentum")


@BOTH
def test_several_objectives_are_refused(plot: Plot) -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    with pytest.raises(ValueError, match="single objective, but it has 2"):
        plot(study, "lr")


@BOTH
def test_without_plotly_the_extra_is_named(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    with pytest.raises(ImportError, match=r"plot_\w+ needs plotly.*optuna-zooming\[plot\]"):
        plot(study_of([trial_of(1e-3, 1.0)]), "lr")


def test_integers_have_ticks_of_their_own() -> None:
    assert plot_arms(of_integers(), "lr").layout.xaxis.dtick == 1


def _many(distribution: BaseDistribution, n_others: int) -> optuna.Study:
    """5,000 trials around the middle of a range, most of them pruned.

    The names of the parameters are long, and full of what has to be escaped.
    """
    rng = np.random.default_rng(0)
    names = ["<" * 60, *(f"{'&' * 60}{i}" for i in range(n_others))]
    distributions = {names[0]: distribution, **dict.fromkeys(names[1:], FloatDistribution(0, 1))}
    trials = []
    for _ in range(5000):
        place = float(np.clip(rng.normal(0.5, 0.03), 0.0, 1.0))
        first: Any = 10 ** (-6 * place)
        if isinstance(distribution, CategoricalDistribution):
            first = distribution.choices[int(place * len(distribution.choices))]
        elif isinstance(distribution, IntDistribution):
            first = round(distribution.low + place * (distribution.high - distribution.low))
        params = {names[0]: first, **{name: float(rng.random()) for name in names[1:]}}
        value = -0.0123456 * (place - 0.5) ** 2 + float(rng.normal(0.0, 1e-4))
        pruned = bool(rng.random() < 0.9)
        trials.append(
            create_trial(
                params=params,
                distributions=distributions,
                value=value * 1.23456 if pruned else value,
                state=TrialState.PRUNED if pruned else TrialState.COMPLETE,
                intermediate_values={1: value * 2.3456, 123456: value * 1.23456},
            )
        )
    return study_of(trials)


@pytest.mark.parametrize(
    ("distribution", "n_others"),
    [
        (FloatDistribution(1e-6, 1.0, log=True), 0),
        (FloatDistribution(1e-6, 1.0, log=True), 5),
        (IntDistribution(10**15, 10**15 + 10**14), 0),
        (CategoricalDistribution([f"<{i}>" * 60 for i in range(30)]), 0),
    ],
    ids=["log", "section", "integers", "choices"],
)
def test_a_figure_for_a_dashboard_is_small(distribution: BaseDistribution, n_others: int) -> None:
    study, name = _many(distribution, n_others), "<" * 60
    arms = _get_arms_plot(_get_arms_plot_info(study, name, most_trials=300))
    zoom = _get_zoom_plot(_get_zoom_plot_info(study, name, most_trials=300))
    for figure in (arms, zoom):
        assert len(figure.to_json()) < LARGEST
        assert "complete (drawn: 300 of 5,000 trials)" in _names(figure)
