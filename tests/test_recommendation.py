"""The recommended combination of parameters, of any study."""

from __future__ import annotations

import itertools
import math
import subprocess
import sys
from collections.abc import Callable
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
    RecommendedParams,
    ZoomingSampler,
    recommended_arm,
    recommended_params,
)
from optuna_zooming._study.logs import read_trials
from tests.sampler.histories import SPACES, foreign_trials

SAMPLERS: dict[str, Callable[[int], BaseSampler]] = {
    "zooming": lambda seed: ZoomingSampler(seed=seed),
    "tpe": lambda seed: TPESampler(seed=seed),
    "random": lambda seed: RandomSampler(seed=seed),
}
UNIT = FloatDistribution(0.0, 1.0)


def _truth(params: dict[str, Any]) -> float:
    """A loss, 0 at best: a choice, a conditional parameter, a rate and an integer."""
    loss = (math.log10(params["lr"]) + 2.0) ** 2 / 4 + abs(params["layers"] - 2) / 4
    if params["kind"] == "sgd":
        return float(loss + (params["momentum"] - 0.9) ** 2)
    return float(loss + 0.3)


def _suggested(trial: optuna.Trial) -> dict[str, Any]:
    trial.suggest_float("lr", 1e-5, 1.0, log=True)
    trial.suggest_int("layers", 1, 4)
    if trial.suggest_categorical("kind", ["sgd", "adam"]) == "sgd":
        trial.suggest_float("momentum", 0.0, 1.0)
    trial.suggest_float("one", 3.0, 3.0)
    return trial.params


def _studied(
    sampler: BaseSampler,
    n_trials: int = 40,
    noise: float = 0.1,
    direction: Any = "minimize",
    unit: float = 1.0,
) -> optuna.Study:
    study = optuna.create_study(direction=direction, sampler=sampler)
    rng = np.random.default_rng(0)
    sign = 1.0 if direction == "minimize" else -1.0
    study.optimize(
        lambda trial: sign * unit * (_truth(_suggested(trial)) + rng.normal(0, noise)),
        n_trials=n_trials,
    )
    return study


def _added(*trials: FrozenTrial) -> optuna.Study:
    study = optuna.create_study()
    study.add_trials(trials)
    return study


def _trial(value: float | None = None, **params: float) -> FrozenTrial:
    return create_trial(
        params=params,
        distributions=dict.fromkeys(params, UNIT),
        value=value,
        state=TrialState.PRUNED if value is None else TrialState.COMPLETE,
    )


@pytest.mark.parametrize("name", SAMPLERS)
def test_it_is_a_tried_combination_with_all_its_parameters(name: str) -> None:
    study = _studied(SAMPLERS[name](0))
    found = recommended_params(study)
    trial = study.trials[found.number]
    assert trial.state == TrialState.COMPLETE
    assert found.params == trial.params
    assert found.params["one"] == 3.0
    low, high = found.interval
    assert low < found.mean < high


@pytest.mark.parametrize("name", SAMPLERS)
def test_under_noise_it_is_better_than_the_luckiest_trial_and_knows_its_worth(name: str) -> None:
    gained, held = [], []
    for seed in range(12):
        study = _studied(SAMPLERS[name](seed), 60, noise=0.3)
        found = recommended_params(study)
        truth = _truth(found.params)
        gained.append(_truth(study.best_params) - truth)
        held.append(found.interval[0] <= truth <= found.interval[1])
    assert np.mean(gained) > 0
    assert sum(held) >= 10


def test_mirrored_objectives_have_the_mirrored_recommendation() -> None:
    minimised = recommended_params(_studied(RandomSampler(seed=1)))
    maximised = recommended_params(_studied(RandomSampler(seed=1), direction="maximize"))
    low, high = maximised.interval
    assert minimised == RecommendedParams(
        maximised.params, -maximised.mean, (-high, -low), maximised.number
    )


@given(st.permutations(range(25)))
@settings(max_examples=20, deadline=None)
def test_order_of_the_trials_changes_no_digit(order: list[int]) -> None:
    trials = _STUDY_OF_25.get_trials()
    expected = recommended_params(_STUDY_OF_25)
    found = recommended_params(_added(*(trials[i] for i in order)))
    assert (found.params, found.mean, found.interval) == (
        expected.params,
        expected.mean,
        expected.interval,
    )
    assert order[found.number] == expected.number


optuna.logging.set_verbosity(optuna.logging.WARNING)
_STUDY_OF_25 = _studied(RandomSampler(seed=2), 25)


