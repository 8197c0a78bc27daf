"""The confidence interval of the mean at one point holds it, with noise and without."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from optuna_zooming._arrays import FloatArray
from optuna_zooming._estimates.interval import Interval
from optuna_zooming._estimates.intervals import mean_at
from optuna_zooming._estimates.sample import Sample

PEAK = 0.6


def _mean(
    at: int, points: FloatArray, values: FloatArray, bounds: FloatArray | None = None
) -> Interval:
    """Of trials without divergence; values from 0 to 1, half of them near the top."""
    if bounds is None:
        bounds = np.column_stack((values, values))
    scale = float(np.ptp(values)) / 10
    floor = float(np.median(values)) - 5 * scale
    diverged = np.zeros(len(points), dtype=np.bool_)
    return mean_at(Sample(points, values, bounds, diverged, scale, floor, 0.2), at)


def _truth(x: float) -> float:
    return 1.0 - 4.0 * (x - PEAK) ** 2 if x < PEAK else 1.0 - 20.0 * (x - PEAK) ** 2


def _share_that_holds(noise: float, n_near: int, n_runs: int = 200) -> float:
    """Coarse trials over the axis and ``n_near`` around the peak; the interval at the best one."""
    held = 0
    for seed in range(n_runs):
        rng = np.random.default_rng(seed)
        near = PEAK + rng.normal(0.0, 0.01, n_near)
        x = np.sort(np.concatenate((np.linspace(0.05, 0.95, 12), near)))
        truth = np.array([_truth(each) for each in x])
        values = truth + noise * rng.normal(size=len(x))
        at = int(np.argmax(values))
        found = _mean(at, x, values)
        held += found.low <= truth[at] <= found.high
    return held / n_runs


@pytest.mark.parametrize("n_near", [10, 40, 80])
def test_interval_holds_without_noise(n_near: int) -> None:
    # By its standard error alone it would hold in 98, 18 and 0 % of these runs.
    assert _share_that_holds(0.0, n_near) > 0.95


@pytest.mark.parametrize("n_near", [10, 40])
@pytest.mark.parametrize("noise", [0.003, 0.01, 0.03])
def test_interval_holds_with_noise_although_the_luckiest_trial_is_asked(
    noise: float, n_near: int
) -> None:
    assert _share_that_holds(noise, n_near) > 0.95


def test_repeats_at_a_few_places_have_nearly_the_pooled_interval_of_student() -> None:
    # Four places with five repeats each: sixteen degrees of freedom.
    rng = np.random.default_rng(0)
    points = np.repeat([0.2, 0.4, 0.6, 0.8], 5)
    truth = np.repeat([0.1, 0.5, 0.7, 0.3], 5)
    held, ratios = [], []
    for _ in range(1000):
        values = truth + 0.005 * rng.normal(size=20)
        found = _mean(12, points, values)
        assert found.mean == pytest.approx(values[10:15].mean())
        by_place = values.reshape(4, 5)
        deviation = np.sqrt(by_place.var(axis=1, ddof=1).mean())
        pooled = stats.t(16).ppf(0.975) * deviation / np.sqrt(5)
        held.append(found.low <= 0.7 <= found.high)
        ratios.append((found.high - found.low) / 2 / pooled)
    assert np.mean(held) > 0.94
    assert np.mean(ratios) < 1.5


def test_equal_values_are_not_known_for_certain() -> None:
    found = _mean(1, np.full(5, 0.5), np.ones(5))
    assert (found.low, found.high) == (-np.inf, np.inf)


@pytest.mark.parametrize("largest", [1e-300, 1e300])
def test_repeats_of_values_of_any_size(largest: float) -> None:
    found = _mean(1, np.full(4, 0.5), largest * np.array([0.2, 0.3, 0.3, 0.4]))
    assert found.mean == pytest.approx(0.3 * largest)
    # Standard deviation sqrt(0.02 / 3), of the mean half of it; 3.182 for three degrees of freedom.
    half_width = (found.high - found.low) / 2
    assert half_width == pytest.approx(np.sqrt(0.02 / 3) / 2 * 3.182 * largest, rel=0.02)


def test_unfinished_trial_keeps_its_own_bounds_beside_a_finished_one() -> None:
    points = np.array([0.1, 0.3, 0.50, 0.51, 0.9])
    values = np.array([0.0, 0.5, 0.9, 0.7, 0.1])
    bounds = np.column_stack((values, values))
    bounds[3] = 0.2, 0.95
    found = _mean(3, points, values, bounds)
    assert found.low <= 0.2
    assert found.high >= 0.95
    # Its neighbour is certain, and weighs more.
    assert found.mean > 0.75


def test_finished_trial_hardly_notices_unfinished_ones_that_may_be_better() -> None:
    points = np.array([0.1, 0.3, 0.50, 0.505, 0.51, 0.9])
    values = np.array([0.0, 0.5, 0.9, 0.6, 0.7, 0.1])
    bounds = np.column_stack((values, values))
    bounds[3], bounds[4] = (0.2, 1.4), (0.3, 1.5)
    found = _mean(2, points, values, bounds)
    assert found.mean == pytest.approx(0.9, abs=0.01)
    # They may as well be worse: it may be the lucky one of three.
    alone = _mean(2, points[[0, 1, 2, 5]], values[[0, 1, 2, 5]])
    assert found.high == pytest.approx(alone.high, abs=0.03)
    assert found.low < alone.low


def test_unfinished_trials_that_cannot_get_as_far_speak_against_a_place() -> None:
    points = np.array([0.1, 0.3, 0.50, 0.501, 0.502, 0.9])
    values = np.array([0.0, 0.5, 0.9, 0.6, 0.6, 0.1])
    bounds = np.column_stack((values, values))
    bounds[3:5] = 0.5, 0.85
    assert _mean(2, points, values, bounds).mean == pytest.approx((0.9 + 2 * 0.85) / 3, abs=0.01)


@pytest.mark.parametrize("depth", [3.0, 1e6, 1e300])
def test_how_deep_a_cliff_is_makes_no_difference_beside_it(depth: float) -> None:
    points = np.array([0.2, 0.3, 0.40, 0.45, 0.5, 0.6])

    def beside(depth: float) -> Interval:
        values = np.array([0.7, 0.8, 0.9, 1.0, -depth, -depth])
        bounds = np.column_stack((values, values))
        none = np.zeros(6, dtype=np.bool_)
        return mean_at(Sample(points, values, bounds, none, 0.2, -0.2, 0.2), 3)

    assert beside(depth) == beside(1.0)
