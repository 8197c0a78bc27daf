"""Active arms and the recommended arm, in the user's units, of any study."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.trial import TrialState

from optuna_zooming import (
    AdaptiveZooming,
    Arm,
    TextbookZooming,
    ZoomingSampler,
    active_arms,
    recommended_arm,
)
from optuna_zooming._policy.arms import Policy

POLICIES: list[Policy] = [AdaptiveZooming(), TextbookZooming(horizon=100, scale=0.05)]
BY_POLICY = pytest.mark.parametrize("policy", POLICIES, ids=["adaptive", "textbook"])


def _studied(
    n_trials: int = 40,
    direction: Any = "minimize",
    sampler: optuna.samplers.BaseSampler | None = None,
    policy: Policy | None = None,
) -> optuna.Study:
    """A study of losses around 100, with noise 1; the optimum is lr = 0.01."""
    sampler = ZoomingSampler(policy=policy, seed=0) if sampler is None else sampler
    study = optuna.create_study(direction=direction, sampler=sampler)
    rng = np.random.default_rng(0)
    sign = 1.0 if direction == "minimize" else -1.0

    def objective(trial: optuna.Trial) -> float:
        rate = trial.suggest_float("lr", 1e-5, 1e1, log=True)
        return sign * (100.0 + 20.0 * (math.log10(rate) + 2.0) ** 2 + rng.normal())

    study.optimize(objective, n_trials=n_trials)
    return study


@BY_POLICY
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_arms_are_in_the_units_of_parameter_and_objective(policy: Policy, direction: str) -> None:
    study = _studied(direction=direction, policy=policy)
    arms = active_arms(study, "lr")
    assert [arm.value for arm in arms] == sorted(arm.value for arm in arms)
    worst = max(abs(t.value or 0.0) for t in study.trials)
    for arm in arms:
        assert 1e-5 <= arm.ball[0] <= arm.value <= arm.ball[1] <= 1e1
        # The sign is the objective's own, not that of larger-is-better.
        assert (arm.mean > 0) == (direction == "minimize")
        assert 98.0 < abs(arm.mean) <= worst
        assert arm.interval[0] <= arm.mean <= arm.interval[1]
        assert arm.radius >= 0.0


@BY_POLICY
def test_arms_of_the_mirrored_objective_are_the_mirrored_arms(policy: Policy) -> None:
    minimised = active_arms(_studied(direction="minimize", policy=policy), "lr")
    maximised = active_arms(_studied(direction="maximize", policy=policy), "lr")
    mirrored = [
        replace(a, mean=-a.mean, interval=(-a.interval[1], -a.interval[0])) for a in maximised
    ]
    assert mirrored == minimised


@BY_POLICY
def test_pulls_sum_to_the_finished_trials_with_a_value(policy: Policy) -> None:
    study = _studied(30, policy=policy)
    study.ask({"lr": optuna.distributions.FloatDistribution(1e-5, 1e1, log=True)})
    study.enqueue_trial({"lr": 0.5})
    assert sum(arm.pulls for arm in active_arms(study, "lr")) == 30


def test_recommended_arm_is_near_the_optimum_and_its_interval_holds_the_true_mean() -> None:
    arm = recommended_arm(_studied(60), "lr")
    assert abs(math.log10(arm.value) + 2.0) < 0.3
    true_mean = 100.0 + 20.0 * (math.log10(arm.value) + 2.0) ** 2
    assert arm.interval[0] <= true_mean <= arm.interval[1]


def test_recommended_arm_is_better_than_the_luckiest_trial() -> None:
    # Noise of a tenth of the range: the best trial of fifty is mere luck.
    excess = []
    for seed in range(60):
        study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
        rng = np.random.default_rng(seed)
        for _ in range(50):
            trial = study.ask()
            x = trial.suggest_float("x", 0, 1)
            study.tell(trial, (x - 0.4) ** 2 + rng.normal(0, 0.03))
        recommended = recommended_arm(study, "x").value
        excess.append(((recommended - 0.4) ** 2, (study.best_params["x"] - 0.4) ** 2))
    recommended_excess, best_trial_excess = np.mean(excess, axis=0)
    assert recommended_excess < best_trial_excess


@BY_POLICY
@pytest.mark.parametrize(
    "sampler",
    [optuna.samplers.RandomSampler(seed=0), optuna.samplers.TPESampler(seed=0)],
    ids=["random", "tpe"],
)
def test_study_of_any_other_sampler_has_arms(
    policy: Policy, sampler: optuna.samplers.BaseSampler
) -> None:
    study = _studied(sampler=sampler)
    assert sum(arm.pulls for arm in active_arms(study, "lr", policy=policy)) == 40
    assert abs(math.log10(recommended_arm(study, "lr", policy=policy).value) + 2.0) < 1.0


def test_own_policy_of_the_study_is_the_default() -> None:
    policy = TextbookZooming(horizon=100, scale=0.3)
    study = _studied(policy=policy)
    assert active_arms(study, "lr") == active_arms(study, "lr", policy=policy)
    assert active_arms(study, "lr") != active_arms(study, "lr", policy=AdaptiveZooming())


def test_arm_is_at_exactly_the_value_of_a_trial() -> None:
    study = _studied()
    tried = {trial.params["lr"] for trial in study.trials}
    assert {arm.value for arm in active_arms(study, "lr")} <= tried


def test_unknown_parameter_names_the_known_ones() -> None:
    study = _studied(3)
    for function in (active_arms, recommended_arm):
        with pytest.raises(ValueError, match=r"'learning_rate'\. It has 'lr'"):
            function(study, "learning_rate")
    with pytest.raises(ValueError, match="run study.optimize first"):
        active_arms(optuna.create_study(), "lr")


def test_several_objectives_are_refused() -> None:
    study = optuna.create_study(directions=["minimize", "minimize"])
    with pytest.raises(ValueError, match="single objective"):
        active_arms(study, "lr")


def test_no_finished_trial_has_no_arms_and_nothing_to_recommend() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.ask().suggest_float("lr", 1e-5, 1e1, log=True)
    assert active_arms(study, "lr") == []
    with pytest.raises(ValueError, match=r"finished with a finite value: run study\.optimize"):
        recommended_arm(study, "lr")


@BY_POLICY
def test_one_trial_is_one_arm(policy: Policy) -> None:
    study = _studied(1, policy=policy)
    (arm,) = active_arms(study, "lr")
    assert recommended_arm(study, "lr") == arm
    assert (arm.value, arm.pulls) == (study.trials[0].params["lr"], 1)
    assert arm.mean == pytest.approx(study.trials[0].value)


def _constant(value: float, n_trials: int = 10) -> optuna.Study:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("x", 0, 1)
        return value

    study.optimize(objective, n_trials=n_trials)
    return study


def test_equal_values_are_the_mean_of_every_arm() -> None:
    for arm in active_arms(_constant(7.5), "x"):
        assert arm.mean == pytest.approx(7.5)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_where_everything_diverged_nothing_is_recommended(value: float) -> None:
    study = _constant(value)
    # A loss: the bad direction is up.
    assert {arm.mean for arm in active_arms(study, "x")} == {math.inf}
    with pytest.raises(ValueError, match="narrow the range if every trial diverged"):
        recommended_arm(study, "x")


def test_diverged_arms_are_infinitely_bad_and_not_recommended() -> None:
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        x = trial.suggest_float("x", 0, 1)
        return math.inf if x > 0.6 else x

    study.optimize(objective, n_trials=30)
    arms = active_arms(study, "x")
    assert {arm.mean for arm in arms if arm.value > 0.65} == {-math.inf}
    assert all(math.isfinite(arm.mean) for arm in arms if arm.value < 0.5)
    assert 0.5 < recommended_arm(study, "x").value <= 0.6


@BY_POLICY
def test_integers_and_choices_are_arms_of_their_own_kind(policy: Policy) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(policy=policy, seed=0))

    def objective(trial: optuna.Trial) -> float:
        depth = trial.suggest_int("depth", 1, 8)
        kind: Any = trial.suggest_categorical("kind", ["b", "a", None])
        return (depth - 3) ** 2 + {"b": 0.0, "a": 5.0, None: 9.0}[kind]

    study.optimize(objective, n_trials=40)
    depths: list[Any] = [arm.value for arm in active_arms(study, "depth")]
    assert depths == sorted(set(depths))
    assert all(type(depth) is int and 1 <= depth <= 8 for depth in depths)
    kinds = active_arms(study, "kind")
    # In the order of the choices; each with its own pulls and ball.
    assert [arm.value for arm in kinds] == ["b", "a", None]
    for arm in kinds:
        assert arm.pulls == sum(t.params["kind"] == arm.value for t in study.trials)
        assert arm.ball == (arm.value, arm.value)
    assert recommended_arm(study, "kind").value == "b"


def test_arms_of_choices_have_the_mean_of_their_trials() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    distribution = optuna.distributions.CategoricalDistribution(["a", "b"])
    for kind, value in (("a", 1.0), ("a", 3.0), ("b", 10.0)):
        study.add_trial(
            optuna.create_trial(params={"k": kind}, distributions={"k": distribution}, value=value)
        )
    assert [(arm.value, arm.mean, arm.pulls) for arm in active_arms(study, "k")] == [
        ("a", 2.0, 2),
        ("b", 10.0, 1),
    ]


def test_state_of_the_study_is_not_changed_by_looking() -> None:
    study = _studied(5)
    before = [(t.state, t.params, t.system_attrs) for t in study.trials]
    active_arms(study, "lr")
    assert [(t.state, t.params, t.system_attrs) for t in study.trials] == before
    assert study.trials[-1].state == TrialState.COMPLETE


def test_an_arm_is_printed_in_three_digits() -> None:
    arm = Arm(
        value=0.16512345,
        pulls=5,
        complete=5,
        diverged=0,
        mean=94.61234,
        standard_error=1.0,
        radius=1.0,
        ball=(0.1, 0.2),
        interval=(90.2345, 98.9123),
    )
    assert str(arm) == "0.165: mean 94.6 (90.2 to 98.9), 5 trials"
    arm = replace(arm, complete=2, diverged=1, interval=(-math.inf, math.inf))
    told = "0.165: mean 94.6 (interval unknown), 5 trials, 2 stopped early, 1 diverged"
    assert str(arm) == told


def test_the_sampler_is_printed_with_its_arguments() -> None:
    assert repr(ZoomingSampler(seed=3)).endswith("seed=3)")
