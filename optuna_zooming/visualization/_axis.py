"""The axis of the parameter in a figure, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution
from optuna.trial import FrozenTrial

from .._study.axis import Axis, NumericDistribution
from .._study.trials.readings import bounded
from ._wording import _short_name

# Beyond either end of the search range, as a share of it, so that markers there are drawn whole.
_PADDING = 0.02
# Characters of a choice beside the axis.
_LABEL_WIDTH = 24
# Ranges narrower than this share of their values, or than this, are drawn as a point.
_NARROW, _SMALLEST = 1e-9, 1e-300
# Of what fits a float.
_LARGEST_LOG = 708.0


class _Axis(NamedTuple):
    """The search range of a parameter, that of the latest trial with it.

    Attributes:
        low, high: Ends of the range; for a categorical parameter of no meaning.
        is_log: Whether values a factor apart are equally far apart.
        is_int: Whether values are integers.
        choices: Every choice that was offered, in the order of appearance; ``None``: a number.
        n_values: How many values there are; ``None`` where there is no end of them.
    """

    low: float
    high: float
    is_log: bool
    is_int: bool
    choices: tuple[Any, ...] | None
    n_values: int | None

    def holds(self, value: Any) -> bool:
        """Whether a value, of a foreign trial perhaps, is on the axis."""
        if self.choices is not None:
            return any(_same(value, choice) for choice in self.choices)
        return _is_number(value) and self.low <= value <= self.high

    @property
    def is_point(self) -> bool:
        """Whether the range is too narrow for a figure."""
        width = self.high / 2 - self.low / 2
        return width <= max(_NARROW * abs(self.low), _SMALLEST)

    def position(self, value: float) -> float:
        """Where a value is, from 0 to 1 inside the range."""
        low, high, at = (self._straight(each) for each in (self.low, self.high, value))
        # Halves: the width of the widest ranges does not fit a float.
        return 0.5 if self.is_point else (at / 2 - low / 2) / (high / 2 - low / 2)

    def value(self, position: float) -> float:
        """What is at a position, which may lie beyond the range."""
        low, high = self._straight(self.low), self._straight(self.high)
        at = (1.0 - position) * low + position * high
        return math.exp(min(max(at, -_LARGEST_LOG), _LARGEST_LOG)) if self.is_log else at

    def padded(self) -> tuple[float, float]:
        """Ends of what is shown of the axis."""
        if self.is_point:
            apart = 0.5 * abs(self.low) or 0.5
            return self.low - apart, self.high + apart
        padding = _PADDING
        if self.n_values is not None:
            padding = max(padding, 0.25 / max(self.n_values - 1, 1))
        low, high = self.value(-padding), self.value(1.0 + padding)
        # The widest ranges cannot be drawn.
        return bounded(low), bounded(high)

    def including(self, value: Any) -> _Axis:
        """The axis with a value in its range."""
        if self.choices is not None or not _is_number(value):
            return self
        return self._replace(low=min(self.low, value), high=max(self.high, value))

    def labels(self) -> list[str]:
        """The choices as short texts, all different.

        Those that read alike (None and "None") are in Python's notation, and numbered where they
        are still alike.
        """
        choices = self.choices or ()
        texts = [str(choice) for choice in choices]
        texts = [t if texts.count(t) < 2 else repr(c) for t, c in zip(texts, choices)]
        short = [_short_name(text, _LABEL_WIDTH) for text in texts]
        return [
            label if short.count(label) < 2 else f"{label} ({i})" for i, label in enumerate(short)
        ]

    def number_of(self, value: Any) -> int:
        """Which of the choices a value is."""
        return next(i for i, choice in enumerate(self.choices or ()) if _same(value, choice))

    def _straight(self, value: float) -> float:
        return math.log(value) if self.is_log else float(value)


def _axis_of(trials: Sequence[FrozenTrial], name: str) -> _Axis:
    """The axis of a parameter that some of the trials have, in their order."""
    distributions = [t.distributions[name] for t in trials if name in t.distributions]
    latest = distributions[-1]
    if isinstance(latest, CategoricalDistribution):
        choices = _choices(distributions)
        return _Axis(0.0, 1.0, False, False, choices, len(choices))
    numeric = cast(NumericDistribution, latest)
    cells = Axis.of(numeric).cells
    return _Axis(
        low=numeric.low,
        high=numeric.high,
        is_log=numeric.log,
        is_int=isinstance(numeric, IntDistribution),
        choices=None,
        n_values=None if cells is None else cells.count,
    )


def _choices(distributions: Sequence[BaseDistribution]) -> tuple[Any, ...]:
    categorical = [d for d in distributions if isinstance(d, CategoricalDistribution)]
    # Not a set: choices may be equal yet distinct (1 and True), and their order matters.
    labels = {repr(choice): choice for d in categorical for choice in d.choices}
    return tuple(labels.values())


def _same(value: Any, choice: Any) -> bool:
    return repr(value) == repr(choice)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
