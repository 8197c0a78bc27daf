"""A running trial is dead when far more have overtaken it than ever overtook a finished one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optuna_zooming._evidence.staleness import PRIOR_SLACK, patience


def test_before_anything_finished_there_is_only_slack() -> None:
    assert patience(np.empty(0)) == PRIOR_SLACK


def test_one_after_the_other_nobody_is_overtaken() -> None:
    # After 28 of them the prior, worth four, counts for an eighth: 1 + 7 / 8.
    assert patience(np.arange(28.0)) == pytest.approx(1.875)


def test_stragglers_make_patient() -> None:
    # Two of twenty end last: nineteen and seventeen places later.
    ended = np.append([31.0, 30.0], np.arange(18.0))
    # Of twenty, 0.9 * 19 = 17.1: a tenth of the way from 0 to the smaller of the two, 17.
    assert patience(ended) == pytest.approx(1.7 + 1 + 7 * 4 / 24)


def test_dead_trials_do_not_make_patient() -> None:
    ended = np.full(96, math.nan)
    ended[::4] = np.arange(24.0)
    assert patience(ended) == patience(np.arange(24.0))
