"""The sensitivity page: a table, what follows from it, and dot plots."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports.dots import DotChart, DotPanel, Dots, save_dots
from benchmarks.reports.provenance import made_by
from benchmarks.reports.stats import stratified_bootstrap
from benchmarks.reports.tables import markdown
from benchmarks.runs.sensitivity import (
    BUDGETS,
    DEFAULT,
    FACTORS,
    MERITS,
    MODES,
    N_WORKERS,
    Job,
    Outcomes,
    Setting,
    constants,
)

Floats = NDArray[np.float64]
N_RESAMPLES = 1000
FACTOR_NAMES = {0.5: "halved", 2.0: "doubled"}
COLORS = {0.5: "#1f4fd8", 2.0: "#d1495b"}
REGRETS = {"best": "best trial", "recommended": "recommended arm"}


class Change(NamedTuple):
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


class Comparison(NamedTuple):
    """A setting beside the default, over the same problems and seeds.

    Attributes:
        mode: One of MODES.
        setting: What was changed.
        changes: By merit of REGRETS.
        holds: Percent of the recommendations whose 95 % interval holds the true mean.
        half_width: Median half-width of that interval, in percent of (best - worst).
        identical: Whether every run has the default's trials and recommendations.
        same_interval: Whether every interval is the default's too.
    """

    mode: str
    setting: Setting
    changes: dict[str, Change]
    holds: float
    half_width: float
    identical: bool
    same_interval: bool


def write_page(outcomes: Outcomes, folder: Path) -> Path:
    """Write ``sensitivity.md`` and its figures; returns the page's path."""
    compared = comparisons(outcomes)
    sections = ["# Sensitivity of the policy's constants", _introduction(outcomes)]
    for merit, name in REGRETS.items():
        chart = change_chart(compared, merit)
        stem = f"sensitivity-{merit}"
        save_dots(chart, folder / "figures" / stem)
        image = f"![{chart.title}](figures/{stem}.png)\n\n[interactive](figures/{stem}.html)"
        sections += [f"## Regret of the {name}", image]
        sections += [
            _table([each for each in compared if each.mode == mode], outcomes, merit)
            for mode in MODES
            if _ran(compared, mode, merit)
        ]
    sections += ["## The recommendation's interval", _interval_table(compared, outcomes)]
    sections.insert(2, "\n".join(["## In short", "", *summary(compared)]))
    sections += ["## How this was made", made_by(next(iter(outcomes)).problem)]
    path = folder / "sensitivity.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


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
    changes = {
        merit: relative_change(default[:, :, at], changed[:, :, at])
        for at, merit in enumerate(REGRETS)
    }
    same = np.array([_equal(default[:, :, at], changed[:, :, at]) for at in range(len(MERITS))])
    return Comparison(
        mode,
        setting,
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


def relative_change(default: Floats, changed: Floats) -> Change:
    """Mean regret relative to the default's with 95 % intervals, in percent.

    Args:
        default: (n_problems, n_seeds, n_budgets), regret.
        changed: The same of the setting, with the same seeds.
    """
    n_budgets = default.shape[2]

    def statistic(regret: Floats) -> Floats:
        means = regret.mean(axis=(0, 1))
        log_ratio = np.log(means[n_budgets:] / means[:n_budgets])
        return np.asarray(100 * np.expm1(np.append(log_ratio, log_ratio.mean())))

    both = np.concatenate([default, changed], axis=2)
    rng = np.random.default_rng(0)
    low, high = stratified_bootstrap(both, statistic, rng, n_resamples=N_RESAMPLES)
    return Change(statistic(both), low, high)


def summary(compared: Iterable[Comparison]) -> list[str]:
    """Which constants matter, which do not, and what beats the default: computed, one line each."""
    by_constant: dict[str, list[Comparison]] = {}
    for each in compared:
        by_constant.setdefault(each.setting.constant, []).append(each)
    matter: list[str] = []
    idle: list[str] = []
    better: list[str] = []
    for constant, own in by_constant.items():
        verdicts = [_verdicts(each) for each in own]
        worse = [text for found in verdicts for kind, text in found if kind == "worse"]
        if worse:
            matter.append(f"  - `{constant}`: {'; '.join(worse)}")
        elif all(each.identical for each in own):
            note = "" if all(each.same_interval for each in own) else "; only its interval changes"
            idle.append(f"  - `{constant}`: every trial and recommendation is the same{note}")
        elif not any(verdicts):
            idle.append(f"  - `{constant}`: within {_bounds(own)}")
        better += [f"  - {text}" for found in verdicts for kind, text in found if kind == "better"]
    return [
        "Judged by the mean over the budgets and its whole 95 % interval; of so many comparisons "
        "about one in forty errs to either side by chance.",
        "",
        "- Worse when changed:",
        *(matter or ["  - none"]),
        "- No difference, halved or doubled:",
        *(idle or ["  - none"]),
        "- Better than the default:",
        *(better or ["  - none"]),
    ]


def _verdicts(each: Comparison) -> list[tuple[str, str]]:
    name = f"`{each.setting.constant}` {FACTOR_NAMES[each.setting.factor]}"
    where = "" if each.mode == "alone" else f", {each.mode}"
    return [
        (change.verdict, f"{name}, {REGRETS[merit]}{where}: {_figure(change, -1)} %")
        for merit, change in each.changes.items()
        if change.verdict
    ]


def _bounds(own: Iterable[Comparison]) -> str:
    ends = [(c.low[-1], c.high[-1]) for each in own for c in each.changes.values()]
    low, high = np.nanmin(ends), np.nanmax(ends)
    return f"{low:+.1f} to {high:+.1f} % (ends of the widest intervals)"


def _figure(change: Change, at: int) -> str:
    return f"{change.middle[at]:+.1f} ({change.low[at]:+.1f} to {change.high[at]:+.1f})"


def _introduction(outcomes: Outcomes) -> str:
    sizes = [
        f"{mode}: {_tasks(own)} x {own[0].n_seeds} seeds"
        for mode, own in ((mode, [j for j in outcomes if j.mode == mode]) for mode in MODES)
        if own
    ]
    return (
        "Each constant of `AdaptiveZooming` is halved and doubled with all others at their "
        "defaults, on the tuning tasks and with the seeds of the default. Figures are changes of "
        "the mean regret relative to the default's, in percent: +10 is a regret of 2.2 % where the "
        "default has 2 %; the mean over the budgets is geometric, and what changes nothing is left "
        "out of the figures. Intervals: 95 %, stratified bootstrap over the paired seeds of each "
        f"task. Modes: alone is one parameter and one worker; {N_WORKERS} workers share a study on "
        "a simulated clock, where `spacing` and `jitter` act; several parameters are recorded "
        "grids, where `mixing`, `share`, `least` and `profile_slope` act; landscapes: two peaks, "
        "a narrow one, a cliff beside the optimum, a plateau, no noise and much noise. "
        f"Runs: {'; '.join(sizes)}."
    )


def _tasks(jobs: Iterable[Job]) -> str:
    count = len({job.problem for job in jobs})
    return "1 task" if count == 1 else f"{count} tasks"


def _ran(compared: Iterable[Comparison], mode: str, merit: str) -> bool:
    own = [each for each in compared if each.mode == mode]
    return any(not np.isnan(each.changes[merit].middle).any() for each in own)


def _table(compared: list[Comparison], outcomes: Outcomes, merit: str) -> str:
    mode = compared[0].mode
    default, _ = _stacked({job: x for job, x in outcomes.items() if job.mode == mode}, DEFAULT)
    means = default[:, :, list(REGRETS).index(merit)].mean(axis=(0, 1))
    rows = [["default: mean regret", "", *(f"{100 * mean:.2f} %" for mean in means), "", ""]]
    for each in compared:
        change = each.changes[merit]
        figures = [
            f"{middle:+.1f} <sub>{low:+.1f} to {high:+.1f}</sub>"
            for middle, low, high in zip(change.middle, change.low, change.high)
        ]
        if change.is_none:
            figures = [""] * len(figures)
        (value,) = each.setting.changes.values()
        verdict = "no change" if change.is_none else change.verdict
        before = constants()[each.setting.constant]
        rows.append([each.setting.constant, f"{before:g} to {value:g}", *figures, verdict])
    heads = [f"after {budget}" for budget in BUDGETS]
    return markdown([f"{mode}: constant", "changed", *heads, "mean", "verdict"], rows)


def _interval_table(compared: Iterable[Comparison], outcomes: Outcomes) -> str:
    alone = {job: outcome for job, outcome in outcomes.items() if job.mode == "alone"}
    if not alone:
        return "Not judged: only studies of one parameter, alone, state it here."
    holds, half_width = _interval(_stacked(alone, DEFAULT)[0])
    rows = [["default", "", f"{holds:.1f} %", f"{half_width:.2f} %"]]
    for each in compared:
        if each.mode == "alone":
            (value,) = each.setting.changes.values()
            figures = f"{each.holds:.1f} %", f"{each.half_width:.2f} %"
            rows.append([each.setting.constant, f"{value:g}", *figures])
    budgets = ", ".join(map(str, BUDGETS))
    return markdown(
        ["constant", "value", f"holds the true mean (after {budgets})", "median half-width"], rows
    )


def change_chart(compared: list[Comparison], merit: str) -> DotChart:
    """One row per constant (and mode) that changes something, one panel per budget."""
    kept = [
        each
        for each in compared
        if _ran([each], each.mode, merit) and not each.changes[merit].is_none
    ]
    rows = list(dict.fromkeys((each.setting.constant, each.mode) for each in kept))
    titles = [*(f"after {budget} trials" for budget in BUDGETS), "mean of these"]
    panels = [
        DotPanel(title, "change of mean regret, %", _dots(kept, rows, merit, at), reference=0.0)
        for at, title in enumerate(titles)
    ]
    names = [name if mode == "alone" else f"{name}, {mode}" for name, mode in rows]
    title = f"Regret of the {REGRETS[merit]} relative to the default (95 % intervals)"
    return DotChart(title, "constant", names, panels)


def _dots(
    compared: Iterable[Comparison], rows: list[tuple[str, str]], merit: str, at: int
) -> list[Dots]:
    found = {(each.setting.constant, each.mode, each.setting.factor): each for each in compared}
    kinds = []
    for factor in FACTORS:
        points = np.full((3, len(rows)), np.nan)
        for row, (constant, mode) in enumerate(rows):
            each = found.get((constant, mode, factor))
            if each is not None:
                points[:, row] = [figures[at] for figures in each.changes[merit]]
        kinds.append(Dots(FACTOR_NAMES[factor], COLORS[factor], *points))
    return kinds
