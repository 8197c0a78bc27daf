"""The sensitivity page: a table, what follows from it, and dot plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.drawing.dots import DotChart, DotPanel, Dots, save_dots
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.made_by import as_arguments
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.tables import markdown
from benchmarks.sensitivity.comparisons import (
    FILE,
    REGRETS,
    Change,
    Comparison,
    Mode,
    Sensitivity,
)
from benchmarks.sensitivity.jobs import BUDGETS, FACTORS, N_WORKERS, constants

Floats = NDArray[np.float64]
FACTOR_NAMES = {0.5: "halved", 2.0: "doubled"}
COLORS = {0.5: "#1f4fd8", 2.0: "#d1495b"}


def write_page(summary: Sensitivity, folder: Path, *, html: bool = False) -> Path:
    """Write ``sensitivity.md`` and its figures; returns the page's path."""
    compared = summary.comparisons
    sections = [
        "# Sensitivity of the policy's constants",
        _introduction(summary),
        "\n".join(["## In short", "", *in_short(compared)]),
    ]
    for merit, name in REGRETS.items():
        chart = change_chart(compared, merit)
        stem = f"sensitivity-{merit}"
        save_dots(chart, folder / "figures" / stem, html=html)
        sections += [f"## Regret of the {name}", f"![{chart.title}](figures/{stem}.png)"]
        sections += [
            _table(mode, [each for each in compared if each.mode == mode.name], merit)
            for mode in summary.modes
            if _ran(compared, mode.name, merit)
        ]
    sections += ["## The recommendation's interval", _interval_table(summary)]
    sections += ["## How this was made", "\n".join(_provenance(summary))]
    path = folder / "sensitivity.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _provenance(summary: Sensitivity) -> list[str]:
    problems = [name for mode in summary.modes for name in mode.problems]
    names = list(dict.fromkeys(each.constant for each in summary.comparisons))
    only = "" if set(names) == set(constants()) else f"--constants {' '.join(names)} "
    seeds = max((mode.n_seeds for mode in summary.modes), default=0)
    return [
        f"- the same again, but for the rows that are saved in FOLDER: `python -m benchmarks "
        f"sensitivity {only}--problems {as_arguments(list(dict.fromkeys(problems)))} "
        f"--seeds {seeds} --out FOLDER`",
        f"- this page and its figures from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]


def in_short(compared: Iterable[Comparison]) -> list[str]:
    """Which constants matter, which do not, and what beats the default: computed, one line each."""
    by_constant: dict[str, list[Comparison]] = {}
    for each in compared:
        by_constant.setdefault(each.constant, []).append(each)
    matter: list[str] = []
    idle: list[str] = []
    better: list[str] = []
    for constant, own in by_constant.items():
        verdicts = [_verdicts(each) for each in own]
        worse = [text for found in verdicts for kind, text in found if kind == "worse"]
        if worse:
            matter.append(f"  - `{constant}`: {'; '.join(worse)}")
        elif all(each.identical for each in own):
            note = "" if all(each.same_interval for each in own) else "; only its interval changes"
            idle.append(f"  - `{constant}`: every trial and recommendation is the same{note}")
        elif not any(verdicts):
            idle.append(f"  - `{constant}`: within {_bounds(own)}")
        better += [f"  - {text}" for found in verdicts for kind, text in found if kind == "better"]
    return [
        "Judged by the mean over the budgets and its whole 95 % interval; of so many comparisons "
        "about one in forty errs to either side by chance.",
        "",
        "- Worse when changed:",
        *(matter or ["  - none"]),
        "- No difference, halved or doubled:",
        *(idle or ["  - none"]),
        "- Better than the default:",
        *(better or ["  - none"]),
    ]


def _verdicts(each: Comparison) -> list[tuple[str, str]]:
    name = f"`{each.constant}` {FACTOR_NAMES[each.factor]}"
    where = "" if each.mode == "alone" else f", {each.mode}"
    return [
        (change.verdict, f"{name}, {REGRETS[merit]}{where}: {_figure(change, -1)} %")
        for merit, change in each.changes.items()
        if change.verdict
    ]


def _bounds(own: Iterable[Comparison]) -> str:
    ends = [(c.low[-1], c.high[-1]) for each in own for c in each.changes.values()]
    low, high = np.nanmin(ends), np.nanmax(ends)
    return f"{low:+.1f} to {high:+.1f} % (ends of the widest intervals)"


def _figure(change: Change, at: int) -> str:
    return f"{change.middle[at]:+.1f} ({change.low[at]:+.1f} to {change.high[at]:+.1f})"


def _introduction(summary: Sensitivity) -> str:
    sizes = [f"{mode.name}: {_tasks(mode)} x {mode.n_seeds} seeds" for mode in summary.modes]
    return (
        "Each constant of `AdaptiveZooming` is halved and doubled with all others at their "
        "defaults, on the tuning tasks and with the seeds of the default. Figures are changes of "
        "the mean regret relative to the default's, in percent: +10 is a regret of 2.2 % where the "
        "default has 2 %; the mean over the budgets is geometric, and what changes nothing is left "
        f"out of the figures. {how_drawn(summary.tables_drawn)} Modes: alone is one parameter "
        f"and one worker; {N_WORKERS} workers share a study on "
        "a simulated clock, where `spacing` and `jitter` act; several parameters are recorded "
        "grids, where `mixing`, `share`, `least` and `profile_slope` act; landscapes: two peaks, "
        "a narrow one, a cliff beside the optimum, a plateau, no noise and much noise. "
        f"Runs: {'; '.join(sizes)}."
    )


def _tasks(mode: Mode) -> str:
    return "1 task" if len(mode.problems) == 1 else f"{len(mode.problems)} tasks"


def _ran(compared: Iterable[Comparison], mode: str, merit: str) -> bool:
    own = [each for each in compared if each.mode == mode]
    return any(not np.isnan(each.changes[merit].middle).any() for each in own)


def _table(mode: Mode, compared: Iterable[Comparison], merit: str) -> str:
    means = mode.default[merit]
    rows = [["default: mean regret", "", *(f"{100 * mean:.2f} %" for mean in means), "", ""]]
    for each in compared:
        change = each.changes[merit]
        figures = [
            f"{middle:+.1f} <sub>{low:+.1f} to {high:+.1f}</sub>"
            for middle, low, high in zip(change.middle, change.low, change.high)
        ]
        if change.is_none:
            figures = [""] * len(figures)
        verdict = "no change" if change.is_none else change.verdict
        changed = f"{each.before:g} to {each.value:g}"
        rows.append([each.constant, changed, *figures, verdict])
    heads = [f"after {budget}" for budget in BUDGETS]
    return markdown([f"{mode.name}: constant", "changed", *heads, "mean", "verdict"], rows)


def _interval_table(summary: Sensitivity) -> str:
    if np.isnan(summary.holds):
        return "Not judged: only studies of one parameter, alone, state it here."
    rows = [["default", "", f"{summary.holds:.1f} %", f"{summary.half_width:.2f} %"]]
    for each in summary.comparisons:
        if each.mode == "alone":
            figures = f"{each.holds:.1f} %", f"{each.half_width:.2f} %"
            rows.append([each.constant, f"{each.value:g}", *figures])
    budgets = ", ".join(map(str, BUDGETS))
    return markdown(
        ["constant", "value", f"holds the true mean (after {budgets})", "median half-width"], rows
    )


def change_chart(compared: Sequence[Comparison], merit: str) -> DotChart:
    """One row per constant (and mode) that changes something, one panel per budget."""
    kept = [
        each
        for each in compared
        if _ran([each], each.mode, merit) and not each.changes[merit].is_none
    ]
    rows = list(dict.fromkeys((each.constant, each.mode) for each in kept))
    titles = [*(f"after {budget} trials" for budget in BUDGETS), "mean of these"]
    panels = [
        DotPanel(title, "change of mean regret, %", _dots(kept, rows, merit, at), reference=0.0)
        for at, title in enumerate(titles)
    ]
    names = [name if mode == "alone" else f"{name}, {mode}" for name, mode in rows]
    title = f"Regret of the {REGRETS[merit]} relative to the default (95 % intervals)"
    return DotChart(title, "constant", names, panels)


def _dots(
    compared: Iterable[Comparison], rows: list[tuple[str, str]], merit: str, at: int
) -> list[Dots]:
    found = {(each.constant, each.mode, each.factor): each for each in compared}
    kinds = []
    for factor in FACTORS:
        points = np.full((3, len(rows)), np.nan)
        for row, (constant, mode) in enumerate(rows):
            each = found.get((constant, mode, factor))
            if each is not None:
                change = each.changes[merit]
                points[:, row] = [x[at] for x in (change.middle, change.low, change.high)]
        kinds.append(Dots(FACTOR_NAMES[factor], COLORS[factor], *points))
    return kinds
