"""Dask workers sharing one study through DaskStorage."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator

import optuna
import pytest
from optuna.distributions import FloatDistribution
from optuna.trial import TrialState

from optuna_zooming import ZoomingSampler

if not os.environ.get("REQUIRE_INTEGRATIONS"):
    MISSING = "Dask is missing: pip install 'optuna-integration[dask]'"
    pytest.importorskip("distributed", reason=MISSING)
    pytest.importorskip("optuna_integration", reason=MISSING)

from distributed import Client, LocalCluster
from optuna_integration.dask import DaskStorage

pytestmark = pytest.mark.filterwarnings("ignore:DaskStorage is experimental")

LOW, HIGH, OPTIMUM, SEED = 1e-6, 1e1, 1e-2, 0
N_HERE, N_TASKS, N_EACH = 2, 4, 5


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Two workers, each a process with two threads, on loopback."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=2,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def _study(client: Client) -> optuna.Study:
    return optuna.create_study(
        storage=DaskStorage(client=client), sampler=ZoomingSampler(seed=SEED)
    )


def test_workers_starting_together_try_different_places(client: Client) -> None:
    study = _study(client)

    def first_proposal(_: int) -> float:
        return study.ask().suggest_float("lr", LOW, HIGH, log=True)

    # Nothing is told: every task sees only what runs beside it.
    proposals = client.gather(client.map(first_proposal, range(8), pure=False))
    assert len(set(proposals)) == 8
    decades = {math.floor(math.log10(lr)) for lr in proposals}
    assert len(decades) >= 4
    assert {trial.state for trial in study.trials} == {TrialState.RUNNING}


def test_workers_and_this_process_share_a_study(client: Client) -> None:
    study = _study(client)
    low, high, optimum = LOW, HIGH, OPTIMUM

    # Defined here, since workers cannot import a test module.
    def objective(trial: optuna.Trial) -> float:
        return abs(math.log10(trial.suggest_float("lr", low, high, log=True) / optimum))

    study.optimize(objective, n_trials=N_HERE)
    tasks = [
        client.submit(study.optimize, objective, n_trials=N_EACH, pure=False)
        for _ in range(N_TASKS)
    ]
    client.gather(tasks)

    trials = study.trials
    assert [trial.number for trial in trials] == list(range(N_HERE + N_TASKS * N_EACH))
    assert {trial.state for trial in trials} == {TrialState.COMPLETE}
    rates = [trial.params["lr"] for trial in trials]
    assert len(set(rates)) == len(rates)
    assert study.best_value < 0.3

    # This process's sampler read two trials itself and finds the others; a fresh one finds all.
    study.ask()
    waiting, axis = study.trials[-1], FloatDistribution(LOW, HIGH, log=True)
    samplers = [study.sampler, ZoomingSampler(seed=SEED)]
    live, fresh = (s.sample_independent(study, waiting, "lr", axis) for s in samplers)
    assert live == fresh
