"""Outcomes -> every setting beside the default, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.compact import read_record, rounded
from benchmarks.reports.intervals import N_RESAMPLES, percentiles, resampled_means
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import Origin, origin_of
from benchmarks.reports.results_table import table_of
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell
from benchmarks.sensitivity.jobs import DEFAULT, MERITS, MODES, Outcomes, Setting, constants

Floats = NDArray[np.float64]
REGRETS = {"best": "best trial", "recommended": "recommended arm"}
FILE = "sensitivity.json"


@dataclass(frozen=True, eq=False)
class Change:
    """A setting's mean regret relative to the default's, in percent: (n_budgets + 1,) each.

    The last entry is the geometric mean of the ratios. Without runs of this kind all are NaN.
    """

    middle: Floats
    low: Floats
    high: Floats

    @property
    def is_none(self) -> bool:
        """Whether every run has the default's regret."""
        return not (self.low.any() or self.high.any())

    @property
    def verdict(self) -> str:
        """Whether the mean over the budgets differs from 0 with its whole interval."""
        return "worse" if self.low[-1] > 0 else "better" if self.high[-1] < 0 else ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A setting beside the default, over the same problems and seeds.

    Attributes:
        mode: One of MODES.
        constant, factor: What was changed.
        before, value: The constant's default, and what it was changed to.
        changes: By merit of REGRETS.
        holds: Percent of the recommendations whose 95 % interval holds the true mean.
        half_width: Median half-width of that interval, in percent of (best - worst).
        identical: Whether every run has the default's trials and recommendations.
        same_interval: Whether every interval is the default's too.
    """

    mode: str
    constant: str
    factor: float
    before: float
    value: float
    changes: dict[str, Change]
    holds: float
    half_width: float
    identical: bool
    same_interval: bool


@dataclass(frozen=True, eq=False)
class Mode:
    """What was run in a mode, and the default's mean regret: by merit of REGRETS, (n_budgets,)."""

    name: str
    problems: tuple[str, ...]
    n_seeds: int
    default: dict[str, Floats]


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Everything that the page shows.

    holds, half_width: The default's, alone, as in a comparison; NaN if that was not run.
    tables_drawn: Whether intervals draw tables anew too; in older files seeds only.
    """

    modes: tuple[Mode, ...]
    comparisons: tuple[Comparison, ...]
    holds: float
    half_width: float
    origin: Origin
    tables_drawn: bool = False


def summarise(
    outcomes: Outcomes,
    *,
    made_by: Sequence[MadeBy] = (),
    fingerprints: Mapping[Cell, Mapping[str, str]] | None = None,
) -> Sensitivity:
    """The summary of some outcomes, its figures rounded as in a file.

    Args:
        outcomes: Of the default and of other settings.
        made_by: The commands that made them, as far as they are known.
        fingerprints: Of the code that made them; None for this checkout's.
    """
    if fingerprints is None:
        cells = dict.fromkeys(Cell(job.problem, "zooming", "none") for job in outcomes)
        fingerprints = {cell: fingerprint_of(cell) for cell in cells}
    alone = {job: outcome for job, outcome in outcomes.items() if job.mode == "alone"}
    interval = _interval(_stacked(alone, DEFAULT)[0]) if alone else (np.nan, np.nan)
    modes = (_mode(name, outcomes) for name in MODES)
    found = Sensitivity(
        tuple(mode for mode in modes if mode.problems),
        tuple(comparisons(outcomes)),
        *interval,
        origin_of(fingerprints, made_by),
        tables_drawn=True,
    )
    return rounded(found)


def _mode(name: str, outcomes: Outcomes) -> Mode:
    own = {job: outcome for job, outcome in outcomes.items() if job.mode == name}
    problems = tuple(dict.fromkeys(job.problem for job in own))
    if not own:
        return Mode(name, problems, 0, {})
    means = _stacked(own, DEFAULT)[0].mean(axis=(0, 1))
    default = {merit: means[at] for at, merit in enumerate(REGRETS)}
    return Mode(name, problems, next(iter(own)).n_seeds, default)


def comparisons(outcomes: Outcomes) -> list[Comparison]:
    """Every setting but the default beside it."""
    found = []
    for mode in MODES:
        own = {job: outcome for job, outcome in outcomes.items() if job.mode == mode}
        for setting in dict.fromkeys(job.setting for job in own):
            if setting != DEFAULT:
                found.append(_compared(mode, setting, own))
    return found


def _compared(mode: str, setting: Setting, outcomes: Outcomes) -> Comparison:
    default, trials = _stacked(outcomes, DEFAULT)
    changed, changed_trials = _stacked(outcomes, setting)
    tables = [table_of(job.problem) for job in outcomes if job.setting == setting]
    changes = {
        merit: relative_change(default[:, :, at], changed[:, :, at], tables)
        for at, merit in enumerate(REGRETS)
    }
    same = np.array([_equal(default[:, :, at], changed[:, :, at]) for at in range(len(MERITS))])
    (value,) = setting.changes.values()
    return Comparison(
        mode,
        setting.constant,
        setting.factor,
        float(constants()[setting.constant]),
        float(value),
        changes,
        *_interval(changed),
        identical=trials == changed_trials and bool(same[: len(REGRETS)].all()),
        same_interval=bool(same[len(REGRETS) :].all()),
    )


def _stacked(outcomes: Outcomes, setting: Setting) -> tuple[Floats, list[list[str]]]:
    """(n_problems, n_seeds, n_merits, n_budgets) and each run's key of its trials."""
    own = [outcome for job, outcome in outcomes.items() if job.setting == setting]
    return np.stack([outcome.merits for outcome in own]), [outcome.trials for outcome in own]


def _equal(one: Floats, other: Floats) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


def _interval(merits: Floats) -> tuple[float, float]:
    """(share that holds, median half-width), in percent; NaN where there is no interval."""
    holds, widths = (merits[:, :, MERITS.index(name)] for name in ("holds", "half_width"))
    return 100 * float(holds.mean()), 100 * float(np.median(widths))


def relative_change(default: Floats, changed: Floats, tables: Sequence[str]) -> Change:
    """Mean regret relative to the default's with 95 % intervals, in percent.

    Args:
        default: (n_problems, n_seeds, n_budgets), regret.
        changed: The same of the setting, with the same seeds.
        tables: (n_problems,), the recorded table of each problem.
    """
    middle = _percent(default.mean(axis=(0, 1)), changed.mean(axis=(0, 1)))
    resampled = [resampled_means(regret, tables, N_RESAMPLES) for regret in (default, changed)]
    return Change(middle, *percentiles(_percent(*resampled)))


def _percent(default: Floats, changed: Floats) -> Floats:
    """(..., n_budgets + 1): how much larger, and the geometric mean of the ratios, in percent."""
    log_ratio = np.log(changed / default)
    both = np.concatenate([log_ratio, log_ratio.mean(axis=-1, keepdims=True)], axis=-1)
    return np.asarray(100 * np.expm1(both))


def read_summary(folder: Path) -> Sensitivity:
    """The saved summary.

    Raises:
        UserError: If there is none, or it is damaged.
    """
    return read_record(Sensitivity, folder / FILE, remedy="python -m benchmarks sensitivity")
