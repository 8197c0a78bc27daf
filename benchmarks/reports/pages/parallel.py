"""Workers on a simulated clock: rows -> time to a target and duplicates -> page and figure."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.reports import stats
from benchmarks.reports.compact import parsed, read_record, rounded
from benchmarks.reports.drawing import charts
from benchmarks.reports.intervals import estimate, how_drawn
from benchmarks.reports.made_by import MadeBy, as_arguments
from benchmarks.reports.plots import COLORS, OTHER
from benchmarks.reports.provenance import Origin, origin_lines, origin_of
from benchmarks.reports.results_table import table_of
from benchmarks.reports.summary import Line
from benchmarks.reports.tables import markdown
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell
from benchmarks.whole_files import write_whole
from benchmarks.workers.simulation import Job, SimulatedRun

Floats = NDArray[np.float64]

TARGETS = (0.02, 0.01)
TICKS = 4  # of the clock per epoch
N_POINTS = 80
_COLUMNS = [*Job._fields[:-1], *SimulatedRun._fields]


@dataclass(frozen=True, eq=False)
class Crew:
    """A sampler with so many workers, over all problems and seeds.

    Attributes:
        sampler: Its name.
        n_workers: Side by side.
        times: (n_targets,), simulated epochs until the mean regret is at most each of TARGETS.
        duplicates: Share of the proposals within 1 % of a pending one.
        curve: Mean regret of the best trial by simulated epochs.
    """

    sampler: str
    n_workers: int
    times: Floats
    duplicates: float
    curve: Line


@dataclass(frozen=True, eq=False)
class ParallelSummary:
    """Everything that the page shows: the crews, and what was simulated for each of them.

    tables_drawn: Whether intervals draw tables anew too; in older files runs only.
    """

    pruner: str
    problems: tuple[str, ...]
    n_seeds: int
    n_trials: int
    crews: tuple[Crew, ...]
    origin: Origin
    tables_drawn: bool = False

    @property
    def stem(self) -> str:
        """Name of its files."""
        return f"parallel-{self.pruner}"


def origin_of_jobs(runs: Mapping[Job, SimulatedRun], made_by: MadeBy) -> Origin:
    """The code of this checkout, which has just run these."""
    cells = dict.fromkeys(Cell(job.problem, job.sampler, job.pruner) for job in runs)
    return origin_of({cell: fingerprint_of(cell) for cell in cells}, [made_by])


def write_rows(runs: Mapping[Job, SimulatedRun], origin: Origin, path: Path) -> None:
    """One row per trial, in the order in which they ended; the first line says what made them."""
    text = io.StringIO()
    text.write(f"# {json.dumps(asdict(origin))}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for job, run in runs.items():
        for ended, regret, near in zip(*run):
            writer.writerow([*job[:-1], f"{ended:.4f}", f"{regret:.6g}", int(near)])
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: equal rows make equal files.
    write_whole(path, gzip.compress(text.getvalue().encode(), compresslevel=6, mtime=0))


def read_rows(path: Path) -> tuple[dict[Job, SimulatedRun], Origin]:
    """The runs and what made them.

    Raises:
        UserError: If the file is damaged.
    """
    try:
        with gzip.open(path, "rt", newline="") as stream:
            origin: Origin = parsed(Origin, json.loads(stream.readline().lstrip("# ")))
            rows = list(csv.reader(stream))
        if not rows or rows[0] != _COLUMNS:
            raise ValueError(f"its columns are not {', '.join(_COLUMNS)}")
        by_study: dict[tuple[str, ...], list[list[str]]] = {}
        for row in rows[1:]:
            by_study.setdefault(tuple(row[:-3]), []).append(row[-3:])
        return {_job(key, len(own)): _run(own) for key, own in by_study.items()}, origin
    except (ValueError, TypeError, KeyError, EOFError, OSError) as error:
        raise UserError(f"{path} cannot be read as parallel's rows: {error}; delete it.") from error


def _job(labels: tuple[str, ...], n_trials: int) -> Job:
    problem, sampler, pruner, n_workers, seed = labels
    return Job(problem, sampler, pruner, int(n_workers), int(seed), n_trials)


def _run(rows: list[list[str]]) -> SimulatedRun:
    ended, regret, near = np.array(rows, dtype=np.float64).T
    return SimulatedRun(ended, regret, near == 1)


def summarise(runs: Mapping[Job, SimulatedRun], origin: Origin) -> ParallelSummary:
    """The summary of the runs of one pruner, its figures rounded as in a file."""
    groups: dict[tuple[str, int], dict[Job, SimulatedRun]] = {}
    for job, run in runs.items():
        groups.setdefault((job.sampler, job.n_workers), {})[job] = run
    length = int(max(run.ended[-1] for run in runs.values()))
    first = next(iter(runs))
    problems = tuple(dict.fromkeys(job.problem for job in runs))
    n_seeds = len({job.seed for job in runs if job.problem == first.problem})
    crews = tuple(_crew(*key, own, length) for key, own in groups.items())
    return rounded(
        ParallelSummary(
            first.pruner, problems, n_seeds, first.n_trials, crews, origin, tables_drawn=True
        )
    )


def _crew(sampler: str, n_workers: int, runs: Mapping[Job, SimulatedRun], length: int) -> Crew:
    regret = _regret_by_time(runs, length)
    tables = [table_of(problem) for problem in sorted({job.problem for job in runs})]
    mean = stats.mean_over_runs(regret)
    times = [stats.first_at_or_below(mean, target) / TICKS for target in TARGETS]
    duplicates = float(np.mean([run.near_duplicate.mean() for run in runs.values()]))
    return Crew(sampler, n_workers, np.array(times), duplicates, _line(regret, tables))


def _regret_by_time(runs: Mapping[Job, SimulatedRun], length: int) -> Floats:
    """(n_problems, n_seeds, TICKS * length): the best trial's regret at each tick of the clock.

    Problems in the order of their names.
    """
    ordered = [runs[job] for job in sorted(runs)]
    regret = np.stack([run.best_regret for run in ordered])
    gaps = TICKS * np.stack([np.diff(run.ended, prepend=0.0) for run in ordered])
    n_problems = len({job.problem for job in runs})
    return stats.by_epochs(regret, gaps, TICKS * length).reshape(n_problems, -1, TICKS * length)


def _line(regret: Floats, tables: Sequence[str]) -> Line:
    # To where the last of the runs changes for the last time.
    changes = np.flatnonzero((np.diff(regret) != 0).any(axis=(0, 1)))
    regret = regret[..., : changes[-1] + 2] if changes.size else regret
    mean = stats.mean_over_runs(regret)
    started = int(np.argmax(mean < 0.9))
    points = np.unique(np.geomspace(started + 1, len(mean), N_POINTS).astype(int))
    return Line(points / TICKS, *estimate(regret[..., points - 1], tables))


def read_summary(path: Path) -> ParallelSummary:
    """A saved summary.

    Raises:
        UserError: If there is none, or it is damaged.
    """
    return read_record(ParallelSummary, path, remedy="python -m benchmarks parallel")


def write_page(summary: ParallelSummary, folder: Path, *, html: bool = False) -> Path:
    """Write the page and its figure; returns the page's path."""
    chart = _chart(summary)
    charts.save_lines(chart, folder / "figures" / summary.stem, html=html)
    n_runs = len(summary.problems) * summary.n_seeds
    sections = [
        f"# Parallel workers on a simulated clock, pruner: {summary.pruner}",
        f"Mean regret of the best trial over {n_runs} runs; time in epochs of training. "
        f"{how_drawn(summary.tables_drawn)}",
        f"![{chart.title}](figures/{summary.stem}.png)",
        results_table(summary),
        "## How this was made",
        "\n".join(_provenance(summary)),
    ]
    path = folder / f"{summary.stem}.md"
    path.write_text("\n\n".join(sections) + "\n")
    return path


