"""Raw rows on disk: one gzipped CSV per (problem, sampler, pruner), one row per trial."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.whole_files import write_whole

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Run:
    """One study, trial by trial: n_trials rows, NaN where there is nothing to say.

    Attributes:
        seed: Seed of the run.
        state: (n_trials,) str, Optuna's name of the trial's state.
        epochs: (n_trials,) epochs the trial ran.
        value: (n_trials,) objective; the last reported one of a pruned trial.
        regret: (n_trials,) noise-free regret at the trial's parameters, a fraction.
        best_regret: (n_trials,) the same at ``study.best_trial`` once this trial was told.
        recommended_regret: (n_trials,) the same at the recommendation, at some budgets only.
        interval_holds: (n_trials,) 1 where the recommendation's 95 % interval holds the noise-free
            mean, 0 where not.
        interval_width: (n_trials,) width of that interval, a fraction of (best - worst); infinite
            where nothing is known.
        arms_judged: (n_trials,) active arms with a finite mean, at some of these budgets; problems
            of one parameter only.
        arms_hold: (n_trials,) how many of them have an interval that holds the noise-free mean.
        arms_unknown: (n_trials,) how many of these intervals are infinite, and hold anything.
        arms_width: (n_trials,) median width of the others, a fraction of (best - worst).
        sampler_seconds: (n_trials,) time spent inside the sampler.
        params: (n_trials,) str, JSON.
    """

    seed: int
    state: NDArray[np.str_]
    epochs: Floats
    value: Floats
    regret: Floats
    best_regret: Floats
    recommended_regret: Floats
    interval_holds: Floats
    interval_width: Floats
    arms_judged: Floats
    arms_hold: Floats
    arms_unknown: Floats
    arms_width: Floats
    sampler_seconds: Floats
    params: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.state)


COLUMNS = tuple(field.name for field in dataclasses.fields(Run))
_TEXT = ("state", "params")
_DIGITS = {"value": ".8g", "sampler_seconds": ".3g", "interval_width": ".4g", "arms_width": ".4g"}


@dataclass(frozen=True)
class Cell:
    """What is run with every seed, and the file its rows go to."""

    problem: str
    sampler: str
    pruner: str

    def path(self, folder: Path) -> Path:
        # "/" and ":" are not for file names.
        names = (self.problem, self.sampler, self.pruner)
        safe = (name.replace("/", "@").replace(":", "~") for name in names)
        return folder / "raw" / ("__".join(safe) + ".csv.gz")


def as_json(params: Mapping[str, Any]) -> str:
    """A trial's parameters as they stand in a row."""
    # Six digits: rows are for reading, the regret was taken from the exact values.
    rounded = {k: float(f"{v:.6g}") if isinstance(v, float) else v for k, v in params.items()}
    return json.dumps(rounded, sort_keys=True, separators=(",", ":"))


def write_runs(
    cell: Cell, runs: Iterable[Run], folder: Path, *, fingerprint: Mapping[str, Any]
) -> None:
    """Write a cell's runs in the order of their seeds; the file appears whole or not at all."""
    text = io.StringIO()
    header = {**dataclasses.asdict(cell), "fingerprint": dict(fingerprint)}
    text.write(f"# {json.dumps(header, sort_keys=True)}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in sorted(runs, key=lambda run: run.seed):
        columns = [_formatted(name, getattr(run, name)) for name in COLUMNS[1:]]
        writer.writerows((run.seed, *row) for row in zip(*columns))
    path = cell.path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: equal rows make equal files.
    write_whole(path, gzip.compress(text.getvalue().encode(), compresslevel=6, mtime=0))


def read_fingerprint(path: Path) -> dict[str, Any]:
    """A file's fingerprint alone: rows that other code made may have other columns.

    Raises:
        UserError: If the file is damaged; the message says which.
    """
    with _readable(path), gzip.open(path, "rt", newline="") as stream:
        return dict(_header(stream.readline())["fingerprint"])


def read_runs(path: Path) -> tuple[Cell, dict[str, Any], list[Run]]:
    """A file's cell, fingerprint and runs.

    Raises:
        UserError: If the file is damaged; the message says which.
    """
    with _readable(path):
        with gzip.open(path, "rt", newline="") as stream:
            header = _header(stream.readline())
            rows = list(csv.reader(stream))
        if not rows or tuple(rows[0]) != COLUMNS:
            raise ValueError(f"its columns are not {', '.join(COLUMNS)}")
        cell = Cell(header["problem"], header["sampler"], header["pruner"])
        return cell, header["fingerprint"], _runs_from(rows[1:])


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, EOFError, OSError) as error:
        raise UserError(f"{path} cannot be read as raw rows: {error}; delete it.") from error


def _header(line: str) -> dict[str, Any]:
    return dict(json.loads(line.lstrip("# ")))


def _runs_from(rows: list[list[str]]) -> list[Run]:
    by_seed: dict[int, list[list[str]]] = {}
    for row in rows:
        by_seed.setdefault(int(row[0]), []).append(row)
    runs = []
    for seed, own in by_seed.items():
        columns = dict(zip(COLUMNS[1:], list(zip(*own))[1:]))
        runs.append(Run(seed, **{name: _parsed(name, text) for name, text in columns.items()}))
    return runs


def _formatted(name: str, column: NDArray[Any]) -> list[str]:
    if name in _TEXT:
        return [str(each) for each in column]
    digits = _DIGITS.get(name, ".6g")
    return ["" if np.isnan(each) else format(each, digits) for each in column]


def _parsed(name: str, column: Iterable[str]) -> NDArray[Any]:
    if name in _TEXT:
        return np.array(list(column), dtype=np.str_)
    return np.array([float(each) if each else np.nan for each in column])
