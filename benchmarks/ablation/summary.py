"""Rows -> the policy without each mechanism beside the full one, with intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.ablation.kinds import BUDGETS, OURS, Kind
from benchmarks.reports.compact import read_record, rounded
from benchmarks.reports.intervals import estimate
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import Origin, origin_of
from benchmarks.reports.results_table import Key, ResultsTable, table_of
from benchmarks.reports.summary import Line
from benchmarks.rivals.ablations import ABLATIONS, sampler_without

Floats = NDArray[np.float64]
FILE = "ablation.json"
_FULL = Key(OURS, "none")


@dataclass(frozen=True, eq=False)
class KindResults:
    """A kind of tuning problem.

    Attributes:
        group: Its problems' group.
        mute: Whether they report nothing on their way.
        n_problems, n_tables, n_seeds: What was run; tables as intervals draw them anew.
        full: (n_budgets,), the full policy's mean regret of the best trial at BUDGETS.
        without: By mechanism, regret without it minus the full policy's at BUDGETS: above 0 where
            the mechanism helps.
    """

    group: str
    mute: bool
    n_problems: int
    n_tables: int
    n_seeds: int
    full: Floats
    without: dict[str, Line]

    @property
    def name(self) -> str:
        """As a page shows it."""
        return Kind(self.group, self.mute).name


@dataclass(frozen=True, eq=False)
class Ablations:
    """Everything that the page shows; ``mechanisms`` says by name what is left out."""

    mechanisms: dict[str, str]
    kinds: tuple[KindResults, ...]
    origin: Origin


def summarise(
    table: ResultsTable,
    mechanisms: Sequence[str],
    kinds: Iterable[Kind],
    *,
    made_by: Sequence[MadeBy] = (),
) -> Ablations:
    """The summary of some rows, its figures rounded as in a file.

    Args:
        table: Rows of the full policy and of the policy without each of the mechanisms.
        mechanisms: Names among ABLATIONS.
        kinds: The kinds of problems that were run.
        made_by: The commands that made the rows, as far as they are known.
    """
    found = Ablations(
        {name: ABLATIONS[name].mechanism for name in mechanisms},
        tuple(_results(table.restricted(kind.problems), mechanisms, kind) for kind in kinds),
        origin_of(table.fingerprints, made_by),
    )
    return rounded(found)


def _results(table: ResultsTable, mechanisms: Sequence[str], kind: Kind) -> KindResults:
    problems, seeds, _ = table.shape(_FULL)
    keys = {name: Key(sampler_without(name), "none") for name in mechanisms}
    return KindResults(
        kind.group,
        kind.mute,
        len(problems),
        len({table_of(name) for name in problems}),
        len(seeds),
        _at_budgets(table.array("best_regret", _FULL)).mean(axis=(0, 1)),
        # Where every study failed there are no rows.
        {name: _difference(table, key) for name, key in keys.items() if key in table.keys},
    )


def _difference(table: ResultsTable, key: Key) -> Line:
    without, full = (
        _at_budgets(table.array("best_regret", *pair)) for pair in ((key, _FULL), (_FULL, key))
    )
    found = estimate(without - full, table.tables(key, _FULL))
    return Line(np.array(BUDGETS, dtype=np.float64), *found)


def _at_budgets(regret: Floats) -> Floats:
    return regret[..., np.array(BUDGETS) - 1]


def read_summary(folder: Path) -> Ablations:
    """The saved summary.

    Raises:
        UserError: If there is none, or it is damaged.
    """
    return read_record(Ablations, folder / FILE, remedy="python -m benchmarks ablation")
