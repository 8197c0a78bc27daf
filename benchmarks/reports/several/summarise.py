"""Rows -> the summary on several parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.compact import rounded
from benchmarks.reports.intervals import Estimate, estimate, ratio_of_means
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import origin_of
from benchmarks.reports.results_table import Key, ResultsTable, table_of
from benchmarks.reports.several.curves import Curves, Shared
from benchmarks.reports.several.parts import parts_of
from benchmarks.reports.several.summary import (
    BUDGETS,
    OURS,
    TPE,
    Part,
    SeveralSummary,
    Standing,
    Versus,
)
from benchmarks.reports.summary import Line

Floats = NDArray[np.float64]
LATE = 10
# The figure shows the samplers that ran this share of our problems, on those that they have in
# common.
MOST = 0.8


def summarise(
    table: ResultsTable,
    stem: str,
    *,
    made_by: Sequence[MadeBy] = (),
    failures: Sequence[str] = (),
) -> SeveralSummary:
    """The summary of the rows on several parameters, its figures rounded as in a file.

    Args:
        table: The rows of the page's problems; sampler zooming without a pruner among them.
        stem: Name of the page.
        made_by: The commands that made the rows, as far as they are known.
        failures: The studies that raised.
    """
    curves = Curves(table)
    rivals = [name for name in curves.samplers if name != OURS]
    variants = [name for name in rivals if name in TPE]
    problems = curves.problems(OURS)
    made = {
        cell: each
        for cell, each in table.fingerprints.items()
        if cell.pruner == "none" and cell.sampler in curves.samplers
    }
    parts = parts_of(stem, problems)
    drawn = _drawn(curves)
    summary = SeveralSummary(
        stem,
        problems,
        drawn,
        len({table_of(name) for name in problems}),
        tuple(_standing(table, curves, name, drawn) for name in curves.samplers),
        _recommended(table, curves),
        tuple(Part(by, name, _against(curves, rivals, own)) for by, name, own in parts),
        tuple(Part("problem", name, _against(curves, variants, [name])) for name in problems),
        tuple(failures),
        origin_of(made, made_by),
    )
    return rounded(summary)


def _drawn(curves: Curves) -> tuple[str, ...]:
    ours = curves.problems(OURS)
    own = [set(curves.problems(name)) & set(ours) for name in curves.samplers]
    common = set.intersection(*(each for each in own if len(each) >= MOST * len(ours)))
    return tuple(name for name in ours if name in common)


def _standing(table: ResultsTable, curves: Curves, sampler: str, drawn: Sequence[str]) -> Standing:
    problems, seeds, n_trials = table.shape(Key(sampler, "none"))
    seconds = table.array("sampler_seconds", Key(sampler, "none"))
    own = list(curves.shared(sampler, problems=problems, budgets=BUDGETS))
    both = list(curves.shared(sampler, OURS, problems=problems, budgets=BUDGETS))
    of_figure = drawn if set(drawn) <= set(problems) else ()
    whole = curves.shared(sampler, problems=of_figure, budgets=range(1, n_trials + 1))
    return Standing(
        sampler,
        tuple(problems),
        len(seeds),
        n_trials,
        _line((each, _of_mean(curves.at(sampler, each), each)) for each in own),
        _runs_at(own),
        _line((each, _of_mean(curves.at(OURS, each), each)) for each in both),
        _line((each, _of_mean(curves.at(sampler, each), each)) for each in whole),
        float(seconds.mean()),
        float(seconds[..., -LATE:].mean()),
    )


def _recommended(table: ResultsTable, curves: Curves) -> Line:
    runs = table.runs[Key(OURS, "none")]
    shared = curves.shared(OURS, problems=runs, budgets=BUDGETS)

    def regrets(each: Shared) -> Floats:
        places = np.array(each.budgets) - 1
        return np.array(
            [
                [runs[name][s].recommended_regret[places] for s in each.seeds]
                for name in each.problems
            ]
        )

    return _line((each, _of_mean(regrets(each), each)) for each in shared)


def _against(curves: Curves, rivals: Sequence[str], problems: Sequence[str]) -> tuple[Versus, ...]:
    """Ours against those of the rivals that have runs in common with us on these problems."""
    found = (_versus(curves, rival, problems) for rival in rivals)
    return tuple(each for each in found if each.runs_at)


def _versus(curves: Curves, rival: str, problems: Sequence[str]) -> Versus:
    shared = list(curves.shared(OURS, rival, problems=problems, budgets=BUDGETS))
    pairs = [(each, curves.at(OURS, each), curves.at(rival, each)) for each in shared]
    return Versus(
        rival,
        _line((each, _of_mean(ours - theirs, each)) for each, ours, theirs in pairs),
        _runs_at(shared),
        _line((each, ratio_of_means(ours, theirs, each.tables)) for each, ours, theirs in pairs),
    )


def _runs_at(shared: Iterable[Shared]) -> tuple[str, ...]:
    """At each budget, in the order of all budgets."""
    found = {
        budget: f"{len(each.problems)} x {len(each.seeds)}"
        for each in shared
        for budget in each.budgets
    }
    return tuple(found[budget] for budget in sorted(found))


def _of_mean(values: Floats, shared: Shared) -> Estimate:
    return estimate(values, shared.tables)


def _line(found: Iterable[tuple[Shared, Estimate]]) -> Line:
    """Estimates at some budgets each, in the order of all budgets."""
    points = [
        (float(budget), *point)
        for shared, figures in found
        for budget, point in zip(shared.budgets, zip(*figures))
    ]
    return Line(*np.array(sorted(points)).reshape(-1, 4).T)
