"""A Redis server of our own, on loopback and in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.requirement import free_port, missing, require_module, wait_until


class RedisServer:
    """A server that can crash and come back on the same port with all that it had confirmed."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For redis-py."""
        return f"redis://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and wait until it has loaded its log and answers."""
        network = ["--bind", "127.0.0.1", "--port", str(self._port)]
        # Every write is in the append-only file before its client hears of it.
        storage = ["--dir", str(self._folder), "--save", "", "--appendonly", "yes"]
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binary, *network, *storage], stdout=log, stderr=log
            )
        wait_until(self._answers)

    def restart(self) -> None:
        """Crash, and start again."""
        self.stop()
        self.start()

    def stop(self) -> None:
        """Kill it, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        import redis

        log = self._folder / "server.log"
        assert self._process is not None
        assert self._process.poll() is None, log.read_text(encoding="utf-8")
        with redis.Redis.from_url(self.url) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """A server as long as the block lasts; skips where there is none."""
    require_module("redis", "redis")
    binary = shutil.which("redis-server")
    if binary is None:
        missing("no redis-server is on the path: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(binary, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()
