"""Servers for studies, started for the occasion.

They listen on loopback only, keep their files in a temporary folder, and end with the block. On
entering it, AbsentError says why there is no such server here.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from optuna.exceptions import ExperimentalWarning
from optuna.storages import GrpcStorageProxy
from sqlalchemy import NullPool, create_engine

HOST = "127.0.0.1"
PATIENCE = 60.0
ACCOUNT = "postgres"
# SQLite's writers wait for each other so long; with its default, 5 s, many of them fail.
LOCK_SECONDS = 100
_PROXY = """
import sys
from optuna.storages import RDBStorage, get_storage, run_grpc_proxy_server
storage = RDBStorage(sys.argv[1], engine_kwargs={"connect_args": {"timeout": int(sys.argv[2])}})
run_grpc_proxy_server(get_storage(storage), host=sys.argv[3], port=int(sys.argv[4]))
"""


class AbsentError(Exception):
    """A storage that cannot be had here; the message says why."""


@contextmanager
def redis_server() -> Iterator[str]:
    """A server as long as the block lasts; its URL."""
    redis = _require_module("redis", "redis")
    binary = shutil.which("redis-server")
    if binary is None:
        raise AbsentError("no redis-server on the path (apt-get install redis-server)")
    port = _free_port()
    with folder() as path, redis.Redis(HOST, port) as client:
        # As the home of a study: what is told survives the server's end.
        kept = ["--dir", str(path), "--appendonly", "yes", "--save", ""]
        command = [binary, "--bind", HOST, "--port", str(port), *kept]
        with _running(command, client.ping):
            yield f"redis://{HOST}:{port}"


@contextmanager
def grpc_proxy() -> Iterator[str]:
    """Optuna's proxy in front of an SQLite file as long as the block lasts; its port."""
    _require_module("grpc", "grpcio")
    _require_module("google.protobuf", "protobuf")
    with folder() as path:
        port = _free_port()
        arguments = [f"sqlite:///{path}/study.db", str(LOCK_SECONDS), HOST, str(port)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            client = GrpcStorageProxy(host=HOST, port=port)
        command = [sys.executable, "-W", "ignore", "-c", _PROXY, *arguments]
        with _running(command, lambda: client.wait_server_ready(1.0)):
            yield str(port)


@contextmanager
def postgresql() -> Iterator[str]:
    """A server as long as the block lasts; its URL."""
    _require_module("psycopg2", "psycopg2-binary")
    binaries = _postgresql_binaries()
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = _unprivileged()
    with folder() as path:
        if identity:
            shutil.chown(path, user=ACCOUNT)
        data, port = path / "data", _free_port()
        subprocess.run(
            [binaries / "initdb", "--auth=trust", f"--username={ACCOUNT}", f"--pgdata={data}"],
            check=True,
            cwd=path,
            stdout=subprocess.DEVNULL,
            **identity,
        )
        url = f"postgresql+psycopg2://{ACCOUNT}@{HOST}:{port}/postgres"
        sockets = ["-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories="]
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *sockets]
        with _running(command, lambda: _connect(url), cwd=path, **identity):
            yield url


@contextmanager
def _running(command: Sequence[str], ask: Callable[[], object], **how: Any) -> Iterator[None]:
    """A server from the moment it answers until the end of the block."""
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl-C at the terminal is not for it.
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, **how)
        try:
            _wait_for_answer(server, ask)
            yield
        except _SilentError:
            log.seek(0)
            said = log.read().decode(errors="replace").strip().splitlines()[-1:]
            raise AbsentError(f"{Path(command[0]).name} did not start: {' '.join(said)}") from None
        finally:
            # To PostgreSQL SIGTERM means to wait for clients to leave, SIGINT not to; others, when
            # started from a shell's background, ignore SIGINT.
            is_postgresql = Path(command[0]).name == "postgres"
            server.send_signal(signal.SIGINT if is_postgresql else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(PATIENCE)
            server.kill()
            server.wait()


class _SilentError(Exception):
    """A server that has ended, or does not answer."""


def _wait_for_answer(server: subprocess.Popen[bytes], ask: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        # Each client has an error of its own for this.
        with contextlib.suppress(Exception):
            ask()
            return
        time.sleep(0.1)
    raise _SilentError


def _connect(url: str) -> None:
    create_engine(url, poolclass=NullPool).connect().close()


def _postgresql_binaries() -> Path:
    """The folder of initdb and postgres; Debian keeps it off the path."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
