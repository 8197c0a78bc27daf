"""Where ours is worse than a rival by more than the interval."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.reports.several.parts import ALL
from benchmarks.reports.several.summary import Part, SeveralSummary
from benchmarks.reports.summary import Line


def sections(summary: SeveralSummary) -> list[str]:
    """Every part, rival and budget, then every problem on which a variant of TPE is ahead."""
    intro = (
        "Where the paired difference of the best trial's regret, in points of percent, is above 0 "
        "with its whole 95 % interval. No correction for the number of comparisons."
    )
    behind = [each for each in summary.single if any(map(_places, _differences(each)))]
    count = f"{len(behind)} of {len(summary.problems)} problems"
    return [
        intro,
        "\n".join(_lines(summary.parts)) or "Nowhere.",
        f"**Problems on which a variant of TPE is ahead** ({count}; intervals over their seeds):",
        "\n".join(_lines(behind)) or "None.",
    ]


def _lines(parts: Iterable[Part]) -> Iterator[str]:
    """One for each part and what is lost on it; rivals to which the same is lost share it."""
    for part in parts:
        rivals: dict[str, list[str]] = {}
        for each in part.versus:
            places = "; ".join(_places(each.difference))
            if places:
                rivals.setdefault(places, []).append(each.rival)
        for places, names in rivals.items():
            yield f"- {_label(part)}, to {' and '.join(names)}: after {places}"


def _label(part: Part) -> str:
    return f"**{part.name}**" if part.by == ALL else part.name


def _differences(part: Part) -> list[Line]:
    return [each.difference for each in part.versus]


def _places(line: Line) -> list[str]:
    return [
        f"{budget:.0f} trials ({100 * mean:+.2f}, {100 * low:+.2f} to {100 * high:+.2f})"
        for budget, mean, low, high in zip(line.x, line.mean, line.low, line.high)
        if low > 0
    ]
