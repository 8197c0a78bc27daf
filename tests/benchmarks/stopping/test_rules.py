"""Each rule's stopping point on studies made by hand."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import optuna
import pytest
from optuna.distributions import BaseDistribution, FloatDistribution
from optuna.storages import InMemoryStorage
from optuna.study import StudyDirection
from optuna.trial import TrialState, create_trial

from benchmarks.problems.groups import make_problem
from benchmarks.problems.problem import Problem
from benchmarks.stopping.rules import (
    LAX,
    RULES,
    Callback,
    FixedNumber,
    NoNewBest,
    available_rules,
    make_callback,
)
from benchmarks.stopping.watch import AskedStudy, stops_now
from optuna_zooming import StopWhenSure
from optuna_zooming._joint.outlook import Outlook

RANGE: dict[str, BaseDistribution] = {"lr": FloatDistribution(0.0, 1.0)}


@pytest.fixture
def problem() -> Problem:
    return make_problem("noise-2pct/0")


def stop_of(
    callback: Callback, values: Iterable[float | None], *, minimize: bool = False
) -> int | None:
    """After how many of these trials, along the axis, it stops first; ``None`` if it never does.

    A value of ``None`` is a trial that failed.
    """
    storage = InMemoryStorage()
    direction = StudyDirection.MINIMIZE if minimize else StudyDirection.MAXIMIZE
    study = AskedStudy(
        optuna.create_study(storage=storage, direction=direction).study_name, storage
    )
    for n, value in enumerate(values, start=1):
        # Golden ratio: anywhere, and never twice at the same place.
        params = {"lr": n * 0.618 % 1.0}
        state = TrialState.FAIL if value is None else TrialState.COMPLETE
        study.add_trial(create_trial(state=state, value=value, params=params, distributions=RANGE))
        if stops_now(study, callback, study.trials[-1]):
            return n
    return None


def test_a_callback_that_stops_is_noted_and_the_study_goes_on() -> None:
    storage = InMemoryStorage()
    study = AskedStudy(optuna.create_study(storage=storage).study_name, storage)
    study.optimize(lambda trial: 0.0, n_trials=3, callbacks=[lambda study, trial: study.stop()])
    assert len(study.trials) == 3
    assert study.would_stop


def test_a_fixed_number_counts_all_trials() -> None:
    assert stop_of(FixedNumber(3), [0.0, None, 0.0, 0.0]) == 3
    assert stop_of(FixedNumber(3), [0.0, 0.0]) is None


@pytest.mark.parametrize(
    ("values", "stop"),
    [
        ([0.0, 1.0, 0.0, 0.0, 0.0], 5),
        # 0.2 % of the range is no progress, a little more is.
        ([0.0, 0.2, 1.0, 1.002, 1.0, 1.0], 6),
        ([0.0, 0.2, 1.0, 1.003, 1.0, 1.0], None),
        # Small steps add up.
        ([0.0, 0.2, 1.0, 1.0015, 1.003, 1.0, 1.0], None),
        # A trial that failed or has no finite value was no better either.
        ([0.0, 1.0, None, -np.inf, 0.0], 5),
        ([None, None, None, None], None),
        # An exploded value does not widen the range: 0.2 % of that would be 2.
        ([0.0, 0.2, 1.0, -1000.0, 1.1, 1.2, 1.3], None),
    ],
)
def test_no_new_best_in_three_trials(values: list[float | None], stop: int | None) -> None:
    assert stop_of(NoNewBest(3), values) == stop


def test_no_new_best_mirrors_for_minimising() -> None:
    values = [0.3, 0.7, 0.5, 0.71, 0.6, 0.2, 0.1]
    mirrored = [-value for value in values]
    assert stop_of(NoNewBest(3), values) == 7
    assert stop_of(NoNewBest(3), mirrored, minimize=True) == 7


def test_ours_stops_as_the_callback_does(problem: Problem) -> None:
    # Smooth and without noise: more trials bring nothing; with a share of 0.3 % a few more.
    values = [-((n * 0.618 % 1.0 - 0.4) ** 2) for n in range(1, 41)]
    stops = {
        name: stop_of(make_callback(rule, problem, 0), values)
        for name, rule in RULES.items()
        if rule.kind == "ours"
    }
    expected = {
        name: stop_of(StopWhenSure(share=share), values)
        for name, share in zip(stops, (None, 0.003, 0.01))
    }
    assert stops == expected
    assert all(stop is not None and 5 <= stop < 30 for stop in stops.values())


@pytest.mark.parametrize("noise", [0.0, 1e-3, 1e9])
@pytest.mark.parametrize("n_parameters", [1, 4])
def test_a_rule_stops_no_sooner_than_its_laxer_one(noise: float, n_parameters: int) -> None:
    found = Outlook(0.0, np.zeros(n_parameters), noise, value_range=2.0, n_trials=20)
    lax = found.tolerance(0.01)
    own = {name for name, rule in RULES.items() if rule.kind == "ours"}
    assert {name for name in own if RULES[name].laxer != LAX} == {LAX}
    assert all(found.tolerance(share) <= lax for share in (None, 0.003))


def test_optunas_stagnation_waits_for_twenty_trials(problem: Problem) -> None:
    values = [1.0, *np.zeros(39)]
    for name, stop in (("10", 20), ("30", 32)):
        rule = RULES[f"Terminator, stagnation {name}"]
        assert stop_of(make_callback(rule, problem, 0), values) == stop


def test_optunas_terminator_is_told_the_error_in_the_objectives_units(problem: Problem) -> None:
    rule = RULES["Terminator, error told"]
    # All within a ten-thousandth of the span there is nothing to gain, and otherwise there is.
    noise = np.random.default_rng(0).normal(size=rule.first + 2)
    flat, rough = 1e-4 * problem.span * noise, problem.span * noise
    assert stop_of(make_callback(rule, problem, 0), flat) == rule.first
    assert stop_of(make_callback(rule, problem, 0), rough) is None


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.first > 1])
def test_a_rule_that_is_not_asked_yet_would_say_no(name: str, problem: Problem) -> None:
    rule = RULES[name]
    # Nothing varies: if it could, it would stop.
    values = np.zeros(rule.first - 1)
    assert stop_of(make_callback(rule, problem, 0), values) is None


def test_slow_rules_can_be_left_out() -> None:
    assert list(available_rules()) == list(RULES)
    assert list(available_rules(slow=False)) == [n for n, rule in RULES.items() if not rule.slow]


def test_without_a_terminator_only_its_rules_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "optuna.terminator" else name
    )
    assert list(available_rules()) == [n for n, rule in RULES.items() if rule.kind != "optuna"]
