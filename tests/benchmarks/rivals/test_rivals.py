"""Rivals run as their own libraries and papers have them."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Literal

import hyperopt
import numpy as np
import optuna
import pytest
from hyperopt import hp
from optuna.samplers import BaseSampler

from benchmarks.errors import UserError
from benchmarks.problems.grid_replay import PARAMETERS, GridProblem
from benchmarks.problems.groups import Problem, make_problem
from benchmarks.problems.replay import ReplayProblem
from benchmarks.rivals.blie import Blie, BlieSampler
from benchmarks.rivals.hyperopt_tpe import HyperOptSampler
from benchmarks.rivals.one_epoch import selected
from benchmarks.rivals.samplers import (
    DEFAULT_SAMPLERS,
    HUB_REGISTRY,
    RIVALS,
    rival,
    select_samplers,
    unavailable,
)
from benchmarks.runs.runner import run_study
from tests.benchmarks.recorded import small_curves, small_grid

KINDS: dict[str, Problem] = {
    "replay": ReplayProblem(small_curves()),
    "replay with NaN": ReplayProblem(small_curves(), divergence="nan"),
    "grid": GridProblem(small_grid(), PARAMETERS),
    "function": make_problem("diverging/2"),
}
EXTRA = {"cmaes", "hyperopt", "matplotlib", "optunahub", "plotly", "scipy", "sklearn", "torch"}
# The others need what the extra "test" does not install.
RUNNABLE = [name for name in RIVALS if name not in ("autosampler", "smac", "smac-once", "ax")]
SLOW = ("gp", "gp-quasi")


CLAIMED = [
    (name, kind)
    for name in RUNNABLE
    for kind, problem in KINDS.items()
    if problem.n_parameters == 1 or not RIVALS[name].one_parameter
]


@pytest.mark.parametrize(("name", "kind"), CLAIMED)
def test_every_rival_runs_on_what_it_claims(name: str, kind: str) -> None:
    problem = KINDS[kind]
    n_trials = 13 if name in SLOW else 25
    run = run_study(problem, RIVALS[name], "none", 0, n_trials=n_trials)
    assert len(run) == n_trials
    assert np.nanmin(run.best_regret) >= -1e-9
    assert run.best_regret[-1] < 1


@pytest.mark.parametrize("name", DEFAULT_SAMPLERS)
def test_every_default_rival_runs_on_a_recorded_table(name: str) -> None:
    run = run_study(
        make_problem("digits-cnn-momentum-cosine"), RIVALS[name], "none", 0, n_trials=12
    )
    assert set(run.state) == {"COMPLETE"}
    assert 0 <= run.best_regret[-1] < 1


@pytest.mark.parametrize("pruner", ["median", "successive-halving", "hyperband", "zooming"])
@pytest.mark.parametrize(
    "name", ["zooming", "tpe", "hyperopt", "cmaes", "blie", "hill", "tpe-quasi"]
)
def test_pruners_cross_samplers(name: str, pruner: str) -> None:
    run = run_study(make_problem("noise-2pct/0"), RIVALS[name], pruner, 0, n_trials=40)
    assert {"COMPLETE", "PRUNED"} <= set(run.state)
    # The last epoch is a step like any other.
    assert run.epochs[run.state == "PRUNED"].mean() < 10


@pytest.mark.parametrize("name", [name for name in RUNNABLE if name not in SLOW])
def test_the_same_seed_gives_the_same_run(name: str) -> None:
    problem = make_problem("noise-2pct/0")
    first, second = (run_study(problem, RIVALS[name], "none", 3, n_trials=25) for _ in range(2))
    assert list(first.params) == list(second.params)


def test_hyperopt_adapter_equals_fmin() -> None:
    def loss(rate: float) -> float:
        return (math.log10(rate) + 2) ** 2 + 0.1 * math.sin(40 * math.log10(rate))

    low, high, n_trials, seed = 1e-6, 1.0, 45, 11
    trials = hyperopt.Trials()
    hyperopt.fmin(
        lambda params: loss(params["lr"]),
        {"lr": hp.loguniform("lr", math.log(low), math.log(high))},
        algo=hyperopt.tpe.suggest,
        max_evals=n_trials,
        trials=trials,
        rstate=np.random.default_rng(seed),
        show_progressbar=False,
        verbose=False,
    )
    study = optuna.create_study(sampler=HyperOptSampler(seed=seed))
    study.optimize(lambda t: loss(t.suggest_float("lr", low, high, log=True)), n_trials=n_trials)
    found = [trial.params["lr"] for trial in study.trials]
    np.testing.assert_allclose(found, trials.vals["lr"], rtol=1e-12)


def test_hyperopt_adapter_maximises_by_minimising_the_opposite() -> None:
    def run(direction: Literal["minimize", "maximize"], sign: float) -> list[float]:
        study = optuna.create_study(direction=direction, sampler=HyperOptSampler(seed=0))
        study.optimize(lambda t: sign * (t.suggest_float("x", -1, 1) - 0.3) ** 2, n_trials=30)
        return [trial.params["x"] for trial in study.trials]

    assert run("minimize", 1.0) == run("maximize", -1.0)


def test_hyperopt_adapter_handles_every_distribution() -> None:
    def objective(trial: optuna.Trial) -> float:
        trial.suggest_float("step", 0.5, 2.0, step=0.5)
        trial.suggest_int("count", 3, 11, step=2)
        trial.suggest_int("power", 1, 1000, log=True)
        trial.suggest_int("only", 4, 4)
        kind = trial.suggest_categorical("kind", ["a", None, 3])
        return float(kind == "a")

    study = optuna.create_study(direction="maximize", sampler=HyperOptSampler(seed=0))
    study.optimize(objective, n_trials=40)
    for trial in study.trials:
        assert trial.params["step"] in (0.5, 1.0, 1.5, 2.0)
        assert trial.params["count"] in (3, 5, 7, 9, 11)
        assert 1 <= trial.params["power"] <= 1000
    late = [trial.params["kind"] for trial in study.trials[20:]]
    assert late.count("a") > 10


def test_blie_pulls_and_eliminates_as_worked_out_by_hand() -> None:
    # L = 1: a cube of edge l goes when it is 2.5 l or more below the best.
    rule = Blie(lipschitz=1.0)
    rewards: list[float] = []
    asked = []
    for reward in [0.1, 0.9, 0.0, 0.2, 0.4, 1.0, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.9, 1.0]:
        asked.append(rule.next_centre(rewards))
        rewards.append(reward)
    # Edges 1/2 and 1/4: no gap reaches 1.25 or 0.625 in the first, 0.0, 0.2 (gaps 1.0, 0.8) go in
    # the second; 0.4 (gap 0.6) stays. Edge 1/8 has the four halves of the last two.
    assert asked[:6] == [0.25, 0.75, 0.125, 0.375, 0.625, 0.875]
    assert asked[6:10] == [0.5625, 0.6875, 0.8125, 0.9375]


def test_blie_repeats_pulls_for_noise_and_averages_them() -> None:
    rule = Blie(beta=2)
    # Edge 1/2: four pulls of each half.
    assert [rule.next_centre([0.5] * n) for n in (0, 3, 4, 7, 8)] == [0.25, 0.25, 0.75, 0.75, 0.125]


def test_blie_refuses_what_it_does_not_claim() -> None:
    study = optuna.create_study(direction="maximize", sampler=BlieSampler())
    trial = study.ask()
    trial.suggest_float("x", 0, 1)
    with pytest.raises(ValueError, match="second one"):
        trial.suggest_float("y", 0, 1)
    minimising = optuna.create_study(sampler=BlieSampler())
    with pytest.raises(ValueError, match="maximises"):
        minimising.ask().suggest_float("x", 0, 1)


def test_one_epoch_keeps_the_best_k_after_one_epoch() -> None:
    first, last = np.array([0.3, 0.5, 0.4, 0.2]), np.array([0.7, 0.6, 0.8, 0.99])
    # The winner at the end, index 3, was last after one epoch.
    assert selected(first, last, 1) == 1
    assert selected(first, last, 2) == 2
    assert selected(first, last, 4) == 3


def test_one_epoch_costs_one_epoch_each_and_the_rest_for_k() -> None:
    problem = make_problem("noise-2pct/0")
    run = run_study(problem, RIVALS["one-epoch-top-3"], "none", 0, n_trials=20)
    assert list(run.epochs) == [10, 10, 10] + [1] * 17


def test_autosampler_is_loaded_from_a_local_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "samplers" / "auto_sampler"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from optuna.samplers import GPSampler as AutoSampler\n")
    monkeypatch.setenv(HUB_REGISTRY, str(tmp_path))
    assert isinstance(rival("autosampler").make(0), optuna.samplers.GPSampler)
    monkeypatch.setenv(HUB_REGISTRY, str(tmp_path / "nothing"))
    reason = unavailable("autosampler")
    assert reason is not None
    assert HUB_REGISTRY in reason


def test_unknown_samplers_are_refused_with_the_choices() -> None:
    with pytest.raises(UserError, match=r"no sampler is called 'tpee'.*zooming.*tpe.*hyperopt"):
        select_samplers(["zooming", "tpee"])
    with pytest.raises(UserError, match="has no constant 'speed'"):
        rival("zooming:speed=3")


def test_patterns_choose_samplers() -> None:
    assert select_samplers(["one-epoch-*", "gp"]) == ["one-epoch-top-1", "one-epoch-top-3", "gp"]


@pytest.mark.parametrize("name", RUNNABLE)
def test_factories_make_fresh_samplers(name: str) -> None:
    first, second = rival(name).make(0), rival(name).make(0)
    assert isinstance(first, BaseSampler)
    assert first is not second


@pytest.mark.parametrize("name", [name for name in RIVALS if RIVALS[name].modules])
def test_a_missing_module_is_found_out_before_the_first_trial(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, missing = RIVALS[name].modules
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None if module == missing else 1)
    for ask in (lambda: select_samplers([name]), lambda: unavailable(name)):
        with pytest.raises(ModuleNotFoundError) as caught:
            ask()
        assert caught.value.name == missing


@pytest.mark.parametrize("name", RUNNABLE)
def test_a_missing_distribution_is_found_out_too(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr("importlib.metadata.version", version)
    with pytest.raises(ModuleNotFoundError) as caught:
        select_samplers([name])
    assert caught.value.name == RIVALS[name].package


@pytest.mark.parametrize("name", RUNNABLE)
def test_modules_are_all_that_a_sampler_imports_beside_optuna(name: str) -> None:
    """In a process in which every other module of the extra is missing."""
    others = EXTRA - set(RIVALS[name].modules)
    script = f"""
import sys
class Absent:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {others!r}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent)
from benchmarks.problems.groups import make_problem
from benchmarks.rivals.samplers import RIVALS
from benchmarks.runs.runner import run_study
run_study(make_problem("noise-2pct/0"), RIVALS[{name!r}], "none", 0, n_trials=25)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
