"""Servers that do not start."""

from __future__ import annotations

import pytest

from benchmarks.workers import servers
from benchmarks.workers.places import at_place
from benchmarks.workers.servers import AbsentError


def test_a_server_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["sh", "-c", "echo no such license >&2; exit 1"]
    with pytest.raises(AbsentError, match="^sh did not start: no such license$"):
        servers._running(command, _refuse).__enter__()
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(AbsentError, match="no redis-server|no Python module redis"):
        at_place("redis").__enter__()


def _refuse() -> None:
    raise ConnectionRefusedError
