"""A real Ray Tune run: what its trials become in the study, and that the sampler copes with it."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from optuna.trial import FrozenTrial, TrialState

from optuna_zooming import ZoomingSampler

# Read when Ray is imported: it phones home and prints every error otherwise.
os.environ.update(RAY_USAGE_STATS_ENABLED="0", TUNE_PRINT_ALL_TRIAL_ERRORS="0")
if not os.environ.get("REQUIRE_INTEGRATIONS"):
    pytest.importorskip("ray.tune", reason="Ray Tune is missing: pip install 'ray[tune]'")

import ray
from ray import tune
from ray.tune.schedulers import ASHAScheduler
from ray.tune.search.optuna import OptunaSearch

# ASHA takes a percentile of the NaNs.
pytestmark = pytest.mark.filterwarnings("ignore:All-NaN slice encountered:RuntimeWarning")

OPTIMUM, MAX_STEPS, N_TRIALS, N_MORE = 1e-2, 8, 20, 6
LOW, HIGH, DIVERGES, CRASHES = 1e-6, 1e1, 0.5, 2e-6
Point = dict[str, Any]


def _loss(lr: float, step: int) -> float:
    return math.nan if lr > DIVERGES else math.log10(lr / OPTIMUM) ** 2 + 1 / step


def _searcher(points: list[Point] | None = None) -> OptunaSearch:
    space = {"lr": tune.loguniform(LOW, HIGH), "depth": tune.randint(1, 5)}
    return OptunaSearch(
        space,
        metric="loss",
        mode="min",
        sampler=ZoomingSampler(seed=0),
        points_to_evaluate=points,
    )


def _train(config: Point) -> None:
    for step in range(1, MAX_STEPS + 1):
        if config["lr"] < CRASHES:
            raise RuntimeError("crash")
        tune.report({"loss": _loss(config["lr"], step)})


def _fit(searcher: OptunaSearch, n_trials: int, folder: Path) -> Any:
    scheduler = ASHAScheduler(
        metric="loss", mode="min", max_t=MAX_STEPS, grace_period=2, reduction_factor=2
    )
    tuner = tune.Tuner(
        _train,
        tune_config=tune.TuneConfig(
            search_alg=searcher,
            scheduler=scheduler,
            num_samples=n_trials,
            max_concurrent_trials=2,
            reuse_actors=True,
        ),
        run_config=tune.RunConfig(storage_path=str(folder), verbose=0),
    )
    return tuner.fit()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, OptunaSearch]]:
    """A run whose first trial crashes and whose second diverges; Ray stays up after it."""
    # Workers cannot import a test module: they get what it defines.
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    with ray.init(
        num_cpus=2,
        include_dashboard=False,
        object_store_memory=80 * 2**20,
        log_to_driver=False,
        logging_level="ERROR",
    ):
        searcher = _searcher([{"lr": CRASHES / 2, "depth": 1}, {"lr": DIVERGES * 2, "depth": 1}])
        yield _fit(searcher, N_TRIALS, tmp_path_factory.mktemp("ray")), searcher


def _trials(searcher: OptunaSearch) -> list[FrozenTrial]:
    trials: list[FrozenTrial] = searcher._ot_study.trials
    return trials


def test_no_trial_is_lost(run: tuple[Any, OptunaSearch]) -> None:
    results, searcher = run
    trials = _trials(searcher)
    assert [trial.number for trial in trials] == list(range(N_TRIALS))
    configs = [result.config for result in results]
    assert sorted(c["lr"] for c in configs) == sorted(t.params["lr"] for t in trials)
    for config in configs:
        assert type(config["lr"]) is float
        assert type(config["depth"]) is int
        assert LOW <= config["lr"] <= HIGH
        assert 1 <= config["depth"] < 5


def test_what_the_study_holds(run: tuple[Any, OptunaSearch]) -> None:
    lengths = set()
    for trial in _trials(run[1]):
        lr, reports = trial.params["lr"], trial.intermediate_values
        if lr < CRASHES:
            assert trial.state == TrialState.FAIL
        elif lr > DIVERGES:
            # Optuna refuses NaN, and Ray tells nothing else.
            assert trial.state == TrialState.RUNNING
            assert reports
            assert all(map(math.isnan, reports.values()))
        else:
            # The report at which a scheduler stops a trial becomes its value, and no report.
            assert trial.state == TrialState.COMPLETE
            assert reports == {step: _loss(lr, step) for step in range(1, len(reports) + 1)}
            assert trial.value == _loss(lr, len(reports) + 1)
            lengths.add(len(reports) + 1)
    assert MAX_STEPS in lengths
    assert min(lengths) < MAX_STEPS


def test_failures_and_early_values_do_not_mislead(run: tuple[Any, OptunaSearch]) -> None:
    later = [trial.params["lr"] for trial in _trials(run[1])[N_TRIALS // 2 :]]
    assert sum(abs(math.log10(lr / OPTIMUM)) < 1 for lr in later) >= len(later) // 2
    assert sum(lr > DIVERGES for lr in later) <= 2


def test_restored_searcher_goes_on(run: tuple[Any, OptunaSearch], tmp_path: Path) -> None:
    searcher = run[1]
    searcher.save(str(tmp_path / "searcher.pkl"))
    restored = _searcher()
    restored.restore(str(tmp_path / "searcher.pkl"))
    _fit(restored, N_MORE, tmp_path)
    old = [trial.params for trial in _trials(searcher)]
    both = [trial.params for trial in _trials(restored)]
    assert both[:N_TRIALS] == old
    assert len(both) == N_TRIALS + N_MORE
    assert len({tuple(sorted(params.items())) for params in both}) == len(both)
    # The one that was saved goes on in the same way.
    assert searcher.suggest("next")["lr"] == both[N_TRIALS]["lr"]
