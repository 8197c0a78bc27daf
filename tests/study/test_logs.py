"""Whatever happened to a study or to a read, a live sampler proposes what a fresh one would."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.distributions import FloatDistribution
from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage
from optuna.trial import FrozenTrial

from optuna_zooming import TextbookZooming, ZoomingPruner, ZoomingSampler

AXIS = FloatDistribution(0.0, 1.0)


def _objective(trial: optuna.Trial) -> float:
    x, y = trial.suggest_float("x", 0, 1), trial.suggest_float("y", 0, 1)
    for step in range(3):
        trial.report((x - 0.3) ** 2 + y, step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return (x - 0.3) ** 2 + y


def _study(storage: BaseStorage, sampler: ZoomingSampler, **kwargs: Any) -> optuna.Study:
    return optuna.create_study(
        study_name="s", storage=storage, sampler=sampler, load_if_exists=True, **kwargs
    )


def _assert_as_fresh(study: optuna.Study, live: ZoomingSampler) -> None:
    fresh = ZoomingSampler(policy=live.policy, seed=7)
    asking = study.ask()._trial_id
    frozen = next(trial for trial in study.trials if trial._trial_id == asking)
    for name in ("x", "y"):
        expected = fresh.sample_independent(study, frozen, name, AXIS)
        assert live.sample_independent(study, frozen, name, AXIS) == expected


def _sqlite(folder: Path) -> BaseStorage:
    return RDBStorage(f"sqlite:///{folder}/study.db")


@pytest.mark.parametrize("where", ["memory", "sqlite"])
@pytest.mark.parametrize("direction", ["minimize", "maximize"])
def test_study_deleted_and_created_again_is_another_one(
    where: str, direction: str, tmp_path: Path
) -> None:
    storage = InMemoryStorage() if where == "memory" else _sqlite(tmp_path)
    live = ZoomingSampler(seed=7)
    pruner = ZoomingPruner()
    _study(storage, live, pruner=pruner).optimize(_objective, n_trials=12)
    optuna.delete_study(study_name="s", storage=storage)
    study = _study(storage, live, pruner=pruner, direction=direction)
    for _ in range(14):
        _assert_as_fresh(study, live)
        study.optimize(_objective, n_trials=1)


def test_rows_deleted_by_sql_leave_gaps_that_do_no_harm(tmp_path: Path) -> None:
    live = ZoomingSampler(seed=7)
    _study(_sqlite(tmp_path), live).optimize(_objective, n_trials=12)
    with sqlite3.connect(tmp_path / "study.db") as connection:
        for table in ("trial_params", "trial_values", "trial_intermediate_values", "trials"):
            key = "number + 1" if table == "trials" else "trial_id"
            connection.execute(f"DELETE FROM {table} WHERE {key} IN (3, 6, 12)")
    connection.close()
    # Another storage object: the old one has cached the deleted trials.
    study = _study(_sqlite(tmp_path), live)
    study.optimize(_objective, n_trials=5)
    _assert_as_fresh(study, live)


class _Shrinking(InMemoryStorage):
    """Hides trials that were there before."""

    hidden = 0

    def get_all_trials(self, *args: Any, **kwargs: Any) -> list[FrozenTrial]:
        trials = super().get_all_trials(*args, **kwargs)
        return trials[: len(trials) - self.hidden]


def test_list_that_shrinks_is_read_anew() -> None:
    storage, live = _Shrinking(), ZoomingSampler(seed=7)
    study = _study(storage, live)
    study.optimize(_objective, n_trials=12)
    frozen = study.trials[3]
    live.sample_independent(study, frozen, "x", AXIS)
    storage.hidden = 5
    fresh = ZoomingSampler(seed=7).sample_independent(study, frozen, "x", AXIS)
    assert live.sample_independent(study, frozen, "x", AXIS) == fresh


def _interrupted_once(method: Callable[..., Any], after: int) -> Callable[..., Any]:
    calls = iter(range(after + 1))

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if next(calls, None) == after:
            raise KeyboardInterrupt
        return method(*args, **kwargs)

    return interrupted


@pytest.mark.parametrize("after", [0, 1, 7])
@pytest.mark.parametrize(
    "where",
    [
        "optuna_zooming._study.trials.finished.FinishedTrials._read_trial",
        "optuna_zooming._study.trials.rows.Rows.advance",
        "optuna_zooming._study.trials.reports.Reports.add_stopped",
        "optuna_zooming._study.columns.Column.merge",
        "optuna_zooming._policy.adaptive.AdaptiveZooming.propose",
    ],
)
def test_interruption_anywhere_loses_nothing(
    where: str, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage, live = InMemoryStorage(), ZoomingSampler(seed=7)
    study = _study(storage, live, pruner=optuna.pruners.MedianPruner(n_startup_trials=2))
    study.optimize(_objective, n_trials=5)
    other = _study(storage, ZoomingSampler(seed=1))
    other.optimize(_objective, n_trials=20)
    module, name, attribute = where.rsplit(".", 2)
    owner = getattr(__import__(module, fromlist=[name]), name)
    with monkeypatch.context() as patch:
        patch.setattr(owner, attribute, _interrupted_once(getattr(owner, attribute), after))
        try:
            for frozen in study.trials[:4]:
                live.sample_independent(study, frozen, "x", AXIS)
        except KeyboardInterrupt:
            pass
    _assert_as_fresh(study, live)


class _OneAtATime(InMemoryStorage):
    """Lets a read return only while another thread is reading as well."""

    def __init__(self) -> None:
        super().__init__()
        self.barrier: threading.Barrier | None = None

    def get_all_trials(self, *args: Any, **kwargs: Any) -> list[FrozenTrial]:
        if self.barrier is not None:
            self.barrier.wait(timeout=30)
        return super().get_all_trials(*args, **kwargs)


def test_threads_read_the_storage_side_by_side() -> None:
    # With a lock held during the read, the two would wait for each other for ever.
    storage, live = _OneAtATime(), ZoomingSampler(seed=7)
    study = _study(storage, live)
    study.optimize(_objective, n_trials=6)
    frozen = study.trials[:2]
    storage.barrier = threading.Barrier(2)
    found: dict[int, float] = {}

    def ask(number: int) -> None:
        found[number] = live.sample_independent(study, frozen[number], "x", AXIS)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 2


def test_a_list_that_comes_late_does_not_undo_what_was_read_since() -> None:
    class Late(InMemoryStorage):
        """Delivers a list read before the study went on, to whoever asks next."""

        stale: list[FrozenTrial] | None = None

        def get_all_trials(self, *args: Any, **kwargs: Any) -> list[FrozenTrial]:
            stale, self.stale = self.stale, None
            return super().get_all_trials(*args, **kwargs) if stale is None else stale

    storage = Late()
    for policy in (None, TextbookZooming(horizon=50)):
        live = ZoomingSampler(policy=policy, seed=7)
        study = _study(storage, live)
        study.optimize(_objective, n_trials=5)
        before = study.get_trials(deepcopy=False)
        study.optimize(_objective, n_trials=5)
        number = study.ask().number
        asking = study.trials[number]
        storage.stale = before
        proposed = live.sample_independent(study, asking, "x", AXIS)
        assert storage.stale is None
        fresh = ZoomingSampler(policy=policy, seed=7)
        assert proposed == fresh.sample_independent(study, asking, "x", AXIS)
