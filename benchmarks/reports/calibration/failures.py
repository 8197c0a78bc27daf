"""What the page says first: where intervals and recommendations fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.reports.calibration.summary import Group, Pruned
from benchmarks.reports.calibration.wording import KINDS, judged_of, pruner_name

STATED = 0.95


def failures(groups: Sequence[Group]) -> Iterator[str]:
    """What is below the stated share, or worse than ``study.best_trial``, beyond the interval."""
    for kind in KINDS:
        found = [
            f"{group.name}, {pruner_name(each)}: {places}"
            for group in groups
            for each in group.pruned
            if (places := _below(each, kind))
        ]
        yield f"- {kind}, share below 95 % with its whole interval:{_listed(found)}"
    worse = [
        f"{group.name}, {pruner_name(each)}: {places}"
        for group in groups
        for each in group.pruned
        if (places := _worse(each))
    ]
    yield f"- recommendation worse than `study.best_trial`, in points of percent:{_listed(worse)}"


def _listed(found: Sequence[str]) -> str:
    return "".join(f"\n  - {each}" for each in found) or " nowhere"


def _below(each: Pruned, kind: str) -> str:
    share, _, high = judged_of(each, kind).holds
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
