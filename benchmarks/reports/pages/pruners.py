"""ZoomingPruner against the other pruners: the sections of a group's page."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.reports.summary import EPOCHS, Line, Summary
from benchmarks.reports.tables import OURS, cell, markdown
from benchmarks.rivals.pruners import PRUNERS


def sections(summary: Summary) -> list[str]:
    """Title, words and table, and where ZoomingPruner loses; none without pruned studies."""
    if not any(summary.pruned.values()):
        return []
    return [
        "## ZoomingPruner minus every other pruner, by epochs of training",
        "Difference of the best trial's mean regret, in points of percent, after equal epochs of "
        "training with the same sampler, problems and seeds; negative: ZoomingPruner is better. To "
        "where every run is still going on.",
        _table(summary),
        "### Where ZoomingPruner loses",
        "\n".join(
            [
                "Samplers, pruners and epochs at which the difference is above 0 with its whole "
                "95 % interval. No correction for the number of comparisons.",
                "",
                *(list(_losses(summary)) or ["Nowhere."]),
                "",
                "Worse in the mean only:",
                "",
                *(list(_losses(summary, beyond=False)) or ["Nowhere."]),
            ]
        ),
    ]


def _table(summary: Summary) -> str:
    rows = []
    for sampler, pruner, line in _lines(summary):
        figures = [cell(*each, sign="+") for each in _percent(line)]
        rows.append([f"{sampler}: minus {pruner}", *figures, *[""] * (len(EPOCHS) - len(figures))])
    return markdown(["after epochs", *map(str, EPOCHS)], rows)


def _losses(summary: Summary, *, beyond: bool = True) -> Iterator[str]:
    """Where the whole interval is above 0, or only the mean as it is shown."""
    for sampler, pruner, line in _lines(summary):
        places = [
            f"{epochs:.0f} epochs ({mean:+.2f}, {low:+.2f} to {high:+.2f})"
            for epochs, (mean, low, high) in zip(line.x, _percent(line))
            if low > 0 and beyond or low <= 0 < round(mean, 2) and not beyond
        ]
        if places:
            yield f"- sampler {sampler}, to {pruner}: after {'; '.join(places)}"


def _lines(summary: Summary) -> Iterator[tuple[str, str, Line]]:
    for sampler in sorted(summary.pruned, key=lambda name: name != OURS):
        for pruner in (name for name in PRUNERS if name in summary.pruned[sampler]):
            shown = "no pruner" if pruner == "none" else pruner
            yield sampler, shown, summary.pruned[sampler][pruner]


def _percent(line: Line) -> list[tuple[float, float, float]]:
    return list(zip(100 * line.mean, 100 * line.low, 100 * line.high))
