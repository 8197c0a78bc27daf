"""Values and parameters as people read them: three significant digits, no markup."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

# Of very many names so many are listed.
_MOST_NAMES = 10
# Names as different as 'rl' and 'lr' are still alike.
_ALIKE = 0.5


def short(value: Any) -> str:
    """A float with three significant digits; anything else as it is."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def named(params: Mapping[str, Any]) -> str:
    """``lr = 0.165, layers = 3``."""
    return ", ".join(f"{name} = {short(value)}" for name, value in params.items())


def between(interval: tuple[float, float], before: str = "") -> str:
    """``0.902 to 0.989`` with something before it, or that it is not known.

    Ends that agree in three digits get more, up to six: ``2986 to 2988``.
    """
    low, high = interval
    if not math.isfinite(high - low):
        return "interval unknown"
    digits = next((n for n in (3, 4, 5) if f"{low:.{n}g}" != f"{high:.{n}g}"), 6)
    return f"{before}{low:.{digits}g} to {high:.{digits}g}"


def doubt(interval: tuple[float, float]) -> str:
    """``95 %: 0.902 to 0.989``, or that it is not known."""
    return between(interval, "95 %: ")


def counted(count: int, what: str) -> str:
    """``1 trial``, ``5 trials``."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def listed(names: Sequence[str]) -> str:
    """Names in quotes; of very many the first ones, and how many more there are."""
    shown = ", ".join(map(repr, names[:_MOST_NAMES]))
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def did_you_mean(name: str, names: Sequence[str]) -> str:
    """`` Did you mean 'x'?``, or nothing where no name is like it."""
    # Not at the top: only whoever mistypes something needs it.
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in names}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=_ALIKE)
    return f" Did you mean {folded[close[0]]!r}?" if close else ""
