"""The tables of a group of problems, with each pruner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.calibration.settings import BUDGETS, MEANINGS
from benchmarks.reports.calibration.statistics import BASE_BUDGET
from benchmarks.reports.calibration.summary import Group, Judged, Pruned
from benchmarks.reports.calibration.wording import (
    KINDS,
    judged_of,
    pruner_name,
    sentence,
    shares,
    widths,
)
from benchmarks.reports.tables import cell, markdown

Floats = NDArray[np.float64]


def group_tables(group: Group) -> Iterator[str]:
    """Paragraphs and tables of a section."""
    seeds = " and ".join(dict.fromkeys(str(each.n_seeds) for each in group.pruned))
    yield f"{sentence(MEANINGS[group.name])}; seeds of each problem: {seeds}."
    after = [f"after {budget}" for budget in BUDGETS]
    rows = [
        (f"{pruner_name(each)}: {kind}", judged_of(each, kind)) for each, kind in _crossed(group)
    ]
    yield markdown(["holds, %", *after], [[name, *_full(shares(one))] for name, one in rows])
    yield markdown(
        ["median half-width, %", *after],
        [[name, *_full(widths(one))] for name, one in rows],
    )
    unknown = [[name, *_full(_unknown(one))] for name, one in rows if (one.unknown > 0).any()]
    if unknown:
        yield markdown(["infinite, % (finite ones hold, %)", *after], unknown)
    yield markdown(["regret, %", *after], [row for each in group.pruned for row in _regrets(each)])
    relative = [row for each in group.pruned for row in _relative(each)]
    if relative:
        yield markdown(["half-width relative to no pruner: means / medians", *after], relative)
    yield _by_base(group)


def _crossed(group: Group) -> Iterator[tuple[Pruned, str]]:
    for each in group.pruned:
        for kind in KINDS:
            yield each, kind


def _full(cells: Sequence[str]) -> list[str]:
    return [*cells, *[""] * (len(BUDGETS) - len(cells))]


def _unknown(one: Judged) -> list[str]:
    pairs = zip(100 * one.unknown, 100 * one.known_hold)
    return [
        "" if np.isnan(u) else f"{u:.1f}" + ("" if np.isnan(k) else f" ({k:.1f})") for u, k in pairs
    ]


def _regrets(each: Pruned) -> Iterator[list[str]]:
    both = [" / ".join(f"{x:.2f}" for x in pair) for pair in 100 * each.regret.T]
    yield [f"{pruner_name(each)}: recommended arm / best_trial", *_full(both)]
    difference = [cell(*d, sign="+") for d in 100 * each.difference.T]
    yield ["difference", *_full(difference)]


def _relative(each: Pruned) -> Iterator[list[str]]:
    for kind, pairs in zip(KINDS, (each.to_none[:2], each.to_none[2:])):
        if pairs.size:
            shown = ["" if np.isnan(p).any() else f"{p[0]:.2f} / {p[1]:.2f}" for p in pairs.T]
            yield [f"{pruner_name(each)}: {kind}", *_full(shown)]


def _by_base(group: Group) -> str:
    """After BASE_BUDGET trials: recommended arm / all arms, in percent."""
    bases = dict.fromkeys(base for each in group.pruned for base in each.bases)
    nothing = np.full(2, np.nan)
    rows = [
        [base, *(_both(100 * each.bases.get(base, nothing)) for each in group.pruned)]
        for base in bases
    ]
    head = f"holds after {BASE_BUDGET} trials, %: {' / '.join(KINDS)}"
    return markdown([head, *map(pruner_name, group.pruned)], rows)


def _both(shares: Floats) -> str:
    return " / ".join("" if np.isnan(x) else f"{x:.0f}" for x in shares)
