"""How often intervals hold the true mean, and how wide they are, from rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from benchmarks.reports.calibration.summary import Judged
from benchmarks.reports.intervals import LEVEL, N_RESAMPLES, resampled_means
from benchmarks.reports.results_table import Key, ResultsTable

Floats = NDArray[np.float64]
QUARTILES = (0.25, 0.5, 0.75)


class Counts(NamedTuple):
    """Intervals of each study, (n_problems, n_seeds, n_budgets); NaN or 0 where none is judged.

    half_widths: Of the finite ones, fractions of (best - worst); NaN where there are none.
    """

    judged: Floats
    hold: Floats
    unknown: Floats
    half_widths: Floats

    @property
    def share(self) -> Floats:
        """Share that holds, NaN where nothing is judged."""
        return _ratio(self.hold, self.judged)


def recommended_counts(table: ResultsTable, key: Key, budgets: Sequence[int]) -> Counts:
    """The recommended arm's interval of every study."""
    at = np.array(budgets, dtype=int) - 1
    hold = table.array("interval_holds", key)[..., at]
    width = table.array("interval_width", key)[..., at]
    judged = np.where(np.isnan(hold), np.nan, 1.0)
    known = np.isfinite(width)
    return Counts(judged, hold, judged * ~known, np.where(known, width / 2, np.nan))


def arms_counts(table: ResultsTable, key: Key, budgets: Sequence[int]) -> Counts:
    """The intervals of all active arms of every study."""
    at = np.array(budgets, dtype=int) - 1
    return Counts(
        table.array("arms_judged", key)[..., at],
        table.array("arms_hold", key)[..., at],
        table.array("arms_unknown", key)[..., at],
        table.array("arms_width", key)[..., at] / 2,
    )


def judged(counts: Counts, tables: Sequence[str], *, one_each: bool) -> Judged:
    """What the page says of some intervals.

    Args:
        counts: The intervals.
        tables: (n_problems,), the table of each problem.
        one_each: Whether a study has a single interval: then the share's interval is Wilson's, of
            counts, else a bootstrap's over tables and seeds.
    """
    share = counts.share
    known = counts.judged - counts.unknown
    low, high = _wilson(share) if one_each else _bootstrap(share, tables)
    return Judged(
        studies=(counts.judged > 0).sum(axis=(0, 1)).astype(np.float64),
        arms=short(_over_studies(counts.judged)),
        holds=short(np.stack([_over_studies(share), low, high])),
        known_hold=short(_over_studies(_ratio(counts.hold - counts.unknown, known))),
        unknown=short(_over_studies(_ratio(counts.unknown, counts.judged))),
        half_widths=short(quantiles(counts.half_widths)),
    )


def short(values: Floats) -> Floats:
    """Rounded to hundredths of a percent, which is all that a page shows: the file stays small."""
    return np.asarray(np.round(values, 4))


def _ratio(part: Floats, whole: Floats) -> Floats:
    some = whole > 0
    return np.where(some, part / np.where(some, whole, 1), np.nan)


def _over_studies(values: Floats) -> Floats:
    """(n_budgets,), mean of what is known, NaN where nothing is."""
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0).sum(axis=(0, 1)), known.sum(axis=(0, 1)))


def quantiles(values: Floats, at: Sequence[float] = QUARTILES) -> Floats:
    """(n, n_budgets), quantiles over studies of what is known, NaN where nothing is."""
    columns = [column[~np.isnan(column)] for column in values.reshape(-1, values.shape[-1]).T]
    found = [np.quantile(each, at) if each.size else np.full(len(at), np.nan) for each in columns]
    return np.asarray(np.array(found).reshape(-1, len(at)).T)


def _wilson(share: Floats) -> tuple[Floats, Floats]:
    ends = []
    for column in share.reshape(-1, share.shape[-1]).T:
        known = column[~np.isnan(column)]
        if known.size == 0:
            ends.append((np.nan, np.nan))
            continue
        test = scipy_stats.binomtest(int(known.sum()), known.size)
        wilson = test.proportion_ci(method="wilson")
        ends.append((wilson.low, wilson.high))
    low, high = np.array(ends).reshape(-1, 2).T
    return low, high


def _bootstrap(share: Floats, tables: Sequence[str]) -> tuple[Floats, Floats]:
    known = ~np.isnan(share)
    if known.shape[0] * known.shape[1] < 2:
        # A single run says nothing of its spread.
        return np.full(share.shape[-1], np.nan), np.full(share.shape[-1], np.nan)
    sums = resampled_means(np.where(known, share, 0), tables, N_RESAMPLES)
    numbers = resampled_means(known.astype(np.float64), tables, N_RESAMPLES)
    # A resample without a judgement says nothing.
    low, high = quantiles(_ratio(sums, numbers), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return low, high
