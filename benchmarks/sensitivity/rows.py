"""Outcomes on disk: one row per run, and above them which code made them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell
from benchmarks.sensitivity.jobs import BUDGETS, MERITS, Floats, Job, Outcome, Outcomes, Setting
from benchmarks.whole_files import write_whole

_COLUMNS = ("mode", "constant", "factor", "problem", "fingerprint", "seed", "trials")
_FIGURES = tuple(f"{merit}_{budget}" for merit in MERITS for budget in BUDGETS)


def write_outcomes(outcomes: Outcomes, path: Path) -> None:
    """Write outcomes of this checkout's code; the file appears whole or not at all."""
    text = io.StringIO()
    code = code_of(next(iter(outcomes)).problem) if outcomes else {}
    text.write(f"# {json.dumps(code)}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *_FIGURES])
    for job, outcome in outcomes.items():
        labels = [job.mode, *job.setting, job.problem, make_problem(job.problem).fingerprint]
        for seed, (merits, key) in enumerate(zip(*outcome)):
            figures = ["" if np.isnan(x) else f"{x:.5g}" for x in merits.ravel()]
            writer.writerow([*labels, seed, key, *figures])
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: equal rows make equal files.
    write_whole(path, gzip.compress(text.getvalue().encode(), compresslevel=6, mtime=0))


def read_outcomes(path: Path) -> Outcomes:
    """The saved runs that this checkout's code and tables would give again.

    Raises:
        UserError: If the file is damaged.
    """
    if not path.exists():
        return {}
    found: dict[tuple[str, Setting, str], list[tuple[Floats, str]]] = {}
    try:
        with gzip.open(path, "rt", newline="") as stream:
            code = json.loads(stream.readline().lstrip("# "))
            for labels, merits in _rows(stream):
                mode, constant, factor, problem, made_by, seed, key = labels
                if not _is_current(code, made_by, problem):
                    continue
                runs = found.setdefault((mode, Setting(constant, float(factor)), problem), [])
                if int(seed) != len(runs):
                    raise ValueError(f"seed {seed} of {problem} is out of its order")
                runs.append((merits, key))
    except (ValueError, EOFError, OSError) as error:
        raise UserError(
            f"{path} cannot be read as sensitivity rows: {error}; delete it."
        ) from error
    return {
        Job(*labels, len(runs)): Outcome(np.array([m for m, _ in runs]), [key for _, key in runs])
        for labels, runs in found.items()
    }


def _rows(stream: Iterable[str]) -> Iterator[tuple[list[str], Floats]]:
    reader = csv.reader(stream)
    if next(reader, None) != [*_COLUMNS, *_FIGURES]:
        raise ValueError(f"its columns are not {', '.join([*_COLUMNS, *_FIGURES])}")
    shape = (len(MERITS), len(BUDGETS))
    for row in reader:
        figures = [float(x) if x else np.nan for x in row[len(_COLUMNS) :]]
        yield row[: len(_COLUMNS)], np.array(figures).reshape(shape)


def code_of(problem: str) -> dict[str, str]:
    """What all rows depend on: the fingerprint of sampler zooming without the problem's."""
    made = fingerprint_of(Cell(problem, "zooming", "none"))
    return {name: text for name, text in made.items() if name != "problem"}


def _is_current(code: dict[str, str], made_by: str, problem: str) -> bool:
    try:
        return code == code_of(problem) and made_by == make_problem(problem).fingerprint
    except UserError:  # its table is gone
        return False
