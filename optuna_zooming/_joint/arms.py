"""The model's own arms along one axis, where the other parameters stay at a combination.

As in zooming an arm's ball holds what cannot differ from it by more than its confidence radius. The
metric is the one that the model has learnt: the root of E (f(x) - f(x'))^2, in the place of a
Lipschitz constant times |x - x'|.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .._arrays import BoolArray, FloatArray, IntArray
from .._estimates.arms import Arms
from .._estimates.curve import Curve
from .._estimates.pooling import confidence_radius
from .._history import Cells
from .conditions import Conditions
from .model.kernel import correlation
from .model.mixture import Mixture
from .model.values import Levels
from .recommendation import Model, Recommended

# Arms are sought at no more places than this, evenly spread over those of the trials.
MOST_PLACES = 256
# Halvings of the axis until a reach is found.
HALVINGS = 40
# A ball that would hold a better arm ends so much before it, as a share of the distance.
CLEARANCE = 1e-6
# The curve is drawn through so many places of the whole axis, and through so many of the part
# around the recommended arm, on either side of it so far, units of axis.
EVERYWHERE, AROUND, BESIDE = 81, 41, 0.1


@dataclass(frozen=True, eq=False)
class Section:
    """All combinations that differ from one of them in a single parameter.

    Attributes:
        point: (n_parameters,), that one, which has the parameter.
        parameter: The number of the parameter.
        categorical: Whether it is.
        conditions: Which parameters there are only for some values of others.
    """

    point: FloatArray
    parameter: int
    categorical: bool
    conditions: Conditions

    def at(self, places: FloatArray) -> FloatArray:
        """(n, n_parameters): the combinations at places, (n,); NaN for what is inactive there."""
        points = np.tile(self.point, (len(places), 1))
        points[:, self.parameter] = places
        return self.conditions.masked(points)


@dataclass(frozen=True, eq=False)
class Pulls:
    """The trials that count for the arms, wherever their other parameters are.

    Attributes:
        places: (n,), on the axis, or the numbers of choices.
        complete: (n,), whether they ran to their end.
        diverged: (n,), whether they diverged.
    """

    places: FloatArray
    complete: BoolArray
    diverged: BoolArray


def arms_on_section(
    section: Section, pulls: Pulls, model: Model | None, recommended: Recommended
) -> Arms:
    """Arms at places of trials: the recommended one, then always the best outside all balls.

    No arm lies in another's ball: one that would hold a better arm ends before it. Each tried
    choice of a categorical parameter is an arm.

    Args:
        section: Through the recommended combination.
        pulls: Of which one at least is at the recommended place.
        model: What is known of all combinations; ``None`` where all values are equal.
        recommended: The recommended combination.
    """
    place = float(section.point[section.parameter])
    places = _candidates(pulls.places, place)
    first = int(np.searchsorted(places, place))
    worth = _Worth.of(places, section, model, recommended.mean)
    if section.categorical:
        active, reach = np.arange(len(places)), np.zeros(len(places))
    else:
        active, reach = _net(places, worth.scores, worth.reach, first)
    at = int(np.searchsorted(active, first))
    means, intervals = worth.means[active], worth.intervals[active]
    # To the last digit: a product of other matrices may differ there.
    means[at], intervals[at] = recommended.mean, recommended.interval
    # Combinations on a section are the more alike, the nearer they are along its axis.
    owner = np.abs(pulls.places[:, None] - places[active]).argmin(axis=1)
    counts = (owner, owner[pulls.complete], owner[pulls.diverged])
    all_pulls, complete, diverged = (np.bincount(each, minlength=len(active)) for each in counts)
    return Arms(
        points=places[active],
        pulls=all_pulls,
        complete=complete,
        diverged=diverged,
        means=means,
        errors=worth.errors[active],
        radii=worth.radii[active],
        reach=reach[active],
        intervals=intervals,
        recommended=at,
    )


def curve_on_section(
    section: Section, arms: Arms, model: Model | None, cells: Cells | None
) -> Curve:
    """The model's mean along a section with its 95 % interval; it runs through the arms.

    Args:
        section: Of a parameter that is not categorical.
        arms: On it.
        model: What is known of all combinations; ``None`` where all values are equal.
        cells: The positions of a discrete axis, at which it is evaluated if they are few.
    """
    if cells is not None and cells.count <= EVERYWHERE:
        grid = cells.centre(np.arange(cells.count))
    else:
        around = arms.points[arms.recommended] + np.linspace(-BESIDE, BESIDE, AROUND)
        grid = np.append(np.linspace(0.0, 1.0, EVERYWHERE), np.clip(around, 0.0, 1.0))
    places = np.setdiff1d(grid, arms.points)
    if model is None or len(places) == 0:
        return Curve(arms.points, arms.means, *arms.intervals.T)
    means, errors = model.levels_at(section.at(places))
    of_grid = np.column_stack((model.levels.values(means), model.intervals(means, errors)))
    of_arms = np.column_stack((arms.means, arms.intervals))
    points = np.append(places, arms.points)
    order = np.argsort(points)
    return Curve(points[order], *np.vstack((of_grid, of_arms))[order].T)


def distances_along(mixture: Mixture, parameter: int, steps: FloatArray) -> FloatArray:
    """(n,): the root of E (f(x) - f(x'))^2 for steps, (n,), between x and x' along an axis."""
    squares = np.zeros(len(steps))
    for weight, process in zip(mixture.weights, mixture.processes):
        length, signal = process.theta[[parameter]], np.exp(process.theta[-2])
        origin, numeric = np.zeros((1, 1)), np.zeros(1, dtype=np.bool_)
        alike = correlation(origin, steps[:, None], numeric, length)[0]
        squares += weight * 2.0 * signal * np.maximum(1.0 - alike, 0.0)
    return np.sqrt(squares)


def reach_along(mixture: Mixture, parameter: int, radii: FloatArray) -> FloatArray:
    """(n,): the steps at which the distance is as large as radii, (n,); at most the axis."""
    low, high = np.zeros(len(radii)), np.ones(len(radii))
    whole = distances_along(mixture, parameter, high) <= radii
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        inside = distances_along(mixture, parameter, middle) <= radii
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return np.where(whole, 1.0, low)


@dataclass(frozen=True, eq=False)
class _Worth:
    """What the model says at places of a section, (n,) each.

    scores: Means on a scale that tells them apart.
    means, errors, radii, intervals: As in :class:`Arms`.
    reach: Of balls that no other arm limits.
    """

    scores: FloatArray
    means: FloatArray
    errors: FloatArray
    radii: FloatArray
    intervals: FloatArray
    reach: FloatArray

    @classmethod
    def of(cls, places: FloatArray, section: Section, model: Model | None, value: float) -> _Worth:
        n = len(places)
        if model is None:
            # Nothing tells places apart, and nothing is known of the noise.
            none = np.zeros(n)
            everything = np.tile([-np.inf, np.inf], (n, 1))
            return cls(none, np.full(n, value), none, none, everything, np.ones(n))
        means, errors = model.levels_at(section.at(places))
        # The multiple that the radius of one pull is of its noise; a standard error is that of all.
        radii = confidence_radius(1.0, model.n_trials) * errors
        return cls(
            scores=means,
            means=model.levels.values(means),
            errors=_half_widths(model.levels, means, errors),
            radii=_half_widths(model.levels, means, radii),
            intervals=model.intervals(means, errors),
            reach=reach_along(model.mixture, section.parameter, radii),
        )


def _half_widths(levels: Levels, means: FloatArray, errors: FloatArray) -> FloatArray:
    """(n,): errors around means, in levels -> in the objective's units, the mean of both sides."""
    low, high = levels.values(means - errors), levels.values(means + errors)
    with np.errstate(invalid="ignore"):
        # Halves: the difference of huge values overflows.
        half_widths = 0.5 * high - 0.5 * low
    return np.where(np.isnan(half_widths), np.inf, half_widths)


def _candidates(places: FloatArray, recommended: float) -> FloatArray:
    """(m,): places where arms may be, increasing."""
    distinct = np.unique(places)
    if len(distinct) <= MOST_PLACES:
        return distinct
    spread = distinct[np.arange(MOST_PLACES) * len(distinct) // MOST_PLACES]
    return np.union1d(spread, recommended)


def _net(
    places: FloatArray, scores: FloatArray, reach: FloatArray, first: int
) -> tuple[IntArray, FloatArray]:
    """(indices of the arms, increasing; reach of all, (n,), where other arms limit it)."""
    reach = reach.copy()
    nearest = np.full(len(places), np.inf)
    covered = np.zeros(len(places), dtype=np.bool_)
    active = []
    for candidate in np.append(first, np.argsort(-scores, kind="stable")):
        if covered[candidate]:
            continue
        active.append(candidate)
        apart = np.abs(places - places[candidate])
        reach[candidate] = min(reach[candidate], (1.0 - CLEARANCE) * nearest[candidate])
        covered |= apart <= reach[candidate]
        nearest = np.minimum(nearest, apart)
    return np.sort(np.array(active, dtype=np.int64)), reach
