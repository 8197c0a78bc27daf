"""How far a command is: a bar on a terminal, and now and then a line of a log."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from tqdm import tqdm

# Seconds from one state to the next. What a bar overwrites on a terminal, a log keeps.
ON_A_TERMINAL, IN_A_LOG = 1.0, 30.0


def progress(
    items: Iterable[Any] | None = None, *, total: float, unit: str, what: str | None = None
) -> tqdm[Any]:
    """A bar on stderr, around items or to be updated by hand; its first and last state always.

    Args:
        items: What is gone through.
        total: How many units there will be.
        unit: In the singular.
        what: Before the bar.
    """
    seconds = ON_A_TERMINAL if sys.stderr.isatty() else IN_A_LOG
    return tqdm(
        items,
        total=total,
        unit=unit,
        desc=what,
        mininterval=seconds,
        maxinterval=max(seconds, 10.0),
    )
