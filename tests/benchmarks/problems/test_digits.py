"""The quickstart's training learns, and diverges."""

from __future__ import annotations

import math

from optuna.trial import FixedTrial

from benchmarks.problems.digits import objective


def test_training_learns_at_a_good_rate_and_diverges_at_a_high_one() -> None:
    assert objective(FixedTrial({"lr": 0.2})) > 0.9  # type: ignore[arg-type]
    assert objective(FixedTrial({"lr": 1e-5})) < 0.2  # type: ignore[arg-type]
    assert math.isnan(objective(FixedTrial({"lr": 10.0})))  # type: ignore[arg-type]
