"""The page on workers that die: what deaths do to later proposals, and what more workers do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from benchmarks.reports import stats
from benchmarks.reports.intervals import estimate
from benchmarks.reports.provenance import made_by
from benchmarks.reports.tables import markdown
from benchmarks.workers.dying_workers import NOISE, TOLD, UNNOTICED, Key, n_late


def deaths_page(
    regret: Mapping[Key, stats.Floats], n_trials: int, *, seconds: float | None = None
) -> str:
    """The page: what deaths do, and what workers do."""
    n_problems, n_seeds, _ = next(iter(regret.values())).shape
    late = f"last {n_late(n_trials)} proposals"
    return "\n\n".join(
        [
            "# Workers that die",
            f"Mean regret in percent of the range once {n_trials} trials were told a value, with "
            f"95 % intervals over {n_problems} x {n_seeds} studies (synthetic curves, "
            f"{100 * NOISE:g} % noise; curves are drawn anew, then seeds): of the "
            f"{late} that were told, and of the best trial. A trial that dies has had "
            "its learning rate suggested and reports nothing; it stays RUNNING for ever, or is "
            "told as FAIL when it dies. Both studies meet the same deaths.",
            markdown(_head(["workers", "trials that die"], late, TOLD, UNNOTICED), _deaths(regret)),
            "## Workers side by side, at equal numbers of trials",
            markdown(
                _head(["trials that die", "what becomes of them"], late, "1 worker", "together"),
                _workers(regret),
            ),
            "## How this was made",
            made_by("noise-1pct/0", seconds=seconds),
        ]
    )


def _head(where: list[str], late: str, first: str, second: str) -> list[str]:
    figures = [f"{merit}: {what}" for merit in (late, "best trial") for what in (first, second)]
    return ["sampler", *where, *figures[:2], "difference", *figures[2:], "difference"]


def _deaths(regret: Mapping[Key, stats.Floats]) -> Iterator[list[str]]:
    for key, told in regret.items():
        if key.fate == TOLD:
            cells = _compared(told, regret.get(key._replace(fate=UNNOTICED)))
            yield [key.sampler, str(key.n_workers), f"{100 * key.rate:g} %", *cells]


def _workers(regret: Mapping[Key, stats.Floats]) -> Iterator[list[str]]:
    for key, together in regret.items():
        alone = regret.get(key._replace(n_workers=1))
        if key.n_workers > 1 and alone is not None:
            name = f"{key.sampler}, {key.n_workers} workers"
            fate = key.fate if key.rate else ""
            yield [name, f"{100 * key.rate:g} %", fate, *_compared(alone, together)]


def _compared(first: stats.Floats, second: stats.Floats | None) -> list[str]:
    """Cells (first, second, second - first) of late proposals, then of the best trial."""
    one = _cells(first)
    if second is None:
        return [one[0], "", "", one[1], "", ""]
    other, apart = _cells(second), _cells(second - first, sign="+")
    return [one[0], other[0], apart[0], one[1], other[1], apart[1]]


def _cells(values: stats.Floats, *, sign: str = "") -> list[str]:
    functions = list(map(str, range(len(values))))
    return [
        f"{mean:{sign}.2f} <sub>{a:{sign}.2f} to {b:{sign}.2f}</sub>"
        for mean, a, b in zip(*estimate(values, functions))
    ]
