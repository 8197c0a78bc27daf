"""The curve through a policy's arms, with its band."""

from __future__ import annotations

import numpy as np
import pytest

from optuna_zooming import AdaptiveZooming, TextbookZooming
from optuna_zooming._estimates.curve import curve_of
from optuna_zooming._history import History
from optuna_zooming._policy.arms import Policy

POLICIES: list[Policy] = [AdaptiveZooming(), TextbookZooming(horizon=100, scale=0.05)]
BY_POLICY = pytest.mark.parametrize("policy", POLICIES, ids=["adaptive", "textbook"])
NONE = np.empty(0)


def _history(n: int, diverged: float = 0.0) -> History:
    """A noisy peak at 0.4; beyond ``1 - diverged`` every trial diverges."""
    rng = np.random.default_rng(0)
    points = np.sort(rng.random(n))
    values = np.exp(-(((points - 0.4) / 0.2) ** 2)) + 0.02 * rng.standard_normal(n)
    return History(points, np.where(points > 1.0 - diverged, -np.inf, values), NONE)


@BY_POLICY
@pytest.mark.parametrize("n", [1, 2, 30, 500])
@pytest.mark.parametrize("diverged", [0.0, 0.3])
def test_it_runs_through_the_arms(policy: Policy, n: int, diverged: float) -> None:
    history = _history(n, diverged)
    arms = policy.arms(history)
    curve = curve_of(arms)
    at = np.searchsorted(curve.points, arms.points)
    alive = np.isfinite(arms.means)
    np.testing.assert_array_equal(curve.points[at], arms.points)
    np.testing.assert_array_equal(curve.means[at][alive], arms.means[alive])
    np.testing.assert_array_equal(curve.lows[at][alive], arms.intervals[alive, 0])
    np.testing.assert_array_equal(curve.highs[at][alive], arms.intervals[alive, 1])
    assert np.isnan(curve.means[at][~alive]).all()


@BY_POLICY
def test_beyond_a_cliff_there_is_no_curve(policy: Policy) -> None:
    history = _history(60, 0.3)
    curve = curve_of(policy.arms(history))
    assert np.isnan(curve.means[curve.points > 0.7]).all()
    assert np.isfinite(curve.means[curve.points <= 0.7]).all()


def test_the_band_is_widest_where_nothing_was_tried() -> None:
    points = np.concatenate((np.linspace(0.0, 0.4, 15), np.linspace(0.8, 1.0, 15)))
    history = History(points, -((points - 0.3) ** 2), NONE)
    policy = AdaptiveZooming()
    curve = curve_of(policy.arms(history))
    width = curve.highs - curve.lows
    assert curve.points[width.argmax()] == pytest.approx(0.6, abs=0.15)
    assert width.max() > 3 * np.median(width)


def test_thousands_of_trials_make_a_curve_of_hundreds_of_points() -> None:
    history = _history(5000)
    policy = AdaptiveZooming()
    assert len(curve_of(policy.arms(history))) < 200


@BY_POLICY
def test_larger_values_of_the_objective_make_the_same_curve(policy: Policy) -> None:
    history = _history(30)
    larger = History(history.points, 1000.0 * history.values, NONE)
    one, other = (curve_of(policy.arms(each)) for each in (history, larger))
    np.testing.assert_allclose(other.means, 1000.0 * one.means, rtol=1e-9)
    np.testing.assert_allclose(other.highs, 1000.0 * one.highs, rtol=1e-9)
