"""Arms on a section through the recommended combination, from arrays alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming._arrays import FloatArray
from optuna_zooming._estimates.arms import Arms
from optuna_zooming._joint.arms import (
    MOST_PLACES,
    Pulls,
    Section,
    arms_on_section,
    distances_along,
    reach_along,
)
from optuna_zooming._joint.conditions import Condition, Conditions
from optuna_zooming._joint.model.kernel import correlation
from optuna_zooming._joint.model.mixture import Mixture
from optuna_zooming._joint.model.space import JointTrials
from optuna_zooming._joint.recommendation import JointRecommendation, Model

ALWAYS = Conditions([])
RECOMMENDATION = JointRecommendation()


def _ridge(n: int, seed: int, noise: float = 0.05) -> JointTrials:
    """Along a diagonal all is well, best at (0.3, 0.7); beside it nothing is."""
    rng = np.random.default_rng(seed)
    points = rng.random((n, 2))
    x, y = points.T
    values = -10.0 * (x + y - 1.0) ** 2 - (x - y + 0.4) ** 2 + noise * rng.standard_normal(n)
    return JointTrials(points, np.zeros(2, bool), values, np.zeros(n))


def _arms(trials: JointTrials, parameter: int, choices: bool = False) -> tuple[Arms, Model]:
    model = RECOMMENDATION.model(trials)
    assert model is not None
    found = RECOMMENDATION.recommended(trials, model)
    section = Section(trials.points[found.row], parameter, choices, ALWAYS)
    everyone = np.ones(len(trials.values), dtype=np.bool_)
    pulls = Pulls(trials.points[:, parameter], everyone, ~everyone)
    return arms_on_section(section, pulls, model, found), model


def _mixture() -> Mixture:
    model = RECOMMENDATION.model(_ridge(30, 0))
    assert model is not None
    return model.mixture


@given(
    st.lists(st.floats(0.0, 4.0), min_size=1, max_size=5), st.integers(0, 1), st.floats(0.0, 1.0)
)
def test_values_at_the_reach_differ_by_the_radius(
    radii: list[float], parameter: int, place: float
) -> None:
    mixture = _MIXTURE
    reach = reach_along(mixture, parameter, np.array(radii))
    assert ((reach >= 0.0) & (reach <= 1.0)).all()
    for radius, step in zip(radii, reach):
        here = np.array([[0.4, 0.6]])
        here[0, parameter] = place
        beyond = here.copy()
        beyond[0, parameter] += step
        # Against the kernel between whole combinations.
        squares = [
            2.0 * math.exp(each.theta[-2]) * (1.0 - _alike(here, beyond, each.theta[:-2]))
            for each in mixture.processes
        ]
        apart = math.sqrt(max(float(mixture.weights @ np.array(squares)), 0.0))
        if step < 1.0:
            assert apart == pytest.approx(radius, abs=1e-6)
        else:
            assert apart <= radius + 1e-6


_MIXTURE = _mixture()


def _alike(a: FloatArray, b: FloatArray, log_lengths: FloatArray) -> float:
    return float(correlation(a, b, np.zeros(2, dtype=np.bool_), log_lengths)[0, 0])


def test_the_metric_grows_along_the_axis() -> None:
    distances = distances_along(_MIXTURE, 0, np.linspace(0.0, 1.0, 50))
    assert distances[0] == pytest.approx(0.0, abs=1e-7)
    assert (np.diff(distances) > 0).all()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("noise", [0.0, 0.05, 0.5])
@pytest.mark.parametrize("parameter", [0, 1])
def test_no_arm_lies_in_another_s_ball_and_the_balls_hold_all_trials(
    seed: int, noise: float, parameter: int
) -> None:
    trials = _ridge(40, seed, noise)
    arms, _ = _arms(trials, parameter)
    apart = np.abs(arms.points[:, None] - arms.points)
    np.fill_diagonal(apart, np.inf)
    assert (apart > arms.reach[:, None]).all()
    places = trials.points[:, parameter]
    assert (np.abs(places[:, None] - arms.points) <= arms.reach).any(axis=1).all()
    assert (np.diff(arms.points) > 0).all()
    assert arms.pulls.sum() == 40
    assert (arms.pulls > 0).all()


@pytest.mark.parametrize("parameter", [0, 1])
def test_the_recommended_arm_is_the_recommended_combination(parameter: int) -> None:
    trials = _ridge(40, 3)
    found = RECOMMENDATION.of(trials)
    arms, model = _arms(trials, parameter)
    at = arms.recommended
    assert arms.points[at] == trials.points[found.row, parameter]
    assert (arms.means[at], tuple(arms.intervals[at])) == (found.mean, found.interval)
    # Its ball is limited by no other.
    _, errors = model.levels_at(trials.points[[found.row]])
    radius = errors * math.sqrt(math.log(41))
    assert arms.reach[at] == pytest.approx(reach_along(model.mixture, parameter, radius)[0])
    assert arms.radii[at] >= arms.errors[at] > 0.0


def test_every_trial_counts_for_the_arm_to_which_it_is_most_alike() -> None:
    trials = _ridge(40, 5)
    arms, model = _arms(trials, 0)
    at_arms = np.tile(trials.points[RECOMMENDATION.of(trials).row], (len(arms), 1))
    at_arms[:, 0] = arms.points
    for process in model.mixture.processes:
        alike = correlation(trials.points, at_arms, trials.categorical, process.theta[:-2])
        pulls = np.bincount(alike.argmax(axis=1), minlength=len(arms))
        assert pulls.tolist() == arms.pulls.tolist()


def test_intervals_of_all_arms_hold_the_truth_on_the_section() -> None:
    held = []
    for seed in range(20):
        trials = _ridge(60, seed)
        arms, _ = _arms(trials, 0)
        x, y = arms.points, trials.points[RECOMMENDATION.of(trials).row, 1]
        truth = -10.0 * (x + y - 1.0) ** 2 - (x - y + 0.4) ** 2
        held.extend((arms.intervals[:, 0] <= truth) & (truth <= arms.intervals[:, 1]))
    assert np.mean(held) >= 0.9


def test_each_tried_choice_is_an_arm() -> None:
    trials = _ridge(30, 0)
    kinds = np.arange(30) % 3 * 2.0
    points = np.column_stack((trials.points, kinds))
    categorical = np.array([False, False, True])
    arms, _ = _arms(JointTrials(points, categorical, trials.values - kinds, trials.errors), 2, True)
    assert arms.points.tolist() == [0.0, 2.0, 4.0]
    assert arms.pulls.tolist() == [10, 10, 10]
    assert arms.reach.tolist() == [0.0, 0.0, 0.0]
    assert arms.recommended == 0
    assert arms.means[0] > arms.means[1] > arms.means[2]


def test_what_is_inactive_at_a_place_is_inactive_in_its_combination() -> None:
    # The second parameter is there for choice 1 only.
    condition = Condition(1, 0, np.array([0.0, 1.0]), np.array([False, True]), nearest=False)
    section = Section(np.array([1.0, 0.3]), 0, True, Conditions([condition]))
    points = section.at(np.array([0.0, 1.0]))
    assert np.isnan(points[0, 1])
    assert points[1].tolist() == [1.0, 0.3]


def test_equal_values_are_one_arm_of_which_nothing_is_known() -> None:
    trials = _ridge(12, 0)
    level = JointTrials(trials.points, trials.categorical, np.full(12, 2.5), trials.errors)
    found = RECOMMENDATION.of(level)
    section = Section(level.points[found.row], 0, False, ALWAYS)
    ended = np.arange(12) > 3
    arms = arms_on_section(section, Pulls(level.points[:, 0], ended, ~ended), None, found)
    assert (arms.means.tolist(), arms.errors.tolist(), arms.reach.tolist()) == ([2.5], [0.0], [1.0])
    assert (arms.pulls[0], arms.complete[0], arms.diverged[0]) == (12, 8, 4)
    assert arms.intervals.tolist() == [[-math.inf, math.inf]]


def test_of_thousands_of_places_a_few_hundred_are_looked_at() -> None:
    trials = _ridge(3000, 1)
    arms, _ = _arms(trials, 1)
    assert len(arms) <= MOST_PLACES + 1
    assert arms.points[arms.recommended] == trials.points[RECOMMENDATION.of(trials).row, 1]
    assert arms.pulls.sum() == 3000


@pytest.mark.parametrize("unit", [1e-300, 1e-9, 1e9, 1e299])
def test_the_unit_of_the_objective_does_not_matter(unit: float) -> None:
    trials = _ridge(30, 2)
    expected, _ = _arms(trials, 0)
    found, _ = _arms(
        JointTrials(trials.points, trials.categorical, unit * trials.values, trials.errors), 0
    )
    assert found.points.tolist() == expected.points.tolist()
    for name in ("means", "errors", "radii", "intervals"):
        np.testing.assert_allclose(getattr(found, name) / unit, getattr(expected, name), rtol=1e-6)
