"""Whatever happens to a study, the sampler answers, and as a fresh one would.

``pytest --hypothesis-profile=nightly tests/sampler/test_any_history.py`` tries 10,000 histories of
each kind.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import hypothesis
import optuna
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from optuna.storages import BaseStorage, RDBStorage, get_storage
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.pool import QueuePool

import optuna_zooming
from tests.sampler.histories import (
    CURVES,
    FINISHED,
    NUMBERS,
    PARAMETERS,
    RANGES,
    VALUES,
    WHICH,
    Distribution,
    assert_inside,
    foreign_trials,
)
from tests.sampler.history_machine import Workers, optuna_may_warn

DATABASE = "file:{}?mode=memory&cache=shared"
URL = f"sqlite:///{DATABASE}&uri=true"
PACKAGE = str(Path(optuna_zooming.__file__).parent)


class ForeignTrials(Workers):
    """Others add trials, and enqueue some."""

    @rule(which=WHICH, data=st.data())
    def add(self, which: int, data: st.DataObject) -> None:
        """Past Optuna's own checks, as another program may write."""
        study, trial = self.study(which), data.draw(foreign_trials(self.space, self.STEPS))
        # A database refuses some of them.
        with contextlib.suppress(ValueError):
            study._storage.create_new_trial(study._study_id, template_trial=trial)

    @rule(
        which=WHICH,
        params=st.dictionaries(
            st.sampled_from(sorted(RANGES)), st.one_of(NUMBERS, st.just("a")), max_size=2
        ),
    )
    def enqueue(self, which: int, params: dict[str, Any]) -> None:
        """The next trial has these values, in the range or not."""
        self.study(which).enqueue_trial(params)


class Restarts(Workers):
    """Studies are deleted, and others take their names."""

    @rule(which=WHICH, values=CURVES, state=FINISHED)
    def start_again(self, which: int, values: list[float], state: TrialState) -> None:
        """A study is deleted and created again, the samplers still alive."""
        self.whole(which, None, values, state)
        name = self.study(which).study_name
        self.running = [t for t in self.running if t.study.study_name != name]
        optuna.delete_study(study_name=name, storage=self.storage)
        self.opened = {key: study for key, study in self.opened.items() if key[0] != name}
        self.create(name)
        self.whole(which, None, values, state)


class Disturbances(ForeignTrials, Restarts):
    """Calls are interrupted, storages lag behind, trials end meanwhile."""

    @rule(which=WHICH, values=CURVES, state=FINISHED, line=st.integers(0, 60) | st.integers(0, 500))
    def interrupt(self, which: int, values: list[float], state: TrialState, line: int) -> None:
        """Ctrl-C while the sampler reads what has just ended, or later."""
        self.whole(which, None, values, state)
        trial = self.begin(which, [], [])
        if trial is None:
            return
        frozen = trial._get_latest_trial()
        with contextlib.suppress(KeyboardInterrupt), interrupted_at(line):
            self.proposal(trial.study, frozen, *self.space[0])
        for name, distribution in self.space:
            self.suggest(trial, name, distribution)

    @precondition(lambda self: self.running)
    @rule(which=WHICH, parameter=PARAMETERS, missing=st.integers(1, 5))
    def lag(self, which: int, parameter: tuple[str, Distribution], missing: int) -> None:
        """The storage shows an older list, or loses trials for a moment."""
        trial = self.running[which % len(self.running)]
        storage, frozen = trial.study._storage, trial._get_latest_trial()
        shown = storage.get_all_trials(trial.study._study_id, deepcopy=False)[:-missing]
        with mock.patch.object(storage, "get_all_trials", return_value=shown):
            assert_inside(self.proposal(trial.study, frozen, *parameter), parameter[1])
        self.suggest(trial, *parameter)

    @precondition(lambda self: len(self.running) > 1)
    @rule(which=WHICH, parameter=PARAMETERS, value=VALUES)
    def overtake(self, which: int, parameter: tuple[str, Distribution], value: float) -> None:
        """Another trial ends while the sampler holds a list in which it runs."""
        other = self.running.pop(which % len(self.running))
        trial = self.running[which % len(self.running)]
        storage, frozen = trial.study._storage, trial._get_latest_trial()
        list_trials = storage.get_all_trials

        def overtaken(*args: Any, **kwargs: Any) -> list[FrozenTrial]:
            trials = list_trials(*args, **kwargs)
            if not other.storage.get_trial(other._trial_id).state.is_finished():
                other.storage.set_trial_state_values(other._trial_id, TrialState.COMPLETE, [value])
            return trials

        with mock.patch.object(storage, "get_all_trials", overtaken):
            assert_inside(self.proposal(trial.study, frozen, *parameter), parameter[1])
        self.suggest(trial, *parameter)


