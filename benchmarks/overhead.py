"""Time that a sampler itself takes per trial, in a study that has so many trials already.

One learning rate, an in-memory study; a trial is ask, suggest and tell. Examples:
  python -m benchmarks overhead
  python -m benchmarks overhead --samplers zooming tpe gp --trials 100 300
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import FloatDistribution

from benchmarks.functions import learning_rate_like
from benchmarks.samplers import rival, select_samplers

BASELINES = ("random", "tpe")
AXIS = FloatDistribution(1e-6, 1.0, log=True)
OPTIMUM = 0.7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--samplers", nargs="+", default=["random", "tpe", "zooming"], metavar="NAME"
    )
    parser.add_argument(
        "--trials",
        nargs="+",
        type=int,
        default=[100, 1_000, 10_000],
        help="finished trials in the study before the clock starts",
    )
    parser.add_argument("--repeats", type=int, default=200, help="most trials timed for a figure")
    parser.add_argument("--seconds", type=float, default=5.0, help="longest timing for a figure")


def main(args: argparse.Namespace) -> int:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = select_samplers(args.samplers)
    ratios = "".join(f"{f'to {name}':>12}" for name in BASELINES if name in samplers)
    print(f"{'finished trials':>16}  {'sampler':18}{'ms per trial':>14}{ratios}")
    for n_finished in args.trials:
        milliseconds = {
            name: 1000 * _median_seconds(name, n_finished, args.repeats, args.seconds)
            for name in samplers
        }
        for name in samplers:
            own = milliseconds[name]
            to = [f"{own / milliseconds[base]:12.2f}" for base in BASELINES if base in samplers]
            print(f"{n_finished:16,}  {name:18}{own:14.3f}{''.join(to)}")
    return 0


def _median_seconds(sampler: str, n_finished: int, repeats: int, limit: float) -> float:
    """Median over the timed trials; the first, which fills caches, is not among them."""
    study = prefilled_study(sampler, n_finished)
    _one_trial(study)
    times: list[float] = []
    while len(times) < repeats and (len(times) < 3 or sum(times) < limit):
        start = time.perf_counter()
        _one_trial(study)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def prefilled_study(sampler: str, n_finished: int) -> optuna.Study:
    """A study with trials such as a good sampler leaves behind: most of them near the optimum."""
    study = optuna.create_study(direction="maximize", sampler=rival(sampler).make(0))
    rng = np.random.default_rng(0)
    near = np.clip(rng.normal(OPTIMUM, 0.05, n_finished), 0, 1)
    points = np.where(rng.random(n_finished) < 0.2, rng.random(n_finished), near)
    values = _values(points) + 0.01 * rng.standard_normal(n_finished)
    study.add_trials(
        [
            optuna.create_trial(
                params={"lr": _rate(point)}, distributions={"lr": AXIS}, value=float(value)
            )
            for point, value in zip(points, values)
        ]
    )
    return study


def _one_trial(study: optuna.Study) -> None:
    trial = study.ask()
    rate = trial.suggest_float("lr", AXIS.low, AXIS.high, log=True)
    u = np.log(rate / AXIS.low) / np.log(AXIS.high / AXIS.low)
    study.tell(trial, float(_values(np.array([u]))[0]))


def _values(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return learning_rate_like(OPTIMUM)(points)


def _rate(point: float) -> float:
    return float(min(max(AXIS.low * (AXIS.high / AXIS.low) ** point, AXIS.low), AXIS.high))