@pytest.mark.parametrize("unit", [1e-9, 1e9, 1e299, 1e-300])
def test_the_unit_of_the_objective_does_not_matter(unit: float) -> None:
    expected = recommended_params(_studied(RandomSampler(seed=3)))
    found = recommended_params(_studied(RandomSampler(seed=3), unit=unit))
    assert found.params == expected.params
    assert found.mean / unit == pytest.approx(expected.mean)
    assert np.array(found.interval) / unit == pytest.approx(np.array(expected.interval))


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("fixed", [False, True])
def test_a_single_parameter_has_its_recommended_arm(name: str, fixed: bool) -> None:
    study = optuna.create_study(sampler=SAMPLERS[name](0))
    rng = np.random.default_rng(0)

    def objective(trial: optuna.Trial) -> float:
        if fixed:
            trial.suggest_float("one", 3.0, 3.0)
        x = trial.suggest_float("x", 1e-3, 1.0, log=True)
        return (x - 0.1) ** 2 + rng.normal(0, 0.05)

    if fixed:
        for _ in range(30):
            study.enqueue_trial({"one": 3.0})
    study.optimize(objective, n_trials=30)
    found, arm = recommended_params(study), recommended_arm(study, "x")
    assert found.params["x"] == arm.value
    assert (found.mean, found.interval) == (arm.mean, arm.interval)
    assert found.params == study.trials[found.number].params


@pytest.mark.parametrize("n_trials", [65, 150, 600])
@pytest.mark.parametrize("name", ["zooming", "random"])
def test_a_single_parameter_has_it_also_where_trials_are_merged(name: str, n_trials: int) -> None:
    study = optuna.create_study(sampler=SAMPLERS[name](1))
    rng = np.random.default_rng(0)
    study.optimize(
        lambda t: abs(t.suggest_float("x", 0, 1) - 0.3) + rng.normal(0, 0.2), n_trials=n_trials
    )
    found, arm = recommended_params(study), recommended_arm(study, "x")
    assert found.params == {"x": arm.value}
    assert (found.mean, found.interval) == (arm.mean, arm.interval)
    nearest = min(study.trials, key=lambda trial: abs(trial.params["x"] - arm.value))
    assert study.trials[found.number].params == nearest.params


def test_one_that_is_held_fixed_is_carried_along() -> None:
    study = optuna.create_study(sampler=RandomSampler(seed=0))
    for _ in range(15):
        study.enqueue_trial({"y": 0.25})
    study.optimize(
        lambda t: (t.suggest_float("x", 0, 1) - 0.5) ** 2 + t.suggest_float("y", 0, 1), n_trials=15
    )
    found, arm = recommended_params(study), recommended_arm(study, "x")
    assert found.params == {"x": arm.value, "y": 0.25}
    assert (found.mean, found.interval) == (arm.mean, arm.interval)


def test_a_pruned_trial_is_not_recommended() -> None:
    worse = [_trial(1.0 + 0.1 * i, x=0.1 * i, y=0.5) for i in range(5)]
    pruned = create_trial(
        state=TrialState.PRUNED,
        params={"x": 0.9, "y": 0.9},
        distributions={"x": UNIT, "y": UNIT},
        intermediate_values={0: 0.0, 1: 0.0},
    )
    assert recommended_params(_added(*worse, pruned)).number < 5
    # Where only one parameter differs as well.
    alone = [_trial(t.value, x=t.params["x"]) for t in worse]
    assert recommended_params(_added(*alone, _trial(x=0.9))).number < 5


def test_diverged_trials_keep_the_recommendation_away() -> None:
    grid = list(itertools.product(np.linspace(0, 1, 6), repeat=2))
    trials = [_trial(math.inf if x + y > 1.3 else -x - y, x=float(x), y=float(y)) for x, y in grid]
    found = recommended_params(_added(*trials))
    assert found.params["x"] + found.params["y"] <= 1.3
    assert math.isfinite(found.mean)


def test_repeats_are_pooled() -> None:
    lucky = [_trial(value, x=0.2, y=0.2) for value in (1.0, 1.1, 0.9, 1.0, -1.0)]
    good = [_trial(value, x=0.9, y=0.8) for value in (0.3, 0.2, 0.25, 0.3, 0.2)]
    study = _added(*lucky, *good)
    assert study.best_params == {"x": 0.2, "y": 0.2}
    found = recommended_params(study)
    assert found.params == {"x": 0.9, "y": 0.8}
    assert found.number == 5


def test_fifty_parameters() -> None:
    study = optuna.create_study(sampler=RandomSampler(seed=0))
    study.optimize(
        lambda t: sum(t.suggest_float(f"x{i}", 0, 1) / (1 + i) for i in range(50)), n_trials=40
    )
    found = recommended_params(study)
    values = [trial.values[0] for trial in study.trials]
    assert len(found.params) == 50
    assert study.trials[found.number].values[0] < np.quantile(values, 0.2)


def test_one_trial_is_recommended_as_it_is() -> None:
    found = recommended_params(_added(_trial(2.5, x=0.1, y=0.7)))
    assert found == RecommendedParams({"x": 0.1, "y": 0.7}, 2.5, (-math.inf, math.inf), 0)
    assert str(found) == "x=0.1, y=0.7: mean 2.5 (interval unknown), trial 0"


