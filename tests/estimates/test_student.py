"""Student's quantile against scipy's."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose
from scipy import stats

from optuna_zooming._estimates.student import student_quantile


def test_quantile_is_scipy_s_to_one_percent() -> None:
    freedom = np.array([3.0, 4.0, 7.0, 20.0, 1000.0])
    assert_allclose(student_quantile(freedom), stats.t(freedom).ppf(0.975), rtol=0.01)
