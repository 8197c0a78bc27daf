"""Halve and double every constant of the policy, one at a time, and compare with the default.

Tuning tasks only, so that nothing is chosen on what is reported; the same seeds for all. An
interrupted run continues where it was. Examples:
  python -m benchmarks sensitivity
  python -m benchmarks sensitivity --constants confidence smoothing --seeds 60
"""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from benchmarks.commands.arguments import at_least
from benchmarks.commands.compare import note_command
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.problems.groups import group_names, select_problems
from benchmarks.reports.sensitivity import write_page
from benchmarks.runs.processes import map_unordered
from benchmarks.runs.sensitivity import (
    MODES,
    Job,
    Outcomes,
    constants,
    first_seeds,
    read_outcomes,
    run_job,
    settings_of,
    write_outcomes,
)

ROWS = "sensitivity.csv.gz"
SAVE_SECONDS = 10.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--constants",
        nargs="+",
        choices=list(constants()),
        default=list(constants()),
        metavar="NAME",
        help=f"default: all of them: {', '.join(constants())}",
    )
    parser.add_argument(
        "--problems",
        nargs="+",
        metavar="NAME",
        default=[group for group, _ in MODES.values()],
        help="tuning tasks by group, name or pattern (default: all)",
    )
    parser.add_argument("--seeds", type=at_least(2), default=20, help="of each task (default: 20)")
    parser.add_argument("--jobs", type=at_least(1), help="processes (default: one per core)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of rows and page")


def main(args: argparse.Namespace) -> int:
    jobs = jobs_of(args.constants, select_problems(args.problems), n_seeds=args.seeds)
    start = time.monotonic()
    outcomes = run_jobs(jobs, args.out / ROWS, n_jobs=args.jobs)
    note_command(args.out, time.monotonic() - start)
    print(write_page(outcomes, args.out))
    return 0


def jobs_of(names: Sequence[str], problems: Sequence[str], *, n_seeds: int) -> list[Job]:
    """Every mode's settings on every problem of its group.

    Raises:
        UserError: If a problem is no tuning task, or none is left.
    """
    foreign = set(problems) - {name for group, _ in MODES.values() for name in group_names(group)}
    if foreign or not problems:
        raise UserError(
            "sensitivity runs on tuning tasks only, so that nothing is chosen on what is reported; "
            f"got {', '.join(sorted(foreign)) or 'none'}. Choose from the groups "
            f"{', '.join(dict.fromkeys(group for group, _ in MODES.values()))}."
        )
    jobs = []
    for mode, (group, only) in MODES.items():
        chosen = [name for name in names if only is None or name in only]
        own = [name for name in group_names(group) if name in set(problems)]
        settings = settings_of(chosen) if chosen else []
        jobs += [Job(mode, setting, name, n_seeds) for setting in settings for name in own]
    return jobs


def run_jobs(jobs: Sequence[Job], path: Path, *, n_jobs: int | None = None) -> Outcomes:
    """Run what is not saved yet, saving as it goes; returns the outcomes of these jobs."""
    saved = read_outcomes(path)
    longest = {job[:-1]: job for job in saved}
    missing = [
        job for job in jobs if job[:-1] not in longest or longest[job[:-1]].n_seeds < job.n_seeds
    ]
    written = time.monotonic()
    try:
        with contextlib.closing(map_unordered(run_job, missing, n_jobs=n_jobs)) as results:
            for job, outcome in tqdm(results, total=len(missing), unit="job", mininterval=1):
                saved.pop(longest.get(job[:-1], job), None)
                longest[job[:-1]] = job
                saved[job] = outcome
                if time.monotonic() - written > SAVE_SECONDS:
                    write_outcomes(saved, path)
                    written = time.monotonic()
    finally:
        # In one order, whatever the order in which they came.
        write_outcomes({job: saved[job] for job in sorted(saved)}, path)
    # As they were rounded: the page is the same whether the rows are old or new.
    rounded = read_outcomes(path)
    return {job: first_seeds(rounded[longest[job[:-1]]], job.n_seeds) for job in jobs}
