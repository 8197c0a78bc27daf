"""Optuna's gRPC proxy in a process of its own, in front of an SQLite file."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from optuna.exceptions import ExperimentalWarning
from optuna.storages import GrpcStorageProxy, get_storage, run_grpc_proxy_server

from tests.services.processes import start_process
from tests.services.requirement import DEADLINE, free_port, require_module
from tests.services.storages import sqlite_storage


class GrpcProxy:
    """A proxy that can be killed and come back on the same port."""

    def __init__(self, database: str) -> None:
        self._database = database
        self.port = free_port()
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = start_process(_serve, self._database, self.port)
        client = GrpcStorageProxy(host="127.0.0.1", port=self.port)
        client.wait_server_ready(timeout=DEADLINE)
        client.close()

    def restart(self) -> None:
        """Kill it, and start another."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Kill it, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(database: str, port: int) -> None:
    warnings.simplefilter("ignore", ExperimentalWarning)
    # As Optuna advises: without the cache that get_storage adds, every look reads all trials.
    run_grpc_proxy_server(get_storage(sqlite_storage(database)), host="127.0.0.1", port=port)


@contextmanager
def running_grpc_proxy() -> Iterator[GrpcProxy]:
    """A proxy as long as the block lasts; skips where gRPC is missing."""
    require_module("grpc", "grpcio")
    require_module("google.protobuf", "protobuf")
    with tempfile.TemporaryDirectory(prefix="grpc-") as folder:
        proxy = GrpcProxy(f"{folder}/study.db")
        try:
            proxy.start()
            yield proxy
        finally:
            proxy.stop()
