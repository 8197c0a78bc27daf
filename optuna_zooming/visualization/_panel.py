"""The panels of the figure of arms: which part of the plane each one shows, as data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..inspection import Arm
from ._arms_info import _ArmsPlotInfo
from ._axis import _Axis
from ._curve import _CurvePoint
from ._points import _TrialPoint
from ._ranges import _Scale
from ._wording import _short_name

# Characters of the parameter's name below the whole and below the detail.
_WIDTH, _DETAIL_WIDTH = 40, 24
# Points of a curve nearer than the width of a panel over this are not told apart.
_FINEST = 300


class _Panel(NamedTuple):
    """One of the panels.

    Attributes:
        info: What is known.
        axis: Of the parameter.
        ends: What is shown of it.
        scale: The vertical one.
        points: The trials that are drawn.
        is_detail: Whether this is the second panel.
    """

    info: _ArmsPlotInfo
    axis: _Axis
    ends: tuple[float, float]
    scale: _Scale
    points: list[_TrialPoint]
    is_detail: bool

    def holds(self, value: Any) -> bool:
        """Whether a value of the parameter is shown."""
        return self.axis.choices is not None or bool(self.ends[0] <= value <= self.ends[1])

    @property
    def title(self) -> str:
        """The parameter's name, as long as there is room."""
        return _short_name(self.info.param_name, _DETAIL_WIDTH if self.is_detail else _WIDTH)

    @property
    def worse_edge(self) -> float:
        """The height of what has none."""
        return self.scale.low if self.info.maximize else self.scale.high

    def height(self, point: _TrialPoint) -> float:
        """Where a trial is drawn."""
        if point.objective is None:
            return self.worse_edge
        return self.scale.inside(point.objective)

    def inside(self) -> list[_TrialPoint]:
        """The trials on the scale, and those without a value."""
        return [point for point in self.points if not self._is_beyond(point)]

    def beyond(self) -> list[_TrialPoint]:
        """The trials off the scale.

        Those of a section's detail are drawn in the whole only: they are many, for other
        parameters' sake.
        """
        if self.is_detail and self.info.others_vary:
            return []
        return [point for point in self.points if self._is_beyond(point)]

    def arms(self) -> list[Arm]:
        """Those that are shown; one whose every pull diverged has no height."""
        return [arm for arm in self.info.arms if self.holds(arm.value) and self._shows(arm)]

    def best(self) -> _TrialPoint | None:
        """The best trial, if it is shown."""
        best = self.info.best
        if best is None or not self.holds(best.param_value) or self._is_beyond(best):
            return None
        return best

    def pieces(self) -> list[list[_CurvePoint]]:
        """What is shown of the curve, with one point beyond either end."""
        if self.info.curve is None:
            return []
        pieces = [_overlapping(piece, self.ends) for piece in self.info.curve.pieces()]
        # A single point is no curve.
        return [
            [point.inside(self.scale) for point in self._told_apart(piece)]
            for piece in pieces
            if len(piece) > 1
        ]

    def _told_apart(self, piece: Sequence[_CurvePoint]) -> list[_CurvePoint]:
        """The points without those that are too near to the one before; its ends, and the arms."""
        left, right = map(self.axis.position, self.ends)
        nearest = (right - left) / _FINEST
        arms = {self._at(arm.value) for arm in self.info.arms}
        kept: list[_CurvePoint] = []
        before = -math.inf
        for point in piece:
            at = self._at(point.value)
            if at - before >= nearest or at in arms or point is piece[-1]:
                kept.append(point)
                before = at
        return kept

    def _at(self, value: float) -> float:
        # Rounded: an arm's value and the curve's may differ in the last digits.
        return round(self.axis.position(value), 9)

    def _is_beyond(self, point: _TrialPoint) -> bool:
        return point.objective is not None and not self.scale.shows(point.objective)

    def _shows(self, arm: Arm) -> bool:
        return math.isfinite(arm.mean) and self.scale.shows(arm.mean)


def _panels(info: _ArmsPlotInfo, axis: _Axis) -> list[_Panel]:
    """The whole, and the detail if there is one."""
    panels = [_Panel(info, axis, axis.padded(), info.scale, info.points, False)]
    if info.detail is not None:
        left, right, scale, points = info.detail
        panels.append(_Panel(info, axis, (left, right), scale, points, True))
    return panels


def _overlapping(piece: Sequence[_CurvePoint], ends: tuple[float, float]) -> Sequence[_CurvePoint]:
    """The points of increasing values inside ends, with one more on either side."""
    before = sum(point.value < ends[0] for point in piece)
    until = sum(point.value <= ends[1] for point in piece)
    shown = piece[max(before - 1, 0) : until + 1]
    outside = len(shown) > 0 and (shown[-1].value < ends[0] or shown[0].value > ends[1])
    return [] if outside else shown