class LostRows(Restarts):
    """The same in SQL, where ids are used again and rows may be deleted."""

    STEPS: ClassVar[list[int]] = [0, 0, 0, 1, 1, 2, 2**53]
    names = itertools.count()

    def new_storage(self) -> BaseStorage:
        """A database in memory; it lives as long as the first connection."""
        self.name = f"history-{next(self.names)}"
        self.connection = sqlite3.connect(DATABASE.format(self.name), uri=True)
        self.connection.executescript(empty_database())
        self.storages: list[BaseStorage] = []
        return self.open()

    def open(self) -> BaseStorage:
        """A storage object, with a cache of its own, on the database."""
        self.storages.append(get_storage(database_storage(URL.format(self.name), new=False)))
        return self.storages[-1]

    def report(self, trial: Trial, step: int, value: float) -> None:
        """Report, but do not ask whether to stop: a pruner reads all rows each time."""
        with optuna_may_warn():
            trial.report(value, step)

    @rule(which=WHICH, lost=st.integers(0, 5), again=st.sampled_from([True, True, False]))
    def lose(self, which: int, lost: int, again: bool) -> None:
        """A trial's rows are deleted: its number is missing, and Optuna gives a later one twice.

        Another storage object on the same database sees it; to running trials theirs is left.
        """
        self.whole(which, None, [1.0], TrialState.COMPLETE)
        trials = "SELECT trial_id FROM trials WHERE study_id = ? ORDER BY number"
        rows = self.connection.execute(trials, (self.study(which)._study_id,)).fetchall()
        # Not the last one, where there are others.
        found = rows[lost % max(len(rows) - 1, 1) :][:1]
        tables = self.connection.execute(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.name = 'trial_id'"
        ).fetchall()
        with self.connection:
            for (table,) in tables:
                self.connection.executemany(f"DELETE FROM {table} WHERE trial_id = ?", found)
        self.running = [trial for trial in self.running if (trial._trial_id,) not in found]
        if again:
            self.storage, self.opened = self.open(), {}
        self.whole(which, None, [], TrialState.COMPLETE)

    def teardown(self) -> None:
        """Close the database, or the next examples would find it full."""
        super().teardown()
        for storage in getattr(self, "storages", []):
            storage.remove_session()
            storage._backend.engine.dispose()
        if hasattr(self, "connection"):
            self.connection.close()


def database_storage(url: str, *, new: bool) -> RDBStorage:
    """A storage object without a cache."""
    return RDBStorage(
        url,
        engine_kwargs={"poolclass": QueuePool},
        skip_compatibility_check=not new,
        skip_table_creation=not new,
    )


@functools.cache
def empty_database() -> str:
    """SQL that makes Optuna's tables, much faster than Optuna does."""
    with contextlib.closing(sqlite3.connect(DATABASE.format("empty"), uri=True)) as connection:
        storage = database_storage(URL.format("empty"), new=True)
        storage.remove_session()
        storage.engine.dispose()
        return "\n".join(connection.iterdump())


@contextlib.contextmanager
def interrupted_at(line: int) -> Iterator[None]:
    """KeyboardInterrupt at the n-th line that runs in the package."""
    left = line

    def count(frame: Any, event: str, arg: Any) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        if event == "line":
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        yield
    finally:
        sys.settrace(before)


def _test_case(machine: type[Workers], n_steps: int) -> Any:
    machine.TestCase.settings = hypothesis.settings(stateful_step_count=n_steps)
    return machine.TestCase


TestWorkers = _test_case(Workers, 40)
TestForeignTrials = _test_case(ForeignTrials, 40)
TestDisturbances = _test_case(Disturbances, 40)
# A database is slow.
TestLostRows = _test_case(LostRows, 12)
