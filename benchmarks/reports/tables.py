"""The report's tables as Markdown, made from saved rows only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.reports import stats
from benchmarks.reports.plots import base_name, compared_by_trials
from benchmarks.reports.results_table import TARGETS, Key, Merit, ResultsTable

Floats = NDArray[np.float64]
OURS = Key("zooming", "none")
BUDGETS = (3, 5, 8, 10, 15, 20, 30, 50, 100)
N_RESAMPLES = 1000


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def regret_table(table: ResultsTable, *, interquartile: bool) -> str:
    """Mean, or interquartile mean, of the regret by budget with 95 % intervals, in percent."""
    statistic = stats.interquartile_mean if interquartile else stats.mean_over_runs
    rows = []
    for key in compared_by_trials(table):
        rows.append([f"**{key}**" if key == OURS else str(key), *_cells(table, key, statistic)])
        if key.sampler.startswith("zooming"):
            cells = _cells(table, key, statistic, "recommended_regret")
            rows.append([f"{key}: recommended arm", *cells])
    return markdown(["after trials", *map(str, BUDGETS), "runs"], rows)


def _cells(
    table: ResultsTable,
    key: Key,
    statistic: Callable[[Floats], Floats],
    merit: Merit = "best_regret",
) -> list[str]:
    whole = table.array(merit, key)
    shown = [budget for budget in BUDGETS if budget <= whole.shape[-1]]
    regret = whole[..., [budget - 1 for budget in shown]]
    rng = np.random.default_rng(0)
    low, high = stats.stratified_bootstrap(regret, statistic, rng, n_resamples=N_RESAMPLES)
    figures = [
        f"{100 * middle:.2f} <sub>{100 * a:.2f} to {100 * b:.2f}</sub>"
        for middle, a, b in zip(statistic(regret), low, high)
    ]
    missing = [""] * (len(BUDGETS) - len(shown))
    return [*figures, *missing, f"{regret.shape[0]} x {regret.shape[1]}"]


def target_table(table: ResultsTable) -> str:
    """First trial at which the mean regret is at most a target, the median run's, and more."""
    rows = []
    for key in compared_by_trials(table):
        regret = table.array("best_regret", key)
        curve = stats.mean_over_runs(regret)
        of_mean = [_count(stats.first_at_or_below(curve, target)) for target in TARGETS]
        of_runs = [_count(stats.median_run_to(regret, target)) for target in TARGETS]
        seconds = table.array("sampler_seconds", key).mean()
        area = 100 * stats.area_under_curve(regret)
        n_trials = regret.shape[-1]
        rows.append(
            [str(key), *of_mean, *of_runs, f"{area:.2f}", str(n_trials), f"{1000 * seconds:.2f}"]
        )
    levels = [f"{100 * target:g} %" for target in TARGETS]
    head = [
        "sampler",
        *(f"mean to {level}" for level in levels),
        *(f"median run to {level}" for level in levels),
        "area under curve, %",
        "over trials",
        "sampler, ms per trial",
    ]
    return markdown(head, rows)


def rank_table(table: ResultsTable) -> str:
    """Mean rank by budget among the samplers that have every run."""
    keys = complete_keys(table)
    ranks = stats.mean_ranks([table.array("best_regret", key, *keys) for key in keys])
    shown = [budget for budget in BUDGETS if budget <= ranks.shape[-1]]
    order = np.argsort(ranks[:, [budget - 1 for budget in shown]].mean(axis=1))
    rows = [[str(keys[i]), *(f"{ranks[i, budget - 1]:.2f}" for budget in shown)] for i in order]
    return markdown(["mean rank after trials", *map(str, shown)], rows)


def complete_keys(table: ResultsTable) -> list[Key]:
    """Samplers without a pruner with as many problems, seeds and trials as any."""
    sizes = {key: _size(table, key) for key in compared_by_trials(table)}
    most = max(sizes.values(), default=(0, 0, 0))
    return [key for key, size in sizes.items() if size == most]


