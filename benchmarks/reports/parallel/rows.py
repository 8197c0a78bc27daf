"""Simulated runs on disk: one file of rows, and what made them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.errors import UserError
from benchmarks.reports.compact import parsed
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.provenance import Origin, origin_of
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell
from benchmarks.whole_files import write_whole
from benchmarks.workers.simulation import Job, SimulatedRun

_COLUMNS = [*Job._fields[:-1], *SimulatedRun._fields]


def stem_of(name: str) -> str:
    """The stem of the files of this name."""
    return f"parallel-{name}"


def name_of(path: Path) -> str:
    """The name in a path with such a stem."""
    return path.name.partition("-")[2].partition(".")[0]


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
