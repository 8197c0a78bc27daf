"""The paper's policy: activation, index, and what it promises on a 1-Lipschitz reward."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from optuna_zooming import TextbookZooming, ZoomingSampler
from optuna_zooming._history import Cells, Choices, History
from optuna_zooming._study.axis import Axis, UniformCells

OPTIMUM = 0.3


def _history(
    pulls: dict[float, list[float]], pending: tuple[float, ...] = (), cells: Cells | None = None
) -> History:
    """A history from the rewards of each point."""
    points = sorted(pulls)
    return History(
        points=np.repeat(np.array(points, dtype=float), [len(pulls[p]) for p in points]),
        values=np.array([value for p in points for value in pulls[p]], dtype=float),
        pending=np.array(pending, dtype=float),
        cells=cells,
    )


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# Arms 0.3 (99 pulls, radius 4.291932 / 10 = 0.429193) and 0.7 (149 pulls, 4.291932 / sqrt(150) =
# 0.350435) cover the axis. Index of the first: 0.5 + 2 * 0.429193 = 1.358386.
@pytest.mark.parametrize(
    ("mean", "played"),
    [
        (0.65, 0.3),  # index 0.65 + 0.700870 = 1.350870
        (0.66, 0.7),  # index 0.66 + 0.700870 = 1.360870
    ],
)
def test_covered_axis_plays_the_largest_index(mean: float, played: float) -> None:
    history = _history({0.3: [0.5] * 99, 0.7: [mean] * 149})
    assert TextbookZooming(horizon=10_000).propose(history, _rng()) == played


def test_uncovered_point_is_activated_before_any_known_arm_is_played() -> None:
    # Radius 0.1 * 4.291932 / sqrt(2) = 0.303485: covered from 0.196515 to 0.803485.
    policy = TextbookZooming(horizon=10_000, scale=0.1)
    for seed in range(20):
        point = policy.propose(_history({0.5: [1.0]}), _rng(seed))
        assert 0.0 <= point < 0.196515 or 0.803485 < point <= 1.0


def test_activated_arm_gets_its_first_pull_at_once() -> None:
    # Index of a new arm: 2 * 0.01 * 4.291932 = 0.0858, far below the known arm's 1 + ...; it is
    # pulled all the same, and then another one is activated.
    policy = TextbookZooming(horizon=10_000, scale=0.01)
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(policy=policy, seed=0))
    study.enqueue_trial({"x": 0.5})
    study.optimize(lambda t: float(t.suggest_float("x", 0, 1) == 0.5), n_trials=10)
    assert len({t.params["x"] for t in study.trials}) == 10


def test_goes_on_with_the_same_horizon_after_horizon_pulls() -> None:
    # T = 5 after 20 pulls: radius sqrt(2 ln 5 / 21) = 0.391507. ln 20 would give 0.534.
    policy = TextbookZooming(horizon=5)
    for seed in range(20):
        point = policy.propose(_history({0.5: [0.4] * 20}), _rng(seed))
        assert 0.0 <= point < 0.108493 or 0.891507 < point <= 1.0


def test_pending_pull_is_an_arm_so_that_the_next_worker_activates_another_point() -> None:
    policy = TextbookZooming(horizon=10_000, scale=0.1)
    for seed in range(20):
        point = policy.propose(_history({}, pending=(0.25,)), _rng(seed))
        assert point > 0.25 + 0.303485


def test_diverged_pull_is_worth_the_lowest_reward() -> None:
    # Equal pulls, so the means decide: 0.1 against 0.
    history = _history({0.2: [0.1] * 50, 0.8: [-math.inf] * 50})
    assert TextbookZooming(horizon=10_000).propose(history, _rng()) == 0.2


@pytest.mark.parametrize("offset", [0.0, -1.0])
def test_rewards_within_the_unit_interval_are_not_rescaled(offset: float) -> None:
    # Maximised values in [0, 1], or minimised ones (oriented: in [-1, 0]). Rescaled to span
    # [0, 1], the means would differ by 1 and 0.7 would be played.
    history = _history({0.3: [0.5 + offset] * 99, 0.7: [0.65 + offset] * 149})
    assert TextbookZooming(horizon=10_000).propose(history, _rng()) == 0.3


def test_other_values_are_rescaled_to_the_unit_interval() -> None:
    # Rewards 0 and 1: index 1 + 0.700870 beats 0.858386.
    history = _history({0.3: [500.0] * 99, 0.7: [650.0] * 149})
    assert TextbookZooming(horizon=10_000).propose(history, _rng()) == 0.7


@given(
    pulls=st.dictionaries(
        st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=3), max_size=8
    ),
    scale=st.floats(0.02, 1.0),
    seed=st.integers(0, 9),
)
def test_proposal_is_uncovered_or_an_arm_of_a_covered_axis(
    pulls: dict[float, list[float]], scale: float, seed: int
) -> None:
    point = TextbookZooming(horizon=100, scale=scale).propose(_history(pulls), _rng(seed))
    radii = {p: scale * math.sqrt(2 * math.log(100) / (len(v) + 1)) for p, v in pulls.items()}
    covered = any(abs(point - p) <= radius for p, radius in radii.items())
    if not covered:
        return
    assert point in pulls
    ends = sorted((max(p - r, 0.0), min(p + r, 1.0)) for p, r in radii.items())
    reached = 0.0
    for low, high in ends:
        assert low <= reached + 1e-12
        reached = max(reached, high)
    assert reached == pytest.approx(1.0)


@given(
    count=st.integers(1, 12),
    visited=st.sets(st.integers(0, 11), max_size=6),
    scale=st.floats(0.01, 0.5),
)
def test_discrete_axis_activates_uncovered_positions_only(
    count: int, visited: set[int], scale: float
) -> None:
    pulls = {(cell + 0.5) / count: [0.5] for cell in visited if cell < count}
    history = _history(pulls, cells=UniformCells(count))
    point = TextbookZooming(horizon=100, scale=scale).propose(history, _rng())
    assert point * count - 0.5 == pytest.approx(round(point * count - 0.5))
    radius = scale * math.sqrt(2 * math.log(100) / 2)
    open_positions = [
        (cell + 0.5) / count
        for cell in range(count)
        if all(abs((cell + 0.5) / count - p) > radius for p in pulls)
    ]
    assert point in (open_positions or pulls)


def test_choices_are_tried_once_their_mutual_distance_of_one_is_uncovered() -> None:
    # Radius 4.291932 / sqrt(n + 1): at least 1 (one ball holds all choices) up to n = 17.
    policy = TextbookZooming(horizon=10_000)
    none = np.empty(0, dtype=np.int64)
    for pulls, n_open in ((17, 0), (18, 2)):
        history = Choices(3, np.full(pulls, 1), np.full(pulls, 0.5), none)
        chosen = {policy.choose(history, _rng(seed)) for seed in range(30)}
        assert chosen == ({1} if n_open == 0 else {0, 2})


def _noisy_tent(x: float, rng: np.random.Generator) -> float:
    """A 1-Lipschitz mean with noise, clipped to [0, 1]."""
    return float(np.clip(0.9 - abs(x - OPTIMUM) + rng.normal(0.0, 0.05), 0.0, 1.0))


def _play(n_pulls: int) -> tuple[NDArray[np.float64], History]:
    """The points played by the pure policy, in order, and the final history."""
    policy, rng, noise = TextbookZooming(horizon=10_000), _rng(1), _rng(2)
    points, values, played = np.empty(0), np.empty(0), np.empty(n_pulls)
    for pull in range(n_pulls):
        point = policy.propose(History(points, values, np.empty(0)), rng)
        at = np.searchsorted(points, point)
        points = np.insert(points, at, point)
        values = np.insert(values, at, _noisy_tent(point, noise))
        played[pull] = point
    return played, History(points, values, np.empty(0))


def test_arms_concentrate_and_regret_per_pull_falls_over_the_horizon() -> None:
    played, history = _play(10_000)
    regret = np.abs(played - OPTIMUM)
    per_pull = [regret[:n].mean() for n in (1000, 3000, 10_000)]
    assert per_pull[0] > per_pull[1] > per_pull[2]
    assert regret[-1000:].mean() < 0.5 * regret[:1000].mean()
    arms = TextbookZooming(horizon=10_000).arms(history)
    # A fifth of the axis gets three quarters of the pulls.
    assert arms.pulls[np.abs(arms.points - OPTIMUM) < 0.1].sum() > 7500
    assert abs(arms.points[np.argmax(arms.pulls)] - OPTIMUM) < 0.1
    assert abs(arms.points[arms.recommended] - OPTIMUM) < 0.1
    assert arms.pulls.sum() == 10_000


def test_sampler_repeats_an_arm_at_exactly_the_same_value() -> None:
    sampler = ZoomingSampler(policy=TextbookZooming(horizon=10_000), seed=0)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    rng = _rng(3)

    def objective(trial: optuna.Trial) -> float:
        rate = trial.suggest_float("lr", 1e-5, 1e1, log=True)
        return _noisy_tent((math.log10(rate) + 5) / 6, rng)

    study.optimize(objective, n_trials=1000)
    # By the covering argument: radius 1 / 2 takes 73 pulls of an arm, so arms are few.
    assert len({t.params["lr"] for t in study.trials}) < 20


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"horizon": 1}, ValueError, "horizon must be at least 2, got 1"),
        ({"horizon": 10.0}, TypeError, "horizon must be an integer"),
        ({"horizon": True}, TypeError, "horizon must be an integer"),
        ({"horizon": 10, "scale": 0.0}, ValueError, "scale must be positive and finite, got 0.0"),
        ({"horizon": 10, "scale": math.inf}, ValueError, "scale must be positive and finite"),
        ({"horizon": 10, "scale": math.nan}, ValueError, "scale must be positive and finite"),
        ({"horizon": 10, "scale": "1"}, TypeError, "scale must be a real number, got '1'"),
    ],
)
def test_bad_arguments_are_named(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        TextbookZooming(**arguments)


def test_log_integers_are_activated_at_integers() -> None:
    axis = Axis.of(optuna.distributions.IntDistribution(1, 1000, log=True))
    policy = TextbookZooming(horizon=100, scale=0.01)
    point = policy.propose(_history({}, cells=axis.cells), _rng())
    assert axis.points(np.array([axis.value(point)]))[0] == point
