"""The tables of the page on stopping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.reports.intervals import Floats
from benchmarks.reports.tables import cell, markdown
from benchmarks.stopping.rules import RULES
from benchmarks.stopping.summary import (
    FORETOLD,
    GOOD,
    SHORT,
    TOO_EARLY,
    Ends,
    Foretold,
    Group,
    Stopping,
)


def rule_table(group: Group, summary: Stopping) -> str:
    """What each rule saves and costs on a group's problems."""
    head = [
        "rule",
        "trials <sub>10 to 90 % of studies</sub>",
        f"saved of {summary.n_trials}" + (f" / of {SHORT}" if _is_long(summary) else ""),
        "regret at the stop / after all, %",
        "difference",
        "to as many trials in each study",
        "too early by " + " / ".join(f"{100 * least:g}" for least in TOO_EARLY) + " %, of studies",
    ]
    rows = [
        [_shown(name), *_of_rule(group, at, summary, fixed=_kind(name) == "fixed")]
        for at, name in enumerate(summary.rules)
        if group.seeds[at]
    ]
    return markdown(head, rows)


def _shown(name: str) -> str:
    return f"`{name}`" if _kind(name) == "ours" else name


def _kind(name: str) -> str:
    # A page may have rules that are gone.
    return RULES[name].kind if name in RULES else ""


def _is_long(summary: Stopping) -> bool:
    return summary.n_trials > SHORT


def _of_rule(group: Group, at: int, summary: Stopping, *, fixed: bool) -> list[str]:
    mean, low, high = group.trials[:, at]
    saved = [summary.n_trials - mean]
    saved += [SHORT - group.of_short[at]] if _is_long(summary) else []
    return [
        f"{mean:.0f}" if fixed else f"{mean:.1f} <sub>{low:.0f} to {high:.0f}</sub>",
        " / ".join(f"{each:.1f}" for each in saved),
        " / ".join(f"{100 * each:.2f}" for each in group.regret[:, at]),
        _points(group.paid[:, at]),
        "" if fixed else _points(group.to_fixed[:, at]),
        " / ".join(f"{100 * each:.1f} %" for each in group.early[:, at]),
    ]


def _points(figures: Floats) -> str:
    """A difference of regrets with its interval, in points of percent."""
    mean, low, high = (float(each) + 0.0 for each in np.round(100 * figures, 2))
    return cell(mean, low, high, sign="+")


def regret_table(groups: Sequence[Group]) -> str:
    """Mean regret of what is recommended after so many trials, in percent."""
    rows = [[each.name, *(cell(*x) for x in 100 * each.curve.T)] for each in groups]
    return markdown(["mean regret, %, after trials", *_budgets(groups)], rows)


def good_table(groups: Sequence[Group]) -> str:
    """Share of studies that are as good as the best, in percent."""
    rows = [[each.name, *(f"{a:.0f} / {b:.0f}" for a, b in 100 * each.good.T)] for each in groups]
    most = " / ".join(f"{100 * share:g}" for share in GOOD)
    return markdown(
        [f"studies within {most} % of the best, %, after trials", *_budgets(groups)], rows
    )


def _budgets(groups: Sequence[Group]) -> list[str]:
    return [f"{budget:.0f}" for budget in max((each.budgets for each in groups), key=len)]


def foretold_table(kinds: Iterable[Foretold], names: Iterable[str], n_trials: int) -> str:
    """How many trials it took, by how many were told."""
    starts = [1, *(each + 1 for each in FORETOLD)]
    bins = [f"{a} to {b}" for a, b in zip(starts, FORETOLD)] + [f"more than {FORETOLD[-1]}"]
    rows = [
        [name, *(_came(*each) for each in zip(kind.times, kind.quartiles.T))]
        for kind, name in zip(kinds, names)
    ]
    return markdown([f"it took (in studies of {n_trials}), where it was told", *bins], rows)


def _came(times: float, quartiles: Floats) -> str:
    if not times:
        return ""
    low, middle, high = ("never" if np.isinf(x) else f"{x:.0f}" for x in quartiles)
    return f"{middle} <sub>{low} to {high}; {times:.0f} times</sub>"


def ends_table(ends: Iterable[Ends]) -> str:
    """How often it is said that the best value lies at an end, where it does and elsewhere."""
    rows = [
        [
            str(each.after),
            _share(each.told, each.n_at_end),
            _share(each.false_alarms, each.n_elsewhere),
        ]
        for each in ends
    ]
    return markdown(["after trials", "said where it is so", "said where it is not"], rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%} <sub>{part} of {whole}</sub>" if whole else ""
