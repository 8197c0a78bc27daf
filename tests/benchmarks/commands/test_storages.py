"""Crews of processes on a storage: what is counted, what is shown, and what is left behind."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

import numpy as np
import optuna
import pytest

from benchmarks.commands import storages
from benchmarks.errors import UserError
from benchmarks.workers import servers
from benchmarks.workers.crew import Crew, meet
from benchmarks.workers.places import Place, at_place, open_storage
from benchmarks.workers.servers import AbsentError
from benchmarks.workers.storage_load import (
    SEEDS,
    Load,
    Plan,
    count_near,
    near_duplicates,
    trials_per_second,
)
from tests.services.requirement import missing


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    return Place("sqlite", f"sqlite:///{tmp_path}/study.db")


@pytest.mark.parametrize(
    ("places", "count"),
    [
        ([0.0, 0.009, 0.5, 0.9], 2),
        # Each is near the next, and none is counted twice.
        ([0.1, 0.109, 0.118], 3),
        ([0.1, 0.2, 0.3], 0),
        # Numbers of choices.
        ([2.0, 0.0, 2.0, 2.0], 3),
        ([0.5], 0),
    ],
)
def test_near_places_are_counted_once(places: list[float], count: int) -> None:
    assert count_near(np.array(places)) == count


def test_processes_with_one_seed_propose_one_value(sqlite: Place) -> None:
    with Crew(2) as crew:
        assert near_duplicates(crew, sqlite, "random", "same", rounds=2) == {
            "log float": [2, 2],
            "int": [2, 2],
            "choices": [2, 2],
        }
    # Nobody is told a value before all have asked.
    states = [
        [trial.state for trial in study.get_trials(deepcopy=False)] for study in _studies(sqlite)
    ]
    assert states == [[optuna.trial.TrialState.RUNNING] * 2] * 6


def test_threads_that_share_a_sampler_share_its_seed() -> None:
    with Crew(3, threads=True) as crew:
        found = near_duplicates(crew, Place("memory", ""), "random", "same", rounds=1)
    # Draws of one generator: three of 512 numbers, not one of them three times.
    assert found["int"] == [0]


def test_a_crew_shares_the_trials_of_a_study(sqlite: Place) -> None:
    with Crew(2) as crew:
        assert trials_per_second(crew, sqlite, "random", 7) > 0
    (study,) = _studies(sqlite)
    # Each process makes one before the clock starts.
    assert len(study.trials) == 7 + 2
    assert all(trial.state == optuna.trial.TrialState.COMPLETE for trial in study.trials)


def test_the_error_of_a_worker_is_told_not_that_others_waited() -> None:
    with Crew(3, threads=True) as crew, pytest.raises(ZeroDivisionError):
        crew.each(_fail_at_zero, [2, 1, 0])


def _fail_at_zero(number: int) -> float:
    if number > 0:
        meet()
    return 1 / number


@pytest.mark.parametrize("kind", ["redis", "postgresql", "grpc"])
def test_a_server_is_started_and_ended(kind: str) -> None:
    try:
        with at_place(kind) as place:
            study = optuna.create_study(storage=open_storage(place))
            study.tell(study.ask(), 0.5)
            assert study.best_value == 0.5
    except AbsentError as error:
        missing(str(error))
    port = int(place.address.removesuffix("/postgres").rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((servers.HOST, port))


def test_nothing_is_left_on_a_server_that_was_given() -> None:
    redis = pytest.importorskip("redis")
    try:
        with at_place("redis") as own, redis.Redis.from_url(own.address) as client:
            client.set("theirs", 1)
            with at_place("redis", own.address) as given:
                optuna.create_study(storage=open_storage(given))
                assert len(client.keys()) > 1
            assert client.keys() == [b"theirs"]
    except AbsentError as error:
        missing(str(error))


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["sh", "-c", "echo no such license >&2; exit 1"]
    with pytest.raises(AbsentError, match="^sh did not start: no such license$"):
        servers._running(command, _refuse).__enter__()
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(AbsentError, match="no redis-server|no Python module redis"):
        at_place("redis").__enter__()


def _refuse() -> None:
    raise ConnectionRefusedError


def test_the_page_shows_medians_ratios_and_who_is_absent() -> None:
    plan = Plan(["random", "zooming"], [8], n_trials=10, repeats=3, n_together=8, rounds=2)
    near = {("random", "int", seeds): [1, 2] for seeds in SEEDS}
    near |= {("zooming", "int", "None"): [0, 0], ("zooming", "int", "same"): [0, 1]}
    speed = {("random", 8): [10.0, 40.0, 20.0], ("zooming", 8): [9.0, 20.0, 25.0]}
    page = storages.report(plan, {"sqlite": Load(speed, near)}, {"redis": "no redis-server"})
    lines = page.splitlines()
    assert "journal on Redis is left out: no redis-server." in lines
    # Ratios: 9/10, 20/40, 25/20.
    assert "| SQLite | 8 | 20 | 20 | 0.90 <sub>0.50 to 1.25</sub> |" in lines
    assert "| SQLite | random | – / – / – | 1.5 / 1.5 / 1.5 | – / – / – |" in lines
    assert "| SQLite | zooming | – / – / – | 0 / – / 0.5 | – / – / – |" in lines


def test_the_command_measures_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    flags = ["--storages", "memory", "redis", "--samplers", "zooming", "--processes", "2"]
    assert _main([*flags, "--trials", "4", "--rounds", "1", "--out", str(tmp_path)]) == 0
    page = capsys.readouterr().out
    assert page == (tmp_path / "operators.md").read_text()
    assert "journal on Redis is left out: no" in page
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| in memory")]
    assert [row[1] for row in rows] == ["2", "random", "zooming"]


def test_a_given_server_that_does_not_answer_is_the_user_s_error(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    url = f"redis://127.0.0.1:{servers._free_port()}"
    with pytest.raises(UserError, match=f"--redis {url}"):
        _main(["--storages", "redis", "--redis", url, "--out", str(tmp_path)])


def _main(flags: list[str]) -> int:
    parser = argparse.ArgumentParser()
    storages.add_arguments(parser)
    return storages.main(parser.parse_args(flags))


def _studies(place: Place) -> list[optuna.Study]:
    storage = open_storage(place)
    return [
        optuna.load_study(study_name=name, storage=storage)
        for name in optuna.get_all_study_names(storage)
    ]
