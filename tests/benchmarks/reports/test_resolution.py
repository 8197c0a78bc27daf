"""What recorded tables can tell: the noise in their means."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.problems.groups import group_names
from benchmarks.problems.replay import ReplayProblem
from benchmarks.reports.resolution import resolution, resolutions
from tests.benchmarks.recorded import small_curves


def test_noise_near_the_best_rate_is_that_of_the_recorded_seeds() -> None:
    # Two seeds, 0.02 above and below the mean; the means span 0.8.
    found = resolution(ReplayProblem(small_curves()))
    assert found.trial == pytest.approx(0.02 * np.sqrt(2) / 0.8)
    assert found.mean == pytest.approx(0.02 / 0.8)


def test_smoothing_cannot_find_the_top_of_a_crooked_curve() -> None:
    # Straight lines from 0.6 up to 0.9 and, flatter, down to 0.8: the smoothed top lies to the
    # right of the peak, and the wider the smoothing the farther.
    narrow, wide = resolution(ReplayProblem(small_curves())).smoothed
    assert 0.0 <= narrow < wide < 0.1


def test_only_tables_of_learning_rates_have_a_resolution() -> None:
    assert resolutions(group_names("adversaries")) == {}
    assert list(resolutions(group_names("tuning"))) == group_names("tuning")
