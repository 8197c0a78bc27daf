"""What another trial of a study may still bring, in the user's terms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..._joint.conditions import Conditions
from ..._joint.outlook import Outlook
from ..._joint.recommendation import JointRecommendation
from ..trial_log import TrialLog
from .search_space import SearchSpace


class StudyOutlook(NamedTuple):
    """What another trial may bring, and the parameters of the most promising one that vary."""

    outlook: Outlook
    params: dict[str, Any]


def outlook_of(log: TrialLog, recommendation: JointRecommendation) -> StudyOutlook | None:
    """The outlook of a study, over the ranges of its latest trials; pruned trials count as well.

    ``None`` where nothing varies, no complete trial has a finite value, or all have the same.
    """
    seen = log.combinations()
    trials = seen.joint
    measured = np.isfinite(trials.values) & (trials.errors == 0.0)
    if not (seen.axes and measured.any()):
        return None
    space = SearchSpace(seen.axes, {name: log.union.latest[name] for name in seen.axes})
    conditions = Conditions.of(trials.points, space.axes.discrete, space.axes.categorical)
    # The outlook follows from the trials alone.
    rng = np.random.default_rng(0)
    found = Outlook.of(trials, recommendation, space.axes, conditions, rng)
    if found is None:
        return None
    places = dict(zip(space.names, conditions.masked(found.point[None])[0].tolist()))
    params = {n: space.value(n, place) for n, place in places.items() if not np.isnan(place)}
    return StudyOutlook(found, params)
