"""The confidence interval of the mean at one point holds it, with noise and without."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from optuna_zooming._estimates.intervals import local_mean

PEAK, PRIOR = 0.6, 0.02


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
        mean, half_width = local_mean(at, x, values, PRIOR * np.ptp(values) * 0.01)
        held += abs(mean - truth[at]) <= half_width
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
        mean, half_width = local_mean(12, points, values, prior=0.1)
        assert mean == pytest.approx(values[10:15].mean())
        by_place = values.reshape(4, 5)
        deviation = np.sqrt(by_place.var(axis=1, ddof=1).mean())
        pooled = stats.t(16).ppf(0.975) * deviation / np.sqrt(5)
        held.append(abs(mean - 0.7) <= half_width)
        ratios.append(half_width / pooled)
    assert np.mean(held) > 0.94
    assert np.mean(ratios) < 1.5


def test_equal_values_are_not_known_for_certain() -> None:
    _, half_width = local_mean(1, np.full(5, 0.5), np.ones(5), prior=0.1)
    assert half_width > 0


@pytest.mark.parametrize("largest", [1e-300, 1e300])
def test_repeats_of_values_of_any_size(largest: float) -> None:
    mean, half_width = local_mean(1, np.full(4, 0.5), largest * np.array([0.2, 0.3, 0.3, 0.4]), 0.0)
    assert mean == pytest.approx(0.3 * largest)
    # Standard deviation sqrt(0.02 / 3), of the mean half of it; 3.182 for three degrees of freedom.
    assert half_width == pytest.approx(np.sqrt(0.02 / 3) / 2 * 3.182 * largest, rel=0.02)
