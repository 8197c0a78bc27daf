"""What figures say: titles, numbers and the texts of arms, as plain text."""

from __future__ import annotations

import textwrap
from typing import Any

from .._arm import Arm, told_pulls
from .._text import between, counted, doubt, short

# Characters of a line of the title's first part, of the smaller second one, and of names elsewhere.
_TITLE_WIDTH, _SUBTITLE_WIDTH, _NAME_WIDTH = 84, 110, 40
# Lines of the second part at most: it must leave room for the figure.
_MOST_LINES = 3


def _number(value: Any) -> str:
    """Three significant digits of a number; integers and choices as they are, if they are short."""
    return _short_name(short(value))


def _short_name(name: str, width: int = _NAME_WIDTH) -> str:
    """A name that fits beside an axis; of a long one its two ends."""
    if len(name) <= width:
        return name
    half = (width - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def _estimate(arm: Arm) -> str:
    """The mean and its interval."""
    return f"{arm.mean:.3g} ({between(arm.interval)})"


def _title(param_name: str, recommended: Arm | None) -> list[str]:
    """The answer, in lines."""
    if recommended is None:
        answer = f"nothing can be recommended for {param_name} yet"
    else:
        answer = f"recommended {param_name} {_number(recommended.value)}: {_estimate(recommended)}"
    return textwrap.wrap(answer, _TITLE_WIDTH)


def _subtitle(recommended: Arm | None, others_vary: bool, n_outside: int) -> list[str]:
    """Where the other parameters are, if they vary, and what is not shown, in lines."""
    told = []
    section = None if recommended is None else recommended.section
    if section is not None:
        others = ", ".join(f"{name}={_number(value)}" for name, value in section.items())
        told.append(f"section through {others}")
    elif others_vary:
        told.append("marginal: whatever the other parameters were")
    if n_outside > 0:
        told.append(f"not shown: {counted(n_outside, 'trial')} outside of this range")
    return textwrap.wrap("; ".join(told), _SUBTITLE_WIDTH, max_lines=_MOST_LINES, placeholder=" …")


def _arm_lines(arm: Arm) -> list[str]:
    """What is known of an arm, after the name of its parameter, in lines."""
    return [
        f"{_number(arm.value)}: mean {arm.mean:.3g} ({doubt(arm.interval)})",
        told_pulls(arm),
    ]


def _step_lines(value: Any, ball: tuple[Any, Any]) -> list[str]:
    """What was recommended, after the name of the parameter, in lines."""
    lines = [f"{_number(value)} recommended"]
    low, high = ball
    if low != high:
        lines.append(f"its confidence ball: {_number(low)} to {_number(high)}")
    return lines


def _how_many(name: str, shown: int, n_trials: int) -> str:
    """A name in the legend, which says if not all trials are drawn."""
    return name if shown == n_trials else f"{name} (drawn: {shown:,} of {n_trials:,} trials)"
