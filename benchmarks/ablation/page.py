"""The ablation page: what follows from it, a table for each kind of problem, and dot plots."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.ablation.kinds import BUDGETS
from benchmarks.ablation.summary import FILE, Ablations, KindResults
from benchmarks.reports.drawing.dots import DotChart, DotPanel, Dots, save_dots
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.summary import Line
from benchmarks.reports.tables import cell, markdown
from benchmarks.rivals.ablations import ABLATIONS

# Budgets on the figures, with their colours.
SHOWN = {3: "#e08e0b", 10: "#1f4fd8", 30: "#2e8b57"}


def write_page(found: Ablations, folder: Path, *, html: bool = False) -> Path:
    """Write ``ablation.md`` and its figures; returns the page's path."""
    sections = ["# The policy without each of its mechanisms", _introduction(found)]
    for mute, title in ((False, "with reports"), (True, "mute")):
        kinds = [kind for kind in found.kinds if kind.mute == mute]
        if kinds:
            chart = difference_chart(kinds, list(found.mechanisms), title)
            stem = f"ablation-{title.replace(' ', '-')}"
            save_dots(chart, folder / "figures" / stem, html=html)
            sections.append(f"![{chart.title}](figures/{stem}.png)")
    sections.append("\n".join(["## In short", "", *in_short(found)]))
    for kind in found.kinds:
        sections += [f"## {kind.name.capitalize()}", _table(kind, found)]
    sections += ["## How this was made", "\n".join(_provenance(found))]
    path = folder / "ablation.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _introduction(found: Ablations) -> str:
    left_out = [f"`{name}` ({mechanism})" for name, mechanism in found.mechanisms.items()]
    sizes = [
        f"{kind.name}: {kind.n_problems} problems on {kind.n_tables} tables or functions x "
        f"{kind.n_seeds} seeds"
        for kind in found.kinds
    ]
    return (
        "Each mechanism of the default policy is left out, one at a time, on tuning problems. "
        "Figures are mean regret of the best trial, in percent of (best - worst), without the "
        "mechanism minus that of the full policy with the same problems and seeds: positive where "
        f"the mechanism helps. {how_drawn(tables_drawn=True)} Mute: the objective returns its last "
        f"value and reports no epoch. Left out: {'; '.join(left_out)}. Runs: {'; '.join(sizes)}."
    )


def in_short(found: Ablations) -> list[str]:
    """Which mechanisms help, which hurt and which do neither: computed, one line each."""
    helps, hurts, neither = [], [], []
    for name in found.mechanisms:
        worse = list(_verdicts(found, name, sign=1))
        better = list(_verdicts(found, name, sign=-1))
        helps += [f"  - `{name}`: {'; '.join(worse)}"] if worse else []
        hurts += [f"  - `{name}`: {'; '.join(better)}"] if better else []
        neither += [f"  - `{name}`"] if not worse and not better else []
    return [
        "Where the whole 95 % interval lies on one side of 0; of so many comparisons about one in "
        "forty errs to either side by chance.",
        "",
        "- Worse without:",
        *(helps or ["  - none"]),
        "- Better without:",
        *(hurts or ["  - none"]),
        "- Neither, on any kind at any budget:",
        *(neither or ["  - none"]),
    ]


def _verdicts(found: Ablations, name: str, *, sign: int) -> Iterator[str]:
    """Kinds and budgets at which the difference has this sign with its whole interval."""
    for kind in found.kinds:
        line = kind.without.get(name)
        places = [
            f"{budget:.0f} ({mean:+.2f}, {low:+.2f} to {high:+.2f})"
            for budget, mean, low, high in ([] if line is None else _percent(line))
            if min(sign * low, sign * high) > 0
        ]
        if places:
            yield f"{kind.name} after {', '.join(places)}"


def _percent(line: Line) -> list[tuple[float, float, float, float]]:
    return list(zip(line.x, 100 * line.mean, 100 * line.low, 100 * line.high))


def _table(kind: KindResults, found: Ablations) -> str:
    rows = [["full policy: mean regret, %", *(f"{100 * x:.2f}" for x in kind.full)]]
    for name, mechanism in found.mechanisms.items():
        line = kind.without.get(name)
        if line is None:
            figures = ["not run"] * len(BUDGETS)
        elif not (line.mean.any() or line.low.any() or line.high.any()):
            figures = ["no change"] * len(BUDGETS)
        else:
            figures = [
                cell(*each[1:], sign="+") if any(each[1:]) else "0" for each in _percent(line)
            ]
        rows.append([f"without `{name}`: {mechanism}", *figures])
    return markdown(["after trials", *map(str, BUDGETS)], rows)


def difference_chart(kinds: Sequence[KindResults], names: list[str], title: str) -> DotChart:
    """One row per mechanism, one panel per kind of problem, one dot per budget of SHOWN."""
    panels = [
        DotPanel(
            f"{kind.group}: {100 * kind.full[BUDGETS.index(10)]:.2f} % after 10",
            "mean regret, points of percent",
            [_dots(kind, names, budget) for budget in SHOWN],
            reference=0.0,
        )
        for kind in kinds
    ]
    return DotChart(f"Without the mechanism minus full policy, {title}", "left out", names, panels)


def _dots(kind: KindResults, names: list[str], budget: int) -> Dots:
    points = np.full((3, len(names)), np.nan)
    for row, name in enumerate(names):
        line = kind.without.get(name)
        if line is not None:
            at = BUDGETS.index(budget)
            points[:, row] = [100 * x[at] for x in (line.mean, line.low, line.high)]
    return Dots(f"after {budget} trials", SHOWN[budget], *points)


def _provenance(found: Ablations) -> list[str]:
    groups = dict.fromkeys(kind.group for kind in found.kinds)
    some = set(found.mechanisms) != set(ABLATIONS)
    only = f"--mechanisms {shlex.join(found.mechanisms)} " if some else ""
    seeds = max((kind.n_seeds for kind in found.kinds), default=0)
    return [
        f"- the same again, but for the rows that are saved in FOLDER: `python -m benchmarks "
        f"ablation {only}--groups {shlex.join(groups)} --seeds {seeds} --out FOLDER`",
        f"- this page and its figures from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(found.origin),
    ]
