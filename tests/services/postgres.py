"""A PostgreSQL server of our own, on loopback and in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.services.requirement import DEADLINE, free_port, missing, require_module

ACCOUNT = "postgres"
# Committed is committed when the server dies; only a dead machine would need the disk.
SETTINGS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"


class PostgresServer:
    """A database cluster that starts, stops and restarts on the same port."""

    def __init__(self, binaries: Path, folder: Path, identity: dict[str, Any]) -> None:
        self._binaries = binaries
        self._identity = identity
        self._folder = folder
        self._port = free_port()

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"postgresql+psycopg2://tester@127.0.0.1:{self._port}/postgres"

    def create(self) -> None:
        """Make the files of an empty cluster."""
        options = ["--username=tester", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        self._run("initdb", *options, "--no-locale", f"--pgdata={self._data}")

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._control("start", f"--options=-p {self._port} {SETTINGS}", f"--log={self._log}")

    def restart(self, mode: str) -> None:
        """``fast`` breaks off all transactions, ``immediate`` is a crash with recovery."""
        self._control("restart", f"--mode={mode}", f"--log={self._log}")

    def stop(self) -> None:
        """Stop at once, if it runs."""
        if (self._data / "postmaster.pid").exists():
            self._control("stop", "--mode=immediate")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"

    def _control(self, action: str, *options: str) -> None:
        wait = ["--wait", f"--timeout={DEADLINE:.0f}"]
        self._run("pg_ctl", action, f"--pgdata={self._data}", *wait, *options)

    def _run(self, program: str, *arguments: str) -> None:
        # To a file: the server inherits it, and a pipe would stay open as long as it runs.
        with (self._folder / f"{program}.out").open("a+") as output:
            done = subprocess.run(
                [str(self._binaries / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                check=False,
                **self._identity,
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


def _identity() -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        missing(f"root cannot run PostgreSQL, and there is no account {ACCOUNT}")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    """Where initdb and pg_ctl are; distributions keep them off the path."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    if config := shutil.which("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(told.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    missing("no PostgreSQL server was found: apt-get install postgresql")


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server as long as the block lasts; skips where there is none."""
    require_module("psycopg2", "psycopg2-binary")
    binaries, identity = _binaries(), _identity()
    # Not pytest's folder, which other accounts cannot enter.
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        if identity:
            shutil.chown(folder, identity["user"], identity["group"])
        server = PostgresServer(binaries, folder, identity)
        server.create()
        try:
            server.start()
            yield server
        finally:
            server.stop()
