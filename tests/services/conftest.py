"""Servers for the whole session, and a place for a study on each storage."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from benchmarks.workers import servers
from benchmarks.workers.server_process import AbsentError, Server
from tests.services.requirement import missing
from tests.services.storages import Place

collect_ignore_glob = ["test_*.py"] if sys.platform == "win32" else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    # Committed is committed when the server dies; only a dead machine would need the disk.
    yield from _running(servers.postgresql(["fsync=off"]))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """A Redis server."""
    yield from _running(servers.redis_server())


@pytest.fixture(scope="session")
def grpc_proxy() -> Iterator[Server]:
    """Optuna's gRPC proxy."""
    yield from _running(servers.grpc_proxy())


def _running(block: AbstractContextManager[Server]) -> Iterator[Server]:
    """The server as long as its tests last; skips where there is none."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(block)
        except AbsentError as error:
            missing(str(error))
        yield server


@pytest.fixture(params=["sqlite", "postgresql", "journal-file", "journal-redis", "grpc"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new study on each storage; only the server that it needs is started."""
    kind = request.param
    if kind == "sqlite":
        address = str(tmp_path / "study.db")
    elif kind == "journal-file":
        address = str(tmp_path / "study.log")
    elif kind == "postgresql":
        address = request.getfixturevalue("postgres").address
    elif kind == "journal-redis":
        address = request.getfixturevalue("redis_server").address
    else:
        address = request.getfixturevalue("grpc_proxy").address
    # Servers keep the other tests' studies.
    return Place(kind, address, study_name=uuid.uuid4().hex)
