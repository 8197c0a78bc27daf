"""Regret curves of some samplers, and what they have in common at a budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats
from benchmarks.reports.results_table import Key, ResultsTable, compared_by_trials, table_of
from benchmarks.reports.several.summary import OURS

Floats = NDArray[np.float64]


class Shared(NamedTuple):
    """Runs that some samplers have in common, and the budgets that all of them reach."""

    problems: tuple[str, ...]
    seeds: tuple[int, ...]
    budgets: tuple[int, ...]

    @property
    def tables(self) -> list[str]:
        """(n_problems,), what goes together when problems are drawn anew."""
        return [table_of(name) for name in self.problems]


class Curves:
    """The best trial's regret after each trial, by sampler, problem and seed."""

    def __init__(self, table: ResultsTable) -> None:
        keys = [key for key in compared_by_trials(table) if _is_shown(key)]
        self._runs: Mapping[str, Mapping[str, Mapping[int, Floats]]] = {
            key.sampler: {
                problem: {seed: _filled(run.best_regret) for seed, run in runs.items()}
                for problem, runs in table.runs[key].items()
            }
            for key in keys
        }

    @property
    def samplers(self) -> list[str]:
        """Ours first."""
        return list(self._runs)

    def shared(
        self, *samplers: str, problems: Iterable[str], budgets: Sequence[int]
    ) -> Iterator[Shared]:
        """The runs in common at each budget, budgets with the same runs together.

        Runs that are too short for a budget do not count there; a seed counts that all problems
        have.
        """
        together: dict[tuple[tuple[str, ...], tuple[int, ...]], list[int]] = {}
        wanted = list(problems)
        for budget in budgets:
            together.setdefault(self._at(samplers, wanted, budget), []).append(budget)
        for (names, seeds), own in together.items():
            if names and seeds:
                yield Shared(names, seeds, tuple(own))

    def _at(
        self, samplers: Sequence[str], problems: Sequence[str], budget: int
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        of_each = {}
        for problem in problems:
            runs = [self._runs[sampler].get(problem, {}) for sampler in samplers]
            long = [{seed for seed in own if len(own[seed]) >= budget} for own in runs]
            seeds = set.intersection(*long)
            if seeds:
                of_each[problem] = seeds
        everywhere = set.intersection(*of_each.values()) if of_each else set()
        return tuple(of_each), tuple(sorted(everywhere))

    def at(self, sampler: str, shared: Shared) -> Floats:
        """(n_problems, n_seeds, n_budgets)."""
        places = np.array(shared.budgets) - 1
        own = self._runs[sampler]
        return np.array(
            [[own[name][seed][places] for seed in shared.seeds] for name in shared.problems]
        )

    def problems(self, sampler: str) -> tuple[str, ...]:
        """Those that it ran."""
        return tuple(self._runs[sampler])

    def n_trials(self, sampler: str) -> int:
        """Of its shortest run."""
        return min(len(run) for own in self._runs[sampler].values() for run in own.values())


def _is_shown(key: Key) -> bool:
    return key.sampler == OURS or not key.sampler.startswith(OURS)


def _filled(regret: Floats) -> Floats:
    return stats.with_nothing_as_worst(stats.carried_forward(regret))
