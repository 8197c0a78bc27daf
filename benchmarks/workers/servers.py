"""Servers for studies, started for the occasion: PostgreSQL, Redis, and Optuna's gRPC proxy.

They listen on loopback only, keep their files in a temporary folder, and end with the block. On
entering it, AbsentError says why there is no such server here.
"""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optuna.exceptions import ExperimentalWarning
from optuna.storages import GrpcStorageProxy
from sqlalchemy import NullPool, create_engine

from benchmarks.workers.server_process import HOST, AbsentError, Server, free_port

ACCOUNT = "postgres"
# SQLite's writers wait for each other so long; with its default, 5 s, many of them fail.
LOCK_SECONDS = 100
_PROXY = """
import sys
from optuna.storages import RDBStorage, get_storage, run_grpc_proxy_server
storage = RDBStorage(sys.argv[1], engine_kwargs={"connect_args": {"timeout": int(sys.argv[2])}})
# As Optuna advises: without the cache that get_storage adds, every look reads all trials.
run_grpc_proxy_server(get_storage(storage), host=sys.argv[3], port=int(sys.argv[4]))
"""


@contextmanager
def redis_server() -> Iterator[Server]:
    """A Redis server; its address is a URL."""
    redis = _require_module("redis", "redis")
    binary = shutil.which("redis-server")
    if binary is None:
        raise AbsentError("no redis-server on the path (apt-get install redis-server)")
    port = free_port()
    with folder() as path, redis.Redis(HOST, port) as client:
        # As the home of a study: every write is in the file before its client hears of it.
        kept = ["--dir", str(path), "--appendonly", "yes", "--save", ""]
        command = [binary, "--bind", HOST, "--port", str(port), *kept]
        with Server(f"redis://{HOST}:{port}", command, client.ping, path / "server.log") as server:
            yield server


@contextmanager
def grpc_proxy() -> Iterator[Server]:
    """Optuna's proxy in front of an SQLite file; its address is a port."""
    _require_module("grpc", "grpcio")
    _require_module("google.protobuf", "protobuf")
    with folder() as path:
        port = free_port()
        arguments = [f"sqlite:///{path}/study.db", str(LOCK_SECONDS), HOST, str(port)]
        command = [sys.executable, "-W", "ignore", "-c", _PROXY, *arguments]
        with Server(str(port), command, lambda: _ask_proxy(port), path / "server.log") as server:
            yield server


@contextmanager
def postgresql(settings: Sequence[str] = ()) -> Iterator[Server]:
    """A PostgreSQL server; its address is a URL.

    Args:
        settings: More of its configuration, ``name=value`` each.
    """
    _require_module("psycopg2", "psycopg2-binary")
    binaries = _postgresql_binaries()
    # Its messages in English, whatever is spoken here.
    how: dict[str, Any] = {"env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}}
    if os.geteuid() == 0:
        how |= _unprivileged()
    with folder() as path:
        if "user" in how:
            shutil.chown(path, user=ACCOUNT)
        how["cwd"] = path
        _create_cluster(binaries, path / "data", how)
        port = free_port()
        url = f"postgresql+psycopg2://{ACCOUNT}@{HOST}:{port}/postgres"
        command = [str(binaries / "postgres"), "-D", str(path / "data"), "-p", str(port)]
        for each in (f"listen_addresses={HOST}", "unix_socket_directories=", *settings):
            command += ["-c", each]
        server = Server(
            url,
            command,
            lambda: create_engine(url, poolclass=NullPool).connect().close(),
            path / "server.log",
            # SIGTERM would wait for clients to leave; SIGKILL would leave its children behind.
            end=signal.SIGINT,
            crash=signal.SIGQUIT,
            how=how,
        )
        with server:
            yield server


def _create_cluster(binaries: Path, data: Path, how: dict[str, Any]) -> None:
    options = ["--auth=trust", f"--username={ACCOUNT}", "--encoding=UTF8", "--no-locale"]
    done = subprocess.run(
        [binaries / "initdb", *options, "--no-sync", f"--pgdata={data}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **how,
    )
    if done.returncode != 0:
        raise AbsentError(f"initdb failed: {' '.join(done.stdout.strip().splitlines()[-1:])}")


def _ask_proxy(port: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        client = GrpcStorageProxy(host=HOST, port=port)
    try:
        client.wait_server_ready(1.0)
    finally:
        client.close()


def _postgresql_binaries() -> Path:
    """The folder of initdb and postgres; distributions keep it off the path."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise AbsentError("no PostgreSQL server found (apt-get install postgresql)")


def _unprivileged() -> dict[str, Any]:
    """Whom to run PostgreSQL as, which refuses root."""
    import pwd

    try:
        group = pwd.getpwnam(ACCOUNT).pw_gid
    except KeyError:
        raise AbsentError(f"root cannot run PostgreSQL, and there is no user {ACCOUNT}") from None
    return {"user": ACCOUNT, "group": group, "extra_groups": []}


def _require_module(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise AbsentError(f"no Python module {name} (pip install {package})") from None


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="zooming-benchmark-") as name:
        yield Path(name)
