"""Values and parameters as people read them: three significant digits, no markup."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any


def short(value: Any) -> str:
    """A float with three significant digits; anything else as it is."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def named(params: Mapping[str, Any]) -> str:
    """``lr = 0.165, layers = 3``."""
    return ", ".join(f"{name} = {short(value)}" for name, value in params.items())


def between(interval: tuple[float, float], before: str = "") -> str:
    """``0.902 to 0.989`` with something before it, or that it is not known."""
    low, high = interval
    return f"{before}{low:.3g} to {high:.3g}" if math.isfinite(high - low) else "interval unknown"


def doubt(interval: tuple[float, float]) -> str:
    """``95 %: 0.902 to 0.989``, or that it is not known."""
    return between(interval, "95 %: ")


def counted(count: int, what: str) -> str:
    """``1 trial``, ``5 trials``."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
