"""Searches over several parameters of real trainings: trained at every trial, or by a surrogate."""

from __future__ import annotations

import binascii
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import optuna
from numpy.typing import NDArray

from benchmarks.problems.noise import trial_generator
from benchmarks.problems.problem import Kind
from benchmarks.recording.searches import surrogate
from benchmarks.recording.searches.surrogate import Surrogate
from benchmarks.recording.searches.table import Recorded, read_search
from benchmarks.training.searches import rows
from benchmarks.training.searches.roles import SEARCH_ROLES
from benchmarks.training.searches.search import DIRECT_SEEDS, Search

N_NOISE_LEVELS = 6
"""Levels of the score between which the deviation of a training is interpolated."""


@dataclass(frozen=True)
class TrainingProblem:
    """A recorded search; a single epoch that reports nothing.

    A direct search trains at every trial, with one of DIRECT_SEEDS seeds; its truth is their mean.
    Any other asks the surrogate, and adds the noise that trainings of such a score have.

    Attributes:
        name: Name of the table.
        search: What is searched.
        mute: Whether the objective reports nothing on its way, as it has none.
    """

    name: str
    search: Search
    mute: bool = True

    direction: Literal["maximize"] = "maximize"
    n_epochs: int = 1

    @property
    def kind(self) -> Kind:
        """Conditional if a parameter is suggested in some trials only."""
        return "conditional" if self.search.space.conditional else "interacting"

    @functools.cached_property
    def n_parameters(self) -> int:
        """Those of the trial that has most."""
        return self.search.space.most_together

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hash of the table, of the space, and of the code that makes the values."""
        told = [self.recorded.metadata["sha256"], repr(self.search.space.parameters)]
        files = [__file__, surrogate.__file__]
        if self.search.direct:
            told.append(_version_of_scikit_learn())
            files = [__file__, *map(str, sorted(Path(rows.__file__).parent.glob("*.py")))]
        code = b"".join(Path(file).read_bytes() for file in files)
        return f"{binascii.crc32(code + ''.join(told).encode()):08x}"

    @functools.cached_property
    def recorded(self) -> Recorded:
        """The configurations that were trained."""
        return read_search(self._table, self.search.space)

    @property
    def best(self) -> Mapping[str, Any]:
        """The best parameters that are known: of the recorded ones, or of the surrogate."""
        found: dict[str, Any] = self.recorded.metadata["best"]["params"]
        return found

    @property
    def span(self) -> float:
        """Best known truth minus the median truth of random configurations."""
        return self._best_truth - float(self.recorded.metadata["median"])

    @property
    def noise(self) -> float:
        """Standard deviation of a training at the best parameters, in the objective's units."""
        if self.search.direct:
            return float(np.std(self._trainings(self.best), ddof=1))
        return self.deviation(self._best_truth)

    def deviation(self, truth: float) -> float:
        """Standard deviation of a training whose mean is this, of a search with a surrogate."""
        return float(np.interp(truth, *self._noise_levels))

    def objective(self, seed: int) -> Callable[[optuna.Trial], float]:
        """Objective of one run; ``seed`` fixes the noise of each trial number."""
        return lambda trial: float(self.learning_curve(trial, seed)[-1])

    def learning_curve(self, trial: optuna.Trial, seed: int) -> NDArray[np.float64]:
        """The value of the only epoch, (1,)."""
        params = self.search.space.suggest(trial)
        rng = trial_generator(seed, trial.number)
        if self.search.direct:
            return np.array([self.search.score(params, int(rng.integers(DIRECT_SEEDS)))])
        truth = self.truth(params)
        return np.array([truth + self.deviation(truth) * rng.standard_normal()])

    def truth(self, params: Mapping[str, Any]) -> float:
        """The surrogate's value, or the mean of trainings with every seed."""
        if self.search.direct:
            return float(np.mean(self._trainings(params)))
        return self._surrogate.mean(params)

    def expected(self, params: Mapping[str, Any]) -> float:
        """Mean of the objective: as the truth."""
        return self.truth(params)

    def regret(self, params: Mapping[str, Any]) -> float:
        """(best known - truth) / (best known - median of random configurations)."""
        return (self._best_truth - self.truth(params)) / self.span

    def _trainings(self, params: Mapping[str, Any]) -> tuple[float, ...]:
        return _trainings(self._table, tuple(params.items()))

    @property
    def _table(self) -> str:
        return self.name.removesuffix("+mute")

    @functools.cached_property
    def _best_truth(self) -> float:
        return self.truth(self.best)

    @functools.cached_property
    def _surrogate(self) -> Surrogate:
        scales = self.recorded.metadata["surrogate"]["scales"]
        return Surrogate(
            self.search.space,
            self.recorded.places,
            self.recorded.means,
            [scales[name] for name in self.search.space.names],
            self.recorded.metadata["surrogate"]["nugget"],
        )

    @functools.cached_property
    def _noise_levels(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(N_NOISE_LEVELS,) each: truths, and deviations of trainings near them."""
        truths = self._surrogate.means(self.recorded.places)
        parts = np.array_split(np.argsort(truths), N_NOISE_LEVELS)
        levels = [float(truths[part].mean()) for part in parts]
        squares = self.recorded.deviations**2
        return np.array(levels), np.array([np.sqrt(squares[part].mean()) for part in parts])


@functools.lru_cache(maxsize=20_000)
def _trainings(name: str, params: tuple[tuple[str, Any], ...]) -> tuple[float, ...]:
    """(DIRECT_SEEDS,) scores; every sampler's recommendation is judged more than once."""
    search = _searches()[name]
    return tuple(search.score(dict(params), seed) for seed in range(DIRECT_SEEDS))


def _searches() -> Mapping[str, Search]:
    return {name: search for role in SEARCH_ROLES.values() for name, search in role.items()}


def _version_of_scikit_learn() -> str:
    import sklearn

    return str(sklearn.__version__)


def tuning_trainings() -> list[TrainingProblem]:
    """Searches for tuning."""
    return [TrainingProblem(*each) for each in SEARCH_ROLES["tuning-trainings"].items()]


def reporting_trainings() -> list[TrainingProblem]:
    """Searches kept for reporting, on other data."""
    return [TrainingProblem(*each) for each in SEARCH_ROLES["reporting-trainings"].items()]
