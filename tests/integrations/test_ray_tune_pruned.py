"""The recipe for Ray Tune's early stopping: stopped trials are told as pruned, NaN as failed."""

from __future__ import annotations

import math
import os
from typing import Any

import pytest
from optuna.trial import TrialState

from optuna_zooming import ZoomingSampler

if not os.environ.get("REQUIRE_INTEGRATIONS"):
    pytest.importorskip("ray.tune", reason="Ray Tune is missing: pip install 'ray[tune]'")

from ray import tune
from ray.tune.search.optuna import OptunaSearch

MAX_STEPS = 8


class PruningOptunaSearch(OptunaSearch):  # type: ignore[misc]
    """Tells Optuna what Ray keeps to itself: which trials were stopped early, which diverged."""

    def on_trial_complete(
        self, trial_id: str, result: dict[str, Any] | None = None, error: bool = False
    ) -> None:
        """Without a result and an error the trial counts as pruned, without a result as failed."""
        if result and math.isnan(result[self.metric]):
            result, error = None, True
        elif result and result["training_iteration"] < MAX_STEPS:
            # Ray hands over the report at which it stopped the trial only as the trial's value.
            self.on_trial_result(trial_id, result)
            result = None
        super().on_trial_complete(trial_id, result, error)


CURVE = [1 / step for step in range(1, MAX_STEPS + 1)]
DIVERGED = [1.0] + [math.nan] * (MAX_STEPS - 1)


@pytest.mark.parametrize(
    ("losses", "state", "value", "n_reports"),
    [
        (CURVE, TrialState.COMPLETE, CURVE[-1], MAX_STEPS - 1),
        (CURVE[:3], TrialState.PRUNED, CURVE[2], 3),
        (CURVE[:1], TrialState.PRUNED, CURVE[0], 1),
        (DIVERGED, TrialState.FAIL, None, MAX_STEPS - 1),
        (DIVERGED[:2], TrialState.FAIL, None, 1),
    ],
)
def test_what_the_study_is_told(
    losses: list[float], state: TrialState, value: float | None, n_reports: int
) -> None:
    searcher = PruningOptunaSearch(metric="loss", mode="min", sampler=ZoomingSampler(seed=0))
    searcher.set_search_properties("loss", "min", {"lr": tune.loguniform(1e-6, 1e1)})
    searcher.suggest("id")
    # As a scheduler that stops the trial at its last report makes Ray call it.
    results = [{"loss": loss, "training_iteration": i} for i, loss in enumerate(losses, 1)]
    for result in results[:-1]:
        searcher.on_trial_result("id", result)
    searcher.on_trial_complete("id", results[-1])

    (trial,) = searcher._ot_study.trials
    assert (trial.state, trial.value, len(trial.intermediate_values)) == (state, value, n_reports)
