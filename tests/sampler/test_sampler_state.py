"""All state is the study's: reproducible anywhere, resumable, and safe with many workers."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import FloatDistribution
from optuna.storages import BaseStorage, InMemoryStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState, create_trial

from optuna_zooming import AdaptiveZooming, TextbookZooming, ZoomingSampler
from optuna_zooming._policy.arms import Policy
from optuna_zooming._study.axis import Axis
from optuna_zooming._study.trial_log import TrialLog

POLICIES: list[Policy] = [AdaptiveZooming(), TextbookZooming(horizon=100, scale=0.05)]
BY_POLICY = pytest.mark.parametrize("policy", POLICIES, ids=["adaptive", "textbook"])
RATE = FloatDistribution(1e-5, 1e1, log=True)


def objective(trial: optuna.Trial) -> float:
    """Two parameters, pruning, NaN, infinity and reports."""
    rate = trial.suggest_float("lr", 1e-5, 1e1, log=True)
    loss = (math.log10(rate) + 2.0) ** 2 + trial.suggest_int("depth", 1, 9) / 100
    for step in range(3):
        trial.report(loss + 2.0**-step, step)
    if trial.number % 5 == 3:
        raise optuna.TrialPruned
    if rate > 1.0:
        return math.inf if trial.number % 2 else math.nan
    return loss


def _study(storage: BaseStorage | None = None, **kwargs: Any) -> optuna.Study:
    policy, seed = kwargs.pop("policy", None), kwargs.pop("seed", 7)
    return optuna.create_study(
        study_name="study",
        storage=storage,
        load_if_exists=True,
        sampler=ZoomingSampler(policy=policy, seed=seed),
        **kwargs,
    )


def _params(study: optuna.Study) -> list[dict[str, Any]]:
    return [trial.params for trial in study.trials]


def _sqlite(folder: Path) -> BaseStorage:
    return RDBStorage(f"sqlite:///{folder}/study.db")


def _journal(folder: Path) -> BaseStorage:
    return JournalStorage(JournalFileBackend(str(folder / "study.log")))


def test_same_seed_gives_the_same_study_on_every_storage(tmp_path: Path) -> None:
    studies = [
        _study(storage) for storage in (InMemoryStorage(), _sqlite(tmp_path), _journal(tmp_path))
    ]
    for study in studies:
        study.optimize(objective, n_trials=10)
    first, second, third = map(_params, studies)
    assert first == second == third


SCRIPT = """
import json, sys
import optuna
sys.path.insert(0, sys.argv[1])
from tests.sampler.test_sampler_state import _study, objective, _params
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = _study()
study.optimize(objective, n_trials=12)
print(json.dumps(_params(study)))
"""


def test_same_seed_gives_the_same_study_in_another_process() -> None:
    # Another hash seed too: nothing may depend on the order of a set of names.
    root = Path(__file__).parents[2]
    outputs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(root)],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    study = _study()
    study.optimize(objective, n_trials=12)
    assert json.loads(outputs[0]) == json.loads(outputs[1]) == _params(study)


@BY_POLICY
def test_fresh_sampler_continues_exactly_as_the_old_object(policy: Policy) -> None:
    storage = InMemoryStorage()
    for _ in range(15):
        _study(storage, policy=policy).optimize(objective, n_trials=1)
    whole = _study(policy=policy)
    whole.optimize(objective, n_trials=15)
    assert _params(_study(storage)) == _params(whole)


def test_reseeding_changes_nothing() -> None:
    study, reseeded = _study(), _study()
    study.optimize(objective, n_trials=5)
    for _ in range(5):
        reseeded.sampler.reseed_rng()
        reseeded.optimize(objective, n_trials=1)
    assert _params(study) == _params(reseeded)


def test_different_seeds_give_different_studies() -> None:
    studies = [_study(seed=seed) for seed in (1, 2)] + [_study(seed=None) for _ in range(2)]
    for study in studies:
        study.optimize(objective, n_trials=1)
    assert len({study.trials[0].params["lr"] for study in studies}) == 4


def test_workers_that_share_a_seed_propose_different_points(tmp_path: Path) -> None:
    workers = [_study(_sqlite(tmp_path)) for _ in range(3)]
    rates = []
    for _ in range(3):
        asked = [worker.ask() for worker in workers]
        rates += [trial.suggest_float("lr", 1e-5, 1e1, log=True) for trial in asked]
        for worker, trial in zip(workers, asked):
            worker.tell(trial, abs(math.log10(trial.params["lr"]) + 2))
    assert len(set(rates)) == 9


@BY_POLICY
def test_maximising_the_negative_mirrors_minimising(policy: Policy) -> None:
    def negative(trial: optuna.Trial) -> float:
        rate = trial.suggest_float("lr", 1e-5, 1e1, log=True)
        loss = (math.log10(rate) + 2.0) ** 2 + trial.suggest_int("depth", 1, 9) / 100
        for step in range(3):
            trial.report(-(loss + 2.0**-step), step)
        if trial.number % 5 == 3:
            raise optuna.TrialPruned
        if rate > 1.0:
            return -math.inf if trial.number % 2 else math.nan
        return -loss

    minimised = _study(policy=policy, direction="minimize")
    maximised = _study(policy=policy, direction="maximize")
    minimised.optimize(objective, n_trials=25)
    maximised.optimize(negative, n_trials=25)
    assert _params(minimised) == _params(maximised)


def test_order_in_which_trials_finish_does_not_matter() -> None:
    # The same final study: finished in order, backwards, and presented at once.
    rng = np.random.default_rng(0)
    rates = 10 ** rng.uniform(-5, 1, 24)
    rates[5] = rates[11] = rates[2]
    values = rng.normal(size=24)

    def told(order: list[int]) -> optuna.Study:
        study = _study()
        for rate in rates:
            study.enqueue_trial({"lr": rate})
        trials = [study.ask({"lr": RATE}) for _ in rates]
        for done, number in enumerate(order):
            for step in range(number % 4):
                trials[number].report(values[number] + step, step)
            state = [TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL][number % 3 % 2]
            study.tell(
                trials[number], values[number] if state == TrialState.COMPLETE else None, state
            )
            if done % 7 == 0:
                # The sampler reads in between, so that its cache fills in this order.
                study.sampler.sample_independent(study, study.trials[0], "lr", RATE)
        return study

    forward = told(list(range(24)))
    shuffled = told([int(i) for i in rng.permutation(24)])
    fresh = _study()
    fresh.add_trials(forward.trials)
    proposals = [study.ask({"lr": RATE}).params["lr"] for study in (forward, shuffled, fresh)]
    assert proposals[0] == proposals[1] == proposals[2]


@pytest.mark.parametrize("seed", range(3))
def test_log_read_in_any_pieces_says_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states = [TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL]
    trials = []
    for number in range(60):
        state = states[rng.integers(3)]
        reports = {int(s): float(rng.normal()) for s in range(rng.integers(0, 5))}
        trial = create_trial(
            state=state,
            params={"lr": 10 ** rng.uniform(-5, 1)},
            distributions={"lr": RATE},
            value=float(rng.normal()) if state == TrialState.COMPLETE else None,
            intermediate_values=reports,
        )
        trial.number = number
        trials.append(trial)
    running = [create_trial(state=TrialState.WAITING) for _ in trials]
    axis = Axis.of(RATE)
    at_once, in_pieces = TrialLog(1.0), TrialLog(1.0)
    at_once.update(trials)
    for n_finished in range(0, 61, 4):
        # The later half of the trials finishes first.
        done = set(range(60 - n_finished, 60))
        in_pieces.update([trials[i] if i in done else running[i] for i in range(60)])
        in_pieces.history("lr", axis)
    expected, found = at_once.history("lr", axis), in_pieces.history("lr", axis)
    assert found.points.tolist() == expected.points.tolist()
    assert found.values.tolist() == expected.values.tolist()
    assert found.barred.tolist() == expected.barred.tolist()
    assert found.nothing_learnt == expected.nothing_learnt


def test_pending_trials_spread_over_the_range() -> None:
    study = _study()
    units = [
        (math.log10(study.ask().suggest_float("lr", 1e-5, 1e1, log=True)) + 5) / 6 for _ in range(8)
    ]
    # The uniform distribution has 0.289; eight workers must not crowd together.
    assert np.std(units) > 0.2
    assert np.diff(np.sort(units)).min() > 0.02


def test_pending_trials_spread_around_what_is_known() -> None:
    study = _study()
    study.optimize(lambda t: (math.log10(t.suggest_float("lr", 1e-5, 1e1, log=True)) + 2) ** 2, 20)
    rates = [study.ask().suggest_float("lr", 1e-5, 1e1, log=True) for _ in range(8)]
    units = np.sort([(math.log10(rate) + 5) / 6 for rate in rates])
    assert np.diff(units).min() > 1e-3


@pytest.mark.parametrize("with_parameter", [True, False])
def test_trials_that_run_for_ever_poison_nothing(with_parameter: bool) -> None:
    # Their workers died at the optimum, where the next ones must look nevertheless.
    study = _study()
    for _ in range(5):
        if with_parameter:
            study.enqueue_trial({"lr": 1e-2})
        trial = study.ask()
        if with_parameter:
            trial.suggest_float("lr", 1e-5, 1e1, log=True)

    def loss(trial: optuna.Trial) -> float:
        return (math.log10(trial.suggest_float("lr", 1e-5, 1e1, log=True)) + 2.0) ** 2

    study.optimize(loss, n_trials=35)
    assert study.best_value < 1e-3


def test_stale_trial_is_forgotten_by_the_pending_ones() -> None:
    study = _study()
    stale = study.ask()
    stale.suggest_float("lr", 1e-5, 1e1, log=True)
    seen = []
    for _ in range(30):
        log = TrialLog(1.0)
        log.update(study.trials)
        seen.append(len(log.history("lr", Axis.of(RATE)).pending))
        study.tell(study.ask({"lr": RATE}), 1.0)
    assert seen[0] == 1
    assert seen[-1] == 0
    assert seen == sorted(seen, reverse=True)
