"""Arms of studies with several parameters: those of the model, beside what is recommended."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState, create_trial

from optuna_zooming import (
    AdaptiveZooming,
    Arm,
    TextbookZooming,
    ZoomingSampler,
    active_arms,
    recommended_arm,
    recommended_params,
)
from tests.sampler.histories import SPACES, foreign_trials

optuna.logging.set_verbosity(optuna.logging.WARNING)
UNIT = FloatDistribution(0.0, 1.0)
NAMES = ("lr", "layers", "kind")
# Never asks the model.
MARGINAL = AdaptiveZooming().with_constants(least_trials=10**6)
# Asks it as soon as two parameters vary.
EAGER = AdaptiveZooming().with_constants(least_trials=1, trials_per_parameter=0.0)


def _sampler(name: str, seed: int) -> BaseSampler:
    samplers: dict[str, Callable[..., BaseSampler]] = {
        "zooming": ZoomingSampler,
        "tpe": TPESampler,
        "random": RandomSampler,
    }
    return samplers[name](seed=seed)


def _loss(trial: optuna.Trial) -> float:
    """0 at best: a rate, an integer, a choice, and a parameter that one choice has."""
    loss = (math.log10(trial.suggest_float("lr", 1e-5, 1.0, log=True)) + 2.0) ** 2 / 4
    loss += abs(trial.suggest_int("layers", 1, 4) - 2) / 4
    if trial.suggest_categorical("kind", ["sgd", "adam"]) == "sgd":
        return loss + (trial.suggest_float("momentum", 0.0, 1.0) - 0.9) ** 2
    return loss + 0.3


def _studied(
    sampler: BaseSampler, direction: Any = "minimize", n_trials: int = 40, noise: float = 0.1
) -> optuna.Study:
    study = optuna.create_study(direction=direction, sampler=sampler)
    rng = np.random.default_rng(0)
    sign = 1.0 if direction == "minimize" else -1.0
    study.optimize(lambda t: sign * (_loss(t) + rng.normal(0, noise)), n_trials=n_trials)
    return study


def _added(*trials: FrozenTrial) -> optuna.Study:
    study = optuna.create_study()
    study.add_trials(trials)
    return study


def _trial(value: float, **params: float) -> FrozenTrial:
    return create_trial(params=params, distributions=dict.fromkeys(params, UNIT), value=value)


def _assert_balls_apart(arms: list[Arm]) -> None:
    for arm in arms:
        low, high = arm.ball
        assert low <= arm.value <= high
        assert not any(low <= other.value <= high for other in arms if other is not arm)


@pytest.mark.parametrize("name", ["zooming", "tpe", "random"])
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
@pytest.mark.parametrize("caution", [None, 0.0, 2.0])
def test_recommended_arms_are_the_recommended_combination(
    name: str, direction: str, caution: float | None
) -> None:
    for seed in range(3):
        study = _studied(_sampler(name, seed), direction)
        found = recommended_params(study, caution=caution)
        for parameter, value in found.params.items():
            arm = recommended_arm(study, parameter, caution=caution)
            assert arm.value == value
            assert (arm.mean, arm.interval) == (found.mean, found.interval)
            assert arm.section == {n: v for n, v in found.params.items() if n != parameter}
            if caution is None:
                assert arm in active_arms(study, parameter)


@pytest.mark.parametrize("name", ["zooming", "tpe", "random"])
def test_arms_are_apart_and_all_trials_count(name: str) -> None:
    study = _studied(_sampler(name, 0))
    for parameter in (*NAMES, "momentum"):
        arms = active_arms(study, parameter)
        with_it = [trial for trial in study.trials if parameter in trial.params]
        assert sum(arm.pulls for arm in arms) == sum(arm.complete for arm in arms) == len(with_it)
        assert {arm.value for arm in arms} <= {trial.params[parameter] for trial in with_it}
        if parameter == "kind":
            assert [arm.value for arm in arms] == ["sgd", "adam"]
            assert all(arm.ball == (arm.value, arm.value) for arm in arms)
        else:
            assert [arm.value for arm in arms] == sorted(arm.value for arm in arms)
            _assert_balls_apart(arms)
        for arm in arms:
            assert arm.interval[0] < arm.mean < arm.interval[1]
            assert arm.radius > arm.standard_error > 0.0


def test_arms_of_the_mirrored_objective_are_the_mirrored_arms() -> None:
    minimised, maximised = (_studied(RandomSampler(seed=1), d) for d in ("minimize", "maximize"))
    for parameter in (*NAMES, "momentum"):
        mirrored = [
            replace(arm, mean=-arm.mean, interval=(-arm.interval[1], -arm.interval[0]))
            for arm in active_arms(maximised, parameter)
        ]
        assert mirrored == active_arms(minimised, parameter)


def test_a_choice_without_the_conditional_parameter_has_a_section_without_it() -> None:
    study = _studied(_sampler("zooming", 0))
    assert recommended_params(study).params["kind"] == "sgd"
    sgd, adam = active_arms(study, "kind")
    assert (sgd.section or {}).keys() == {"lr", "layers", "momentum"}
    assert (adam.section or {}).keys() == {"lr", "layers"}


def test_what_the_recommended_combination_lacks_is_that_of_the_best_which_has_it() -> None:
    # The better choice has no momentum.
    kinds = CategoricalDistribution(["sgd", "adam"])
    study = optuna.create_study()
    rng = np.random.default_rng(0)
    for i in range(30):
        x, momentum = rng.random(2)
        params: dict[str, Any] = {"x": x, "kind": "sgd", "momentum": momentum}
        value = 1.0 + (x - 0.5) ** 2 + (momentum - 0.3) ** 2
        if i % 2:
            params, value = {"x": x, "kind": "adam"}, (x - 0.5) ** 2
        known = {"x": UNIT, "kind": kinds, "momentum": UNIT}
        distributions: Any = {name: known[name] for name in params}
        study.add_trial(create_trial(params=params, distributions=distributions, value=value))
    assert recommended_params(study).params["kind"] == "adam"
    arm = recommended_arm(study, "momentum")
    assert arm in active_arms(study, "momentum")
    assert (arm.section or {})["kind"] == "sgd"
    assert abs(arm.value - 0.3) < 0.25
    assert arm.mean == pytest.approx(1.0, abs=0.15)
    # Exactly a trial's combination.
    assert {"momentum": arm.value, **(arm.section or {})} in [t.params for t in study.trials]


def test_a_section_shows_the_optimum_that_the_margin_does_not() -> None:
    errors = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        points = rng.random((60, 2))
        trials = [
            _trial(10.0 * (x + y - 1.0) ** 2 + (x - y + 0.4) ** 2 + rng.normal(0, 0.05), x=x, y=y)
            for x, y in points.tolist()
        ]
        study = _added(*trials)
        y = recommended_params(study).params["y"]
        # Where the loss is least for this y.
        optimum = (9.6 - 9.0 * y) / 11.0
        both = (active_arms(study, "x", policy=policy) for policy in (AdaptiveZooming(), MARGINAL))
        found = [min(arms, key=lambda arm: arm.mean).value for arms in both]
        errors.append([abs(value - optimum) for value in found])
    section, marginal = np.mean(errors, axis=0)
    assert section < 0.06
    assert section < 0.5 * marginal


@pytest.mark.parametrize("n_trials", [5, 9])
def test_before_the_model_begins_arms_are_marginal(n_trials: int) -> None:
    study = _studied(RandomSampler(seed=0), n_trials=n_trials)
    for arm in active_arms(study, "lr"):
        assert arm.section is None
    assert recommended_arm(study, "lr").section is None


@pytest.mark.parametrize("policy", [MARGINAL, TextbookZooming(horizon=100)], ids=["late", "none"])
def test_a_policy_without_a_model_has_marginal_arms(policy: Any) -> None:
    study = _studied(RandomSampler(seed=0))
    assert {arm.section for arm in active_arms(study, "lr", policy=policy)} == {None}
    assert all(arm.section for arm in active_arms(study, "lr"))


def test_a_parameter_that_never_varied_has_one_marginal_arm() -> None:
    study = optuna.create_study(sampler=RandomSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        x, y, one = (trial.suggest_float(n, 0, 1) for n in ("x", "y", "one"))
        return x + y + one

    for _ in range(20):
        study.enqueue_trial({"one": 0.25})
    study.optimize(objective, n_trials=20)
    (arm,) = active_arms(study, "one")
    assert (arm.value, arm.section, arm.pulls) == (0.25, None, 20)
    # The others' section tells of it.
    assert (recommended_arm(study, "x").section or {})["one"] == 0.25


def test_trials_that_were_stopped_or_diverged_are_counted_apart() -> None:
    rng = np.random.default_rng(0)
    trials = [_trial(x + y, x=x, y=y) for x, y in rng.random((20, 2)).tolist()]
    both: Any = {"x": UNIT, "y": UNIT}
    diverged = [_trial(math.inf, x=0.9, y=0.8), _trial(math.inf, x=0.95, y=0.7)]
    stopped = create_trial(
        params={"x": 0.5, "y": 0.5}, distributions=both, value=0.9, state=TrialState.PRUNED
    )
    silent = create_trial(params={"x": 0.5, "y": 0.5}, distributions=both, state=TrialState.PRUNED)
    arms = active_arms(_added(*trials, *diverged, stopped, silent), "x")
    assert sum(arm.pulls for arm in arms) == 23
    assert sum(arm.complete for arm in arms) == 20
    assert sum(arm.diverged for arm in arms) == 2
    assert all(math.isfinite(arm.mean) for arm in arms)


def test_equal_values_are_the_mean_of_the_only_arm() -> None:
    trials = [_trial(0.0, x=x, y=y) for x, y in np.random.default_rng(0).random((12, 2)).tolist()]
    study = _added(*trials)
    found = recommended_params(study)
    (arm,) = active_arms(study, "x")
    assert (arm.value, arm.mean, arm.pulls) == (found.params["x"], 0.0, 12)
    assert arm.interval == (-math.inf, math.inf)
    assert arm == recommended_arm(study, "x")


def test_places_of_all_ranges_are_arms_and_the_values_are_the_trials_own() -> None:
    rng = np.random.default_rng(0)
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    for i in range(30):
        high = 1.0 if i < 15 else 0.4
        params = {"x": float(high * rng.random()), "y": float(rng.random())}
        distributions: Any = {"x": FloatDistribution(0.0, high), "y": UNIT}
        value = (params["x"] - 0.8) ** 2 + params["y"]
        study.add_trial(create_trial(params=params, distributions=distributions, value=value))
    arms = active_arms(study, "x")
    assert {arm.value for arm in arms} <= {trial.params["x"] for trial in study.trials}
    assert max(arm.value for arm in arms) > 0.4
    assert recommended_arm(study, "x").value == recommended_params(study).params["x"]


def test_a_thousand_trials() -> None:
    rng = np.random.default_rng(0)
    trials = [
        _trial((x - 0.3) ** 2 + (y - 0.6) ** 2 + rng.normal(0, 0.1), x=x, y=y)
        for x, y in rng.random((1000, 2)).tolist()
    ]
    study = _added(*trials)
    arms = active_arms(study, "x")
    assert sum(arm.pulls for arm in arms) == 1000
    assert abs(recommended_arm(study, "x").value - 0.3) < 0.15
    _assert_balls_apart(arms)


@given(st.data(), SPACES)
@settings(max_examples=60, deadline=None)
def test_foreign_trials_are_survived(data: st.DataObject, space: Any) -> None:
    study = optuna.create_study(direction=data.draw(st.sampled_from(["minimize", "maximize"])))
    for trial in data.draw(st.lists(foreign_trials(space, [0, 1]), max_size=12)):
        study._storage.create_new_trial(study._study_id, template_trial=trial)
    for name in {name for trial in study.trials for name in trial.params}:
        arms = active_arms(study, name, policy=EAGER)
        sections = [arm.section is not None for arm in arms]
        assert all(sections) or not any(sections)
        if not any(sections):
            continue
        recommended = recommended_arm(study, name, policy=EAGER)
        assert recommended in arms
        assert all(arm.pulls >= 1 for arm in arms)
        found = recommended_params(study)
        if name in found.params:
            assert recommended.value == found.params[name]
            assert (recommended.mean, recommended.interval) == (found.mean, found.interval)
        else:
            assert {name: recommended.value, **(recommended.section or {})} in [
                trial.params for trial in study.trials
            ]


def test_an_arm_with_a_section_can_be_put_into_a_set() -> None:
    arms = active_arms(_studied(RandomSampler(seed=0)), "lr")
    assert len({*arms, *arms}) == len(arms)