def _size(table: ResultsTable, key: Key) -> tuple[int, int, int]:
    problems, seeds, n_trials = table.shape(key)
    return len(problems), len(seeds), n_trials


def epoch_table(table: ResultsTable) -> str:
    """Epochs of training until the mean regret is at most a target, by pruner."""
    rows = []
    for key in sorted(table.keys, key=lambda key: (key.pruner, key.sampler != "zooming")):
        regret, epochs = table.array("best_regret", key), table.array("epochs", key)
        curve = stats.mean_over_runs(stats.by_epochs(regret, epochs, int(epochs.sum(-1).max())))
        reached = [_count(stats.first_at_or_below(curve, target)) for target in TARGETS]
        per_trial, runs = epochs.mean(), f"{regret.shape[0]} x {regret.shape[1]}"
        rows.append([key.pruner, key.sampler, *reached, f"{per_trial:.1f}", runs])
    levels = [f"epochs to {100 * target:g} %" for target in TARGETS]
    return markdown(["pruner", "sampler", *levels, "epochs per trial", "runs"], rows)


def paired_table(table: ResultsTable) -> str:
    """Ours minus each rival over the same problems and seeds, in points of percent."""
    rows = []
    for rival in compared_by_trials(table):
        if rival.sampler.startswith("zooming"):
            continue
        shown = [budget for budget in BUDGETS if budget <= table.shape(OURS, rival)[2]]
        mean, low, high = _paired(table, rival, shown)
        figures = [
            f"{100 * m:+.2f} <sub>{100 * a:+.2f} to {100 * b:+.2f}</sub>"
            for m, a, b in zip(mean, low, high)
        ]
        rows.append([str(rival), *figures, *[""] * (len(BUDGETS) - len(shown))])
    return markdown(["ours minus", *(f"after {budget}" for budget in BUDGETS)], rows)


def losses(table: ResultsTable) -> list[str]:
    """Every problem, budget and rival where ours is worse by more than the 95 % interval."""
    found = []
    for base in dict.fromkeys(base_name(name) for name in table.problems):
        own = table.restricted(name for name in table.problems if base_name(name) == base)
        for rival in compared_by_trials(own):
            if rival.sampler.startswith("zooming") or OURS not in own.keys:
                continue
            shown = [budget for budget in BUDGETS if budget <= own.shape(OURS, rival)[2]]
            mean, low, high = _paired(own, rival, shown)
            places = [
                f"{budget} trials ({100 * m:+.2f}, {100 * a:+.2f} to {100 * b:+.2f})"
                for budget, m, a, b in zip(shown, mean, low, high)
                if a > 0
            ]
            if places:
                found.append(f"- {base}, to {rival}: after {'; '.join(places)}")
    return found


def calibration_table(table: ResultsTable) -> str:
    """How often the recommended arm's 95 % interval holds the true mean, and how wide it is."""
    key = OURS
    holds, width = table.array("interval_holds", key), table.array("interval_width", key)
    budgets = [b for b in BUDGETS if b <= holds.shape[-1] and not np.isnan(holds[..., b - 1]).all()]
    share = [f"{100 * np.nanmean(holds[..., b - 1]):.1f} %" for b in budgets]
    median = [f"{100 * np.nanmedian(width[..., b - 1]):.2f} %" for b in budgets]
    rows = [["holds the true mean", *share], ["median width, of the range", *median]]
    return markdown(["95 % interval after trials", *map(str, budgets)], rows)


def _paired(
    table: ResultsTable, rival: Key, budgets: Sequence[int]
) -> tuple[Floats, Floats, Floats]:
    at = [budget - 1 for budget in budgets]
    ours = table.array("best_regret", OURS, rival)[..., at]
    theirs = table.array("best_regret", rival, OURS)[..., at]
    rng = np.random.default_rng(0)
    return stats.paired_difference(ours, theirs, rng, n_resamples=N_RESAMPLES)


def _count(number: float) -> str:
    return "never" if np.isinf(number) else f"{number:g}"
