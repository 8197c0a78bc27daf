"""When a study is published: not too often, always in the end, and never at a trial's expense."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial

from optuna_zooming import explain
from optuna_zooming.dashboard import ZoomingDashboard
from optuna_zooming.dashboard._publishers import publisher_of
from tests.dashboard.shown import attributes, note, times_published, wait_until_published

ROOT = Path(__file__).parents[2]


def _square(trial: optuna.Trial) -> float:
    return (trial.suggest_float("x", 0, 1) - 0.3) ** 2


@pytest.mark.parametrize("every", [0, -1, float("nan"), float("inf")])
def test_no_time_between_two_publications_is_refused(every: float) -> None:
    with pytest.raises(ValueError, match="every must be positive and finite"):
        ZoomingDashboard(every=every)


@pytest.mark.parametrize("every", ["5", True, None])
def test_what_is_no_number_of_seconds_is_refused(every: Any) -> None:
    with pytest.raises(TypeError, match="every must be a real number"):
        ZoomingDashboard(every=every)


@pytest.mark.parametrize("names", ["lr", [1], [None]])
def test_what_are_no_names_is_refused(names: Any) -> None:
    with pytest.raises(TypeError, match="param_names must be None or a list"):
        ZoomingDashboard(param_names=names)


def test_copies_and_pickles_are_the_same() -> None:
    callback = ZoomingDashboard(every=2, param_names=["lr"])
    study = optuna.create_study()
    study.optimize(_square, n_trials=1, callbacks=[callback])
    for copied in (copy.deepcopy(callback), pickle.loads(pickle.dumps(callback))):
        assert repr(copied) == repr(callback)
        assert repr(callback) == "ZoomingDashboard(every=2.0, param_names=('lr',))"


def test_many_trials_in_a_moment_are_published_once_at_first_and_once_in_the_end() -> None:
    study = optuna.create_study()
    study.optimize(_square, n_trials=60, callbacks=[ZoomingDashboard(every=600)])
    wait_until_published(study)
    assert times_published(study) <= 2
    assert explain(study).recommendation in note(study).replace("\\", "")
    assert "60 trials" in note(study)


def test_several_studies_share_a_callback(tmp_path: Path) -> None:
    callback = ZoomingDashboard()
    studies = [
        optuna.create_study(storage=f"sqlite:///{tmp_path}/study.db", study_name=name)
        for name in "ab"
    ]
    for n_trials, study in enumerate(studies, start=2):
        study.optimize(_square, n_trials=n_trials, callbacks=[callback])
    for n_trials, study in enumerate(studies, start=2):
        wait_until_published(study)
        assert f"{n_trials} trials" in note(study)


def test_a_study_that_was_published_is_not_kept_alive() -> None:
    study = optuna.create_study()
    study.optimize(_square, n_trials=2, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    kept, publisher = weakref.ref(study._storage), weakref.ref(publisher_of(study))
    del study
    gc.collect()
    assert kept() is None
    assert publisher() is None


def test_a_study_that_was_deleted_is_let_go_without_a_word(
    tmp_path: Path, optuna_log: pytest.LogCaptureFixture
) -> None:
    storage = f"sqlite:///{tmp_path}/study.db"
    study = optuna.create_study(storage=storage, study_name="gone")
    study.optimize(_square, n_trials=2)
    trial = study.trials[-1]
    optuna.delete_study(storage=storage, study_name="gone")
    ZoomingDashboard()(study, trial)
    wait_until_published(study)
    assert "ZoomingDashboard" not in optuna_log.text


def test_several_objectives_are_refused_once(optuna_log: pytest.LogCaptureFixture) -> None:
    study = optuna.create_study(directions=["minimize", "maximize"])
    for _ in range(2):
        study.optimize(
            lambda trial: (_square(trial), 1.0), n_trials=2, callbacks=[ZoomingDashboard()]
        )
        wait_until_published(study)
    (record,) = {each for each in optuna_log.records if "ZoomingDashboard" in each.getMessage()}
    assert "2 objectives" in record.getMessage()
    assert attributes(study) == {}


def test_a_database_in_memory_is_refused_once_and_trials_go_on(
    optuna_log: pytest.LogCaptureFixture,
) -> None:
    study = optuna.create_study(storage="sqlite:///:memory:")
    study.optimize(_square, n_trials=3, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    assert len(study.trials) == 3
    assert "use a file" in optuna_log.text


def test_without_plotly_trials_go_on_and_the_remedy_is_told_once(
    monkeypatch: pytest.MonkeyPatch, optuna_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "plotly", None)
    monkeypatch.setitem(sys.modules, "plotly.graph_objects", None)
    study = optuna.create_study()
    for _ in range(2):
        study.optimize(_square, n_trials=3, callbacks=[ZoomingDashboard()])
        wait_until_published(study)
    assert len(study.trials) == 6
    (record,) = {each for each in optuna_log.records if "ZoomingDashboard" in each.getMessage()}
    assert 'pip install "optuna-zooming[dashboard]"' in record.getMessage()


class _FullDisk(optuna.storages.InMemoryStorage):
    """Takes trials, but nothing that is said of the study."""

    def set_study_system_attr(self, study_id: int, key: str, value: Any) -> None:
        raise OSError("No space left on device")


class _NoKey(optuna.storages.InMemoryStorage):
    """Compares by value, so that it is no key of a dictionary."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _NoKey)


