"""Fixed rates with several seeds each, and how the runner judges such studies."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.problems.groups import make_problem
from benchmarks.rivals.replicates import replicated
from benchmarks.rivals.samplers import DEFAULT_SAMPLERS, rival
from benchmarks.runs.judged import ARMS_BUDGETS
from benchmarks.runs.runner import run_study
from optuna_zooming import active_arms, recommended_arm


def test_rates_lie_alike_in_their_parts_and_come_again() -> None:
    rule = replicated(4, 0.25)
    points = [rule(number, None) for number in range(8)]  # type: ignore[arg-type]
    np.testing.assert_allclose(points, [0.0625, 0.3125, 0.5625, 0.8125] * 2)


@pytest.mark.parametrize("n_rates", [4, 5])
def test_each_rate_has_as_many_seeds(n_rates: int) -> None:
    studies = []
    for seed in range(2):
        study = optuna.create_study(sampler=rival(f"replicates-{n_rates}").make(seed))
        study.optimize(lambda trial: trial.suggest_float("x", 0.0, 1.0), n_trials=5 * n_rates)
        studies.append([trial.params["x"] for trial in study.trials])
        rates, counts = np.unique(studies[-1], return_counts=True)
        assert (rates * n_rates).astype(int).tolist() == list(range(n_rates))
        assert counts.tolist() == [5] * n_rates
    # Other rates for other seeds.
    assert set(studies[0]).isdisjoint(studies[1])


def test_it_is_a_design_and_no_rival_by_default() -> None:
    assert not {"replicates-4", "replicates-5"} & set(DEFAULT_SAMPLERS)


def test_all_arms_are_judged_as_the_study_has_them() -> None:
    problem, n_trials = make_problem("noise-5pct/0"), 20
    run = run_study(problem, rival("replicates-4"), "none", 0, n_trials=n_trials)
    nop, sampler = optuna.pruners.NopPruner(), rival("replicates-4").make(0)
    study = optuna.create_study(direction="maximize", sampler=sampler, pruner=nop)
    study.optimize(problem.objective(0), n_trials=n_trials)
    arms = active_arms(study, "lr")
    holds = [a.interval[0] <= problem.truth({"lr": a.value}) <= a.interval[1] for a in arms]
    assert (run.arms_judged[-1], run.arms_hold[-1]) == (len(arms), sum(holds))
    widths = [a.interval[1] - a.interval[0] for a in arms if np.isfinite(a.interval[1])]
    assert run.arms_unknown[-1] == len(arms) - len(widths)
    assert run.arms_width[-1] == pytest.approx(np.median(widths) / problem.span)
    recommended = recommended_arm(study, "lr")
    assert run.recommended_regret[-1] == problem.regret({"lr": recommended.value})
    judged = np.flatnonzero(~np.isnan(run.arms_judged)) + 1
    assert judged.tolist() == [n for n in ARMS_BUDGETS if n <= n_trials]
