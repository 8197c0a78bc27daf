"""What a missing service means: a skipped test, or a failure where all must be there."""

from __future__ import annotations

import importlib.util
import os
import random
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import pytest

# Servers and processes on a busy machine; nothing comes near it unless it hangs.
DEADLINE = 120.0


def missing(reason: str) -> NoReturn:
    """Skip with the reason; fail where REQUIRE_SERVICES is set, as in CI."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"REQUIRE_SERVICES is set, but {reason}", pytrace=False)
    pytest.skip(reason)


def require_module(name: str, package: str) -> None:
    """Skip unless the Python driver can be imported."""
    if importlib.util.find_spec(name) is None:
        missing(f"no Python module {name}: pip install {package}")


def free_port() -> int:
    """A port on loopback that nobody listens at.

    Below the ephemeral range: a client that retries while the server is down could otherwise be
    given this very port as its own end, and would then be connected to itself.
    """
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("No free port between 20000 and 32000.")


def wait_until(reached: Callable[[], bool], meanwhile: Callable[[], object] | None = None) -> None:
    """Do something again and again until the condition holds; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE
    while not reached():
        assert time.monotonic() < deadline, "The deadline passed."
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.1)