def test_equal_values_are_the_mean() -> None:
    found = recommended_params(_added(*(_trial(0.0, x=0.1 * i, y=0.7 - 0.1 * i) for i in range(5))))
    assert (found.mean, found.interval) == (0.0, (-math.inf, math.inf))
    assert math.copysign(1.0, found.mean) == 1.0


def test_without_parameters_the_mean_of_all_trials_is_expected() -> None:
    study = optuna.create_study()
    rng = np.random.default_rng(0)
    study.optimize(lambda trial: rng.normal(5.0, 1.0), n_trials=50)
    found = recommended_params(study)
    assert found.params == {}
    assert found.interval[0] < 5.0 < found.interval[1]


def test_several_objectives_are_refused() -> None:
    with pytest.raises(ValueError, match="single objective, but it has 2"):
        recommended_params(optuna.create_study(directions=["minimize", "minimize"]))


@pytest.mark.parametrize(
    "trials",
    [
        [],
        [_trial(math.inf, x=0.1, y=0.2), _trial(-math.inf, x=0.3, y=0.2)],
        [_trial(x=0.1, y=0.2)],
        [create_trial(state=TrialState.FAIL, params={"x": 0.1}, distributions={"x": UNIT})],
    ],
    ids=["none", "diverged", "pruned", "failed"],
)
def test_without_a_complete_trial_nothing_is_recommended(trials: list[FrozenTrial]) -> None:
    with pytest.raises(ValueError, match=r"No trial is complete.*run study\.optimize first"):
        recommended_params(_added(*trials))


def test_a_combination_is_printed_in_three_digits() -> None:
    found = RecommendedParams(
        {"lr": 0.16512345, "kind": "sgd", "layers": 2}, 94.61234, (90.2345, 98.9123), 17
    )
    assert str(found) == "lr=0.165, kind=sgd, layers=2: mean 94.6 (90.2 to 98.9), trial 17"
    assert str(RecommendedParams({}, 1.0, (0.0, 2.0), 3)) == "mean 1 (0 to 2), trial 3"


@given(st.data(), SPACES)
@settings(max_examples=60, deadline=None)
def test_foreign_trials_are_survived(data: st.DataObject, space: Any) -> None:
    study = optuna.create_study(direction=data.draw(st.sampled_from(["minimize", "maximize"])))
    for trial in data.draw(st.lists(foreign_trials(space, [0, 1]), max_size=12)):
        study._storage.create_new_trial(study._study_id, template_trial=trial)
    found = read_trials(study).combinations()
    complete = [study.trials[row].state == TrialState.COMPLETE for row in found.rows]
    if not np.isfinite(found.joint.values[complete]).any():
        with pytest.raises(ValueError, match="No trial is complete"):
            recommended_params(study)
        return
    recommended = recommended_params(study)
    trial = study.trials[recommended.number]
    assert trial.state == TrialState.COMPLETE
    assert recommended.params == trial.params
    assert recommended.interval[0] <= recommended.mean <= recommended.interval[1]


def test_another_kind_of_parameter_under_the_same_name_is_survived() -> None:
    kinds = CategoricalDistribution(["a", "b"])
    study = _added(*(_trial(0.1 * i, x=0.1 * i, y=0.2) for i in range(4)))
    odd = create_trial(
        params={"x": "a", "y": 0.9}, distributions={"x": kinds, "y": UNIT}, value=9.0
    )
    study._storage.create_new_trial(study._study_id, template_trial=odd)
    # Places of one kind have no meaning among the other's: the remaining parameter decides.
    assert recommended_params(study).params["y"] == 0.2


def test_scipy_is_loaded_when_parameters_are_recommended_and_no_sooner() -> None:
    script = (
        "import sys, optuna, optuna_zooming\n"
        "study = optuna.create_study(sampler=optuna_zooming.ZoomingSampler(seed=0))\n"
        "f = lambda t: t.suggest_float('x', 0, 1) + t.suggest_float('y', 0, 1)\n"
        "study.optimize(f, n_trials=5)\n"
        "print('scipy' in sys.modules)\n"
        "optuna_zooming.recommended_params(study)\n"
        "print('scipy' in sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("caution", [-1.0, math.nan])
def test_caution_is_a_number_of_standard_errors(caution: float) -> None:
    with pytest.raises(ValueError, match="caution must be finite and at least 0"):
        recommended_params(_added(_trial(2.5, x=0.1, y=0.7)), caution=caution)


def test_caution_prefers_a_combination_that_is_better_known() -> None:
    values = [0.30, 0.31, 0.32, 0.31, 0.30, 0.29, 0.33]
    known = [_trial(value, x=0.2, y=0.3) for value in values]
    others = [_trial(0.9 + 0.01 * i, x=0.1 * i, y=1.0 - 0.1 * i) for i in range(1, 9)]
    lucky = _trial(0.302, x=0.9, y=0.9)
    study = _added(*known, *others, lucky)
    assert recommended_params(study, caution=0.0).params == {"x": 0.9, "y": 0.9}
    assert recommended_params(study, caution=3.0).params == {"x": 0.2, "y": 0.3}
