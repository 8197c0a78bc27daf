"""The page on stopping: what follows, the rules by group, how many trials, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.problems.groups import GROUPS, group_names
from benchmarks.reports.drawing.charts import save_lines
from benchmarks.reports.intervals import how_drawn
from benchmarks.reports.provenance import origin_lines
from benchmarks.stopping.figure import PARAMETERS, stopping_chart
from benchmarks.stopping.rows import RULES_SOURCE, code_of_rows
from benchmarks.stopping.rules import NOT_BETTER, RULES, TOLD_ERROR
from benchmarks.stopping.settings import EACH, EVERY
from benchmarks.stopping.summarise import fingerprint_of_problems
from benchmarks.stopping.summary import FILE, Group, Stopping
from benchmarks.stopping.tables import (
    ends_table,
    foretold_table,
    good_table,
    regret_table,
    rule_table,
)

ABOUT = (
    "After each trial of a study by ZoomingSampler every rule is asked, as a callback would be, "
    "whether it would stop; the first time counts, and a rule that never stops counts with all "
    "trials. Regret is that of `recommended_params`, noise-free, in percent of (best - worst). "
    "Saved are trials of the whole study, and of one of 50. A study stopped too early if what is "
    "recommended after all trials is better by more than so many percent of (best - worst). "
    '"To as many trials in each study" is the regret at the stop less that of all studies after '
    "the rule's mean number of trials: above 0, a fixed number would have been the better rule."
)
OF_RULES = (
    "`StopWhenSure()` is the callback with its defaults. Of Optuna (deprecated since 4.9, gone in "
    "6), always from 20 trials on: Terminator with its default bound of the regret, which wants "
    "errors of cross-validation; told a constant error instead, "
    f"{TOLD_ERROR:.0%} of the true (best - worst), which nobody knows who tunes: an advantage; "
    "Terminator with EMMREvaluator and MedianErrorEvaluator, from 30 trials on; and 30 (its "
    "default) or 10 trials without a new best value. No new best in so many trials: none better "
    f"than the best before by {NOT_BETTER:.1%} of the range of values (of the first ten trials)."
)


def write_page(summary: Stopping, folder: Path, *, html: bool = False) -> Path:
    """Write ``stopping.md`` and its figure; returns the page's path."""
    chart = stopping_chart(summary)
    save_lines(chart, folder / "figures" / "stopping", html=html)
    sections = [
        "# When to stop",
        f"{ABOUT} {how_drawn(True)}",
        f"{OF_RULES} {_slow(summary)}",
        f"![{chart.title}](figures/stopping.png)",
        "## In short",
        "\n".join(in_short(summary)),
        "## How many trials do I need?",
        "The recommendation after so many trials, whether a rule is asked or not.",
        regret_table(summary.groups),
        good_table(summary.groups),
        *_told(summary),
    ]
    for group in summary.groups:
        sections += [f"## {group.name.capitalize()}", _runs(group), rule_table(group, summary)]
    sections += ["## How this was made", "\n".join(_provenance(summary))]
    path = folder / "stopping.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def in_short(summary: Stopping) -> Iterator[str]:
    """Which rules know when to stop, and which would better be a number: one line each."""
    yield from _verdicts(
        summary,
        "Better than as many trials in each study, with the whole interval:",
        lambda low, high: high < 0,
    )
    yield from _verdicts(
        summary,
        "Worse than as many trials in each study, with the whole interval:",
        lambda low, high: low > 0,
    )


def _verdicts(
    summary: Stopping, title: str, holds: Callable[[float, float], bool]
) -> Iterator[str]:
    yield f"- {title}"
    found = False
    for at, name in enumerate(summary.rules):
        if name in RULES and RULES[name].kind == "fixed":
            continue
        places = [
            f"{group.name} ({100 * mean:+.2f}, {100 * low:+.2f} to {100 * high:+.2f})"
            for group in summary.groups
            for mean, low, high in [group.to_fixed[:, at]]
            if holds(low, high)
        ]
        if places:
            found = True
            yield f"  - {name}: {'; '.join(places)}"
    if not found:
        yield "  - none"


def _slow(summary: Stopping) -> str:
    slow = [name for name in summary.rules if name in RULES and RULES[name].slow]
    if not slow:
        return ""
    fewer = (
        f", and in {summary.slow_seeds} of {summary.n_seeds} seeds of each problem"
        if summary.slow_seeds < summary.n_seeds
        else ""
    )
    return (
        f"{' and '.join(slow)} fit Gaussian processes for a tenth of a second: beyond {EACH} "
        f"trials they are asked after every {EVERY}th{fewer}."
    )


def _told(summary: Stopping) -> Iterator[str]:
    yield "## Is what `explain` says true?"
    yield (
        '"Make about so many more trials": how many it took until `StopWhenSure()` stopped, median '
        "with quartiles; never: not within the study."
    )
    kinds = [each for each in summary.foretold if each.times.any()]
    if kinds:
        names = [PARAMETERS[each.one_parameter] for each in kinds]
        yield foretold_table(kinds, names, summary.n_trials)
    if any(each.n_at_end + each.n_elsewhere for each in summary.ends):
        yield (
            '"Widen the range": said in so many studies where the best value of the only parameter '
            "lies within 5 % of an end of its range, and where it does not."
        )
        yield ends_table(summary.ends)


def _runs(group: Group) -> str:
    seeds = "1 seed" if group.n_seeds == 1 else f"{group.n_seeds} seeds"
    return (
        f"{GROUPS[group.name].capitalize()}; {group.n_problems} problems on {group.n_tables} "
        f"tables or functions, {seeds} of each."
    )


def _provenance(summary: Stopping) -> list[str]:
    groups = " ".join(group.name for group in summary.groups)
    lines = [
        "- the same again, but for the rows that are saved in FOLDER: `python -m benchmarks "
        f"stopping --groups {groups} --seeds {summary.n_seeds} --slow-seeds {summary.slow_seeds} "
        f"--trials {summary.n_trials} --out FOLDER`",
        f"- this page and its figure from `{FILE}` here: `python -m benchmarks report`; from what "
        "was made in FOLDER: `python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]
    if summary.rules_source != code_of_rows()[RULES_SOURCE]:
        lines.append("- **the code that says when to stop has changed since**")
    changed = [group.name for group in summary.groups if not _are_here(group)]
    if changed:
        lines.append(f"- **problems have changed since**: in {', '.join(changed)}")
    return lines


def _are_here(group: Group) -> bool:
    return group.problems == fingerprint_of_problems(group_names(group.name))
