"""Search spaces found out from what problems suggest."""

from __future__ import annotations

from typing import Any

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.trainings import TrainingProblem
from benchmarks.rivals.search_spaces import (
    Parameter,
    active,
    from_plain,
    is_whole,
    space_of,
    to_plain,
)
from tests.benchmarks.rivals.spaces import Everything, Layered


def test_a_problem_that_chooses_an_optimiser_has_its_momentum_under_sgd() -> None:
    rate = FloatDistribution(1e-4, 1.0, log=True)
    assert space_of(make_problem("tuning-optimisers/0pct")) == {
        "optimiser": Parameter(CategoricalDistribution(["adam", "rmsprop", "sgd"])),
        "lr": Parameter(rate),
        "layers": Parameter(IntDistribution(1, 4)),
        "momentum": Parameter(FloatDistribution(0.0, 1.0), {"optimiser": ("sgd",)}),
    }


@pytest.mark.parametrize("name", group_names("tuning-trainings"))
def test_the_spaces_of_trainings_are_found_as_they_are_declared(name: str) -> None:
    problem = make_problem(name)
    assert isinstance(problem, TrainingProblem)
    declared = {
        each.name: {each.when.name: set(each.when.values)} if each.when else {}
        for each in problem.search.space.parameters
    }
    space = space_of(problem)
    assert declared == {
        name: {parent: set(values) for parent, values in each.parents.items()}
        for name, each in space.items()
    }


def test_conditions_on_integers_and_on_two_parameters_are_found() -> None:
    space = space_of(Everything())
    parents = {name: {k: set(v) for k, v in each.parents.items()} for name, each in space.items()}
    assert parents == {
        "layers": {},
        "units": {"layers": {2, 3}},
        "power": {},
        "kind": {},
        "momentum": {"kind": {"sgd"}},
        "odd": {"kind": {None}, "layers": {1}},
        "step": {},
    }


def test_a_condition_that_another_implies_is_left_out() -> None:
    class Nested(Layered):
        def value(self, trial: optuna.Trial) -> float:
            if trial.suggest_categorical("optimiser", ["adam", "sgd"]) == "sgd":  # noqa: SIM102
                if trial.suggest_categorical("nesterov", [True, False]):
                    trial.suggest_float("momentum", 0, 1)
            return 0.0

    space = space_of(Nested())
    assert space["nesterov"].parents == {"optimiser": ("sgd",)}
    assert space["momentum"].parents == {"nesterov": (True,)}
    adam = {"optimiser": "adam", "nesterov": True, "momentum": 0.5}
    assert active(space, adam) == {"optimiser": "adam"}
    assert is_whole(space, adam)
    assert not is_whole(space, {"optimiser": "sgd"})


def test_what_cannot_be_declared_is_refused() -> None:
    class Either(Layered):
        def value(self, trial: optuna.Trial) -> float:
            kinds = [trial.suggest_categorical(name, [0, 1]) for name in "ab"]
            if any(kinds):
                trial.suggest_float("x", 0, 1)
            return 0.0

    class Shifting(Layered):
        def value(self, trial: optuna.Trial) -> float:
            return trial.suggest_float("x", 0, 1 + trial.suggest_categorical("a", [0, 1]))

    with pytest.raises(ValueError, match="x exists with values of others"):
        space_of(Either())
    with pytest.raises(ValueError, match="x does not range over the same"):
        space_of(Shifting())


@pytest.mark.parametrize(
    ("of", "value", "plain"),
    [
        (FloatDistribution(1e-4, 1.0, log=True), 0.01, 0.01),
        (FloatDistribution(0.5, 2.0, step=0.5), 1.5, 2),
        (IntDistribution(1, 9, step=2), 7, 3),
        (IntDistribution(1, 1000, log=True), 30, 30),
        (CategoricalDistribution(["a", None, 3]), None, 1),
    ],
)
def test_plain_values_and_back(of: Any, value: Any, plain: float) -> None:
    assert to_plain(value, of) == plain
    assert from_plain(plain, of) == value


def test_values_stay_inside_their_range() -> None:
    assert from_plain(1.0 + 1e-12, FloatDistribution(1e-4, 1.0, log=True)) == 1.0
