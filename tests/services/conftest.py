"""Servers for the whole session, and a place for a study on each storage."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.grpc_proxy import GrpcProxy, running_grpc_proxy
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.redis_server import RedisServer, running_redis
from tests.services.storages import Place

collect_ignore_glob = ["test_*.py"] if sys.platform == "win32" else []


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis server."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="session")
def grpc_proxy() -> Iterator[GrpcProxy]:
    """Optuna's gRPC proxy."""
    with running_grpc_proxy() as proxy:
        yield proxy


@pytest.fixture(params=["sqlite", "postgresql", "journal-file", "journal-redis", "grpc"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new study on each storage; only the server that it needs is started."""
    kind = request.param
    if kind == "sqlite":
        address = str(tmp_path / "study.db")
    elif kind == "journal-file":
        address = str(tmp_path / "study.log")
    elif kind == "postgresql":
        address = request.getfixturevalue("postgres").url
    elif kind == "journal-redis":
        address = request.getfixturevalue("redis_server").url
    else:
        address = str(request.getfixturevalue("grpc_proxy").port)
    # Servers keep the other tests' studies.
    return Place(kind, address, study_name=uuid.uuid4().hex)
