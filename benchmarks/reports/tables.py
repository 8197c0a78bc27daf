"""A group's tables as Markdown, drawn from its summary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.resolution import WIDTHS
from benchmarks.reports.stats import interquartile_mean
from benchmarks.reports.summary import BUDGETS, TARGETS, Line, Summary

Floats = NDArray[np.float64]
OURS = "zooming"


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def regret_table(summary: Summary, *, interquartile: bool) -> str:
    """Mean, or interquartile mean, of the regret by budget with 95 % intervals, in percent."""
    rows = []
    for column in summary.compared_columns:
        name = shown(column.name)
        for label, regret in (
            (name, column.best),
            (f"{column.name}: recommended arm", column.recommended),
        ):
            line = regret.interquartile if interquartile else regret.mean
            if line.x.size:
                rows.append([label, *_cells(line), column.runs])
    return markdown(["after trials", *map(str, BUDGETS), "runs"], rows)


def shown(name: str) -> str:
    """A sampler's name; ours stands out."""
    return f"**{name}**" if name == OURS else name


def far_off_table(summary: Summary) -> str:
    """Share of the runs above FAR_OFF by budget, in percent."""
    rows = [[shown(name), *_cells(line)] for name, line in summary.far_off.items()]
    return markdown(["after trials", *map(str, BUDGETS)], rows)


def _cells(line: Line, *, sign: str = "") -> list[str]:
    figures = [
        cell(*each, sign=sign) for each in zip(100 * line.mean, 100 * line.low, 100 * line.high)
    ]
    return [*figures, *[""] * (len(BUDGETS) - len(figures))]


def cell(mean: float, low: float, high: float, *, sign: str = "", digits: int = 2) -> str:
    """A figure with its interval; without one where there is none (NaN)."""
    form = f"{sign}.{digits}f"
    interval = "" if np.isnan(low) else f" <sub>{low:{form}} to {high:{form}}</sub>"
    return f"{mean:{form}}{interval}"


def target_table(summary: Summary) -> str:
    """First trial at which the mean regret is at most a target, the median run's, and more."""
    rows = [
        [
            column.name,
            *map(_count, column.mean_reaches),
            *map(_count, column.median_reaches),
            f"{100 * column.area:.2f}",
            str(column.n_trials),
            f"{1000 * column.sampler_seconds:.2f}",
        ]
        for column in summary.compared_columns
    ]
    head = [
        "sampler",
        *(f"mean to {level}" for level in _LEVELS),
        *(f"median run to {level}" for level in _LEVELS),
        "area under curve, %",
        "over trials",
        "sampler, ms per trial",
    ]
    return markdown(head, rows)


_LEVELS = [f"{100 * target:g} %" for target in TARGETS]


def _count(number: float) -> str:
    return "never" if np.isinf(number) else f"{number:g}"


def rank_table(summary: Summary) -> str:
    """Mean rank by budget among the samplers that have every run."""
    rows = [[name, *(f"{x:.2f}" for x in ranks)] for name, ranks in summary.ranks.items()]
    shown = BUDGETS[: max(map(len, summary.ranks.values()), default=0)]
    return markdown(["mean rank after trials", *map(str, shown)], rows)


def epoch_table(summary: Summary) -> str:
    """Epochs of training until the mean regret is at most a target, by pruner."""
    rows = [
        [
            column.pruner,
            column.sampler,
            *map(_count, column.epochs_reach),
            f"{column.epochs_per_trial:.1f}",
            column.runs,
        ]
        for column in sorted(summary.columns, key=lambda each: (each.pruner, each.sampler != OURS))
    ]
    levels = [f"epochs to {level}" for level in _LEVELS]
    return markdown(["pruner", "sampler", *levels, "epochs per trial", "runs"], rows)


def paired_table(summary: Summary) -> str:
    """Ours minus each rival over the same problems and seeds, in points of percent."""
    rows = [[name, *_cells(line, sign="+")] for name, line in summary.paired.items()]
    return markdown(["ours minus", *(f"after {budget}" for budget in BUDGETS)], rows)


def losses(summary: Summary) -> list[str]:
    """Every problem, budget and rival where ours is worse by more than the 95 % interval."""
    found = []
    for base in summary.bases:
        for rival, line in base.paired.items():
            places = [
                f"{budget:.0f} trials ({100 * m:+.2f}, {100 * a:+.2f} to {100 * b:+.2f})"
                for budget, m, a, b in zip(line.x, line.mean, line.low, line.high)
                if a > 0
            ]
            if places:
                found.append(f"- {base.name}, to {rival}: after {'; '.join(places)}")
    return found


def calibration_table(summary: Summary) -> str:
    """How often the recommended arm's 95 % interval holds the true mean, and how wide it is."""
    found = summary.calibration
    share = [f"{100 * x:.1f} %" for x in found.holds]
    median = [f"{100 * x:.2f} %" for x in found.width]
    rows = [["holds the true mean", *share], ["median width, of the range", *median]]
    return markdown(["95 % interval after trials", *(f"{n:.0f}" for n in found.budgets)], rows)


def resolution_table(summary: Summary) -> str:
    """What recorded learning-rate tables can tell, in percent."""
    rows = [
        [name, *(f"{100 * x:.2f}" for x in (one.trial, one.mean, *one.smoothed))]
        for name, one in summary.resolution.items()
    ]
    smoothed = 100 * np.stack([one.smoothed for one in summary.resolution.values()])
    rows.append(["mean", "", "", *(f"{x:.2f}" for x in smoothed.mean(axis=0))])
    middle = interquartile_mean(smoothed[:, None, :])
    rows.append(["interquartile mean", "", "", *(f"{x:.2f}" for x in middle)])
    heads = [f"best after smoothing over {100 * width:g} %: regret" for width in WIDTHS]
    return markdown(["problem", "deviation of a trial", "standard error of the mean", *heads], rows)
