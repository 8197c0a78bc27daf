"""(problem, sampler, pruner, seed) -> the raw rows of one study."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from optuna.trial import FrozenTrial, TrialState

from benchmarks.problems.groups import Problem
from benchmarks.rivals.pruners import PRUNERS, RecordingPruner
from benchmarks.rivals.samplers import Rival
from benchmarks.runs.judged import ARMS_BUDGETS, N_FIGURES, judged_arms
from benchmarks.runs.procedures import of_the_best, of_whole_studies
from benchmarks.runs.rows import Run, as_json

# Where a recommendation is asked for, which costs as much as a proposal, and where a procedure that
# has to know its number of trials is run: as many trials each.
RECOMMENDATION_BUDGETS = (*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 65, 80, 100)


def run_study(problem: Problem, rival: Rival, pruner: str, seed: int, *, n_trials: int) -> Run:
    """Run one study and describe it trial by trial.

    Args:
        problem: What to maximise.
        rival: The sampler.
        pruner: Name of the pruner.
        seed: Seed of the sampler and of the problem's noise.
        n_trials: Number of trials, pruned and failed ones included.
    """
    if rival.make_sized is not None:
        sizes = [size for size in RECOMMENDATION_BUDGETS if size <= n_trials]
        studies = {
            size: run_study(problem, rival.of_size(size), pruner, seed, n_trials=size)
            for size in sizes
        }
        return of_whole_studies(studies, n_trials, problem.n_epochs)
    with warnings.catch_warnings():
        # MedianPruner on a trial that reported nothing but NaN.
        warnings.filterwarnings("ignore", "All-NaN slice", RuntimeWarning)
        sampler = TimedSampler(rival.sampler_for(problem, seed))
        study = _create_study(problem, sampler, PRUNERS[pruner]() if rival.top_k is None else None)
        objective = problem.objective(seed)
        seconds = np.zeros(n_trials)
        recommended = np.full((n_trials, 3), np.nan)
        arms = np.full((n_trials, N_FIGURES), np.nan)
        for number in range(n_trials):
            study.optimize(objective, n_trials=1)
            seconds[number] = sampler.take_seconds()
            if rival.recommends and number + 1 in RECOMMENDATION_BUDGETS:
                recommended[number] = judged_recommendation(study, sampler.wrapped, problem)
            if rival.recommends and number + 1 in ARMS_BUDGETS:
                arms[number] = judged_arms(study, sampler.wrapped, problem)
    run = _describe(study.trials, problem, seed, seconds, recommended, arms)
    if rival.top_k is None:
        return run
    return of_the_best(run, study.trials, problem.n_epochs, rival.top_k)


def judged_recommendation(
    study: optuna.Study, sampler: BaseSampler, problem: Problem
) -> tuple[float, float, float]:
    """Regret of what is recommended, whether the interval holds the truth, and its width.

    The recommended arm, or for several parameters the recommended combination; all NaN while no
    trial has finished.
    """
    from optuna_zooming import recommended_arm

    policy = getattr(sampler, "policy", None)
    names = {name for trial in study.get_trials(deepcopy=False) for name in trial.params}
    if len(names) > 1:
        return _judged_combination(study, problem)
    try:
        arms = {name: recommended_arm(study, name, policy=policy) for name in sorted(names)}
    except ValueError:
        return math.nan, math.nan, math.nan
    params = {name: arm.value for name, arm in arms.items()}
    if not params:
        return math.nan, math.nan, math.nan
    (arm,) = arms.values()
    low, high = arm.interval
    holds = low <= problem.expected(params) <= high
    return problem.regret(params), float(holds), (high - low) / problem.span


def _judged_combination(study: optuna.Study, problem: Problem) -> tuple[float, float, float]:
    """The same of the recommended combination of parameters."""
    from optuna_zooming import recommended_params

    try:
        found = recommended_params(study)
    except ValueError:
        return math.nan, math.nan, math.nan
    low, high = found.interval
    holds = low <= problem.expected(found.params) <= high
    return problem.regret(found.params), float(holds), (high - low) / problem.span


class TimedSampler(BaseSampler):
    """Passes every call on and adds up the time that it took."""

    def __init__(self, wrapped: BaseSampler) -> None:
        self.wrapped = wrapped
        self._seconds = 0.0

    def take_seconds(self) -> float:
        """Seconds since the last question."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    def _timed(self, call: Callable[..., Any], *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return call(*args)
        finally:
            self._seconds += time.perf_counter() - start

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        call = self.wrapped.infer_relative_search_space
        return dict(self._timed(call, study, trial))

    def sample_relative(
        self, study: optuna.Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        return dict(self._timed(self.wrapped.sample_relative, study, trial, search_space))

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        return self._timed(
            self.wrapped.sample_independent, study, trial, param_name, param_distribution
        )

    def before_trial(self, study: optuna.Study, trial: FrozenTrial) -> None:
        self._timed(self.wrapped.before_trial, study, trial)

    def after_trial(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        state: TrialState,
        values: Any,
    ) -> None:
        self._timed(self.wrapped.after_trial, study, trial, state, values)

    def reseed_rng(self) -> None:
        self.wrapped.reseed_rng()


def _create_study(
    problem: Problem, sampler: BaseSampler, pruner: BasePruner | None
) -> optuna.Study:
    return optuna.create_study(
        # Hyperband deals its brackets out by the study's name: the same for every sampler.
        study_name=problem.name,
        direction=problem.direction,
        sampler=sampler,
        pruner=pruner or RecordingPruner(),
    )


def epochs_of(trial: FrozenTrial, n_epochs: int) -> int:
    """Epochs that a finished trial ran."""
    if trial.state == TrialState.PRUNED:
        return int(trial.last_step or 0)
    return int(trial.user_attrs.get("epochs", n_epochs))


def _describe(
    trials: list[FrozenTrial],
    problem: Problem,
    seed: int,
    seconds: NDArray[np.float64],
    recommended: NDArray[np.float64],
    arms: NDArray[np.float64],
) -> Run:
    regret = np.array([problem.regret(trial.params) for trial in trials])
    values = [trial.value for trial in trials]
    complete = [trial.state == TrialState.COMPLETE for trial in trials]
    best = best_so_far(values, complete)
    return Run(
        seed=seed,
        state=np.array([trial.state.name for trial in trials]),
        epochs=np.array([epochs_of(trial, problem.n_epochs) for trial in trials], dtype=float),
        value=np.array([np.nan if value is None else value for value in values], dtype=float),
        regret=regret,
        best_regret=np.where(best < 0, np.nan, regret[best]),
        recommended_regret=recommended[:, 0],
        interval_holds=recommended[:, 1],
        interval_width=recommended[:, 2],
        arms_judged=arms[:, 0],
        arms_hold=arms[:, 1],
        arms_unknown=arms[:, 2],
        arms_width=arms[:, 3],
        sampler_seconds=seconds,
        params=np.array([as_json(trial.params) for trial in trials]),
    )


def best_so_far(values: list[float | None], complete: list[bool]) -> NDArray[np.int64]:
    """Index of ``study.best_trial`` after each trial (first of equals); -1 while there is none."""
    best, indices = -1, []
    for index, (value, counts) in enumerate(zip(values, complete)):
        leader = values[best] if best >= 0 else None
        if counts and value is not None and (leader is None or value > leader):
            best = index
        indices.append(best)
    return np.array(indices)
