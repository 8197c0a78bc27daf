"""explain: what it says, and that it says it of any study."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import FloatDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from optuna_zooming import Explanation, ZoomingSampler, explain, recommended_params
from tests.sampler.histories import SPACES, foreign_trials

Direction = Literal["minimize", "maximize"]
RATE = FloatDistribution(1e-5, 10.0, log=True)


def _trial(rate: float, value: float | None, **more: Any) -> FrozenTrial:
    state = TrialState.FAIL if value is None else TrialState.COMPLETE
    return create_trial(
        params={"lr": rate}, distributions={"lr": RATE}, value=value, state=state, **more
    )


def _loss(rate: float) -> float:
    return (math.log10(rate) + 2.0) ** 2


def _study(*trials: FrozenTrial, direction: Direction = "minimize") -> optuna.Study:
    study = optuna.create_study(direction=direction)
    study.add_trials(trials)
    return study


def _swept(*exponents: float) -> list[FrozenTrial]:
    return [_trial(10.0**e, _loss(10.0**e)) for e in exponents]


def test_nothing_yet() -> None:
    found = explain(_study())
    assert found.next_step == "begin"
    assert found.recommended is None
    assert str(found) == (
        "Nothing can be recommended yet: no trial is complete with a finite value.\n"
        "Run some trials: study.optimize(objective, n_trials=15)."
    )


def test_a_single_trial() -> None:
    found = explain(_study(_trial(0.01, 0.25)))
    assert found.next_step == "more"
    assert str(found) == (
        "Use lr = 0.01: expected value 0.25 (interval unknown).\n"
        "1 trial: 1 complete.\n"
        "Make at least 8 trials."
    )


def test_what_is_recommended_is_said_as_recommended_params_has_it() -> None:
    study = _study(*_swept(-5, -4, -3, -2.5, -2, -1.5, -1, 0, 0.5))
    found, expected = explain(study), recommended_params(study)
    assert found.recommended == expected
    low, high = expected.interval
    assert found.recommendation == (
        f"Use lr = {expected.params['lr']:.3g}: expected value {expected.mean:.3g} "
        f"(95 %: {low:.3g} to {high:.3g})."
    )


def test_why_this_value_and_which_comes_next() -> None:
    values = {1e-4: 3.0, 1e-3: 1.0, 1e-2: 0.2, 1e-1: 0.9, 1.0: 4.0}
    shifts = (-0.01, 0.0, 0.01)
    study = _study(*(_trial(rate, values[rate] + shift) for rate in values for shift in shifts))
    assert explain(study).reason == (
        "Why: with every mean taken one standard error worse to allow for luck, this is the lowest "
        "of all values that were tried to the end (3 trials). Next comes lr = 0.1, mean 0.9."
    )


def test_with_several_parameters_a_model_is_why() -> None:
    def objective(trial: optuna.Trial) -> float:
        return -_loss(trial.suggest_float("lr", 1e-5, 1, log=True)) - trial.suggest_int("n", 1, 5)

    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=0))
    study.optimize(objective, n_trials=12)
    assert explain(study).reason == (
        "Why: by a model of all parameters together, with every mean taken half a standard error "
        "worse to allow for luck, this is the highest of all combinations that ran to their end."
    )


def test_where_there_is_nothing_to_choose_from_there_is_no_reason() -> None:
    assert explain(_study(_trial(0.01, 0.25))).reason == ""
    assert explain(_study(_trial(0.01, math.inf))).reason == ""


def test_counts_every_outcome() -> None:
    study = _study(
        *_swept(-4, -3, -2),
        _trial(1.0, math.inf),
        _trial(2.0, None, intermediate_values={0: math.nan}),
        _trial(1e-3, None),
        create_trial(state=TrialState.RUNNING, params={"lr": 0.1}, distributions={"lr": RATE}),
        create_trial(state=TrialState.WAITING),
    )
    counts = "8 trials: 3 complete, 2 diverged, 1 failed, 1 running, 1 waiting."
    assert explain(study).certainty.startswith(counts)


def test_goes_on_where_more_is_expected_and_says_where() -> None:
    # Between 1e-3 and 0.1 nobody has been, and both sides rise towards it.
    found = explain(_study(*_swept(-5, -4.5, -4, -3.5, -3, -1, -0.5, 0, 0.5)))
    assert found.next_step == "more"
    assert found.improvement > found.tolerance  # type: ignore[operator]
    assert found.advice.startswith(
        f"Make about {found.further_trials} more trials, then look again."
    )
    where = float(found.advice.rpartition("lr = ")[2].rstrip("."))
    assert 1e-3 < where < 0.1


def test_stops_where_nothing_more_is_expected() -> None:
    found = explain(_study(*_swept(*np.linspace(-5, 1, 25))))
    assert found.next_step == "stop"
    assert found.further_trials is None
    assert found.improvement <= found.tolerance  # type: ignore[operator]
    assert found.advice == (
        "Stop: no further trial is expected to improve this by more than "
        f"{found.tolerance:.2g}, too little to be worth one."
    )


@pytest.mark.parametrize(("sign", "side", "end"), [(1, "lower", "1e-05"), (-1, "upper", "10")])
def test_widens_the_range_of_an_optimum_at_its_end(sign: int, side: str, end: str) -> None:
    rates = np.geomspace(1.01e-5, 9.9, 9)
    found = explain(_study(*(_trial(rate, sign * math.log10(rate)) for rate in rates)))
    assert found.next_step == "widen"
    assert f"at its {side} end ({end})" in found.advice


@pytest.mark.parametrize("lost", [None, math.inf])
def test_too_many_failures_name_the_end_of_the_range_that_survived(lost: float | None) -> None:
    trials = _swept(-5, -4, -3, -2) + [_trial(10.0**e, lost) for e in (-1, -0.5, 0, 0.5)]
    found = explain(_study(*trials))
    assert found.next_step == "failures"
    assert found.advice == (
        "4 of 8 finished trials diverged or failed, nearly all above lr = 0.01: "
        "move the upper end of its range there, then go on."
    )


def test_failures_everywhere_ask_for_their_cause() -> None:
    trials = _swept(-5, -3, -1, 1) + [_trial(10.0**e, None) for e in (-4, -2, 0, 0.5)]
    found = explain(_study(*trials))
    assert found.next_step == "failures"
    assert "look at why" in found.advice


def test_no_survivor() -> None:
    found = explain(_study(*(_trial(10.0**e, math.inf) for e in (-3, -2, -1))))
    assert found.next_step == "failures"
    assert found.recommended is None
    assert "none has survived" in found.advice


def test_values_that_are_all_equal() -> None:
    found = explain(_study(*(_trial(10.0**e, 1.0) for e in np.linspace(-5, -1, 9))))
    assert found.next_step == "widen"
    assert "All trials have the same value" in found.advice


def test_the_luckiest_trial_is_named_where_another_one_is_recommended() -> None:
    rng = np.random.default_rng(0)
    rates = 10 ** np.linspace(-3, -1, 30)
    lucky = [_trial(rate, _loss(rate) + 0.1 * rng.standard_normal()) for rate in rates]
    study = _study(*lucky, _trial(10**-1.01, -0.5))
    found = explain(study)
    assert found.recommended is not None
    assert found.recommended.number != 30
    assert "The best trial, number 30 with lr = 0.0977 and -0.5, is the luckiest one." in str(found)


def test_only_parameters_that_vary_are_named() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_categorical("batch", [32])
        return _loss(trial.suggest_float("lr", 1e-5, 10, log=True))

    study.optimize(objective, n_trials=12)
    assert "batch" not in str(explain(study))


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_the_value_has_the_name_of_the_metric() -> None:
    study = _study(*_swept(-3, -2, -1))
    study.set_metric_names(["cross entropy"])
    assert "expected cross entropy" in explain(study).recommendation


def test_several_objectives_are_refused() -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    with pytest.raises(ValueError, match="single objective, but it has 2"):
        explain(study)


def test_maximising_mirrors_minimising() -> None:
    trials = _swept(-5, -4, -3, -2.5, -1.5, -1, 0)
    mirrored = [_trial(t.params["lr"], -t.value) for t in trials]  # type: ignore[operator]
    one, other = explain(_study(*trials)), explain(_study(*mirrored, direction="maximize"))
    assert (other.improvement, other.next_step) == (one.improvement, one.next_step)
    assert other.advice == one.advice


@given(st.data(), SPACES)
@settings(max_examples=60, deadline=None)
def test_any_study_is_explained(data: st.DataObject, space: Any) -> None:
    study = optuna.create_study(direction=data.draw(st.sampled_from(["minimize", "maximize"])))
    for trial in data.draw(st.lists(foreign_trials(space, [0, 1]), max_size=14)):
        study._storage.create_new_trial(study._study_id, template_trial=trial)
    found = explain(study)
    assert isinstance(found, Explanation)
    for number in (found.improvement, found.tolerance):
        assert number is None or 0 <= number < math.inf
    assert "nan" not in str(found)