def results_table(summary: ParallelSummary) -> str:
    """Time to the targets, how much faster than one worker, and duplicates."""
    alone = {each.sampler: each.times for each in summary.crews if each.n_workers == 1}
    rows = []
    for crew in summary.crews:
        times = ["never" if np.isinf(time) else f"{time:.0f}" for time in crew.times]
        one = alone.get(crew.sampler, np.full(len(TARGETS), np.inf))
        faster = [_ratio(*both) for both in zip(one, crew.times)]
        duplicates = f"{100 * crew.duplicates:.1f} %"
        rows.append([crew.sampler, str(crew.n_workers), *times, *faster, duplicates])
    head = ["sampler", "workers", "time to 2 %", "to 1 %", "times faster to 2 %", "to 1 %"]
    return markdown([*head, "proposals within 1 % of a pending one"], rows)


def _ratio(alone: float, together: float) -> str:
    return "" if np.isinf(alone) or np.isinf(together) else f"{alone / together:.1f}"


def _provenance(summary: ParallelSummary) -> list[str]:
    samplers = " ".join(dict.fromkeys(each.sampler for each in summary.crews))
    workers = " ".join(str(n) for n in dict.fromkeys(each.n_workers for each in summary.crews))
    return [
        f"- the same again: `python -m benchmarks parallel --problems "
        f"{as_arguments(summary.problems)} --samplers {samplers} --pruner {summary.pruner} "
        f"--workers {workers} --seeds {summary.n_seeds} --trials {summary.n_trials} --out FOLDER`",
        f"- this page and its figure from `{summary.stem}.json` here: "
        "`python -m benchmarks report`; from what was made in FOLDER: "
        "`python -m benchmarks report --rows FOLDER`",
        *origin_lines(summary.origin),
    ]


def _chart(summary: ParallelSummary) -> charts.LineChart:
    panels = []
    for n_workers in sorted({crew.n_workers for crew in summary.crews}):
        own = [crew for crew in summary.crews if crew.n_workers == n_workers]
        title = "1 worker" if n_workers == 1 else f"{n_workers} workers"
        lines = [_series(crew) for crew in own]
        panels.append(charts.Panel(title, "wall-clock time, epochs", lines))
    title = f"Regret by wall-clock time (pruner: {summary.pruner})"
    return charts.LineChart(title, "mean regret, % of (best - worst); shaded: 95 %", panels)


def _series(crew: Crew) -> charts.Series:
    line, color = crew.curve, COLORS.get(crew.sampler, OTHER)
    y, low, high = np.maximum(100 * np.stack([line.mean, line.low, line.high]), 0.01)
    wide = crew.sampler == "zooming"
    return charts.Series(crew.sampler, color, line.x, y, low, high, wide=wide)
