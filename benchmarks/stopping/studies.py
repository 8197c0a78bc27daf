"""Watched studies of a group as arrays, (n_problems, n_seeds) and more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.reports.intervals import Floats
from benchmarks.reports.results_table import table_of
from benchmarks.reports.stats import with_nothing_as_worst
from benchmarks.stopping.rows import Watched
from benchmarks.stopping.settings import judged_after


@dataclass(frozen=True, eq=False)
class Studies:
    """The studies of a group: the same seeds of every problem.

    studies: By problem, in the order of the seeds.
    """

    studies: tuple[tuple[Watched, ...], ...]
    n_trials: int

    @classmethod
    def of(cls, watched: Sequence[Watched], n_trials: int) -> Studies:
        """All problems, with the seeds that all of them have."""
        problems = list(dict.fromkeys(each.problem for each in watched))
        by_seed = {(each.problem, each.seed): each for each in watched}
        found = {each.seed for each in watched}
        seeds = [s for s in sorted(found) if all((name, s) in by_seed for name in problems)]
        return cls(tuple(tuple(by_seed[n, s] for s in seeds) for n in problems), n_trials)

    def asked(self, rule: str) -> Studies:
        """Those in which a rule was asked, with the seeds that all problems have."""
        flat = [each for own in self.studies for each in own if rule in each.asked]
        of_all = {each.problem for each in flat} == set(self.problems)
        return Studies.of(flat if of_all else [], self.n_trials)

    @property
    def problems(self) -> list[str]:
        return [own[0].problem for own in self.studies if own]

    @property
    def tables(self) -> list[str]:
        """The table of each problem."""
        return [table_of(name) for name in self.problems]

    @property
    def n_seeds(self) -> int:
        return len(self.studies[0]) if self.studies else 0

    def _each(self, of: Callable[[Watched], object]) -> Floats:
        return np.array([[of(each) for each in own] for own in self.studies], dtype=np.float64)

    def stops(self, rule: str) -> Floats:
        """(n_problems, n_seeds), trials made; all where a rule never stops."""
        return self._each(lambda study: study.stops.get(rule, self.n_trials))

    def stop_regret(self, rule: str) -> Floats:
        """(n_problems, n_seeds), regret of what is recommended then."""
        return with_nothing_as_worst(
            self._each(lambda study: study.stop_regrets.get(rule, study.regrets[-1]))
        )

    @property
    def regrets(self) -> Floats:
        """(n_problems, n_seeds, n_judged), after each number of trials of ``judged_after``."""
        return with_nothing_as_worst(self._each(lambda study: study.regrets))

    def regret_after(self, n: float) -> Floats:
        """(n_problems, n_seeds), between two numbers of trials on the line between them."""
        after, regrets = np.array(judged_after(self.n_trials)), self.regrets
        upper = min(int(np.searchsorted(after, n)), len(after) - 1)
        lower = max(upper - 1, 0)
        if lower == upper:
            return np.asarray(regrets[..., upper])
        share = float(np.clip((n - after[lower]) / (after[upper] - after[lower]), 0, 1))
        return np.asarray((1 - share) * regrets[..., lower] + share * regrets[..., upper])
