"""The table of a parameter's arms."""

from __future__ import annotations

import math

from ..._arm import Arm
from ..._text import between, named
from .contents import ParameterArms
from .elements import Markup, element, row, table

_HEAD = ("value", "mean", "95 % interval", "pulls", "complete", "stopped", "diverged")
# Arms lie close to each other: one digit more tells them apart.
_DIGITS = 4


def arms_table(parameter: ParameterArms, others_vary: bool) -> Markup:
    """Each arm in a row, by increasing value; the recommended one is marked."""
    rows = [_row(arm, arm == parameter.recommended) for arm in parameter.arms]
    if not rows:
        return element("p", "No trial with this parameter has finished with a value.")
    return table(_caption(parameter, others_vary), _HEAD, rows)


def _caption(parameter: ParameterArms, others_vary: bool) -> str:
    told = f"Arms of {parameter.name}"
    section = (parameter.recommended or parameter.arms[0]).section
    if section:
        return f"{told}, where {named(section)}"
    if others_vary:
        return f"{told}, whatever the other parameters were; what is recommended here is its alone"
    return told


def _row(arm: Arm, recommended: bool) -> Markup:
    value = f"{arm.value:.{_DIGITS}g}" if isinstance(arm.value, float) else str(arm.value)
    stopped = arm.pulls - arm.complete - arm.diverged
    counts = map(_count, (arm.pulls, arm.complete, stopped, arm.diverged))
    mean = f"{arm.mean:.{_DIGITS}g}" if math.isfinite(arm.mean) else "diverged"
    told = f"{value}, recommended" if recommended else value
    first = element("span", told, title=repr(arm.value))
    marked = {"class_": "recommended"} if recommended else {}
    return row([first, mean, _interval(arm), *counts], **marked)


def _interval(arm: Arm) -> str:
    low, high = arm.interval
    return between(arm.interval) if math.isfinite(high - low) else "unknown"


def _count(count: int) -> str:
    """A nought is no news."""
    return f"{count:,}" if count else "–"
