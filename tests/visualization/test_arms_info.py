"""plot_arms: what the figure shows, compared as data."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from optuna_zooming import AdaptiveZooming, TextbookZooming, active_arms, recommended_arm
from optuna_zooming._policy.arms import Policy
from optuna_zooming.visualization._arms_info import _ArmsPlotInfo, _get_arms_plot_info
from optuna_zooming.visualization._points import _TrialPoint
from optuna_zooming.visualization._zoom_info import _get_zoom_plot_info
from tests.visualization.studies import (
    LOG_RATE,
    Direction,
    of_every_outcome,
    of_integers,
    of_losses,
    of_several,
    of_stopped,
    study_of,
    trial_of,
)


def _points(info: _ArmsPlotInfo) -> dict[int, _TrialPoint]:
    return {point.number: point for point in info.points}


def test_every_outcome_is_told_apart() -> None:
    info = _get_arms_plot_info(of_every_outcome(), "lr")
    assert info.points == [
        _TrialPoint(0, 1e-3, 0.5, "complete"),
        _TrialPoint(1, 1e-2, 0.7, "pruned", (0, 0.7)),
        _TrialPoint(2, 1e-1, None, "diverged"),
        _TrialPoint(3, 0.2, None, "diverged"),
        _TrialPoint(4, 0.3, None, "failed"),
        _TrialPoint(5, 0.4, None, "pruned"),
        _TrialPoint(6, 0.5, None, "running"),
    ]
    assert info.best == info.points[0]
    assert info.n_trials == 7


def test_arms_are_the_public_ones_of_the_policy_asked_for() -> None:
    study = study_of([trial_of(10.0**-k, abs(k - 3) / 4) for k in range(6)])
    policy = TextbookZooming(horizon=10)
    info = _get_arms_plot_info(study, "lr", policy=policy)
    assert info.arms == active_arms(study, "lr", policy=policy)
    assert info.recommended == recommended_arm(study, "lr", policy=policy)
    assert info.arms != _get_arms_plot_info(study, "lr").arms


def test_stopped_and_running_trials_are_where_they_are_expected_to_end() -> None:
    points = _points(_get_arms_plot_info(of_stopped(), "lr"))
    # Every complete trial rose by 0.5 from its report at step 1.
    for number, report in ((8, 0.2), (9, 0.1), (10, 0.2)):
        point = points[number]
        assert point.report == (1, report)
        assert point.objective == pytest.approx(report + 0.5, abs=0.05)
    assert points[8].outcome == "pruned"
    assert points[10].outcome == "running"


def test_a_running_trial_that_reported_nan_has_diverged() -> None:
    study = of_stopped()
    running = trial_of(0.5, None, state=TrialState.RUNNING, reports={1: math.nan})
    study.add_trial(running)
    point = _get_arms_plot_info(study, "lr").points[-1]
    assert (point.outcome, point.objective, point.report) == ("diverged", None, None)


CURVES: list[tuple[optuna.Study, str, Policy | None]] = [
    (of_losses(30), "lr", None),
    (of_losses(30, "maximize"), "lr", None),
    (of_losses(300), "lr", None),
    (of_losses(30), "lr", TextbookZooming(horizon=30, scale=0.1)),
    (of_stopped(), "lr", None),
    (of_integers(), "lr", None),
    (of_several(20), "lr", None),
    (of_several(20), "x", None),
    (of_several(6), "lr", None),
    (study_of([trial_of(1e-3, 0.5)]), "lr", None),
    (study_of([trial_of(1e-3, 0.5), trial_of(1e-2, 0.5)]), "lr", None),
]


@pytest.mark.parametrize(("study", "name", "policy"), CURVES)
def test_the_curve_runs_through_the_arms(
    study: optuna.Study, name: str, policy: Policy | None
) -> None:
    info = _get_arms_plot_info(study, name, policy=policy)
    assert info.curve is not None
    values = np.array(info.curve.values)
    assert (np.diff(values) >= 0).all()
    for arm in info.arms:
        at = int(np.abs(values - arm.value).argmin())
        assert values[at] == pytest.approx(arm.value, rel=1e-9)
        assert info.curve.means[at] == arm.mean
        assert (info.curve.lows[at], info.curve.highs[at]) == arm.interval


@pytest.mark.parametrize(("study", "name", "policy"), CURVES)
def test_the_band_holds_the_mean(study: optuna.Study, name: str, policy: Policy | None) -> None:
    curve = _get_arms_plot_info(study, name, policy=policy).curve
    assert curve is not None
    for piece in curve.pieces():
        for point in piece:
            assert point.low <= point.mean <= point.high


def test_the_curve_breaks_where_every_trial_diverged() -> None:
    rates = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    study = study_of(
        [trial_of(rate, math.inf if rate == 1e-3 else 1.0 + rate) for rate in rates for _ in "ab"]
    )
    curve = _get_arms_plot_info(study, "lr").curve
    assert curve is not None
    ends = [(piece[0].value, piece[-1].value) for piece in curve.pieces()]
    assert ends == [pytest.approx((1e-5, 1e-4)), pytest.approx((1e-2, 1e-1))]


def test_of_choices_there_is_no_curve() -> None:
    info = _get_arms_plot_info(of_several(20), "kind")
    assert info.curve is None
    assert info.detail is None


@pytest.mark.parametrize("n_trials", [5, 50])
def test_the_axis_is_the_latest_range(n_trials: int) -> None:
    study = of_losses(n_trials)
    wide = FloatDistribution(1e-7, 10.0, log=True)
    study.add_trial(trial_of(1e-3, 0.1, distribution=wide))
    axis = _get_arms_plot_info(study, "lr").axis
    assert axis is not None
    assert (axis.low, axis.high, axis.is_log) == (1e-7, 10.0, True)


def test_trials_outside_of_the_latest_range_are_counted_and_left_out() -> None:
    study = of_losses(20)
    narrow = FloatDistribution(1e-4, 1e-2, log=True)
    study.add_trial(trial_of(1e-3, 0.05, distribution=narrow))
    outside = sum(not 1e-4 <= trial.params["lr"] <= 1e-2 for trial in study.trials)
    info = _get_arms_plot_info(study, "lr")
    assert outside > 0
    assert (info.n_outside, info.n_trials) == (outside, len(study.trials) - outside)


@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_an_exploded_value_does_not_flatten_the_rest(direction: Direction) -> None:
    sign = 1.0 if direction == "minimize" else -1.0
    trials = [trial_of(10.0**-k, sign * k) for k in range(1, 5)]
    study = study_of([*trials, trial_of(1.0, sign * 1e30)], direction)
    scale = _get_arms_plot_info(study, "lr").scale
    low, high = sorted((sign * scale.low, sign * scale.high))
    assert low < 1.0 < 4.0 < high < 100.0
    assert not scale.is_log


@pytest.mark.parametrize(
    ("losses", "direction", "is_log"),
    [
        ((1e-4, 1e-3, 1e-2, 0.5, 1e30), "minimize", True),
        # Most trials near the best, as a search leaves them.
        ((*[1.1e-4] * 20, 1e-4, 1e-3, 1e-2, 0.5), "minimize", True),
        ((0.1, 0.2, 0.3, 1.0), "minimize", False),
        ((0.0, 1e-3, 1e-2, 0.5), "minimize", False),
        ((-1e-4, 1e-3, 1e-2, 0.5), "minimize", False),
        ((1e-4, 1e-3, 1e-2, 0.5), "maximize", False),
    ],
)
def test_losses_over_decades_are_on_a_logarithmic_scale(
    losses: tuple[float, ...], direction: Direction, is_log: bool
) -> None:
    rates = np.geomspace(1e-5, 1.0, len(losses))
    study = study_of([trial_of(float(r), y) for r, y in zip(rates, losses)], direction)
    scale = _get_arms_plot_info(study, "lr").scale
    assert scale.is_log == is_log
    assert scale.low < min(losses) < scale.high < 10.0
    if is_log:
        assert scale.low > 0
        assert scale.high > 0.5


def test_the_detail_is_the_decade_around_the_recommended_arm() -> None:
    info = _get_arms_plot_info(of_losses(60), "lr")
    assert info.detail is not None
    assert info.recommended is not None
    detail = info.detail
    assert detail.right / detail.left == pytest.approx(10.0)
    assert math.sqrt(detail.left * detail.right) == pytest.approx(info.recommended.value)
    # Its own scale: what lies there is told apart.
    heights = [point.objective for point in detail.points if point.objective is not None]
    whole, part = info.scale.high - info.scale.low, detail.scale.high - detail.scale.low
    assert part < whole / 3
    assert detail.scale.low <= info.recommended.interval[0]
    assert info.recommended.interval[1] <= detail.scale.high
    assert np.ptp(heights) > part / 4


def test_the_detail_of_a_linear_axis_is_a_fifth_of_it() -> None:
    uniform = FloatDistribution(0.0, 10.0)
    trials = [trial_of(x / 2, (x / 2 - 9.8) ** 2, distribution=uniform) for x in range(21)]
    detail = _get_arms_plot_info(study_of(trials), "lr").detail
    assert detail is not None
    # Moved inside of the range: the best values are at its end.
    assert (detail.left, detail.right) == pytest.approx((8.0, 10.0))


@pytest.mark.parametrize(
    "study",
    [
        of_losses(3),
        of_integers(),
        study_of([trial_of(10.0**-k, abs(k - 3.0)) for k in range(6)]),
        study_of([trial_of(10.0 ** (-k / 9), math.inf) for k in range(9)]),
    ],
    ids=["few trials", "few values", "few trials around the best", "nothing finite"],
)
def test_there_is_no_detail_where_it_would_say_nothing_new(study: optuna.Study) -> None:
    assert _get_arms_plot_info(study, "lr").detail is None


def test_where_nothing_is_finite_nothing_is_recommended() -> None:
    info = _get_arms_plot_info(study_of([trial_of(0.1, math.inf), trial_of(0.2, math.inf)]), "lr")
    assert info.recommended is None
    assert [point.outcome for point in info.points] == ["diverged", "diverged"]


def test_a_bound_keeps_the_best_the_latest_and_an_even_spread() -> None:
    study = of_losses(400)
    everyone = _get_arms_plot_info(study, "lr")
    info = _get_arms_plot_info(study, "lr", most_trials=50)
    numbers = [point.number for point in info.points]
    assert len(numbers) == len(set(numbers)) == 50
    assert numbers == sorted(numbers)
    assert info.n_trials == 400
    assert study.best_trial.number in numbers
    assert set(range(390, 400)) <= set(numbers)
    assert max(np.diff(numbers)) < 40
    # What is estimated and shown rests on all of them.
    assert (info.scale, info.curve, info.recommended) == (
        everyone.scale,
        everyone.curve,
        everyone.recommended,
    )
    assert info.recommended in info.arms
    assert _get_arms_plot_info(study, "lr", most_trials=400).points == everyone.points


def test_the_metric_name_is_the_target_name_unless_one_is_given() -> None:
    study = of_losses(5)
    assert _get_arms_plot_info(study, "lr").target_name == "Objective Value"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study.set_metric_names(["validation loss"])
    assert _get_arms_plot_info(study, "lr").target_name == "validation loss"
    assert _get_arms_plot_info(study, "lr", target_name="loss").target_name == "loss"


@pytest.mark.parametrize("trials", [[], [trial_of(1e-3, None, state=TrialState.RUNNING)]])
def test_nothing_finished_is_no_axis_and_a_warning(
    trials: list[Any], optuna_log: pytest.LogCaptureFixture
) -> None:
    info = _get_arms_plot_info(study_of(trials), "lr")
    assert info.axis is None
    assert info.points == []
    assert "No trial with parameter 'lr' has finished" in optuna_log.text


@pytest.mark.parametrize("constraints", [None, 1.0, [None], ["x"], {"a": None}])
def test_constraints_that_optuna_cannot_read_do_no_harm(constraints: Any) -> None:
    trial = create_trial(
        params={"lr": 0.1},
        distributions={"lr": LOG_RATE},
        value=1.0,
        system_attrs={"constraints": constraints},
    )
    assert len(_get_arms_plot_info(study_of([trial]), "lr").points) == 1


def test_choices_that_read_alike_are_told_apart() -> None:
    choices = [None, "None", "a", "x" * 50 + "1" + "x" * 50, "x" * 50 + "2" + "x" * 50]
    distribution = CategoricalDistribution(choices)
    study = study_of([trial_of(c, 1.0, distribution=distribution) for c in choices])
    axis = _get_arms_plot_info(study, "lr").axis
    assert axis is not None
    labels = axis.labels()
    assert labels[:3] == ["None", "'None'", "a"]
    assert len(set(labels)) == 5
    assert max(map(len, labels)) < 30


def test_integers_beside_a_foreign_kind_of_trial_keep_their_axis() -> None:
    study = of_integers()
    foreign = CategoricalDistribution(["few", "many"])
    study.add_trial(trial_of("few", 1.0, distribution=foreign))
    study.add_trial(trial_of(4, 1.0, distribution=IntDistribution(1, 8)))
    info = _get_arms_plot_info(study, "lr")
    assert info.axis is not None
    assert info.axis.choices is None
    assert info.n_outside == 1


def test_on_a_section_arms_and_curve_share_the_model() -> None:
    info = _get_arms_plot_info(of_several(20), "lr")
    assert info.others_vary
    assert info.recommended is not None
    assert info.recommended.section is not None
    assert info.recommended == recommended_arm(of_several(20), "lr")
    assert info.curve is not None
    # Along the whole axis, not only where trials were.
    assert (info.curve.values[0], info.curve.values[-1]) == pytest.approx((1e-5, 1.0))


def test_a_policy_that_never_asks_the_model_shows_the_margin() -> None:
    policy = AdaptiveZooming().with_constants(least_trials=10**6)
    info = _get_arms_plot_info(of_several(20), "lr", policy=policy)
    assert info.recommended is not None
    assert info.recommended.section is None


@pytest.mark.parametrize("get_info", [_get_arms_plot_info, _get_zoom_plot_info])
def test_trials_that_end_while_the_figure_is_made_do_no_harm(
    get_info: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = of_losses(20)
    get_trials = study.get_trials

    def get_trials_while_others_run(*args: Any, **kwargs: Any) -> Any:
        found = get_trials(*args, **kwargs)
        study.add_trial(trial_of(1e-3, 0.1))
        return found

    monkeypatch.setattr(study, "get_trials", get_trials_while_others_run)
    assert get_info(study, "lr").n_trials == 20
