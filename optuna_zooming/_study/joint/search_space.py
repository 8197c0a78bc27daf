"""The axes of a joint search in Optuna's terms: distributions and values <-> axes and places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from optuna.distributions import BaseDistribution, CategoricalDistribution

from ..._arrays import FloatArray
from ..._joint.axes import Axes
from ..axis import Axis, NumericDistribution
from ..parameters import places_on
from .combinations import point_of

Space = Mapping[str, BaseDistribution]


class SearchSpace:
    """The axes of all parameters that vary, and the part of each that is asked for.

    Args:
        covering: Name -> distribution that is wide enough for all trials.
        asked: Name -> distribution of the trial that is asking.
    """

    def __init__(self, covering: Space, asked: Space) -> None:
        self._covering, self._asked = covering, asked
        self._places = {name: places_on(axis) for name, axis in covering.items()}
        numeric = {name: _numeric_axis(each) for name, each in covering.items()}
        ends = [
            (0.0, 1.0)
            if axis is None or asked.get(name, axis.distribution) == axis.distribution
            else _part(axis, cast(NumericDistribution, asked[name]))
            for name, axis in numeric.items()
        ]
        self.axes = Axes(
            counts=np.array([_n_choices(each) for each in covering.values()], dtype=np.int64),
            cells=[None if axis is None else axis.cells for axis in numeric.values()],
            ends=np.array(ends, dtype=np.float64).reshape(-1, 2),
            fixed=np.full(len(covering), np.nan),
        )

    @property
    def names(self) -> list[str]:
        """The parameters, in the order of the axes."""
        return list(self._covering)

    def places_of(self, params: Mapping[str, Any]) -> FloatArray:
        """(n_parameters,): where a trial's parameters are; NaN for what it lacks."""
        return point_of(params, self._places)[0]

    def value(self, name: str, place: float) -> Any:
        """A parameter's value at a place, within the range that is asked for."""
        distribution = self._asked[name]
        if isinstance(distribution, CategoricalDistribution):
            return distribution.choices[int(place)]
        own = Axis.of(cast(NumericDistribution, distribution))
        covering = Axis.of(cast(NumericDistribution, self._covering[name]))
        value = covering.value(place)
        if covering.distribution == distribution:
            return value
        value = min(max(value, own.distribution.low), own.distribution.high)
        return own.value(float(own.points(np.array([value], dtype=np.float64))[0]))


def _numeric_axis(distribution: BaseDistribution) -> Axis | None:
    if isinstance(distribution, CategoricalDistribution):
        return None
    return Axis.of(cast(NumericDistribution, distribution))


def _n_choices(distribution: BaseDistribution) -> int:
    return len(distribution.choices) if isinstance(distribution, CategoricalDistribution) else 0


def _part(covering: Axis, distribution: NumericDistribution) -> tuple[float, float]:
    """The part of an axis that a narrower distribution has."""
    both = covering.distribution
    ends = [min(max(end, both.low), both.high) for end in (distribution.low, distribution.high)]
    low, high = covering.points(np.array(ends, dtype=np.float64))
    return float(low), float(high)