def test_a_storage_of_another_kind_fails_no_trial_and_is_told_once(
    optuna_log: pytest.LogCaptureFixture,
) -> None:
    study = optuna.create_study(storage=_NoKey(), sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(_square, n_trials=3, callbacks=[ZoomingDashboard()])
    assert len(study.trials) == 3
    (record,) = {each for each in optuna_log.records if "ZoomingDashboard" in each.getMessage()}
    assert "unhashable" in record.getMessage()


def test_a_failing_storage_fails_no_trial_and_is_told_once(
    optuna_log: pytest.LogCaptureFixture,
) -> None:
    study = optuna.create_study(storage=_FullDisk())
    for _ in range(3):
        study.optimize(_square, n_trials=2, callbacks=[ZoomingDashboard()])
        wait_until_published(study)
    assert len(study.trials) == 6
    (record,) = {each for each in optuna_log.records if "ZoomingDashboard" in each.getMessage()}
    assert "OSError: No space left on device" in record.getMessage()


class _Busy(optuna.storages.InMemoryStorage):
    """Others write to the study while its publisher reads the trials."""

    def __init__(self, written: dict[str, Any]) -> None:
        super().__init__()
        self._written = written

    def get_all_trials(self, study_id: int, *args: Any, **options: Any) -> list[FrozenTrial]:
        if threading.current_thread() is not threading.main_thread():
            for key, value in self._written.items():
                self.set_study_system_attr(study_id, key, value)
        return super().get_all_trials(study_id, *args, **options)


def test_what_the_owner_writes_while_figures_are_drawn_survives() -> None:
    words = {"dashboard:note_str:0": "My words.", "dashboard:note_ver": 1}
    study = optuna.create_study(storage=_Busy(words))
    study.optimize(_square, n_trials=2, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    assert note(study).startswith("My words.\n\n[optuna-zooming]")


def test_who_is_overtaken_while_figures_are_drawn_overwrites_nothing_newer() -> None:
    newer = {"by": "other", "number": 9, "done": True}
    study = optuna.create_study(storage=_Busy({"optuna_zooming:published": newer}))
    study.optimize(_square, n_trials=2, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    assert attributes(study) == {"optuna_zooming:published": newer}


def test_who_is_overtaken_by_one_that_has_not_finished_tells_what_it_knows() -> None:
    claimed = {"by": "other", "number": 9, "done": False}
    study = optuna.create_study(storage=_Busy({"optuna_zooming:published": claimed}))
    study.optimize(_square, n_trials=2, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    assert attributes(study)["optuna_zooming:published"] == claimed
    assert "2 trials" in note(study)


def test_a_publication_takes_a_fiftieth_of_the_time_but_for_what_it_imports() -> None:
    publisher = publisher_of(optuna.create_study())
    options = ZoomingDashboard()._options
    costs = [1.0, 0.2, 0.3, 2.0, 0.01, 0.01]
    pauses = [publisher._pause(options, cost, False, 1) for cost in costs]
    assert pauses == pytest.approx([5.0, 10.0, 10.0, 15.0, 5.0, 5.0])


def test_a_journal_is_written_to_ever_more_rarely(tmp_path: Path) -> None:
    study = optuna.create_study(
        storage=JournalStorage(JournalFileBackend(str(tmp_path / "study.log")))
    )
    publisher = publisher_of(study)
    callback = ZoomingDashboard()
    kept = [publisher._pause(callback._options, 0.0, True, number) for number in range(1, 2000)]
    assert kept[:100] == [5.0] * 100
    assert kept == sorted(kept)
    assert kept[-1] == 3600
    # Within a month.
    assert sum(1 for total in _sums(kept) if total < 30 * 86_400) < 1_200
    assert publisher._pause(callback._options, 0.0, False, 2000) == 5.0


def _sums(pauses: list[float]) -> list[float]:
    return [sum(pauses[:i]) for i in range(len(pauses))]


SCRIPT = """
import optuna, os, sys, time, multiprocessing
from optuna_zooming.dashboard import ZoomingDashboard

def work(url):
    study = optuna.load_study(study_name="s", storage=url)
    study.optimize(
        lambda trial: trial.suggest_float("x", 0, 1), n_trials=7,
        callbacks=[ZoomingDashboard(every=600)],
    )

if __name__ == "__main__":
    way, url = sys.argv[1:]
    if way == "script":
        work(url)
    elif way == "fork by hand":
        study = optuna.load_study(study_name="s", storage=url)
        work(url)
        while "'done': True" not in str(study._storage.get_study_system_attrs(1)):
            time.sleep(0.1)
        # The parent's thread waits to publish the last trials; the child has no such thread.
        if os.fork() == 0:
            work(url)
        else:
            os.wait()
    else:
        process = multiprocessing.get_context(way).Process(target=work, args=[url])
        process.start()
        process.join()
"""
WAYS = ["script", "spawn", *(["fork", "fork by hand"] if hasattr(os, "fork") else [])]


@pytest.mark.parametrize("way", WAYS)
def test_the_last_state_of_a_process_is_published_when_it_ends(way: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/study.db"
    study = optuna.create_study(storage=url, study_name="s")
    script = tmp_path / "worker.py"
    script.write_text(SCRIPT, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", script, way, url],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "ZoomingDashboard" not in result.stderr
    assert len(study.trials) == (14 if way == "fork by hand" else 7), result.stderr
    assert f"{len(study.trials)} trials" in note(study)


def test_a_process_ends_though_its_storage_answers_no_more(tmp_path: Path) -> None:
    script = tmp_path / "worker.py"
    script.write_text(
        """
import optuna, threading
from optuna_zooming.dashboard import ZoomingDashboard

class Silent(optuna.storages.InMemoryStorage):
    def set_study_system_attr(self, *_):
        threading.Event().wait()

study = optuna.create_study(storage=Silent())
study.optimize(lambda t: t.suggest_float("x", 0, 1), n_trials=3, callbacks=[ZoomingDashboard()])
""",
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120
    )
    assert result.returncode == 0
