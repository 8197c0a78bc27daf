"""What may happen in a study: its parameters, what trials report, what others leave in it."""

from __future__ import annotations

import math
from typing import Any, Union

from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial, Trial, TrialState, create_trial

Distribution = Union[FloatDistribution, IntDistribution, CategoricalDistribution]
Space = list[tuple[str, Distribution]]

# Each parameter's range as it may be at one time or another; no choice may ever change.
RANGES: dict[str, list[Distribution]] = {
    "lr": [FloatDistribution(1e-5, 1e1, log=True), FloatDistribution(1e-2, 1e3, log=True)],
    "x": [FloatDistribution(0.0, 1.0), FloatDistribution(-3.0, 0.5), FloatDistribution(1.0, 1.0)],
    "drop": [FloatDistribution(0.0, 2.0, step=0.5), FloatDistribution(1.0, 5.0, step=1.0)],
    "heads": [IntDistribution(1, 6), IntDistribution(4, 40, step=4)],
    "batch": [IntDistribution(1, 8, log=True), IntDistribution(4, 4096, log=True)],
    "kind": [CategoricalDistribution([None, "a", 1])],
}
PARAMETERS = st.sampled_from(
    [(name, distribution) for name, known in RANGES.items() for distribution in known]
)
SPACES = st.lists(PARAMETERS, min_size=1, max_size=3, unique_by=lambda p: p[0])
# Most trials of a study have the same parameters.
USUAL_OR_ANY = st.one_of(st.none(), st.none(), SPACES)
VALUES = st.one_of(
    st.integers(-3, 3).map(float),
    st.integers(0, 5).map(float),
    st.sampled_from([math.inf, -math.inf, math.nan, 1e300, -1e300, 1e160, 5e-324]),
)
CURVES = st.lists(VALUES, max_size=3)
FINISHED = st.sampled_from([TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL])
WHICH = st.integers(0, 7)
# What a foreign trial may hold where a constraint is expected, and what it may not.
ATTRIBUTES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {"constraints": [1.0]}, {"constraints": "none"}, {"constraints:speed": None}]
)
# Integers where floats are expected, and most of them outside one range or another.
NUMBERS = st.one_of(
    st.integers(0, 6), st.integers(0, 6).map(float), st.sampled_from([-1, 0.25, 1e-3, 40, 4096])
)


@st.composite
def foreign_trials(draw: st.DrawFn, space: Space, steps: list[int]) -> FrozenTrial:
    """A trial as another program may have left it: not even its values lie in its ranges."""
    ranges: dict[str, Any] = dict(draw(st.one_of(st.just(space), SPACES)))
    state = draw(st.sampled_from(list(TrialState)))
    trial = create_trial(
        state=state,
        value=draw(VALUES.filter(lambda v: not math.isnan(v)))
        if state.name == "COMPLETE"
        else None,
        intermediate_values=draw(st.dictionaries(st.sampled_from(steps), VALUES, max_size=3)),
        system_attrs=draw(ATTRIBUTES),
    )
    trial.distributions = ranges
    trial.params = {
        name: draw(st.sampled_from(known.choices))
        if isinstance(known, CategoricalDistribution)
        else draw(NUMBERS)
        for name, known in ranges.items()
    }
    if draw(st.booleans()):
        trial.datetime_start = trial.datetime_complete = None
    return trial


def suggested(trial: Trial, name: str, distribution: Distribution) -> Any:
    """What the user's objective gets."""
    if isinstance(distribution, CategoricalDistribution):
        return trial.suggest_categorical(name, distribution.choices)
    suggest: Any = trial.suggest_float
    if isinstance(distribution, IntDistribution):
        suggest = trial.suggest_int
    step = {} if distribution.step is None else {"step": distribution.step}
    return suggest(name, distribution.low, distribution.high, log=distribution.log, **step)


def assert_inside(value: Any, distribution: Distribution) -> None:
    """The value is of the range and exactly of its type."""
    if isinstance(distribution, CategoricalDistribution):
        assert any(value is choice for choice in distribution.choices)
        return
    assert type(value) is (int if isinstance(distribution, IntDistribution) else float)
    assert distribution.low <= value <= distribution.high
    assert distribution._contains(float(value)), "between two steps"
