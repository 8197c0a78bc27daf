"""Ranges of learning rates: such as users choose, and with the best rate anywhere in them."""

from __future__ import annotations

import binascii
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from benchmarks.recording.curves import Curves

Range = tuple[float, float]

# Parts of a range in which its best rate may lie, lowest first.
N_STRATA = 6
# Powers of ten that a range spans.
NARROWEST, WIDEST = 2.0, 7.0


def sub_ranges(curves: Curves, *, count: int = 2) -> list[Range]:
    """Ranges such as users choose, always the same ones for a table of this name.

    Each is 2 to 5 decades wide (less where the table is narrower), ends on round rates (one
    significant digit), lies within the recorded rates and contains a rate of at most 2 % regret
    or misses it by at most a quarter of a decade.

    Args:
        curves: The recorded table.
        count: How many ranges, all different.

    Returns:
        Pairs (low, high).
    """
    rng = np.random.default_rng(binascii.crc32(curves.name.encode()))
    rates, mean = np.log10(curves.learning_rates), curves.mean_accuracy[:, -1]
    good = rates[mean >= mean.max() - 0.02 * (mean.max() - mean.min())]
    ranges: list[Range] = []
    while len(ranges) < count:
        width = rng.uniform(2, 5)
        start = rng.uniform(rates[0], max(rates[0], rates[-1] - width))
        candidate = _round_range(start, min(start + width, rates[-1]), rates)
        near = (good >= np.log10(candidate[0]) - 0.25) & (good <= np.log10(candidate[1]) + 0.25)
        if near.any() and candidate not in ranges:
            ranges.append(candidate)
    return ranges


def _round_range(start: float, end: float, rates: NDArray[np.float64]) -> Range:
    """Round both ends (log10) to one significant digit without leaving the recorded rates."""
    low, high = float(f"{10**start:.0e}"), float(f"{10**end:.0e}")
    if low < 10 ** rates[0]:
        low = float(10 ** rates[0])
    if high > 10 ** rates[-1]:
        high = float(10 ** rates[-1])
    return low, high


def ranges_anywhere(name: str, rates: NDArray[np.float64], best: float) -> list[Range]:
    """One range for each of ``N_STRATA``: the best rate lies anywhere in that part of the range.

    Always the same ones for a table of this name: width uniform in 2 to 7 decades, place of the
    best rate uniform in the part, drawn again until the range lies within the recorded rates.
    Rounded to three significant digits.

    Args:
        name: Of the table.
        rates: (n_rates,), increasing, the recorded ones.
        best: The best rate.

    Returns:
        (N_STRATA,) pairs (low, high), the part with the lowest rates first.
    """
    rng = np.random.default_rng([binascii.crc32(name.encode()), N_STRATA])
    lowest, highest, at = math.log10(rates[0]), math.log10(rates[-1]), math.log10(best)
    ranges: list[Range] = []
    while len(ranges) < N_STRATA:
        place = (len(ranges) + rng.random()) / N_STRATA
        width = rng.uniform(NARROWEST, WIDEST)
        low = float(f"{10 ** (at - place * width):.3g}")
        high = float(f"{10 ** (at + (1 - place) * width):.3g}")
        if 10**lowest <= low and high <= 10**highest:
            ranges.append((low, high))
    return ranges
