"""A search recorded: configurations trained for real at random places and then near the best."""

from __future__ import annotations

import binascii
import datetime
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.progress import progress
from benchmarks.recording.searches.fitting import Fit, fit, held_out_predictions, r2
from benchmarks.recording.searches.improving import best_places, judged, near
from benchmarks.recording.searches.surrogate import Surrogate
from benchmarks.recording.searches.table import as_written, read_search, write_search
from benchmarks.training.devices import hardware_name
from benchmarks.training.searches.search import DIRECT_SEEDS, Search

Floats = NDArray[np.float64]
RECORDED_SEEDS = 2
"""Trainings of a configuration that the surrogate is fitted to."""
N_PARENTS, N_CHILDREN = 10, 20
# Where the surrogate alone says that the best is, so many more trainings say whether it is so.
N_CHECKS, N_OF_CHECK, WIDTH_OF_CHECK = 10, 8, 0.1
N_PLACES = 16_000
"""Random places that the surrogate's median is taken of."""
Train = Callable[[Mapping[str, Any], int], tuple[float, float]]
"""The mean and the deviation of a configuration's scores, of which its number fixes the seeds."""


def record_search(name: str, search: Search, *, command: str, out: Path) -> Path:
    """Train what the search asks for and write table ``name``; returns its path."""
    torch.set_num_threads(1)
    rng = np.random.default_rng(binascii.crc32(name.encode()))
    started = time.perf_counter()
    n_seeds = DIRECT_SEEDS if search.direct else RECORDED_SEEDS
    n_checked = 0 if search.direct else N_CHECKS * N_OF_CHECK
    with progress(total=search.n_random + search.n_near + n_checked, unit="run", what=name) as bar:

        def train(params: Mapping[str, Any], number: int) -> tuple[float, float]:
            first = 0 if search.direct else n_seeds * number
            scores = [search.score(params, first + seed) for seed in range(n_seeds)]
            bar.update()
            return float(np.mean(scores)), float(np.std(scores, ddof=1))

        configurations, results = _trained(search, train, rng)
        if not search.direct:
            check_best(search, train, configurations, results)
    metadata = _provenance(search, command, n_seeds)
    metadata["minutes"] = round((time.perf_counter() - started) / 60, 2)
    path = out / f"{name}.csv.gz"
    write_search(path, search.space, configurations, np.array(results), metadata)
    return add_best(name, search, out)


def add_best(name: str, search: Search, folder: Path) -> Path:
    """Add to a table's metadata what its rows say: the best, the median, the surrogate's scales."""
    # Read, not handed on: what is known follows from the digits that were written.
    recorded = read_search(name, search.space, folder)
    if search.direct:
        best = int(recorded.means.argmax())
        found = {
            "best": {"params": recorded.configurations[best], "truth": recorded.means[best]},
            "median": float(np.median(recorded.means[: search.n_random])),
        }
    else:
        found = _fitted(search, recorded.places, recorded.means)
    results = np.stack([recorded.means, recorded.deviations], axis=1)
    path = folder / f"{name}.csv.gz"
    metadata = {**recorded.metadata, **found}
    return write_search(path, search.space, recorded.configurations, results, metadata)


def _trained(
    search: Search,
    train: Train,
    rng: np.random.Generator,
) -> tuple[list[dict[str, Any]], list[tuple[float, float]]]:
    """Configurations, and the means and deviations of their scores."""
    space = search.space
    drawn = list(rng.random((search.n_random, len(space.parameters))))
    configurations = [space.params(places) for places in drawn]
    results = [train(params, number) for number, params in enumerate(configurations)]
    for done in range(0, search.n_near, N_CHILDREN):
        means = np.array([mean for mean, _ in results])
        parents = [drawn[i] for i in np.argsort(-means)[:N_PARENTS]]
        width = 0.2 * 0.1 ** (done / search.n_near)
        for _ in range(min(N_CHILDREN, search.n_near - done)):
            drawn.append(near(space, parents[rng.integers(len(parents))], width, rng))
            configurations.append(space.params(drawn[-1]))
            results.append(train(configurations[-1], len(results)))
    return configurations, [as_written(mean, deviation) for mean, deviation in results]


def check_best(
    search: Search,
    train: Train,
    configurations: list[dict[str, Any]],
    results: list[tuple[float, float]],
) -> None:
    """Train where the surrogate has its best, add it to the rows, and do so again.

    A peak between the rows that trainings do not confirm is gone after that.
    """
    space = search.space
    fitted = None
    for check in range(N_CHECKS):
        places = np.stack([space.places(params) for params in configurations])
        means = np.array([mean for mean, _ in results])
        fitted = fitted or fit(space, places, means)
        surrogate = Surrogate(space, places, means, fitted.scales, fitted.nugget)
        rng = np.random.default_rng(check)
        best = best_places(space, surrogate, rng)
        around = [near(space, best, WIDTH_OF_CHECK, rng) for _ in range(N_OF_CHECK - 1)]
        for drawn in [best, *around]:
            configurations.append(space.params(drawn))
            results.append(as_written(*train(configurations[-1], len(results))))


def _fitted(search: Search, places: Floats, means: Floats) -> dict[str, Any]:
    """The surrogate's scales, how well it predicts, its best and its median."""
    space = search.space
    fitted = fit(space, places, means)
    predicted = held_out_predictions(space, places, means, fitted, refit=True)
    n = search.n_random
    surrogate = Surrogate(space, places, means, fitted.scales, fitted.nugget)
    rng = np.random.default_rng(0)
    median = float(np.median(judged(space, surrogate, rng.random((N_PLACES, places.shape[1])))))
    params = space.params(best_places(space, surrogate, rng))
    return {
        "surrogate": {
            "scales": dict(zip(space.names, fitted.scales)),
            "nugget": fitted.nugget,
            "cross_validated_r2": round(r2(means, predicted), 3),
            "cross_validated_r2_random": round(r2(means[:n], predicted[:n]), 3),
        },
        "best": {"params": params, "truth": surrogate.mean(params)},
        "median": median,
    }


def fit_of(metadata: Mapping[str, Any]) -> Fit:
    """The scales and the nugget that were recorded."""
    surrogate = metadata["surrogate"]
    return Fit(list(surrogate["scales"].values()), surrogate["nugget"])


def _provenance(search: Search, command: str, n_seeds: int) -> dict[str, Any]:
    import sklearn

    return {
        "data": f"{search.data}, scikit-learn",
        "split": f"{search.n_train} training and {search.n_validation} validation rows, "
        "another split for every seed",
        "kind": search.kind,
        "parameters": search.space.names,
        "n_random": search.n_random,
        "n_near": search.n_near,
        "n_checked": 0 if search.direct else N_CHECKS * N_OF_CHECK,
        "n_seeds": n_seeds,
        "device": hardware_name("cpu"),
        "threads": torch.get_num_threads(),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "torch": torch.__version__,
        },
        "command": command,
        "date": datetime.date.today().isoformat(),
    }
