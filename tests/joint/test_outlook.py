"""What another trial may bring, from arrays alone."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from optuna_zooming._arrays import FloatArray
from optuna_zooming._joint.axes import Axes
from optuna_zooming._joint.conditions import Conditions
from optuna_zooming._joint.model.space import JointTrials
from optuna_zooming._joint.outlook import LEAST_OF_SEVERAL, LEAST_TRIALS, Outlook, value_range
from optuna_zooming._joint.recommendation import JointRecommendation


def _outlook(points: FloatArray, values: FloatArray, errors: FloatArray | None = None) -> Outlook:
    d = points.shape[1]
    trials = JointTrials(
        points, np.zeros(d, bool), values, np.zeros(len(values)) if errors is None else errors
    )
    axes = Axes(np.zeros(d, int), [None] * d, np.tile([0.0, 1.0], (d, 1)), np.full(d, np.nan))
    found = Outlook.of(
        trials, JointRecommendation(), axes, Conditions(()), np.random.default_rng(0)
    )
    assert found is not None
    return found


def _bowl(points: FloatArray, noise: float = 0.0) -> FloatArray:
    depth = ((points - 0.4) ** 2).sum(axis=1)
    return np.asarray(-depth + noise * np.random.default_rng(1).standard_normal(len(points)))


def test_the_improvement_is_that_of_the_true_optimum_once_the_function_is_known() -> None:
    # The optimum, 0 at 0.4, lies between two trials whose values are -0.0025.
    points = np.linspace(0.05, 0.95, 10)[:, None]
    found = _outlook(points, _bowl(points))
    assert found.improvement == pytest.approx(0.0025, rel=0.3)
    assert found.point[0] == pytest.approx(0.4, abs=0.02)


def test_less_is_expected_the_more_trials_there_are() -> None:
    expected = []
    for n in (6, 12, 24, 48):
        points = np.linspace(0.0, 1.0, n)[:, None]
        expected.append(_outlook(points, _bowl(points)).improvement)
    assert expected == sorted(expected, reverse=True)
    assert expected[-1] < 0.02 * expected[0]


def test_most_is_expected_where_nobody_has_been() -> None:
    points = np.concatenate((np.linspace(0.0, 0.4, 8), [0.95]))[:, None]
    # Rising towards the gap, and no better behind it.
    values = np.append(points[:8, 0], 0.35)
    assert 0.42 < _outlook(points, values).point[0] < 0.93


def test_noise_is_that_of_a_single_trial() -> None:
    # As a search leaves them, most of them around the optimum.
    points = np.clip(0.4 + 0.15 * np.random.default_rng(0).standard_normal((80, 1)), 0.0, 1.0)
    found = _outlook(points, _bowl(points, noise=0.05))
    assert found.noise == pytest.approx(0.05, rel=0.2)


def test_an_unfinished_trial_that_may_be_good_keeps_a_study_going() -> None:
    points = np.linspace(0.0, 1.0, 11)[:, None]
    values, errors = _bowl(points), np.zeros(11)
    settled = _outlook(points, values).improvement
    # The best ones are not known exactly.
    values[3:6], errors[3:6] = -0.02, 0.05
    assert _outlook(points, values, errors).improvement > 2 * settled


def test_there_is_none_where_all_values_are_equal() -> None:
    trials = JointTrials(np.linspace(0, 1, 5)[:, None], np.zeros(1, bool), np.ones(5), np.zeros(5))
    axes = Axes(np.zeros(1, int), [None], np.array([[0.0, 1.0]]), np.full(1, np.nan))
    rng = np.random.default_rng(0)
    assert Outlook.of(trials, JointRecommendation(), axes, Conditions(()), rng) is None


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1e9, 1e299])
def test_the_unit_of_the_objective_does_not_matter(unit: float) -> None:
    points = np.random.default_rng(3).random((15, 2))
    one, other = (_outlook(points, scale * _bowl(points, 0.01)) for scale in (1.0, unit))
    assert other.share == pytest.approx(one.share, rel=1e-6)
    assert other.is_settled() == one.is_settled()
    assert other.further_trials == one.further_trials


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 1.0, 0.5], 1.0),
        # Later trials gather around the best: neither they nor a late failure count.
        ([0.0, 1.0, 0.5, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9, 2.0, 1.9, -50.0], 2.0),
        # Diverged ones do not.
        ([-math.inf, 0.0, 1.0], 1.0),
        # An exploded loss counts for ten times the distance of the worse quartile.
        ([-1e30, -3.0, -2.0, -1.5, -1.0, -0.5, -0.2, 0.0], 20.0),
        # The first ones say nothing: all there are.
        ([1.0] * 10 + [0.25], 0.75),
        # One of four is as far as it gets, the others are the best.
        ([0.0, 1.0, 1.0, 1.0, 1.0], 1.0),
    ],
)
def test_range_of_values(values: list[float], expected: float) -> None:
    assert value_range(np.array(values)) == pytest.approx(expected)


@pytest.mark.parametrize("values", [[0.0, 5e-324], [-1.7e308, 1.7e308]])
def test_range_of_extreme_values_is_a_positive_number(values: list[float]) -> None:
    assert 0 < value_range(np.array(values)) < math.inf


KNOWN = Outlook(improvement=0.02, point=np.zeros(1), noise=0.1, value_range=10.0, n_trials=20)


@pytest.mark.parametrize(("noise", "expected"), [(0.0, 0.02), (0.1, 0.03), (0.2, 0.06), (1.0, 0.1)])
def test_tolerance_follows_the_noise_between_a_fifth_and_one_percent(
    noise: float, expected: float
) -> None:
    assert dataclasses.replace(KNOWN, noise=noise).tolerance() == pytest.approx(expected)
    assert KNOWN.tolerance(0.005) == pytest.approx(0.05)


def test_with_several_parameters_less_is_worth_a_trial() -> None:
    several = dataclasses.replace(KNOWN, point=np.zeros(4))
    assert several.tolerance() == pytest.approx(KNOWN.tolerance() / 2)
    assert several.tolerance(0.005) == pytest.approx(KNOWN.tolerance(0.005))


def test_settled_is_what_promises_less_than_the_tolerance_after_enough_trials() -> None:
    assert KNOWN.is_settled()
    assert not dataclasses.replace(KNOWN, improvement=0.04).is_settled()
    assert not KNOWN.is_settled(0.001)
    for point, least in ((np.zeros(1), LEAST_TRIALS), (np.zeros(3), LEAST_OF_SEVERAL)):
        at_least = dataclasses.replace(KNOWN, point=point, n_trials=least, improvement=0.0)
        assert at_least.is_settled()
        assert not dataclasses.replace(at_least, n_trials=least - 1).is_settled()


@pytest.mark.parametrize(
    ("n_trials", "improvement", "expected"),
    [
        # A tolerance of 0.03: one and a half times as much after 20 trials.
        (20, 0.045, 15),
        (20, 0.001, 1),
        # No farther ahead than there are trials so far.
        (20, 0.9, 20),
        # Until there are enough to say something.
        (2, 0.001, LEAST_TRIALS - 2),
    ],
)
def test_further_trials(n_trials: int, improvement: float, expected: int) -> None:
    found = dataclasses.replace(KNOWN, n_trials=n_trials, improvement=improvement)
    assert found.further_trials == expected
