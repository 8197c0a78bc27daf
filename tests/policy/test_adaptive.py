"""The default policy: refinement, no repeats, discrete axes, any number of trials."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, fields

import numpy as np
import pytest
from numpy.typing import NDArray

from optuna_zooming import AdaptiveZooming
from optuna_zooming._history import Choices, History
from optuna_zooming._policy.crashes import LOOK_EVERY, beyond_failures
from optuna_zooming._study.axis import LogIntegerCells, UniformCells

Mean = Callable[[float], float]

NONE = np.empty(0)


def _play(mean: Mean, n_pulls: int, seed: int = 0, noise: float = 0.0) -> NDArray[np.float64]:
    """The points the pure policy plays, in order."""
    policy, rng = AdaptiveZooming(), np.random.default_rng(seed)
    points, values, played = np.empty(0), np.empty(0), np.empty(n_pulls)
    for pull in range(n_pulls):
        played[pull] = policy.propose(History(points, values, np.empty(0)), rng)
        at = np.searchsorted(points, played[pull])
        points = np.insert(points, at, played[pull])
        values = np.insert(values, at, mean(played[pull]) + noise * rng.normal())
    return played


def _peak(optimum: float) -> Mean:
    return lambda u: math.exp(-(((u - optimum) / 0.2) ** 2))


@pytest.mark.parametrize("optimum", [0.0, 0.11, 0.37, 0.5, 0.83, 1.0])
def test_refines_to_the_optimum_of_a_noiseless_peak(optimum: float) -> None:
    played = _play(_peak(optimum), 40)
    assert np.abs(played - optimum).min() < 0.01
    # Zooming: half of the later pulls lie in the fifth of the axis around the optimum.
    assert np.mean(np.abs(played[10:] - optimum) < 0.1) > 0.5


@pytest.mark.parametrize("optimum", [0.2, 0.6])
def test_concentrates_under_noise(optimum: float) -> None:
    distance = np.abs(
        np.concatenate([_play(_peak(optimum), 40, seed, 0.03) - optimum for seed in range(5)])
    )
    assert np.mean(distance < 0.1) > 0.5


def test_noiseless_objective_is_never_asked_twice_at_one_point() -> None:
    played = _play(_peak(0.3), 100)
    assert len(set(played)) == 100


def test_optimum_right_below_a_cliff_is_found() -> None:
    played = _play(lambda u: u if u < 0.7 else -1e6, 30)
    assert played[played < 0.7].max() > 0.68


def test_first_pull_looks_at_the_inner_part_of_the_axis() -> None:
    first = [_play(_peak(0.5), 1, seed)[0] for seed in range(20)]
    assert 0.3 < min(first) <= max(first) < 0.7


@pytest.mark.parametrize("n_trials", [0, 1, 2, 3, 50, 200, 10_000])
def test_any_number_of_trials_leads_to_a_point_on_the_axis(n_trials: int) -> None:
    rng = np.random.default_rng(0)
    points = np.sort(rng.random(n_trials))
    values = -np.abs(points - 0.4) + rng.normal(0, 0.01, n_trials)
    history = History(points, values, np.array([0.2, 0.9]))
    assert 0.0 <= AdaptiveZooming().propose(history, rng) <= 1.0


@pytest.mark.parametrize("cells", [UniformCells(7), LogIntegerCells(1, 9)], ids=str)
def test_discrete_axis_visits_every_cell_before_any_twice(
    cells: UniformCells | LogIntegerCells,
) -> None:
    policy, rng = AdaptiveZooming(), np.random.default_rng(0)
    points = np.empty(0)
    for _ in range(cells.count):
        point = policy.propose(History(points, np.zeros(len(points)), np.empty(0), cells), rng)
        points = np.sort(np.append(points, point))
    assert len(set(cells.index(points).tolist())) == cells.count


def test_exhausted_discrete_axis_repeats_the_best_cells() -> None:
    cells = UniformCells(5)
    centres = cells.centre(np.arange(5))
    points = np.repeat(centres, 4)
    rng = np.random.default_rng(0)
    values = np.repeat([0.0, 0.2, 1.0, 0.3, 0.1], 4) + rng.normal(0, 0.01, 20)
    history = History(points, values, np.empty(0), cells)
    chosen = [AdaptiveZooming().propose(history, np.random.default_rng(i)) for i in range(10)]
    assert set(chosen) == {centres[2]}


def test_choices_are_all_tried_and_then_the_best_is_repeated() -> None:
    policy, rng = AdaptiveZooming(), np.random.default_rng(0)
    chosen: list[int] = []
    for _ in range(30):
        values = np.array([[0.1, 0.9, 0.5][c] for c in chosen]) + 0.01 * rng.normal(
            size=len(chosen)
        )
        none = np.empty(0, dtype=np.int64)
        history = Choices(3, np.array(chosen, dtype=np.int64), values, none)
        chosen.append(policy.choose(history, rng))
    assert set(chosen[:3]) == {0, 1, 2}
    assert chosen.count(1) > 20


def test_barred_region_is_left_alone() -> None:
    # Two trials below a cliff; above it nothing was tried, and nothing needs to be.
    history = History(
        np.array([0.2, 0.4]),
        np.array([0.5, 0.6]),
        np.empty(0),
        barred=np.arange(0.5, 1.0, 1 / 32),
    )
    proposals = [AdaptiveZooming().propose(history, np.random.default_rng(i)) for i in range(20)]
    assert max(proposals) < 0.5


def test_constants_are_changed_by_name_in_the_step_that_has_them() -> None:
    policy = AdaptiveZooming()
    changed = policy.with_constants(min_slope=4.0, spacing=0.1)
    assert changed.pooling.min_slope == 4.0
    assert changed.placement.spacing == 0.1
    expected = {**policy.constants(), "min_slope": 4.0, "spacing": 0.1}
    assert changed.constants() == expected
    assert policy.with_constants() == policy


def test_no_two_steps_have_a_constant_of_the_same_name() -> None:
    steps = [asdict(getattr(AdaptiveZooming(), each.name)) for each in fields(AdaptiveZooming)]
    assert sum(map(len, steps)) == len(AdaptiveZooming().constants())


def test_an_unknown_constant_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"no constant slope; it has .*min_slope"):
        AdaptiveZooming().with_constants(slope=4.0)


def test_parameters_take_turns_in_looking_beyond_their_failures() -> None:
    points = np.linspace(0.0, 0.5, LOOK_EVERY)
    barred = np.linspace(0.55, 0.95, 9)

    def look(rank: int, n_parameters: int, n_trials: int = LOOK_EVERY) -> float | None:
        seen = points[:n_trials]
        return beyond_failures(
            History(seen, -seen, NONE, barred=barred, rank=rank, n_parameters=n_parameters)
        )

    # The middle of the widest part where nobody has been.
    assert look(rank=0, n_parameters=1) == pytest.approx(0.75)
    assert look(rank=0, n_parameters=1, n_trials=LOOK_EVERY - 1) is None
    assert look(rank=1, n_parameters=2) == pytest.approx(0.75)
    assert look(rank=0, n_parameters=2) is None


def test_the_second_trial_goes_up() -> None:
    first = History(np.array([0.4]), np.array([0.3]), np.empty(0))
    assert AdaptiveZooming().propose(first, np.random.default_rng(0)) == pytest.approx(
        0.7, abs=0.02
    )


def test_workers_that_start_together_cover_the_range() -> None:
    places: list[float] = []
    for seed in range(8):
        start = History(np.empty(0), np.empty(0), np.array(places))
        places.append(AdaptiveZooming().propose(start, np.random.default_rng(seed)))
    # Four leave no gap wider than 0.35 of the axis, eight none wider than 0.25.
    assert np.diff(np.sort([0.0, *places[:4], 1.0])).max() < 0.35
    assert np.diff(np.sort([0.0, *places, 1.0])).max() < 0.25
