"""Several parameters together: what is promised of the choices that the model makes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import optuna
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import PartialFixedSampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState, create_trial

from optuna_zooming import AdaptiveZooming, TextbookZooming, ZoomingSampler

pytestmark = pytest.mark.filterwarnings("ignore:PartialFixedSampler is experimental")
Objective = Callable[[optuna.Trial], float]

RATE = FloatDistribution(1e-5, 1.0, log=True)
SPACE: dict[str, BaseDistribution] = {
    "lr": RATE,
    "decay": FloatDistribution(0.0, 1.0),
    "layers": IntDistribution(1, 4),
    "dropout": FloatDistribution(0.0, 0.8, step=0.1),
    "batch": IntDistribution(8, 512, log=True),
    "optimiser": CategoricalDistribution(["adam", "sgd", "rmsprop"]),
}


def _place(value: float) -> float:
    return math.log10(value / 1e-5) / 5


def _bowl(params: dict[str, Any]) -> float:
    """A loss, 0 at best, in which the rate's best value depends on the batch's."""
    batch = math.log2(params["batch"] / 8) / 6
    loss = (_place(params["lr"]) - 0.3 - 0.4 * batch) ** 2 + 0.2 * (batch - 0.6) ** 2
    loss += 0.1 * (params["decay"] - 0.2) ** 2 + 0.02 * abs(params["layers"] - 3)
    loss += 0.1 * (params["dropout"] - 0.3) ** 2
    return float(loss + {"adam": 0.0, "sgd": 0.1, "rmsprop": 0.05}[params["optimiser"]])


def _suggest(trial: optuna.Trial) -> dict[str, Any]:
    return {name: trial._suggest(name, distribution) for name, distribution in SPACE.items()}


def _study(objective: Objective, n_trials: int, seed: int = 0, **options: Any) -> optuna.Study:
    study = optuna.create_study(sampler=ZoomingSampler(seed=seed), **options)
    study.optimize(objective, n_trials=n_trials)
    return study


def test_the_model_finds_what_axes_by_themselves_do_not() -> None:
    def mean_best(sampler: Callable[[int], ZoomingSampler]) -> float:
        bests = []
        for seed in range(4):
            study = optuna.create_study(sampler=sampler(seed))
            study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=40)
            bests.append(study.best_value)
        return float(np.mean(bests))

    never = AdaptiveZooming().with_constants(least_trials=1000)
    alone = mean_best(lambda seed: ZoomingSampler(policy=never, seed=seed))
    assert mean_best(lambda seed: ZoomingSampler(seed=seed)) < alone / 2


def test_all_parameters_of_a_trial_are_proposed_together() -> None:
    study = _study(lambda trial: _bowl(_suggest(trial)), 15)
    sampler = study.sampler
    trial = study.ask()
    while not sampler.infer_relative_search_space(study, study.trials[trial.number]):
        study.tell(trial, _bowl(_suggest(trial)))
        trial = study.ask()
    space = sampler.infer_relative_search_space(study, study.trials[trial.number])
    assert space == SPACE
    proposed = sampler.sample_relative(study, study.trials[trial.number], space)
    assert _suggest(trial) == proposed


def test_the_textbook_s_policy_proposes_one_by_one() -> None:
    sampler = ZoomingSampler(policy=TextbookZooming(horizon=100), seed=0)
    study = optuna.create_study(sampler=sampler)
    study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=20)
    assert all(sampler.infer_relative_search_space(study, trial) == {} for trial in study.trials)


@pytest.mark.parametrize("storage", ["memory", "journal", "sqlite"])
def test_same_seed_same_study_on_every_storage(storage: str, tmp_path: Any) -> None:
    storages: dict[str, Callable[[], Any]] = {
        "memory": lambda: None,
        "journal": lambda: JournalStorage(JournalFileBackend(str(tmp_path / "journal.log"))),
        "sqlite": lambda: f"sqlite:///{tmp_path / 'study.db'}",
    }
    objective = lambda trial: _bowl(_suggest(trial))  # noqa: E731
    study = _study(objective, 24, seed=3, storage=storages[storage]())
    expected = _study(objective, 24, seed=3)
    assert [t.params for t in study.trials] == [t.params for t in expected.trials]


def test_a_new_sampler_goes_on_as_the_old_one_would() -> None:
    whole = _study(lambda trial: _bowl(_suggest(trial)), 45, seed=1)
    study = _study(lambda trial: _bowl(_suggest(trial)), 33, seed=1)
    study.sampler = ZoomingSampler(seed=1)
    study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=12)
    assert [t.params for t in study.trials] == [t.params for t in whole.trials]


def test_maximising_mirrors_minimising() -> None:
    down = _study(lambda trial: _bowl(_suggest(trial)), 30)
    up = _study(lambda trial: -_bowl(_suggest(trial)), 30, direction="maximize")
    assert [t.params for t in down.trials] == [t.params for t in up.trials]


def _held(objective: Objective, held: dict[str, Any], n_trials: int) -> optuna.Study:
    sampler = PartialFixedSampler(held, ZoomingSampler(seed=5))
    study = optuna.create_study(sampler=sampler)
    study.optimize(objective, n_trials=n_trials)
    return study


def test_one_free_rate_beside_fixed_parameters_is_a_study_of_that_rate() -> None:
    def objective(trial: optuna.Trial) -> float:
        kind = trial.suggest_categorical("kind", ["a", "b"])
        decay = trial.suggest_float("decay", 0.0, 1.0)
        rate = trial.suggest_float("lr", 1e-5, 1.0, log=True)
        return (_place(rate) - 0.37) ** 2 + 0.1 * decay + (kind == "b")

    def alone(trial: optuna.Trial) -> float:
        return (_place(trial.suggest_float("lr", 1e-5, 1.0, log=True)) - 0.37) ** 2 + 0.05

    study = _held(objective, {"kind": "a", "decay": 0.5}, 30)
    expected = _study(alone, 30, seed=5)
    rates = [trial.params["lr"] for trial in study.trials]
    assert rates == [trial.params["lr"] for trial in expected.trials]


def test_two_free_parameters_beside_a_fixed_one_are_chosen_together() -> None:
    study = _held(lambda trial: _bowl(_suggest(trial)), {"lr": 3e-3}, 30)
    assert {trial.params["lr"] for trial in study.trials} == {3e-3}
    free = SPACE.keys() - {"lr"}
    last = study.trials[-2]
    assert study.sampler.infer_relative_search_space(study, last).keys() == free


def test_what_is_held_after_it_varied_keeps_its_latest_value_in_the_model() -> None:
    """The best decay depends on the kind, which is held at the worse one from now on."""

    def objective(trial: optuna.Trial) -> float:
        kind = trial.suggest_categorical("kind", ["a", "b"])
        decay = trial.suggest_float("decay", 0.0, 1.0)
        rate = trial.suggest_float("lr", 1e-5, 1.0, log=True)
        best = 0.2 if kind == "a" else 0.8
        return (_place(rate) - 0.5) ** 2 + (decay - best) ** 2 + 0.1 * (kind == "b")

    study = _study(objective, 30)
    study.sampler = PartialFixedSampler({"kind": "b"}, study.sampler)
    study.optimize(objective, n_trials=25)
    late = [abs(t.params["decay"] - 0.8) for t in study.trials[40:] if t.number % 3]
    assert np.median(late) < 0.15


def test_enqueued_values_are_kept_and_the_others_fit_them() -> None:
    study = _study(lambda trial: _bowl(_suggest(trial)), 46)
    for batch in (8, 512):
        study.enqueue_trial({"batch": batch})
    study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=2)
    small, large = study.trials[-2:]
    assert (small.params["batch"], large.params["batch"]) == (8, 512)
    # The best rate of a batch of 8 is 10 ** -3.5, of 512 it is 10 ** -1.5.
    assert small.params["lr"] < large.params["lr"] / 5


def test_two_categoricals_do_not_walk_together() -> None:
    """All nine branches are seen, in which the ones by themselves say nothing of the pairs."""
    seen: list[int] = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        pairs = dict(zip(product("abc", "xyz"), rng.permutation(9) / 9))

        def objective(trial: optuna.Trial, pairs: Any = pairs, rng: Any = rng) -> float:
            first = trial.suggest_categorical("first", list("abc"))
            second = trial.suggest_categorical("second", list("xyz"))
            rate = trial.suggest_float("lr", 1e-5, 1.0, log=True)
            noise = 0.05 * rng.standard_normal()
            return float(pairs[first, second] + (_place(rate) - 0.6) ** 2 + noise)

        study = _study(objective, 30, seed=seed)
        seen.append(len({(t.params["first"], t.params["second"]) for t in study.trials}))
    assert seen == [9] * 6


@pytest.mark.parametrize("kind", ["categorical", "integer"])
def test_a_lucky_choice_does_not_lock(kind: str) -> None:
    """Of three choices that are equally good one had three lucky trials, the others one bad one."""
    shares = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        distributions: dict[str, BaseDistribution] = {
            "choice": CategoricalDistribution([1, 2, 3])
            if kind == "categorical"
            else IntDistribution(1, 3),
            "lr": RATE,
        }
        study = optuna.create_study(sampler=ZoomingSampler(seed=seed))
        for choice, value in [(2, 0.0), (2, 0.05), (2, 0.1), (1, 0.5), (3, 0.6)]:
            params = {"choice": choice, "lr": 1e-3 * 10 ** rng.uniform(-1, 1)}
            study.add_trial(create_trial(params=params, distributions=distributions, value=value))

        def objective(trial: optuna.Trial, rng: Any = rng, space: Any = distributions) -> float:
            trial._suggest("choice", space["choice"])
            rate = trial._suggest("lr", space["lr"])
            return float((_place(rate) - 0.4) ** 2 + 0.3 * rng.standard_normal())

        study.optimize(objective, n_trials=30)
        shares.append(np.mean([trial.params["choice"] == 2 for trial in study.trials[5:]]))
    assert max(shares) < 0.9


def _conditional(trial: optuna.Trial) -> float:
    """Layers with a width each, and a momentum that one of two optimisers has."""
    layers = trial.suggest_int("layers", 1, 3)
    widths = [trial.suggest_int(f"width{i}", 4, 256, log=True) for i in range(layers)]
    optimiser = trial.suggest_categorical("optimiser", ["adam", "sgd"])
    rate = trial.suggest_float("lr", 1e-5, 1.0, log=True)
    loss = (_place(rate) - (0.4 if optimiser == "adam" else 0.7)) ** 2 + 0.1 * (layers != 2)
    loss += 0.02 * sum((math.log2(width) - 6) ** 2 for width in widths) / layers
    if optimiser == "sgd":
        loss += 0.3 * (trial.suggest_float("momentum", 0.0, 1.0) - 0.9) ** 2
    else:
        loss += 0.05
    return loss


def test_conditional_parameters_are_proposed_with_their_branches() -> None:
    study = _study(_conditional, 60)
    best = study.best_params
    assert (best["layers"], best["optimiser"]) == (2, "sgd")
    assert study.best_value < 0.02
    by_model = [trial for trial in study.trials[15:] if trial.number % 3]
    # By the model, not one by one: a trial's parameters lie within what was proposed.
    for trial in by_model[-10:]:
        space = study.sampler.infer_relative_search_space(study, trial)
        assert trial.params.keys() <= space.keys()


def test_every_branch_stays_reachable() -> None:
    study = _study(_conditional, 40)
    branches = {(t.params["layers"], t.params["optimiser"]) for t in study.trials}
    assert branches == set(product([1, 2, 3], ["adam", "sgd"]))


def test_a_range_that_changes_from_trial_to_trial_is_kept_to() -> None:
    def objective(trial: optuna.Trial) -> float:
        low = trial.suggest_float("low", 0.0, 0.5)
        inside = trial.suggest_float("inside", low, low + 0.3)
        count = trial.suggest_int("count", 1, 2 + trial.number % 7, step=1)
        assert low <= inside <= low + 0.3
        assert 1 <= count <= 2 + trial.number % 7
        return (inside - 0.45) ** 2 + (low - 0.3) ** 2 + 0.01 * (count - 2) ** 2

    assert _study(objective, 45).best_value < 2e-3


def test_a_narrowed_range_is_searched_by_the_model() -> None:
    """Trials outside of it still count, and proposals lie inside."""
    study = _study(lambda trial: _bowl(_suggest(trial)), 40)

    def narrowed(trial: optuna.Trial) -> float:
        params = {"lr": trial.suggest_float("lr", 1e-3, 1e-2, log=True)}
        params.update({n: trial._suggest(n, d) for n, d in SPACE.items() if n != "lr"})
        return _bowl(params)

    study.optimize(narrowed, n_trials=20)
    assert all(1e-3 <= trial.params["lr"] <= 1e-2 for trial in study.trials[40:])
    values = np.array([trial.value for trial in study.trials], dtype=np.float64)
    late = values[[trial.number for trial in study.trials[40:] if trial.number % 3]]
    assert np.median(late) < np.median(values[:40]) / 4


@pytest.mark.parametrize("n_workers", [2, 8])
def test_workers_do_not_repeat_each_other(n_workers: int) -> None:
    """All ask before any is told, with and without knowing what the others have chosen."""
    study = _study(lambda trial: _bowl(_suggest(trial)), 24)
    for suggest_at_once in (True, False):
        trials = []
        for _ in range(n_workers):
            trials.append(study.ask())
            if suggest_at_once:
                _suggest(trials[-1])
        params = [_suggest(trial) for trial in trials]
        points = np.array(
            [[_place(p["lr"]), p["decay"], math.log2(p["batch"]) / 6] for p in params]
        )
        apart = np.linalg.norm(points[:, None] - points, axis=-1)[np.triu_indices(n_workers, 1)]
        others = [(p["layers"], p["dropout"], p["optimiser"]) for p in params]
        same = [a == b for i, a in enumerate(others) for b in others[i + 1 :]]
        assert not np.any((apart < 1e-3) & np.array(same))
        for trial, chosen in zip(trials, params):
            study.tell(trial, _bowl(chosen))


def test_pruned_trials_teach() -> None:
    """The bad half of the decays is pruned after one report, and seldom proposed afterwards."""

    def objective(trial: optuna.Trial) -> float:
        decay = trial.suggest_float("decay", 0.0, 1.0)
        rate = trial.suggest_float("lr", 1e-5, 1.0, log=True)
        loss = (decay - 0.25) ** 2 + (_place(rate) - 0.5) ** 2
        trial.report(loss + 0.5, step=0)
        if decay > 0.5:
            raise optuna.TrialPruned
        trial.report(loss, step=1)
        return loss

    study = _study(objective, 40)
    late = [trial for trial in study.trials[20:] if trial.number % 3]
    assert np.mean([trial.state == TrialState.PRUNED for trial in late]) <= 0.2


@pytest.mark.parametrize("outcome", ["nan", "inf", "raise"])
def test_what_diverges_in_two_parameters_together_is_avoided(outcome: str) -> None:
    """Rates above a limit that depends on the momentum diverge; the best ones lie just below."""

    def objective(trial: optuna.Trial) -> float:
        rate = _place(trial.suggest_float("lr", 1e-5, 1.0, log=True))
        momentum = trial.suggest_float("momentum", 0.0, 1.0)
        if rate + 0.5 * momentum > 1.0:
            if outcome == "raise":
                raise FloatingPointError
            return math.nan if outcome == "nan" else math.inf
        return (0.95 - rate - 0.5 * momentum) ** 2 + 0.1 * (momentum - 0.5) ** 2

    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(objective, n_trials=60, catch=(FloatingPointError,))
    assert study.best_value < 0.01
    lost = [t.value is None or not math.isfinite(t.value) for t in study.trials[30:]]
    assert np.mean(lost) < 0.5


EDGES: dict[str, Sequence[BaseDistribution]] = {
    "one point": [FloatDistribution(1.0, 1.0), CategoricalDistribution(["only"])],
    "categoricals only": [CategoricalDistribution(list("abc"[: 2 + i % 2])) for i in range(4)],
    "fifty parameters": [FloatDistribution(0.0, 1.0) for _ in range(50)],
    "integers only": [IntDistribution(0, 1), IntDistribution(0, 2), IntDistribution(1, 2**40)],
    "huge ranges": [FloatDistribution(-1e308, 1e308), FloatDistribution(1e-300, 1e300, log=True)],
    "steps": [FloatDistribution(0.0, 0.8, step=0.2), IntDistribution(0, 8, step=4)],
}


@pytest.mark.parametrize("edge", EDGES)
def test_awkward_spaces_are_survived(edge: str) -> None:
    space = {f"p{i}": distribution for i, distribution in enumerate(EDGES[edge])}
    n_trials = 90 if edge == "fifty parameters" else 40
    rng = np.random.default_rng(0)

    def objective(trial: optuna.Trial) -> float:
        for name, distribution in space.items():
            value = trial._suggest(name, distribution)
            assert distribution._contains(distribution.to_internal_repr(value))
        return float(rng.standard_normal())

    study = _study(objective, n_trials)
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}


@pytest.mark.parametrize("value", [0.0, 1e300, -1e300, math.inf])
def test_values_that_tell_nothing_are_survived(value: float) -> None:
    """All equal, or all diverged."""

    def objective(trial: optuna.Trial) -> float:
        _suggest(trial)
        return value

    study = _study(objective, 30)
    assert len({tuple(trial.params.items()) for trial in study.trials}) == 30


def test_foreign_trials_outside_of_the_ranges_are_survived() -> None:
    study = _study(lambda trial: _bowl(_suggest(trial)), 15)
    for rate in (math.nan, math.inf, -1.0, 1e9):
        foreign = study.get_trials(deepcopy=True)[0]
        foreign.params["lr"] = rate
        study._storage.create_new_trial(study._study_id, template_trial=foreign)
    study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=15)
    assert all(trial.state == TrialState.COMPLETE for trial in study.trials)


def test_parameters_that_only_a_trial_without_a_value_had_are_survived() -> None:
    def objective(trial: optuna.Trial) -> float:
        value = trial.suggest_float("a", 0, 1) + trial.suggest_float("b", 0, 1)
        if trial.number == 3:
            trial.suggest_float("drop", 0, 2, step=0.5)
            trial.suggest_float("x", 0, 1)
            raise optuna.TrialPruned
        return value

    study = _study(objective, 20)
    assert len(study.get_trials(states=[TrialState.COMPLETE])) == 19


def test_a_parameter_of_several_kinds_is_chosen_for_itself() -> None:
    """Optuna refuses a joint proposal of another kind; a foreign trial must not bring one about."""
    study = _study(lambda trial: _bowl(_suggest(trial)), 15)
    foreign = study.get_trials(deepcopy=True)[0]
    foreign.distributions["decay"] = CategoricalDistribution([foreign.params["decay"], "high"])
    study._storage.create_new_trial(study._study_id, template_trial=foreign)
    study.optimize(lambda trial: _bowl(_suggest(trial)), n_trials=15)
    assert all(trial.state == TrialState.COMPLETE for trial in study.trials)
    of_the_model = next(trial for trial in study.trials[-3:] if trial.number % 3)
    space = study.sampler.infer_relative_search_space(study, of_the_model)
    assert space.keys() == SPACE.keys() - {"decay"}


def test_the_latest_range_is_the_last_trial_s_whichever_ended_last() -> None:
    study = _study(lambda trial: _bowl(_suggest(trial)), 31)
    early, late = study.ask(), study.ask()
    params = {trial.number: _suggest(trial) for trial in (early, late)}
    narrow = FloatDistribution(1e-3, 1e-2, log=True)
    third = study.ask()
    third._suggest("lr", narrow)
    for name in SPACE.keys() - {"lr"}:
        third._suggest(name, SPACE[name])
    study.tell(third, 1.0)
    for trial in (late, early):
        study.tell(trial, _bowl(params[trial.number]))
    asking = study.trials[early.number]
    for sampler in (study.sampler, ZoomingSampler(seed=0)):
        assert sampler.infer_relative_search_space(study, asking)["lr"] == narrow
