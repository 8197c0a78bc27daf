"""(problem, seed) -> one study by our sampler, with every rule asked after each trial."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping

import numpy as np
import optuna
from optuna.storages import InMemoryStorage
from optuna.trial import FrozenTrial

from benchmarks.problems.groups import make_problem
from benchmarks.problems.noise import run_seed
from benchmarks.problems.problem import Problem
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import rival
from benchmarks.stopping.best_places import best_is_at_an_end
from benchmarks.stopping.rows import Watched
from benchmarks.stopping.rules import OURS, Callback, Rule, available_rules, make_callback
from benchmarks.stopping.settings import ENDS_TOLD_AFTER, TOLD_AFTER, Job, is_judged, judged_after
from optuna_zooming import explain, recommended_params
from optuna_zooming.explanation import Explanation

SAMPLER = "zooming"


class AskedStudy(optuna.Study):
    """A study that notes that a callback would stop it, and goes on."""

    would_stop = False

    def stop(self) -> None:
        """Note it."""
        self.would_stop = True


def stops_now(study: AskedStudy, callback: Callback, trial: FrozenTrial) -> bool:
    """Whether a callback would stop the study after this trial."""
    study.would_stop = False
    callback(study, trial)
    return study.would_stop


def watch(job: Job) -> Watched:
    """Run a study to its end, and note where each rule would have ended it."""
    problem = make_problem(job.problem)
    return _Watch(problem, job, available_rules(slow=job.with_slow)).run()


class _Watch:
    """One study, the rules that are asked, and what is noted."""

    def __init__(self, problem: Problem, job: Job, rules: Mapping[str, Rule]) -> None:
        self._problem, self._job, self._rules = problem, job, rules
        seed = run_seed(problem.name, job.seed)
        self._objective = problem.objective(seed)
        self._callbacks = {name: make_callback(rule, problem, seed) for name, rule in rules.items()}
        self._study = _asked_study(problem, seed)
        self._stops: dict[str, int] = {}
        self._regrets: dict[int, float] = {}
        self._told: dict[int, Explanation] = {}

    def run(self) -> Watched:
        with warnings.catch_warnings():
            # Of Optuna's Gaussian processes, on values that are not finite.
            warnings.simplefilter("ignore")
            for n in range(1, self._job.n_trials + 1):
                self._study.optimize(self._objective, n_trials=1)
                self._after(n)
        return self._watched()

    def _after(self, n: int) -> None:
        """Ask what is to be asked after n trials."""
        for laxer in (False, True):
            for name in self._due(n, laxer=laxer):
                if self._stops_now(name):
                    self._stops[name] = n
        if self._is_told(n):
            self._explained(n)
        elif n in self._stops.values() or is_judged(n) or n == self._job.n_trials:
            self._regrets[n] = _regret_now(self._study, self._problem)

    def _due(self, n: int, *, laxer: bool) -> list[str]:
        """Rules with a laxer one, or without, that are asked after n trials."""
        return [
            name
            for name, rule in self._rules.items()
            if bool(rule.laxer) == laxer
            and (not rule.laxer or rule.laxer in self._stops)
            and name not in self._stops
            and n >= rule.first
            and (is_judged(n) or not rule.slow)
        ]

    def _stops_now(self, name: str) -> bool:
        trial = self._study.get_trials(deepcopy=False)[-1]
        return stops_now(self._study, self._callbacks[name], trial)

    def _is_told(self, n: int) -> bool:
        of_ends = self._problem.n_parameters == 1 and n in ENDS_TOLD_AFTER
        return of_ends or (n in TOLD_AFTER and OURS not in self._stops)

    def _explained(self, n: int) -> None:
        self._told[n] = explain(self._study)
        found = self._told[n].recommended
        self._regrets[n] = math.nan if found is None else self._problem.regret(found.params)

    def _watched(self) -> Watched:
        one = self._problem.n_parameters == 1
        further = [(n, told.further_trials) for n, told in self._told.items()]
        return Watched(
            problem=self._job.problem,
            fingerprint=self._problem.fingerprint,
            seed=self._job.seed,
            n_trials=self._job.n_trials,
            asked=tuple(self._rules),
            stops=self._stops,
            stop_regrets={name: self._regrets[n] for name, n in self._stops.items()},
            regrets=np.array([self._regrets[n] for n in judged_after(self._job.n_trials)]),
            further=np.array([each for each in further if each[1]], float).reshape(-1, 2),
            widen=np.array([self._widen(n) for n in ENDS_TOLD_AFTER]),
            best_at_end=float(best_is_at_an_end(self._problem)) if one else math.nan,
        )

    def _widen(self, n: int) -> float:
        one = self._problem.n_parameters == 1
        return float(self._told[n].next_step == "widen") if one and n in self._told else math.nan


def _asked_study(problem: Problem, seed: int) -> AskedStudy:
    storage = InMemoryStorage()
    name = problem.name
    optuna.create_study(study_name=name, storage=storage, direction=problem.direction)
    sampler = rival(SAMPLER).sampler_for(problem, seed)
    return AskedStudy(name, storage, sampler, PRUNERS["none"]())


def _regret_now(study: optuna.Study, problem: Problem) -> float:
    """Of what is recommended; NaN while there is nothing."""
    try:
        return problem.regret(recommended_params(study).params)
    except ValueError:
        return math.nan
