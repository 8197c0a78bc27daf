"""Every storage under test, described so that another process can open it."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError, UpdateFinishedTrialError
from optuna.storages import (
    BaseStorage,
    GrpcStorageProxy,
    JournalStorage,
    RDBStorage,
    RetryHeartbeatStaleTrialCallback,
)
from optuna.storages.journal import (
    JournalFileBackend,
    JournalFileSymlinkLock,
    JournalRedisBackend,
)
from sqlalchemy.exc import SQLAlchemyError

from optuna_zooming import ZoomingSampler

Kind = Literal["sqlite", "postgresql", "journal-file", "journal-redis", "grpc"]


@dataclass(frozen=True)
class Place:
    """Where a study is.

    kind: of storage.
    address: a URL, a file or a port, as the kind wants it.
    study_name: within the storage.
    grace_period: seconds without a sign of life after which those who open the study here fail
        a trial, to be tried again; ``None``: no signs of life.
    """

    kind: Kind
    address: str
    study_name: str
    grace_period: int | None = None

    @contextlib.contextmanager
    def study(self) -> Iterator[optuna.Study]:
        """The study with a sampler and a storage object of its own; made if it is not there."""
        with self._storage() as storage:
            yield optuna.create_study(
                study_name=self.study_name,
                storage=storage,
                load_if_exists=True,
                sampler=ZoomingSampler(seed=0),
                pruner=optuna.pruners.MedianPruner(n_startup_trials=3),
            )

    @property
    def outages(self) -> tuple[type[Exception], ...]:
        """What the storage raises while its server is away."""
        if self.kind == "postgresql":
            return (StorageInternalError, SQLAlchemyError)
        if self.kind == "journal-redis":
            from redis.exceptions import RedisError

            # redis-py repeats a command whose answer was lost, and then it has been done already.
            return (RedisError, UpdateFinishedTrialError)
        if self.kind == "grpc":
            return (importlib.import_module("grpc").RpcError,)
        return ()

    @contextlib.contextmanager
    def _storage(self) -> Iterator[BaseStorage]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            storage = self._open()
        try:
            yield storage
        finally:
            if isinstance(storage, RDBStorage):
                storage.engine.dispose()
            elif isinstance(storage, GrpcStorageProxy):
                storage.close()

    def _open(self) -> BaseStorage:
        if self.kind == "sqlite":
            return sqlite_storage(self.address, **self._heartbeat())
        if self.kind == "postgresql":
            return RDBStorage(self.address, **self._heartbeat())
        if self.kind == "grpc":
            return GrpcStorageProxy(host="127.0.0.1", port=int(self.address))
        if self.kind == "journal-redis":
            return JournalStorage(JournalRedisBackend(self.address))
        return JournalStorage(JournalFileBackend(self.address, lock_obj=_Lock(self.address)))

    def _heartbeat(self) -> dict[str, Any]:
        if self.grace_period is None:
            return {}
        return {
            "heartbeat_interval": 1,
            "grace_period": self.grace_period,
            "heartbeat_stale_trial_callback": RetryHeartbeatStaleTrialCallback(),
        }


class _Lock(JournalFileSymlinkLock):
    """Optuna's lock for the case that a worker takes it to its grave."""

    def __init__(self, path: str) -> None:
        # The default waits 30 s for the dead.
        super().__init__(path, grace_period=5)

    def release(self) -> None:
        # Of several that lose patience at once, one may break the lock that another has just got.
        with contextlib.suppress(RuntimeError):
            super().release()


def sqlite_storage(path: str, **options: Any) -> RDBStorage:
    """An SQLite file for many writers: they wait for each other, where 5 s is the default."""
    return RDBStorage(
        f"sqlite:///{path}", engine_kwargs={"connect_args": {"timeout": 100}}, **options
    )
