"""Where a range is too narrow or too wide: the best value at its end, and values that diverge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast

from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.trial import FrozenTrial

from .axis import Axis, NumericDistribution
from .outcomes import outcome_of

Side = Literal["lower", "upper"]

# A value lies at an end of its range if it is no farther from it than this, units of axis.
AT_END = 0.05
# So many trials that diverged beyond all others, and this share of those that did, say that a range
# is too wide.
FEW, MOST = 2, 0.8
LOST = ("diverged", "failed")


class End(NamedTuple):
    """An end of a parameter's range, or of the part of it where trials survive."""

    name: str
    side: Side
    value: Any


def ends_reached(
    params: Mapping[str, Any], ranges: Mapping[str, BaseDistribution]
) -> Iterator[End]:
    """The ends of ranges at which parameters lie, except where a range ends by its nature."""
    for name, distribution in _numeric(ranges):
        axis = Axis.of(distribution)
        if name not in params or (axis.cells is not None and axis.cells.count < 3):
            continue
        value, place = params[name], axis.places([params[name]])[0]
        if (value == distribution.low or place <= AT_END) and not _begins_there(distribution):
            yield End(name, "lower", distribution.low)
        elif (value == distribution.high or place >= 1.0 - AT_END) and not _is_share(distribution):
            yield End(name, "upper", distribution.high)


def ends_survived(
    trials: Sequence[FrozenTrial], ranges: Mapping[str, BaseDistribution]
) -> Iterator[End]:
    """The last values with a survivor, beyond which every trial diverged or failed."""
    outcomes = [(trial, outcome_of(trial)) for trial in trials]
    for name, _ in _numeric(ranges):
        alive = [t.params[name] for t, o in outcomes if o == "complete" and name in t.params]
        lost = [t.params[name] for t, o in outcomes if o in LOST and name in t.params]
        if not alive or not lost:
            continue
        if sum(value > max(alive) for value in lost) >= max(FEW, MOST * len(lost)):
            yield End(name, "upper", max(alive))
        elif sum(value < min(alive) for value in lost) >= max(FEW, MOST * len(lost)):
            yield End(name, "lower", min(alive))


def _numeric(
    ranges: Mapping[str, BaseDistribution],
) -> Iterator[tuple[str, NumericDistribution]]:
    for name, distribution in ranges.items():
        if not isinstance(distribution, CategoricalDistribution):
            yield name, cast(NumericDistribution, distribution)


def _begins_there(distribution: NumericDistribution) -> bool:
    """Whether there is nothing below: 0, or 1 for a number of things."""
    first = (0, 1) if isinstance(distribution, IntDistribution) else (0,)
    return not distribution.log and distribution.low in first


def _is_share(distribution: NumericDistribution) -> bool:
    """Whether there is nothing above: shares end at 1."""
    whole = isinstance(distribution, IntDistribution)
    return not (distribution.log or whole) and distribution.high == 1
