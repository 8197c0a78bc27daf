"""docs/faq.md: what it says with figures, simulated again; fewer studies than for the page."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import optuna
import pytest
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.trial import TrialState

from optuna_zooming import ZoomingPruner, ZoomingSampler, recommended_arm, recommended_params

LOW, HIGH = -5.0, 0.0


def _accuracy(log_rate: float, best: float) -> float:
    """A slow rise, a top of 1 at ``best`` and a cliff, over the logarithm of the rate."""
    if log_rate <= best:
        return math.exp(-(((log_rate - best) / 1.2) ** 2))
    return math.exp(-(((log_rate - best) / 0.5) ** 2)) if log_rate < best + 1.2 else 0.0


def _somewhere(
    seed: int, low: float = LOW, high: float = HIGH
) -> tuple[np.random.Generator, float]:
    rng = np.random.default_rng(seed)
    return rng, low + (high - low) * rng.uniform(0.1, 0.9)


def _log_rate(trial: optuna.Trial, low: float = LOW, high: float = HIGH) -> float:
    return math.log10(trial.suggest_float("lr", 10**low, 10**high, log=True))


def _trials_to_98_percent(decades: int, seed: int) -> int:
    rng, best = _somewhere(seed, -6.0, -6.0 + decades)
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=seed))
    for number in range(1, 31):
        trial = study.ask()
        accuracy = _accuracy(_log_rate(trial, -6.0, -6.0 + decades), best)
        study.tell(trial, accuracy + rng.normal(0, 0.01))
        if accuracy >= 0.98:
            return number
    return 31


def test_a_wider_range_costs_few_trials() -> None:
    means = [np.mean([_trials_to_98_percent(d, seed) for seed in range(40)]) for d in (2, 4, 7)]
    assert means == pytest.approx([3, 5, 6], abs=1.0)


def test_without_log_the_first_trials_are_nowhere_near_a_small_rate() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(lambda t: (math.log10(t.suggest_float("lr", 1e-5, 1)) + 3) ** 2, n_trials=3)
    rates = [trial.params["lr"] for trial in study.trials]
    assert rates == pytest.approx([0.4, 0.7, 0.16], abs=0.03)


def _regret_of(n_seeds: int, noise: float, seed: int) -> float:
    rng, best = _somewhere(seed)
    study = optuna.create_study(direction="maximize", sampler=ZoomingSampler(seed=seed))
    for _ in range(30 // n_seeds):
        trial = study.ask()
        accuracy = _accuracy(_log_rate(trial), best)
        study.tell(trial, accuracy + float(rng.normal(0, noise, n_seeds).mean()))
    return 1.0 - _accuracy(math.log10(recommended_arm(study, "lr").value), best)


@pytest.mark.parametrize("noise", [0.02, 0.1])
def test_one_seed_a_rate_is_best(noise: float) -> None:
    regrets = [np.mean([_regret_of(n, noise, seed) for seed in range(40)]) for n in (1, 3, 5)]
    assert regrets == sorted(regrets)
    assert regrets[0] < 0.5 * regrets[2]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_few_trials_are_made_beyond_a_cliff(bad: float) -> None:
    beyond = []
    for seed in range(40):
        rng, best = _somewhere(seed)
        study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
        for _ in range(20):
            trial = study.ask()
            place = _log_rate(trial)
            lost = place > best + 0.7
            value = bad if lost else (place - best) ** 2 + float(rng.normal(0, 0.01))
            failed = TrialState.FAIL if math.isnan(value) else None
            study.tell(trial, None if failed else value, state=failed)
            beyond.append(lost)
    of_each = np.reshape(beyond, (40, 20)).sum(axis=1)
    assert 1.0 < of_each.mean() < 2.5
    assert of_each.max() <= 4


def _cosine(rng: np.random.Generator, best: float) -> Callable[[optuna.Trial], float]:
    """Trainings that gain the later, the larger their rate is."""

    def objective(trial: optuna.Trial) -> float:
        place = _log_rate(trial)
        final = 1.0 - min(1.0, ((place - best) / 2) ** 2)
        late = 1.0 + 2.0 * max(0.0, place - best + 0.5)
        value = 0.0
        for epoch in range(20):
            value = final * ((epoch + 1) / 20) ** late + float(rng.normal(0, 0.005))
            trial.report(value, epoch)
            if trial.should_prune():
                raise optuna.TrialPruned()
        return value

    return objective


def _regret_with(pruner: BasePruner, seed: int) -> float:
    rng, best = _somewhere(seed)
    study = optuna.create_study(
        direction="maximize", sampler=ZoomingSampler(seed=seed), pruner=pruner
    )
    study.optimize(_cosine(rng, best), n_trials=20)
    return ((math.log10(recommended_arm(study, "lr").value) - best) / 2) ** 2


def test_with_a_cosine_schedule_the_median_pruner_stops_the_good_ones() -> None:
    none, zooming, patient, median = (
        np.mean([_regret_with(pruner, seed) for seed in range(15)])
        for pruner in (NopPruner(), ZoomingPruner(), ZoomingPruner(optimism=3.0), MedianPruner())
    )
    assert max(none, zooming, patient) < 0.003
    assert median > 0.004


def test_trials_of_an_older_study_count() -> None:
    def objective(trial: optuna.Trial) -> float:
        return (_log_rate(trial) + 2.0) ** 2

    older = optuna.create_study(sampler=ZoomingSampler(seed=0))
    older.optimize(objective, n_trials=10)
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.add_trials(older.trials)
    study.optimize(objective, n_trials=1)
    # Not a new beginning at 0.4 of the range, which is another place than the best one.
    assert math.log10(study.trials[10].params["lr"]) > -2.5
    assert math.log10(recommended_params(study).params["lr"]) == pytest.approx(-2.0, abs=0.1)
