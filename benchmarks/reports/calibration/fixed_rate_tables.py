"""The tables of fixed rates with several seeds each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.reports.calibration.settings import MEANINGS, REPLICATES, SEEDS_OF_RATES
from benchmarks.reports.calibration.summary import Replicated
from benchmarks.reports.calibration.wording import KINDS, judged_of, sentence, shares, widths
from benchmarks.reports.tables import markdown


def fixed_rate_tables(found: Sequence[Replicated]) -> Iterator[str]:
    """Paragraphs and tables of the section."""
    seeds = max(each.n_seeds for each in found)
    yield (
        f"{sentence(MEANINGS[REPLICATES])}; seeds of each problem: {seeds}. The pooled "
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
    of_kinds = [judged_of(each, kind) for kind in KINDS]
    for i, seeds in enumerate(SEEDS_OF_RATES):
        yield [
            f"{each.n_rates} rates, {seeds} seeds",
            *(shares(one)[i] for one in of_kinds),
            f"{100 * each.pooled_hold[i]:.1f}",
            *(widths(one)[i] for one in of_kinds),
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
