"""How the page's sections name studies and write figures."""

from __future__ import annotations

import numpy as np

from benchmarks.reports.calibration.summary import Judged, Pruned, Replicated
from benchmarks.reports.tables import cell

KINDS = ("recommended arm", "all arms")


def judged_of(each: Pruned | Replicated, kind: str) -> Judged:
    """The intervals of one of KINDS."""
    return each.recommended if kind == KINDS[0] else each.arms


def pruner_name(each: Pruned) -> str:
    return "no pruner" if each.pruner == "none" else each.pruner


def sentence(words: str) -> str:
    """Names keep their capitals."""
    return words[0].upper() + words[1:]


def shares(one: Judged) -> list[str]:
    """(n_budgets,), percent that hold."""
    return ["" if np.isnan(s[0]) else cell(*s, digits=1) for s in 100 * one.holds.T]


def widths(one: Judged) -> list[str]:
    """(n_budgets,), median half-widths in percent."""
    return ["" if np.isnan(x) else f"{x:.2f}" for x in 100 * one.half_widths[1]]
