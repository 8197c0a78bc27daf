"""Studies of TPE that are judged: the same studies, and what our package says of them."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import make_problem
from benchmarks.rivals.samplers import DEFAULT_SAMPLERS, rival
from benchmarks.runs.runner import run_study
from optuna_zooming import recommended_arm

N_TRIALS = 25


def test_judging_changes_no_trial() -> None:
    problem = make_problem("noise-5pct/0")
    judged, plain = (
        run_study(problem, rival(name), "none", 0, n_trials=N_TRIALS)
        for name in ("tpe-judged", "tpe")
    )
    assert list(judged.params) == list(plain.params)
    np.testing.assert_array_equal(judged.best_regret, plain.best_regret)
    assert np.isnan(plain.interval_holds).all()


def test_the_arm_recommended_on_the_study_is_judged() -> None:
    problem = make_problem("noise-5pct/0")
    run = run_study(problem, rival("tpe-judged"), "none", 0, n_trials=N_TRIALS)
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=optuna.pruners.NopPruner(),
    )
    study.optimize(problem.objective(0), n_trials=N_TRIALS)
    arm = recommended_arm(study, "lr")
    assert run.recommended_regret[-1] == problem.regret({"lr": arm.value})
    low, high = arm.interval
    assert run.interval_holds[-1] == (low <= problem.truth({"lr": arm.value}) <= high)
    assert run.interval_width[-1] == pytest.approx((high - low) / problem.span)


def test_it_is_no_rival_by_default() -> None:
    assert "tpe-judged" not in DEFAULT_SAMPLERS
