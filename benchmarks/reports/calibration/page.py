"""The calibration page: where it fails, then the tables of each group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.calibration.figure import calibration_chart
from benchmarks.reports.calibration.settings import BUDGETS, MEANINGS, REPLICATES, SEEDS_OF_RATES
from benchmarks.reports.calibration.statistics import BASE_BUDGET
from benchmarks.reports.calibration.summary import (
    FILE,
    CalibrationSummary,
    Group,
    Judged,
    Pruned,
    Replicated,
)
from benchmarks.reports.drawing.dots import save_dots
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.provenance import origin_lines
from benchmarks.reports.tables import cell, markdown

Floats = NDArray[np.float64]
STATED = 0.95
KINDS = ("recommended arm", "all arms")

ABOUT = (
    "How often 95 % intervals hold the true, noise-free mean: that of the arm that "
    "`recommended_arm` names, and those of all arms of `active_arms`, without a pruner and with "
    "each. An arm is judged where its mean is finite. An infinite interval says that nothing is "
    "known; it holds, so its share stands apart, as does the share of finite intervals that hold. "
    "A study counts once, however many arms it has. Half-widths are those of finite intervals, in "
    "percent of (best - worst), for slow starters of what the best rate gains. Regret is "
    "noise-free, in percent of the same.",
    "The interval of a share of recommended arms is Wilson's, over all studies.",
)


def write_page(summary: CalibrationSummary, folder: Path, *, html: bool = False) -> Path:
    """Write ``calibration.md`` and its figure; returns the page's path."""
    sections = ["# Calibration of the intervals", f"{' '.join(ABOUT)} {how_drawn(True)}"]
    if summary.groups:
        chart = calibration_chart(summary.groups)
        save_dots(chart, folder / "figures" / "calibration", html=html)
        sections.append(f"![{chart.title}](figures/calibration.png)")
        sections += ["## Where it fails", "\n".join(_failures(summary.groups))]
    for group in summary.groups:
        sections += [f"## {group.name.capitalize()}", *_of_group(group)]
    if summary.replicated:
        sections += [f"## {REPLICATES.capitalize()}", *_of_replicates(summary.replicated)]
    sections += ["## How this was made", "\n".join(_provenance(summary))]
    path = folder / "calibration.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def _failures(groups: Sequence[Group]) -> Iterator[str]:
    """What is below the stated share, or worse than ``study.best_trial``, beyond the interval."""
    for kind in KINDS:
        found = [
            f"{group.name}, {_pruner(each)}: {places}"
            for group in groups
            for each in group.pruned
            if (places := _below(each, kind))
        ]
        yield f"- {kind}, share below 95 % with its whole interval:{_listed(found)}"
    worse = [
        f"{group.name}, {_pruner(each)}: {places}"
        for group in groups
        for each in group.pruned
        if (places := _worse(each))
    ]
    yield f"- recommendation worse than `study.best_trial`, in points of percent:{_listed(worse)}"


def _listed(found: Sequence[str]) -> str:
    return "".join(f"\n  - {each}" for each in found) or " nowhere"


def _below(each: Pruned, kind: str) -> str:
    share, _, high = _judged(each, kind).holds
    return ", ".join(
        f"{100 * s:.1f} % after {budget:.0f}"
        for s, h, budget in zip(share, high, each.budgets)
        if h < STATED
    )


def _worse(each: Pruned) -> str:
    return ", ".join(
        f"{100 * middle:+.2f} after {budget:.0f} ({100 * low:+.2f} to {100 * high:+.2f})"
        for middle, low, high, budget in zip(*each.difference, each.budgets)
        if low > 0
    )


def _judged(each: Pruned | Replicated, kind: str) -> Judged:
    return each.recommended if kind == KINDS[0] else each.arms


def _pruner(each: Pruned) -> str:
    return "no pruner" if each.pruner == "none" else each.pruner


def _of_group(group: Group) -> Iterator[str]:
    seeds = " and ".join(dict.fromkeys(str(each.n_seeds) for each in group.pruned))
    yield f"{_sentence(MEANINGS[group.name])}; seeds of each problem: {seeds}."
    after = [f"after {budget}" for budget in BUDGETS]
    rows = [(f"{_pruner(each)}: {kind}", _judged(each, kind)) for each, kind in _crossed(group)]
    yield markdown(["holds, %", *after], [[name, *_full(_shares(one))] for name, one in rows])
    yield markdown(
        ["median half-width, %", *after],
        [[name, *_full(_widths(one))] for name, one in rows],
    )
    unknown = [[name, *_full(_unknown(one))] for name, one in rows if (one.unknown > 0).any()]
    if unknown:
        yield markdown(["infinite, % (finite ones hold, %)", *after], unknown)
    yield markdown(["regret, %", *after], [row for each in group.pruned for row in _regrets(each)])
    relative = [row for each in group.pruned for row in _relative(each)]
    if relative:
        yield markdown(["half-width relative to no pruner: means / medians", *after], relative)
    yield _by_base(group)


def _sentence(words: str) -> str:
    """Names keep their capitals."""
    return words[0].upper() + words[1:]


