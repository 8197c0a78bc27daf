"""Labels of a logarithmic axis that shows a few decades, as data."""

from __future__ import annotations

import math

# With more decades than this, their powers of ten are labels enough.
_MOST_DECADES = 3.0
# Of less, every digit has to be labelled.
_FEW_DECADES = 0.7


def _log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """(value, label) of numbers with a single digit; none where powers of ten will do."""
    decades = math.log10(high) - math.log10(low)
    if decades > _MOST_DECADES:
        return []
    digits = range(1, 10) if decades < _FEW_DECADES else (1, 2, 5)
    exponents = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 1)
    ticks = [(float(f"{digit}e{power}"), digit, power) for power in exponents for digit in digits]
    return [
        (tick, _label(tick, digit, power)) for tick, digit, power in ticks if low <= tick <= high
    ]


def _label(tick: float, digit: int, power: int) -> str:
    return f"{tick:g}" if -4 <= power <= 5 else f"{digit}e{power}"
