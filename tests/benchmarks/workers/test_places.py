"""Places for studies: servers that are started, and those that were given."""

from __future__ import annotations

import socket

import optuna
import pytest

from benchmarks.workers.places import at_place, open_storage
from benchmarks.workers.server_process import HOST, AbsentError
from tests.services.requirement import missing


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
        socket.create_connection((HOST, port))


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


def test_without_its_program_a_server_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(AbsentError, match="no redis-server|no Python module redis"):
        at_place("redis").__enter__()
