"""One parameter's arms, and the curve through them, where the others stay as recommended."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
from optuna.distributions import CategoricalDistribution
from optuna.trial import FrozenTrial

from ..._arrays import FloatArray
from ..._estimates.arms import Arms
from ..._joint.arms import Pulls, Section, arms_on_section, curve_on_section
from ..._joint.conditions import Conditions
from ..._joint.recommendation import JointRecommendation, Model, Recommended
from ..._joint.search import JointSearch
from ..arms import Ball, StudyArms, StudyCurve
from ..axis import Axis, NumericDistribution
from ..trial_log import TrialLog
from .combinations import Combinations
from .search_space import SearchSpace


@dataclass(frozen=True, eq=False)
class StudySection:
    """What the model knows of one parameter, where the others stay at a combination.

    Attributes:
        log: The study's trials.
        seen: Their combinations.
        section: Through the recommended one.
        model: What is known of all of them; ``None`` where all values are equal.
        recommended: The recommended one.
        trial: With that.
    """

    log: TrialLog
    seen: Combinations
    section: Section
    model: Model | None
    recommended: Recommended
    trial: FrozenTrial

    @classmethod
    def of(
        cls,
        log: TrialLog,
        name: str,
        search: JointSearch | None,
        recommendation: JointRecommendation,
    ) -> StudySection | None:
        """The section through the recommended combination.

        Where that one lacks the parameter, through the best of those that have it.

        Args:
            log: The study's trials.
            name: The parameter.
            search: The model's part in the search; ``None`` for none.
            recommendation: What is recommended.

        Returns:
            The section; ``None`` where the parameter never varied, the model has not begun, or no
            complete trial with the parameter has a finite value.
        """
        varied = log.union.together
        if name not in varied or search is None or not search.begins(log.n_known, len(varied)):
            return None
        seen = log.combinations()
        parameter = list(seen.axes).index(name)
        rows = np.flatnonzero(log.is_complete(seen.rows))
        trials = seen.joint[rows]
        has = ~np.isnan(trials.points[:, parameter])
        if not np.isfinite(trials.values[has]).any():
            return None
        model = recommendation.model(trials)
        found = recommendation.recommended(trials, model)
        if not has[found.row]:
            found = recommendation.recommended(trials, model, has)
        section = Section(
            trials.points[found.row],
            parameter,
            bool(trials.categorical[parameter]),
            _conditions(seen),
        )
        trial = log.trial(int(seen.rows[rows[found.row]]))
        return cls(log, seen, section, model, found, trial)

    def arms(self) -> StudyArms:
        """The model's arms."""
        return _in_values(self.log, self.seen, self._arms, self.section, self.trial)

    def curve(self) -> StudyCurve | None:
        """The model's mean, which runs through the arms."""
        if self.section.categorical:
            return None
        distribution = list(self.seen.axes.values())[self.section.parameter]
        axis = Axis.of(cast(NumericDistribution, distribution))
        curve = curve_on_section(self.section, self._arms, self.model, axis.cells)
        return StudyCurve(axis.between(curve.points), curve)

    @cached_property
    def _arms(self) -> Arms:
        pulls = _pulls(self.log, self.seen, self.section.parameter)
        return arms_on_section(self.section, pulls, self.model, self.recommended)


def _conditions(seen: Combinations) -> Conditions:
    axes = SearchSpace(seen.axes, seen.axes).axes
    return Conditions.of(seen.joint.points, axes.discrete, axes.categorical)


def _pulls(log: TrialLog, seen: Combinations, parameter: int) -> Pulls:
    places = seen.joint.points[:, parameter]
    with_it = ~np.isnan(places)
    complete = log.is_complete(seen.rows) & np.isfinite(seen.joint.values)
    diverged = ~np.isfinite(seen.joint.values)
    return Pulls(places[with_it], complete[with_it], diverged[with_it])


def _in_values(
    log: TrialLog, seen: Combinations, arms: Arms, section: Section, trial: FrozenTrial
) -> StudyArms:
    """The arms in the user's values; the recommended one has exactly the trial's."""
    name = list(seen.axes)[section.parameter]
    distribution = seen.axes[name]
    if isinstance(distribution, CategoricalDistribution):
        values: list[Any] = [distribution.choices[int(index)] for index in arms.points]
        values[arms.recommended] = trial.params[name]
        balls: list[Ball] = [(value, value) for value in values]
    else:
        axis = Axis.of(cast(NumericDistribution, distribution))
        values = [log.value_at(name, axis, float(point)) for point in arms.points]
        values[arms.recommended] = trial.params[name]
        balls = [_ball(axis, *each) for each in zip(values, arms.points, arms.reach)]
    others = {other: value for other, value in trial.params.items() if other != name}
    inactive = np.isnan(section.at(arms.points))
    sections = [
        {other: others[other] for other in others if other not in missing}
        for missing in ({n for n, off in zip(seen.axes, row) if off} for row in inactive)
    ]
    return StudyArms(arms, values, balls, sections)


def _ball(axis: Axis, value: Any, point: float, reach: float) -> Ball:
    """(lowest, highest) value inside a ball; on a discrete axis only positions inside it."""
    ends: FloatArray = np.clip([point - reach, point + reach], 0.0, 1.0)
    if axis.cells is not None:
        index = axis.cells.index(ends)
        low, high = axis.cells.centre(index)
        index += np.array([low < ends[0], high > ends[1]]) * np.array([1, -1])
        ends = axis.cells.centre(np.clip(index, 0, axis.cells.count - 1))
    low_value, high_value = (axis.value(float(end)) for end in ends)
    # Rounding, and a foreign trial's value between two positions.
    return min(low_value, value), max(high_value, value)
