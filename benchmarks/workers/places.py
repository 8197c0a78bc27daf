"""Where the studies of a crew of processes can be, and how a process opens them."""

from __future__ import annotations

import functools
import importlib
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import optuna
from optuna.storages import BaseStorage, GrpcStorageProxy, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend, JournalRedisBackend

from benchmarks.workers import servers
from benchmarks.workers.server_process import HOST
from benchmarks.workers.servers import LOCK_SECONDS


class Place(NamedTuple):
    """Where studies can be: all that a process needs to open the storage.

    kind: A key of PLACES.
    address: URL, file or port, as the kind wants it.
    prefix: Of the names of our studies, and of our keys in Redis: others may use the server too.
    """

    kind: str
    address: str
    prefix: str = "zooming-benchmark"


@functools.lru_cache(maxsize=8)
def open_storage(place: Place) -> BaseStorage:
    """The storage, one object for each process and place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        if place.kind == "journal":
            return JournalStorage(JournalFileBackend(place.address))
        if place.kind == "redis":
            return JournalStorage(JournalRedisBackend(place.address, prefix=place.prefix))
        if place.kind == "grpc":
            return GrpcStorageProxy(host=HOST, port=int(place.address))
        options: dict[str, Any] = {}
        if place.kind == "sqlite":
            options = {"engine_kwargs": {"connect_args": {"timeout": LOCK_SECONDS}}}
        return RDBStorage(place.address, **options)


def at_place(kind: str, url: str | None = None) -> AbstractContextManager[Place]:
    """A place of this kind as long as the block lasts.

    Args:
        kind: A key of PLACES.
        url: A server that runs already; what we leave there is removed at the end.

    Raises:
        AbsentError: On entering, if the storage cannot be had here.
    """
    return PLACES[kind]() if url is None else _given(kind, url)


@contextmanager
def _given(kind: str, url: str) -> Iterator[Place]:
    place = Place(kind, url, f"zooming-benchmark-{uuid.uuid4().hex}")
    try:
        yield place
    finally:
        if kind == "redis":
            with importlib.import_module("redis").Redis.from_url(url) as client:
                for key in client.scan_iter(match=f"{place.prefix}:*"):
                    client.delete(key)
        else:
            for name in optuna.get_all_study_names(url):
                if name.startswith(place.prefix):
                    optuna.delete_study(study_name=name, storage=url)


@contextmanager
def _memory() -> Iterator[Place]:
    yield Place("memory", "")


@contextmanager
def _sqlite() -> Iterator[Place]:
    with servers.folder() as path:
        yield Place("sqlite", f"sqlite:///{path}/study.db")


@contextmanager
def _journal() -> Iterator[Place]:
    with servers.folder() as path:
        yield Place("journal", f"{path}/study.log")


@contextmanager
def _postgresql() -> Iterator[Place]:
    with servers.postgresql() as server:
        yield Place("postgresql", server.address)


@contextmanager
def _redis() -> Iterator[Place]:
    with servers.redis_server() as server:
        yield Place("redis", server.address)


@contextmanager
def _grpc() -> Iterator[Place]:
    with servers.grpc_proxy() as server:
        yield Place("grpc", server.address)


PLACES: dict[str, Callable[[], AbstractContextManager[Place]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "journal": _journal,
    "redis": _redis,
    "grpc": _grpc,
}
