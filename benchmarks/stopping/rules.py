"""Rules that end a study: name -> callback. A new one is one line of RULES."""

from __future__ import annotations

import functools
import importlib.util
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from benchmarks.problems.problem import Problem
from optuna_zooming import StopWhenSure
from optuna_zooming._joint.outlook import value_range

Callback = Callable[[optuna.Study, FrozenTrial], None]
Kind = Literal["ours", "optuna", "cheap", "fixed"]

OURS = "StopWhenSure()"
LAX = "StopWhenSure(share=0.01)"
# What Terminator is told of the error, as a share of the span: nobody who tunes knows that.
TOLD_ERROR = 0.01
NOT_BETTER = 0.002


@dataclass(frozen=True)
class Rule:
    """A rule that ends a study.

    Attributes:
        make: Problem and seed -> a callback for one study.
        kind: Whose it is; "fixed" is a number of trials chosen beforehand.
        slow: Asked seldom: a question takes longer than a proposal.
        first: Never asked before so many trials, as it could not say yes.
        laxer: Never asked before that rule has stopped, which never says no where this one says
            yes; a question to one of ours costs as much as the model.
        needs: Module without which the rule is left out.
    """

    make: Callable[[Problem, int], Callback]
    kind: Kind
    slow: bool = False
    first: int = 1
    laxer: str = ""
    needs: str = "optuna"


class FixedNumber:
    """Stops after so many trials."""

    def __init__(self, n_trials: int) -> None:
        self._n_trials = n_trials

    def __call__(self, study: optuna.Study, trial: FrozenTrial) -> None:
        if trial.number + 1 >= self._n_trials:
            study.stop()


class NoNewBest:
    """Stops when so many trials in a row were not better than the best before by a share.

    Args:
        patience: So many trials.
        share: Of the range of values, as :class:`StopWhenSure` sees it.
    """

    def __init__(self, patience: int, share: float = NOT_BETTER) -> None:
        self._patience, self._share = patience, share

    def __call__(self, study: optuna.Study, trial: FrozenTrial) -> None:
        values = _values(study)
        if not np.isfinite(values).any():
            return
        worth = self._share * value_range(values)
        best, since = -np.inf, 0
        for value in values:
            best, since = (value, 0) if value > best + worth else (best, since + 1)
        if since >= self._patience:
            study.stop()


def _values(study: optuna.Study) -> NDArray[np.float64]:
    """(n_trials,), oriented so that more is better, -inf for a trial without a finite value."""
    sign = 1.0 if study.direction == StudyDirection.MAXIMIZE else -1.0
    values = [
        sign * trial.value
        if trial.state == TrialState.COMPLETE and trial.value is not None
        else -np.inf
        for trial in study.get_trials(deepcopy=False)
    ]
    return np.where(np.isfinite(values), values, -np.inf)


def _regret_bound(problem: Problem, seed: int) -> Callback:
    """The default of Optuna's Terminator, told the error that it takes from cross-validation."""
    from optuna.terminator import RegretBoundEvaluator, StaticErrorEvaluator

    error = StaticErrorEvaluator(TOLD_ERROR * problem.span)
    return _terminator(RegretBoundEvaluator(seed=seed), error)


def _expected_regret(problem: Problem, seed: int) -> Callback:
    from optuna.terminator import EMMREvaluator, MedianErrorEvaluator

    evaluator = EMMREvaluator(seed=seed)
    return _terminator(evaluator, MedianErrorEvaluator(evaluator))


def _stagnation(problem: Problem, seed: int, *, patience: int) -> Callback:
    from optuna.terminator import BestValueStagnationEvaluator

    return _terminator(BestValueStagnationEvaluator(patience))


def _terminator(*evaluators: Any) -> Callback:
    from optuna.terminator import Terminator, TerminatorCallback

    return TerminatorCallback(Terminator(*evaluators))


def _sure(problem: Problem, seed: int, *, share: float | None = None) -> Callback:
    return StopWhenSure(share=share)


def _no_new_best(patience: int) -> Rule:
    return Rule(lambda problem, seed: NoNewBest(patience), "cheap")


def _fixed(n_trials: int) -> Rule:
    return Rule(lambda problem, seed: FixedNumber(n_trials), "fixed")


def _stagnates(patience: int) -> Rule:
    make = functools.partial(_stagnation, patience=patience)
    return Rule(make, "optuna", needs="optuna.terminator")


RULES: Mapping[str, Rule] = {
    OURS: Rule(_sure, "ours", laxer=LAX),
    "StopWhenSure(share=0.003)": Rule(
        functools.partial(_sure, share=0.003), "ours", laxer=LAX
    ),
    LAX: Rule(functools.partial(_sure, share=0.01), "ours"),
    "Terminator, error told": Rule(
        _regret_bound, "optuna", slow=True, first=20, needs="optuna.terminator"
    ),
    "Terminator, EMMR": Rule(
        # Ten trials are left out, and twenty make its threshold.
        _expected_regret, "optuna", slow=True, first=30, needs="optuna.terminator",
    ),
    "Terminator, stagnation 30": _stagnates(30),
    "Terminator, stagnation 10": _stagnates(10),
    "no new best in 5": _no_new_best(5),
    "no new best in 10": _no_new_best(10),
    **{f"{n} trials": _fixed(n) for n in (10, 15, 20, 30, 50)},
}  # fmt: skip
"""Beside those that are ours: what Optuna has, and what costs nothing."""


def available_rules(*, slow: bool = True) -> dict[str, Rule]:
    """The rules that can be asked here, in their order; Optuna 6 will have no terminator."""
    return {
        name: rule
        for name, rule in RULES.items()
        if importlib.util.find_spec(rule.needs) and (slow or not rule.slow)
    }


def make_callback(rule: Rule, problem: Problem, seed: int) -> Callback:
    """A rule's callback, without what Optuna has to say of its own modules."""
    with warnings.catch_warnings():
        # Deprecated since Optuna 4.9.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return rule.make(problem, seed)
