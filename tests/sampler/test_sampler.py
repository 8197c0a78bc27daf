"""Any study as it is: spaces, states, hand-made trials, and Optuna's ways of running."""

from __future__ import annotations

import logging
import math
import pickle
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import TrialState

from optuna_zooming import AdaptiveZooming, TextbookZooming, ZoomingSampler
from optuna_zooming._policy.arms import Policy

POLICIES: list[Policy] = [AdaptiveZooming(), TextbookZooming(horizon=100, scale=0.05)]
RATE = FloatDistribution(1e-5, 1e1, log=True)


@pytest.fixture(params=POLICIES, ids=["adaptive", "textbook"])
def policy(request: pytest.FixtureRequest) -> Policy:
    """Both policies."""
    found: Policy = request.param
    return found


@pytest.fixture(autouse=True)
def no_message_from_optuna(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on anything Optuna or the sampler logs at WARNING or above, unless it is expected."""
    if "caplog" in request.fixturenames:
        yield
        return
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger("optuna")
    root.addHandler(handler)
    yield
    root.removeHandler(handler)
    assert not [m for m in messages if "failed with" not in m]


def _study(policy: Policy | None = None, seed: int = 0, **kwargs: Any) -> optuna.Study:
    return optuna.create_study(sampler=ZoomingSampler(policy=policy, seed=seed), **kwargs)


def _mixed(trial: optuna.Trial) -> float:
    """Every kind of parameter, conditional ones among them."""
    rate = trial.suggest_float("lr", 1e-5, 1e1, log=True)
    total = math.log10(rate) ** 2 + trial.suggest_float("momentum", 0.0, 0.99)
    total += trial.suggest_float("dropout", 0.0, 0.5, step=0.1)
    total += trial.suggest_int("layers", 1, 4) + trial.suggest_int("width", 16, 512, log=True) / 512
    total += trial.suggest_int("batch", 16, 128, step=16) / 128
    if trial.suggest_categorical("optimiser", ["sgd", "adam", None]) == "adam":
        total -= trial.suggest_float("beta2", 0.9, 0.9999)
    return total + trial.suggest_float("fixed", 3.0, 3.0) + trial.suggest_int("one", 1, 1)


def _history(study: optuna.Study) -> list[dict[str, Any]]:
    return [trial.params for trial in study.trials]


def test_mixed_and_conditional_space_completes(policy: Policy) -> None:
    study = _study(policy)
    study.optimize(_mixed, n_trials=40)
    assert {t.state for t in study.trials} == {TrialState.COMPLETE}
    assert {t.params["optimiser"] for t in study.trials} == {"sgd", "adam", None}


def test_learning_rate_is_found_beside_other_parameters() -> None:
    # The optimum of the dominant parameter, 1.0, lies in the middle of a million-fold range.
    found = []
    for seed in range(5):
        study = _study(seed=seed)
        study.optimize(_mixed, n_trials=40)
        found.append(study.best_params["lr"])
    assert 0.2 < found[0] < 5.0
    assert 0.3 < float(np.median(found)) < 3.0


def test_range_may_change_with_every_trial(policy: Policy) -> None:
    study = _study(policy)
    ranges = [(0.0, 1.0), (0.5, 2.0), (100.0, 200.0), (-1e-9, 1e-9)]
    for n in range(24):
        # In blocks first, then one after the other.
        low, high = ranges[(n // 3 if n < 12 else n) % 4]
        trial = study.ask({"x": FloatDistribution(low, high)})
        assert low <= trial.params["x"] <= high
        study.tell(trial, trial.params["x"])


@pytest.mark.parametrize(
    "distribution",
    [
        FloatDistribution(1e-5, 1.0, log=True),
        FloatDistribution(0.5, 2.0, step=0.25),
        IntDistribution(1, 8),
        IntDistribution(1, 8, log=True),
        CategoricalDistribution([0.25, 0.5, "auto"]),
    ],
    ids=str,
)
def test_kind_of_a_parameter_may_change(policy: Policy, distribution: Any) -> None:
    # Optuna refuses to store it, but copied and hand-made studies hold such trials.
    study = _study(policy)
    study.optimize(lambda t: t.suggest_float("x", 0, 2), n_trials=6)
    frozen = study.ask()._get_latest_trial()
    value = study.sampler.sample_independent(study, frozen, "x", distribution)
    assert distribution._contains(distribution.to_internal_repr(value))


def test_narrowed_range_keeps_what_is_known_inside() -> None:
    # Ten trials tell that 0.3 is best; on the narrowed range the search goes on around it.
    study = _study()
    study.optimize(lambda t: (t.suggest_float("x", 0, 1) - 0.3) ** 2, n_trials=15)
    study.optimize(lambda t: (t.suggest_float("x", 0.2, 0.6) - 0.3) ** 2, n_trials=5)
    assert np.median([abs(t.params["x"] - 0.3) for t in study.trials[15:]]) < 0.05


def test_values_outside_a_new_range_are_ignored_not_clipped() -> None:
    # Were the old trials clipped to the end of the new range, its end would look best.
    study = _study()
    study.optimize(lambda t: -t.suggest_float("x", 10, 20), n_trials=10)
    study.optimize(lambda t: (t.suggest_float("x", 0, 1) - 0.25) ** 2, n_trials=15)
    assert abs(min(study.trials[10:], key=lambda t: t.value or 0.0).params["x"] - 0.25) < 0.05


def test_enqueued_and_partly_fixed_trials_are_kept_and_learnt_from(policy: Policy) -> None:
    study = _study(policy)
    study.enqueue_trial({"x": 0.7, "y": 0.2})
    study.enqueue_trial({"x": 0.1})

    def objective(trial: optuna.Trial) -> float:
        return trial.suggest_float("x", 0, 1) + trial.suggest_float("y", 0, 1)

    study.optimize(objective, n_trials=6)
    assert study.trials[0].params == {"x": 0.7, "y": 0.2}
    assert study.trials[1].params["x"] == 0.1
    assert len({t.params["x"] for t in study.trials}) == 6


def test_enqueued_trials_count_like_proposed_ones() -> None:
    # Where hand-made trials show the optimum, the first proposal is beside it.
    study = _study(direction="maximize")
    for u in np.linspace(0, 1, 21):
        study.add_trial(_made(10 ** (6 * u - 5), 1 - 5 * abs(u - 0.4)))
    rate = study.ask({"lr": RATE}).params["lr"]
    assert abs((math.log10(rate) + 5) / 6 - 0.4) < 0.05


def _made(value: Any, result: float | None = 1.0, **kwargs: Any) -> optuna.trial.FrozenTrial:
    distribution = kwargs.pop("distribution", RATE)
    return optuna.create_trial(
        params={"lr": value}, distributions={"lr": distribution}, value=result, **kwargs
    )


def test_foreign_trials_with_other_ranges_and_attributes_are_survived(policy: Policy) -> None:
    foreign = _study(policy)
    foreign.add_trial(_made(1e-30, distribution=FloatDistribution(1e-40, 1.0, log=True)))
    foreign.add_trial(_made(1e-3, math.inf))
    foreign.add_trial(_made(1e-2, None, state=TrialState.FAIL))
    foreign.add_trial(_made(1e-4, None, state=TrialState.PRUNED))
    foreign.add_trial(_made(1e-4, 0.5, state=TrialState.PRUNED))
    foreign.add_trial(_made(1e-4, 0.5, intermediate_values={3: 0.25, 7: math.nan}))
    foreign.add_trial(_made(1.0, user_attrs={"note": "by hand"}, system_attrs={"zooming:x": [1]}))
    foreign.add_trial(optuna.create_trial(value=1.0))
    optuna.copy_study(
        from_study_name=foreign.study_name,
        from_storage=foreign._storage,
        to_storage=foreign._storage,
        to_study_name="copy",
    )
    study = optuna.load_study(
        study_name="copy", storage=foreign._storage, sampler=ZoomingSampler(policy=policy, seed=1)
    )
    study.optimize(lambda t: math.log(t.suggest_float("lr", 1e-5, 1e1, log=True)), n_trials=5)
    assert len(study.trials) == 13
    assert all(1e-5 <= t.params["lr"] <= 1e1 for t in study.trials[8:])


def test_range_may_turn_into_choices_in_a_copied_study() -> None:
    study = _study()
    study.add_trial(_made("high", distribution=CategoricalDistribution(["low", "high"])))
    other = _study()
    other.add_trials(study.trials)
    other.add_trial(_made("medium", distribution=CategoricalDistribution(["low", "medium"])))
    value = study.sampler.sample_independent(other, other.ask()._get_latest_trial(), "lr", RATE)
    assert 1e-5 <= value <= 1e1


def test_partial_fixed_sampler_goes_on_learning() -> None:
    study = _study()

    def objective(trial: optuna.Trial) -> float:
        x, y = trial.suggest_float("x", 0, 1), trial.suggest_float("y", 0, 1)
        return (x - 0.3) ** 2 + (y - 0.8) ** 2

    study.optimize(objective, n_trials=10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study.sampler = optuna.samplers.PartialFixedSampler({"y": 0.8}, study.sampler)
    study.optimize(objective, n_trials=15)
    assert all(t.params["y"] == 0.8 for t in study.trials[10:])
    assert study.best_value < 1e-3


def test_ask_and_tell_is_the_same_study_as_optimize(policy: Policy) -> None:
    told, optimized = _study(policy), _study(policy)
    for _ in range(12):
        trial = told.ask()
        told.tell(trial, _mixed(trial))
    optimized.optimize(_mixed, n_trials=12)
    assert _history(told) == _history(optimized)


def test_threads_share_one_sampler(policy: Policy) -> None:
    study = _study(policy)
    study.optimize(_mixed, n_trials=40, n_jobs=4)
    assert {t.state for t in study.trials} == {TrialState.COMPLETE}
    # The textbook's arms are meant to be pulled again; the adaptive policy repeats nothing here.
    least = 40 if isinstance(policy, AdaptiveZooming) else 5
    assert len({tuple(t.params.items()) for t in study.trials}) >= least


def test_pickled_sampler_and_study_continue_as_the_originals(policy: Policy) -> None:
    study = _study(policy)
    study.optimize(_mixed, n_trials=8)
    twin = pickle.loads(pickle.dumps(study))
    revived = pickle.loads(pickle.dumps(study.sampler))
    other = optuna.create_study(sampler=revived)
    other.add_trials(study.trials)
    for each in (study, twin, other):
        each.optimize(_mixed, n_trials=5)
    assert _history(study) == _history(twin) == _history(other)


def test_several_objectives_are_refused() -> None:
    study = optuna.create_study(directions=["minimize", "maximize"], sampler=ZoomingSampler())
    with pytest.raises(ValueError, match="multi-objective"):
        study.ask().suggest_float("x", 0, 1)


def _by_name(trial: optuna.Trial, value: float) -> None:
    trial.set_constraint("limit", value)


def _as_a_constraints_func(trial: optuna.Trial, value: float) -> None:
    trial.storage.set_trial_system_attr(trial._trial_id, "constraints", [value])


@pytest.mark.parametrize(
    "constrain",
    [
        pytest.param(
            _by_name,
            marks=pytest.mark.skipif(
                not hasattr(optuna.Trial, "set_constraint"),
                reason="Trial.set_constraint is there since Optuna 5.0",
            ),
        ),
        _as_a_constraints_func,
    ],
)
def test_constraints_are_ignored_with_one_warning(
    constrain: Callable[[optuna.Trial, float], None], optuna_log: pytest.LogCaptureFixture
) -> None:
    study, free = _study(), _study()

    def constrained(trial: optuna.Trial) -> float:
        x = trial.suggest_float("x", 0, 1)
        constrain(trial, x - 0.5)
        return x

    study.optimize(constrained, n_trials=6)
    free.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=6)
    warned = {r for r in optuna_log.records if "ignores constraints" in r.getMessage()}
    assert len(warned) == 1
    assert _history(study) == _history(free)


@pytest.mark.parametrize(
    "attrs", [{"constraints": 7}, {"constraints": None}, {"constraints:": "x"}]
)
@pytest.mark.usefixtures("caplog")
def test_unreadable_constraints_of_a_foreign_trial_are_survived(attrs: dict[str, Any]) -> None:
    study = _study()
    study.add_trial(_made(1e-3, system_attrs=attrs))
    assert 1e-5 <= study.ask({"lr": RATE}).params["lr"] <= 1e1


def _patient() -> optuna.pruners.BasePruner:
    return optuna.pruners.PatientPruner(optuna.pruners.MedianPruner(), patience=1)


@pytest.mark.parametrize(
    "pruner",
    [
        lambda: optuna.pruners.MedianPruner(n_startup_trials=2),
        optuna.pruners.SuccessiveHalvingPruner,
        lambda: optuna.pruners.HyperbandPruner(min_resource=1, max_resource=9),
        _patient,
        lambda: optuna.pruners.ThresholdPruner(upper=30.0),
    ],
    ids=["median", "halving", "hyperband", "patient", "threshold"],
)
@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_every_pruner_runs_and_the_optimum_is_found(
    pruner: Callable[[], optuna.pruners.BasePruner],
) -> None:
    study = _study(pruner=pruner())

    def objective(trial: optuna.Trial) -> float:
        loss = (math.log10(trial.suggest_float("lr", 1e-5, 1e1, log=True)) + 2.0) ** 2
        for step in range(9):
            trial.report(loss + 1.0 / (step + 1), step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return loss

    study.optimize(objective, n_trials=30)
    assert not study.get_trials(states=(TrialState.FAIL,))
    assert abs(math.log10(study.best_params["lr"]) + 2.0) < 0.3


def test_hyperband_study_resumes_exactly(tmp_path: Path) -> None:
    # Each trial sees the study through its bracket's filter; the sampler must not.
    def run(chunks: list[int]) -> list[dict[str, Any]]:
        storage = optuna.storages.InMemoryStorage()
        for chunk in chunks:
            study = _study(
                storage=storage,
                study_name="s",
                load_if_exists=True,
                pruner=optuna.pruners.HyperbandPruner(min_resource=1, max_resource=9),
            )
            study.optimize(_reporting, n_trials=chunk)
        return _history(study)

    assert run([20]) == run([1] * 20) == run([7, 13])


def _reporting(trial: optuna.Trial) -> float:
    loss = (trial.suggest_float("x", 0, 1) - 0.6) ** 2
    for step in range(9):
        trial.report(loss + 0.1 * 2**-step, step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return loss


def test_a_single_valued_parameter_changes_nothing_for_the_others() -> None:
    def rates(*, with_constant: bool) -> list[float]:
        def objective(trial: optuna.Trial) -> float:
            if with_constant:
                trial.suggest_float("constant", 0.5, 0.5)
            return abs(math.log10(trial.suggest_float("lr", 1e-5, 1.0, log=True)) + 2)

        study = optuna.create_study(sampler=ZoomingSampler(seed=0))
        study.optimize(objective, n_trials=12)
        return [trial.params["lr"] for trial in study.trials]

    assert rates(with_constant=True) == rates(with_constant=False)