def _crossed(group: Group) -> Iterator[tuple[Pruned, str]]:
    for each in group.pruned:
        for kind in KINDS:
            yield each, kind


def _full(cells: Sequence[str]) -> list[str]:
    return [*cells, *[""] * (len(BUDGETS) - len(cells))]


def _shares(one: Judged) -> list[str]:
    return ["" if np.isnan(s[0]) else cell(*s, digits=1) for s in 100 * one.holds.T]


def _widths(one: Judged) -> list[str]:
    return ["" if np.isnan(x) else f"{x:.2f}" for x in 100 * one.half_widths[1]]


def _unknown(one: Judged) -> list[str]:
    pairs = zip(100 * one.unknown, 100 * one.known_hold)
    return [
        "" if np.isnan(u) else f"{u:.1f}" + ("" if np.isnan(k) else f" ({k:.1f})") for u, k in pairs
    ]


def _regrets(each: Pruned) -> Iterator[list[str]]:
    both = [" / ".join(f"{x:.2f}" for x in pair) for pair in 100 * each.regret.T]
    yield [f"{_pruner(each)}: recommended arm / best_trial", *_full(both)]
    difference = [cell(*d, sign="+") for d in 100 * each.difference.T]
    yield ["difference", *_full(difference)]


def _relative(each: Pruned) -> Iterator[list[str]]:
    for kind, pairs in zip(KINDS, (each.to_none[:2], each.to_none[2:])):
        if pairs.size:
            shown = ["" if np.isnan(p).any() else f"{p[0]:.2f} / {p[1]:.2f}" for p in pairs.T]
            yield [f"{_pruner(each)}: {kind}", *_full(shown)]


def _by_base(group: Group) -> str:
    """After BASE_BUDGET trials: recommended arm / all arms, in percent."""
    bases = dict.fromkeys(base for each in group.pruned for base in each.bases)
    nothing = np.full(2, np.nan)
    rows = [
        [base, *(_both(100 * each.bases.get(base, nothing)) for each in group.pruned)]
        for base in bases
    ]
    head = f"holds after {BASE_BUDGET} trials, %: {' / '.join(KINDS)}"
    return markdown([head, *map(_pruner, group.pruned)], rows)


def _both(shares: Floats) -> str:
    return " / ".join("" if np.isnan(x) else f"{x:.0f}" for x in shares)


def _of_replicates(found: Sequence[Replicated]) -> Iterator[str]:
    seeds = max(each.n_seeds for each in found)
    yield (
        f"{_sentence(MEANINGS[REPLICATES])}; seeds of each problem: {seeds}. The pooled "
        "t-interval is that of each rate's mean with one deviation pooled over all rates; where "
        "the noise differs between rates it is too narrow at some and too wide at others."
    )
    head = ["rates, seeds of each", *(f"{kind}: holds, %" for kind in KINDS)]
    head += ["pooled t-interval: holds, %", *(f"{kind}: half-width, %" for kind in KINDS)]
    head += ["pooled t-interval: half-width, %", *(f"{kind}: relative to it" for kind in KINDS)]
    for on in dict.fromkeys(each.on for each in found):
        rows = [row for each in found if each.on == on for row in _replicated(each)]
        yield markdown([f"{on}: {head[0]}", *head[1:]], rows)
    yield _fewer_arms(found)


def _replicated(each: Replicated) -> Iterator[list[str]]:
    of_kinds = [_judged(each, kind) for kind in KINDS]
    for i, seeds in enumerate(SEEDS_OF_RATES):
        yield [
            f"{each.n_rates} rates, {seeds} seeds",
            *(_shares(one)[i] for one in of_kinds),
            f"{100 * each.pooled_hold[i]:.1f}",
            *(_widths(one)[i] for one in of_kinds),
            f"{100 * each.pooled_half_widths[i]:.2f}",
            *(f"{ratio:.2f}" for ratio in each.to_pooled[:, i]),
        ]


def _fewer_arms(found: Sequence[Replicated]) -> str:
    arms = ", ".join(f"{each.arms.arms[-1]:.1f} of {each.n_rates} on {each.on}" for each in found)
    unknown = max(float(np.nanmax(each.arms.unknown)) for each in found)
    return (
        f"Arms judged in a study with {SEEDS_OF_RATES[-1]} seeds, of so many rates: {arms}. "
        f"Infinite intervals: at most {100 * unknown:.1f} %."
    )


def _provenance(summary: CalibrationSummary) -> list[str]:
    names = [group.name for group in summary.groups]
    names += [REPLICATES] if summary.replicated else []
    pruners = dict.fromkeys(each.pruner for group in summary.groups for each in group.pruned)
    flags = f"--groups {' '.join(names)}"
    flags += f" --pruners {' '.join(pruners)}" if pruners else ""
    return [
        "- the same again, with the rows that `python -m benchmarks compare --out FOLDER` left, or "
        f"new ones: `python -m benchmarks calibration {flags} --seeds {summary.n_seeds} "
        "--out FOLDER`",
        f"- this page and its figure from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]
