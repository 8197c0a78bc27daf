"""Asynchronous workers on a simulated clock: wall-clock time to a target, and duplicates.

Time is counted in epochs: an epoch takes 1 in the mean, each trial at a pace of its own. A worker
asks for a trial while the others are running and tells it when it ends. Examples:
  python -m benchmarks parallel
  python -m benchmarks parallel --problems tuning --samplers zooming --workers 1 4 8 16
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import gzip
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import select_problems
from benchmarks.problems.noise import run_seed
from benchmarks.reports import charts, stats
from benchmarks.reports.plots import COLORS, OTHER
from benchmarks.reports.tables import markdown
from benchmarks.rivals.pruners import PRUNERS
from benchmarks.rivals.samplers import select_samplers
from benchmarks.runs.processes import map_unordered
from benchmarks.workers.simulation import Job, SimulatedRun, simulate

TARGETS = (0.02, 0.01)
TICKS = 4  # of the clock per epoch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--problems", nargs="+", default=["reporting"], metavar="NAME")
    parser.add_argument(
        "--samplers", nargs="+", default=["zooming", "tpe", "random", "cmaes"], metavar="NAME"
    )
    parser.add_argument("--pruner", choices=list(PRUNERS), default="none")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 4, 8], metavar="N")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int, default=60, help="of all workers together")
    parser.add_argument("--jobs", type=int, help="processes (default: one per core)")
    parser.add_argument("--out", type=Path, default=RESULTS)


def main(args: argparse.Namespace) -> int:
    problems = select_problems(args.problems)
    if not problems:
        raise UserError(f"no problems in {' '.join(args.problems)}: record tables first.")
    jobs = [
        Job(problem, sampler, args.pruner, n_workers, run_seed(problem, seed), args.trials)
        for sampler in select_samplers(args.samplers)
        for n_workers in args.workers
        for problem in problems
        for seed in range(args.seeds)
    ]
    with contextlib.closing(map_unordered(simulate, jobs, n_jobs=args.jobs)) as results:
        runs = dict(tqdm(results, total=len(jobs), unit="study", mininterval=1))
    write_rows({job: runs[job] for job in jobs}, args.out / f"parallel-{args.pruner}.csv.gz")
    page = report({job: runs[job] for job in jobs}, args.out, args.pruner)
    print(page)
    return 0


def write_rows(runs: dict[Job, SimulatedRun], path: Path) -> None:
    """One row per trial, in the order in which they ended."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*Job._fields[:-1], *SimulatedRun._fields])
        for job, run in runs.items():
            for ended, regret, near in zip(*run):
                writer.writerow([*job[:-1], f"{ended:.4f}", f"{regret:.6g}", int(near)])


def report(runs: dict[Job, SimulatedRun], folder: Path, pruner: str) -> str:
    """Write the page and its figure; returns the page's table."""
    groups = _grouped(runs)
    length = int(max(run.ended[-1] for run in runs.values()))
    curves = {key: _regret_by_time(own, length) for key, own in groups.items()}
    rows = []
    for (sampler, n_workers), own in groups.items():
        times = [_time_to(curves[sampler, n_workers], target) for target in TARGETS]
        alone = curves.get((sampler, 1))
        faster = [
            "" if alone is None else _ratio(_time_to(alone, target), time)
            for target, time in zip(TARGETS, times)
        ]
        duplicates = 100 * np.mean([run.near_duplicate.mean() for run in own])
        shown = ["never" if np.isinf(time) else f"{time:.0f}" for time in times]
        rows.append([sampler, str(n_workers), *shown, *faster, f"{duplicates:.1f} %"])
    head = ["sampler", "workers", "time to 2 %", "to 1 %", "times faster to 2 %", "to 1 %"]
    table = markdown([*head, "proposals within 1 % of a pending one"], rows)
    chart = _chart(curves, pruner)
    charts.save_lines(chart, folder / "figures" / f"parallel-{pruner}")
    sizes = {len({(job.problem, job.seed) for job in runs})}
    text = [
        f"# Parallel workers on a simulated clock, pruner: {pruner}",
        f"Mean regret of the best trial over {sizes.pop()} runs; time in epochs of training.",
        f"![{chart.title}](figures/parallel-{pruner}.png)",
        table,
    ]
    (folder / f"parallel-{pruner}.md").write_text("\n\n".join(text) + "\n")
    return table


def _ratio(alone: float, together: float) -> str:
    return "" if np.isinf(alone) or np.isinf(together) else f"{alone / together:.1f}"


def _grouped(runs: dict[Job, SimulatedRun]) -> dict[tuple[str, int], list[SimulatedRun]]:
    groups: dict[tuple[str, int], list[SimulatedRun]] = {}
    for job, run in runs.items():
        groups.setdefault((job.sampler, job.n_workers), []).append(run)
    return groups


def _regret_by_time(runs: list[SimulatedRun], length: int) -> stats.Floats:
    """(1, n_runs, TICKS * length): the best trial's regret at each tick of the clock."""
    regret = np.stack([run.best_regret for run in runs])[None]
    gaps = TICKS * np.stack([np.diff(run.ended, prepend=0.0) for run in runs])[None]
    return stats.by_epochs(regret, gaps, TICKS * length)


def _time_to(curve: stats.Floats, target: float) -> float:
    return stats.first_at_or_below(stats.mean_over_runs(curve), target) / TICKS


def _chart(curves: dict[tuple[str, int], stats.Floats], pruner: str) -> charts.LineChart:
    panels = []
    for n_workers in sorted({n_workers for _, n_workers in curves}):
        own = {sampler: curve for (sampler, n), curve in curves.items() if n == n_workers}
        lines = [_series(sampler, curve) for sampler, curve in own.items()]
        title = "1 worker" if n_workers == 1 else f"{n_workers} workers"
        panels.append(charts.Panel(title, "wall-clock time, epochs", lines))
    title = f"Regret by wall-clock time (pruner: {pruner})"
    return charts.LineChart(title, "mean regret, % of (best - worst), 95 % interval", panels)


def _series(sampler: str, curve: stats.Floats) -> charts.Series:
    # To where the last of the runs changes for the last time.
    changes = np.flatnonzero((np.diff(curve) != 0).any(axis=(0, 1)))
    curve = curve[..., : changes[-1] + 2] if changes.size else curve
    mean = stats.mean_over_runs(curve)
    started = int(np.argmax(mean < 0.9))
    points = np.unique(np.geomspace(started + 1, len(mean), 80).astype(int))
    rng = np.random.default_rng(0)
    low, high = stats.stratified_bootstrap(
        curve[..., points - 1], stats.mean_over_runs, rng, n_resamples=200
    )
    color = COLORS.get(sampler, OTHER)
    y, low, high = np.maximum(100 * np.stack([mean[points - 1], low, high]), 0.01)
    x = points / TICKS
    return charts.Series(sampler, color, x, y, low, high, wide=sampler == "zooming")
