"""Wrong arguments get clear errors; strange studies get sensible proposals, never a crash."""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState, create_trial

from optuna_zooming import (
    AdaptiveZooming,
    TextbookZooming,
    ZoomingSampler,
    active_arms,
    recommended_arm,
)
from optuna_zooming._policy.arms import Policy

HUGE = sys.float_info.max
POLICIES: list[Policy] = [AdaptiveZooming(), TextbookZooming(horizon=50, scale=0.05)]
BY_POLICY = pytest.mark.parametrize("policy", POLICIES, ids=["adaptive", "textbook"])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"seed": -1}, ValueError, "seed must be a non-negative integer or None, got -1"),
        ({"seed": 1.5}, TypeError, "seed must be a non-negative integer or None, got 1.5"),
        ({"seed": "1"}, TypeError, "seed must be a non-negative integer"),
        ({"seed": True}, TypeError, "seed must be a non-negative integer"),
        ({"policy": "textbook"}, TypeError, "policy must be None, AdaptiveZooming"),
        ({"policy": TextbookZooming}, TypeError, "policy must be None, AdaptiveZooming"),
        ({"policy": 3}, TypeError, "policy must be None, AdaptiveZooming"),
    ],
)
def test_wrong_arguments_are_named_with_their_rule_and_value(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        ZoomingSampler(**arguments)


def test_arguments_are_keywords_only() -> None:
    with pytest.raises(TypeError, match="positional"):
        ZoomingSampler(AdaptiveZooming())  # type: ignore[call-arg]


@pytest.mark.parametrize("seed", [np.int64(3), 2**80, 0])
def test_any_non_negative_integer_is_a_seed(seed: int) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
    assert 0.0 <= study.ask().suggest_float("x", 0, 1) <= 1.0


def _ulp_above(value: float) -> float:
    return math.nextafter(value, math.inf)


FLOAT_RANGES = st.one_of(
    st.tuples(st.floats(-HUGE, HUGE), st.floats(-HUGE, HUGE)).map(sorted),
    st.floats(-1e300, 1e300).map(lambda low: [low, _ulp_above(low)]),
    st.sampled_from([[-HUGE, HUGE], [0.0, 5e-324], [-1e308, 1e308], [1e-300, 1e300], [0.0, 1.0]]),
)
LOG_RANGES = st.one_of(
    st.tuples(st.floats(5e-324, HUGE), st.floats(5e-324, HUGE)).map(sorted),
    st.floats(1e-300, 1e300).map(lambda low: [low, _ulp_above(low)]),
    st.sampled_from([[1e-150, 1e150], [5e-324, HUGE], [1e-5, 1e1]]),
)
# Optuna stores integers as floats: larger ones do not come back.
INTEGERS = st.one_of(st.integers(-20, 20), st.integers(-(2**51), 2**51))


@st.composite
def distributions(draw: st.DrawFn) -> BaseDistribution:
    """Any distribution Optuna can construct."""
    kind = draw(st.sampled_from(["float", "log", "step", "int", "int log", "int step", "choices"]))
    if kind == "float":
        low, high = draw(FLOAT_RANGES)
        return FloatDistribution(low=low, high=high)
    if kind == "log":
        low, high = draw(LOG_RANGES)
        return FloatDistribution(low=low, high=high, log=True)
    if kind == "step":
        low, count = draw(st.integers(-50, 50)), draw(st.integers(0, 1000))
        step = draw(st.sampled_from([0.1, 0.25, 3.0]))
        return _adjusted(FloatDistribution, low * step, low * step + count * step, step=step)
    if kind == "choices":
        choices = draw(st.lists(st.sampled_from([None, True, 0, 1.5, "a", "b"]), min_size=1))
        return CategoricalDistribution(list(dict.fromkeys(choices)))
    low, high = sorted((draw(INTEGERS), draw(INTEGERS)))
    if kind == "int log":
        return IntDistribution(abs(low) + 1, abs(low) + 1 + high - low, log=True)
    step = draw(st.integers(1, 9)) if kind == "int step" else 1
    return _adjusted(IntDistribution, low, high, step=step)


def _adjusted(kind: Callable[..., BaseDistribution], *args: Any, **kwargs: Any) -> BaseDistribution:
    """A distribution whose upper end Optuna may move onto the grid, with a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return kind(*args, **kwargs)


VALUES = st.one_of(
    st.floats(0, 1),
    st.floats(allow_nan=False),
    st.sampled_from([0.0, 1e300, -1e300, 1e-300, HUGE, -HUGE, math.inf, -math.inf, 5e-324]),
)
REPORTS = st.one_of(
    st.dictionaries(st.integers(0, 4), st.one_of(VALUES, st.just(math.nan)), max_size=4),
    # Long enough for the shape of a curve to count.
    st.dictionaries(st.integers(0, 2**53), VALUES, min_size=6, max_size=8),
    st.lists(VALUES, min_size=6, max_size=8).map(lambda curve: dict(enumerate(sorted(curve)))),
)


@st.composite
def trials(draw: st.DrawFn, distribution: BaseDistribution) -> FrozenTrial:
    """A trial in any state, with the parameter or without, anywhere in its range."""
    state = draw(st.sampled_from(list(TrialState)))
    params = {} if draw(st.integers(0, 9)) == 0 else {"x": _inside(draw, distribution)}
    return create_trial(
        state=state,
        params=params,
        distributions=dict.fromkeys(params, distribution),
        value=draw(VALUES) if state == TrialState.COMPLETE else None,
        intermediate_values=draw(REPORTS),
    )


def _inside(draw: st.DrawFn, distribution: Any) -> Any:
    """A value of the distribution; the ends and repeats are likely."""
    if isinstance(distribution, CategoricalDistribution):
        return draw(st.sampled_from(distribution.choices))
    share = draw(st.sampled_from([0.0, 1.0, 0.5, 0.25, 0.3, 0.31, 0.9]))
    if isinstance(distribution, IntDistribution):
        steps = (distribution.high - distribution.low) // distribution.step
        return distribution.low + steps * round(100 * share) // 100 * distribution.step
    if distribution.step is not None:
        steps = round((distribution.high - distribution.low) / distribution.step)
        return min(distribution.low + int(steps * share) * distribution.step, distribution.high)
    value = (1 - share) * distribution.low + share * distribution.high
    return min(max(value, distribution.low), distribution.high)


@BY_POLICY
@given(data=st.data())
@hypothesis.settings(max_examples=100, suppress_health_check=[hypothesis.HealthCheck.too_slow])
def test_any_history_gets_a_proposal_in_range_and_arms_in_range(
    policy: Policy, data: st.DataObject
) -> None:
    # Warnings are errors, numpy's RuntimeWarning among them.
    distribution: Any = data.draw(distributions())
    direction: Any = data.draw(st.sampled_from(["minimize", "maximize"]))
    study = optuna.create_study(direction=direction, sampler=ZoomingSampler(policy=policy, seed=0))
    # Now and then a trial from another range of the same kind.
    foreign = data.draw(distributions())
    if type(foreign) is not type(distribution) or isinstance(foreign, CategoricalDistribution):
        foreign = distribution
    kinds = data.draw(st.lists(st.sampled_from([distribution, distribution, foreign]), max_size=12))
    for kind in kinds:
        study.add_trial(data.draw(trials(kind)))
    for _ in range(2):
        trial = study.ask()
        frozen = trial._get_latest_trial()
        value = study.sampler.sample_independent(study, frozen, "x", distribution)
        _assert_inside(value, distribution)
    if any("x" in t.params for t in study.trials):
        _assert_arms_describe(study)


def _assert_inside(value: Any, distribution: Any) -> None:
    if isinstance(distribution, CategoricalDistribution):
        assert value in distribution.choices
        return
    assert type(value) is (int if isinstance(distribution, IntDistribution) else float)
    assert distribution.low <= value <= distribution.high
    if isinstance(distribution, IntDistribution):
        assert (value - distribution.low) % distribution.step == 0


def _assert_arms_describe(study: optuna.Study) -> None:
    """The arms' means lie among the values, and the recommended arm is one of them."""
    arms = active_arms(study, "x")
    if not any(math.isfinite(arm.mean) for arm in arms):
        with pytest.raises(ValueError, match="finished with a finite value"):
            recommended_arm(study, "x")
        return
    assert recommended_arm(study, "x") in arms
    for arm in arms:
        assert arm.pulls >= 1
        assert arm.radius >= 0.0
        assert not math.isnan(arm.mean)
        assert not any(math.isnan(end) for end in arm.interval)


@BY_POLICY
@pytest.mark.parametrize(
    "values",
    [
        [3.0] * 12,
        [0.0] * 12,
        [1e300] * 12,
        [-HUGE] * 12,
        [1e300 * (i % 3 - 1) for i in range(12)],
        [1e-300 * i for i in range(12)],
        [5e-324 * i for i in range(12)],
        [HUGE * (-1) ** i for i in range(12)],
        [math.nan] * 12,
        [math.inf] * 12,
        [1.0 + 2**-52 * (i % 2) for i in range(12)],
    ],
    ids=lambda v: f"{v[0]:g}, {v[1]:g} ...",
)
def test_strange_values_keep_the_search_going(policy: Policy, values: list[float]) -> None:
    study = optuna.create_study(sampler=ZoomingSampler(policy=policy, seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_int("depth", 1, 4)
        trial.suggest_categorical("kind", ["a", "b"])
        trial.suggest_float("x", 0, 1)
        return values[trial.number]

    study.optimize(objective, n_trials=12)
    # Nothing is known, so the range is searched, not a corner of it.
    tried = [t.params["x"] for t in study.trials]
    assert max(tried) - min(tried) > 0.3


@BY_POLICY
@pytest.mark.parametrize("n_trials", [0, 1, 2, 3, 100, 1000, 10_000])
def test_any_number_of_trials(policy: Policy, n_trials: int) -> None:
    rng = np.random.default_rng(n_trials)
    distribution = FloatDistribution(1e-5, 1e1, log=True)
    study = optuna.create_study(sampler=ZoomingSampler(policy=policy, seed=0))
    rates = 10 ** rng.uniform(-5, 1, n_trials)
    finished = [
        create_trial(
            params={"lr": rate}, distributions={"lr": distribution}, value=(np.log10(rate) + 2) ** 2
        )
        for rate in rates
    ]
    study.add_trials(finished)
    rate = study.ask({"lr": distribution}).params["lr"]
    assert 1e-5 <= rate <= 1e1
    if n_trials >= 100:
        # Where the trials say the optimum is, give or take a few of them.
        assert abs(math.log10(recommended_arm(study, "lr").value) + 2) < 0.5


def test_foreign_trial_s_type_is_not_handed_on() -> None:
    # The recommended place is the foreign trial's own: an int where a float is promised.
    distribution = FloatDistribution(0.0, 10.0, step=1.0)
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    for value in range(11):
        study.add_trial(
            optuna.create_trial(
                params={"x": value}, distributions={"x": distribution}, value=abs(value - 4.0)
            )
        )
    for _ in range(5):
        trial = study.ask()
        assert type(trial.suggest_float("x", 0.0, 10.0, step=1.0)) is float
        study.tell(trial, 0.0)
