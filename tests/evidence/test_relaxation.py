"""How many relaxation times a training lasted is read off its curve, whatever the unit."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.recording.curves import available_tables, read_curves
from optuna_zooming import AdaptiveZooming
from optuna_zooming._arrays import FloatArray
from optuna_zooming._evidence.relaxation import relaxation_times

TABLES = [n for n in sorted(available_tables()) if n.startswith("digits") and "grid" not in n]


def _relaxing(times: float, n: int = 20) -> FloatArray:
    return -np.expm1(-times * np.linspace(0, 1, n))


def _times(curve: FloatArray) -> float:
    return relaxation_times(np.arange(len(curve), dtype=float), curve)


@pytest.mark.parametrize("times", [0.2, 1.0, 3.0, 8.0])
@pytest.mark.parametrize("n", [10, 100])
def test_exponential_relaxation_is_measured(times: float, n: int) -> None:
    assert _times(_relaxing(times, n)) == pytest.approx(times, rel=0.2)


def test_a_tenth_of_the_rate_lasts_a_tenth_of_the_times() -> None:
    rate = 5.0
    assert _times(_relaxing(rate, 50)) == pytest.approx(10 * _times(_relaxing(rate / 10, 50)), 0.1)


@pytest.mark.parametrize(("scale", "shift"), [(1e-300, 0), (1e300, 0), (0.01, 100), (2.0, -5.0)])
def test_unit_and_level_do_not_matter(scale: float, shift: float) -> None:
    assert _times(shift + scale * _relaxing(3.0)) == pytest.approx(_times(_relaxing(3.0)))


def test_time_is_counted_in_steps_not_in_reports() -> None:
    steps = np.array([0.0, 1, 2, 4, 8, 16, 32])
    curve = -np.expm1(-4 * steps / 32)
    assert relaxation_times(steps, curve) == pytest.approx(4, rel=0.2)
    assert relaxation_times(1000 + 50 * steps, curve) == relaxation_times(steps, curve)


def test_noise_of_a_hundredth_changes_little() -> None:
    rng = np.random.default_rng(0)
    found = [_times(_relaxing(2.0, 10) + 0.01 * rng.normal(size=10)) for _ in range(200)]
    assert np.quantile(found, [0.05, 0.95]) == pytest.approx([1.6, 2.4], abs=0.4)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (_relaxing(3.0, 5), math.nan),
        (np.empty(0), math.nan),
        (np.linspace(0, 1, 10) ** 2, math.nan),
        (np.linspace(0, 1, 50) ** 2, math.nan),
        (np.full(10, 0.1), 0.0),
        (np.linspace(1.0, 0.9, 10), math.inf),
        (np.random.default_rng(0).normal(size=10), math.inf),
        (np.append(_relaxing(30.0, 5), 0.9 + 0.05 * np.cos(np.arange(8) * np.pi)), math.inf),
        (np.append(0.0, _relaxing(0.1) + 0.9), math.inf),
    ],
    ids=["short", "none", "speeds up", "slowly", "flat", "falls", "noise", "rough", "at once"],
)
def test_other_curves_are_told_apart(curve: FloatArray, expected: float) -> None:
    assert _times(curve) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("name", TABLES)
def test_recorded_trainings_lasted_longer_the_larger_their_rate(name: str) -> None:
    curves = read_curves(name)
    found = np.array([[_times(run) for run in runs] for runs in curves.validation_accuracy])
    decades = np.log10(curves.learning_rates)
    decades -= decades[np.argmax(curves.mean_accuracy[:, -1])]

    def usual(low: float, high: float) -> float:
        some = found[(decades >= low) & (decades <= high)]
        return float(np.nanmedian(some))

    assert usual(-2.0, -1.5) < AdaptiveZooming().index.relaxed / 8
    assert usual(-0.3, 0.05) > 2.5 * usual(-2.0, -1.5)
