"""What a missing service means: a skipped test, or a failure where all must be there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import NoReturn

import pytest

# Servers and processes on a busy machine; nothing comes near it unless it hangs.
DEADLINE = 120.0


def missing(reason: str, required_by: str = "REQUIRE_SERVICES") -> NoReturn:
    """Skip with the reason; fail where the environment variable is set, as in CI."""
    if os.environ.get(required_by):
        pytest.fail(f"{required_by} is set, but {reason}", pytrace=False)
    pytest.skip(reason)


def wait_until(reached: Callable[[], bool], meanwhile: Callable[[], object] | None = None) -> None:
    """Do something again and again until the condition holds; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE
    while not reached():
        assert time.monotonic() < deadline, "The deadline passed."
        if meanwhile is not None:
            meanwhile()
        time.sleep(0.1)
