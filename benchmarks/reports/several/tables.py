"""Tables on several parameters as Markdown, drawn from their summary."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.reports.several.parts import ALL
from benchmarks.reports.several.summary import BUDGETS, OURS, TPE, SeveralSummary, Versus
from benchmarks.reports.summary import Line
from benchmarks.reports.tables import cell, markdown, shown


def regret_table(summary: SeveralSummary) -> str:
    """Mean regret by budget; under a rival that ran less, ours on its runs."""
    ours = next(each for each in summary.standings if each.sampler == OURS)
    recommended = [f"{OURS}, the recommended combination", *_percents(summary.recommended), ""]
    rows = []
    for each in summary.standings:
        rows.append([shown(each.sampler), *_percents(each.best), each.runs])
        if each is ours:
            rows.append(recommended)
        same = (each.problems, each.n_seeds, each.n_trials)
        if same != (ours.problems, ours.n_seeds, ours.n_trials):
            rows.append([f"{OURS} on the runs that {each.sampler} has", *_percents(each.ours), ""])
    return markdown(["after trials", *map(str, BUDGETS), "runs"], rows)


def difference_table(summary: SeveralSummary) -> str:
    """Ours minus each rival over all problems, in points of percent."""
    return _all_rivals(summary, "ours minus", lambda each: _percents(each.difference, sign="+"))


def ratio_table(summary: SeveralSummary) -> str:
    """Our mean regret over each rival's, over all problems."""
    return _all_rivals(summary, "ours over", lambda each: _ratios(each.ratio))


def differences_by(summary: SeveralSummary, by: str) -> str:
    """Ours minus the variants of TPE by what problems have in common, in points of percent."""
    return _tpe_by(summary, by, lambda each: _percents(each.difference, sign="+"))


def ratios_by(summary: SeveralSummary, by: str) -> str:
    """Our mean regret over that of the variants of TPE by what problems have in common."""
    return _tpe_by(summary, by, lambda each: _ratios(each.ratio))


def time_table(summary: SeveralSummary) -> str:
    """Time of the sampler in a trial."""
    rows = [
        [
            shown(each.sampler),
            f"{1000 * each.seconds:.3g}",
            f"{1000 * each.late_seconds:.3g}",
            str(each.n_trials),
        ]
        for each in summary.standings
    ]
    return markdown(["sampler", "ms per trial", "in the last ten trials", "of"], rows)


def _all_rivals(summary: SeveralSummary, head: str, cells: Callable[[Versus], list[str]]) -> str:
    versus = [each for part in summary.parts if part.by == ALL for each in part.versus]
    rows = [[each.rival, *cells(each), each.runs] for each in versus]
    return markdown([head, *_after(), "runs"], rows)


def _tpe_by(summary: SeveralSummary, by: str, cells: Callable[[Versus], list[str]]) -> str:
    rows = [
        [f"{part.name}: {each.rival}", *cells(each), each.runs]
        for part in summary.parts
        if part.by == by
        for each in part.versus
        if each.rival in TPE
    ]
    return markdown([by, *_after(), "runs"], rows)


def _after() -> list[str]:
    return [f"after {budget}" for budget in BUDGETS]


def _percents(line: Line, *, sign: str = "") -> list[str]:
    return _cells(line, lambda *point: cell(*(100 * each for each in point), sign=sign))


def _ratios(line: Line) -> list[str]:
    return _cells(line, cell)


def _cells(line: Line, form: Callable[[float, float, float], str]) -> list[str]:
    """One for each of BUDGETS, empty where the line has none."""
    found = {int(x): form(*point) for x, *point in zip(line.x, line.mean, line.low, line.high)}
    return [found.get(budget, "") for budget in BUDGETS]
