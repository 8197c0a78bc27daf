"""No place fails for ever: an objective that fails somewhere, always, costs a handful of trials."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal, Union

import hypothesis
import optuna
from hypothesis import given
from hypothesis import strategies as st
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import Trial, TrialState

from optuna_zooming import ZoomingSampler

Distribution = Union[FloatDistribution, IntDistribution]

CONTINUOUS: list[Distribution] = [
    FloatDistribution(1e-5, 1e1, log=True),
    FloatDistribution(-3.0, 5.0),
]
DISCRETE: list[Distribution] = [
    IntDistribution(1, 10),
    IntDistribution(16, 512, step=16),
    IntDistribution(1, 32, log=True),
    IntDistribution(1, 2048, log=True),
    FloatDistribution(0.0, 0.9, step=0.1),
]
N_TRIALS = 40
# A sampler that comes back to one place for ever fails 30 times and more.
MOST_FAILURES = 14
# Of the trials on a single value that has never given anything.
MOST_REPEATS = 8


@dataclass(frozen=True)
class Problem:
    """A parabola with its optimum at a place of the unit axis, and bands in which trials fail.

    Attributes:
        distribution: The parameter.
        optimum: Unit axis; it may lie in a band.
        bands: Unit axis, (begin, end); survivors lie on both sides of each.
        ending: How a trial fails: an error, a report of NaN, or infinity for a value.
    """

    distribution: Distribution
    optimum: float
    bands: tuple[tuple[float, float], ...]
    ending: str

    def unit(self, value: float) -> float:
        """Where the value lies on the unit axis."""
        low, high = self.distribution.low, self.distribution.high
        if self.distribution.log:
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    def fails(self, value: float) -> bool:
        """Whether a trial with this value fails."""
        return any(begin <= self.unit(value) <= end for begin, end in self.bands)

    def run(self, seed: int, direction: Literal["minimize", "maximize"]) -> list[float]:
        """The values that a study tries."""
        study = optuna.create_study(direction=direction, sampler=ZoomingSampler(seed=seed))
        for _ in range(N_TRIALS):
            trial = study.ask({"x": self.distribution})
            if self.fails(trial.params["x"]):
                self._fail(study, trial)
            else:
                loss = (self.unit(trial.params["x"]) - self.optimum) ** 2
                study.tell(trial, -loss if direction == "maximize" else loss)
        return [trial.params["x"] for trial in study.trials]

    def _fail(self, study: optuna.Study, trial: Trial) -> None:
        if self.ending == "infinity":
            study.tell(trial, math.inf)
            return
        if self.ending == "report":
            trial.report(math.nan, 0)
        study.tell(trial, state=TrialState.PRUNED if self.ending == "report" else TrialState.FAIL)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """One or two bands or single values, up to a third of the axis, and an optimum anywhere."""
    distribution = draw(st.sampled_from(DISCRETE if draw(st.integers(0, 3)) else CONTINUOUS))
    n_bands = draw(st.integers(1, 2))
    widths = [draw(st.sampled_from([0.0, 0.03, 0.1, 0.3 / n_bands])) for _ in range(n_bands)]
    bands = []
    for i, width in enumerate(widths):
        middle = (i + draw(st.floats(0.25, 0.75))) / n_bands
        bands.append(_band(distribution, middle, width))
    beside = draw(st.sampled_from([-0.12, -0.03, 0.0, 0.03, 0.12, None]))
    inside = sum(bands[0]) / 2 if beside is not None else draw(st.floats(0.0, 1.0))
    optimum = min(max(inside + (beside or 0.0), 0.0), 1.0)
    ending = draw(st.sampled_from(["error", "error", "report", "infinity"]))
    return Problem(distribution, optimum, tuple(bands), ending)


def _band(distribution: Distribution, middle: float, width: float) -> tuple[float, float]:
    """A band of the width, or as wide as holds the discrete value next to its middle."""
    begin, end = middle - width / 2, middle + width / 2
    if distribution.step is None:
        return begin, end
    problem = Problem(distribution, 0.0, (), "error")
    n = round((distribution.high - distribution.low) / distribution.step)
    places = [problem.unit(distribution.low + i * distribution.step) for i in range(n + 1)]
    nearest = min(places[1:-1], key=lambda place: abs(place - middle))
    # Where values are sparse the ends of the axis survive all the same.
    begin = max(min(begin, nearest - 1e-9), (places[0] + places[1]) / 2)
    return begin, min(max(end, nearest + 1e-9), (places[-1] + places[-2]) / 2)


@given(
    problem=problems(), seed=st.integers(0, 3), direction=st.sampled_from(["minimize", "maximize"])
)
@hypothesis.example(
    problem=Problem(IntDistribution(1, 10), 5 / 9, ((0.4, 0.5),), "error"),
    seed=0,
    direction="minimize",
)
def test_places_that_always_fail_cost_a_handful_of_trials(
    problem: Problem, seed: int, direction: Any
) -> None:
    failures = [x for x in problem.run(seed, direction) if problem.fails(x)]
    assert len(failures) <= MOST_FAILURES
    if failures:
        assert max(Counter(failures).values()) <= MOST_REPEATS
