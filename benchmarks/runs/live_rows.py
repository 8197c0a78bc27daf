"""Rows of the live runs on disk: one CSV line per run, with the code that made it."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from benchmarks.errors import UserError
from benchmarks.whole_files import write_whole


@dataclass(frozen=True)
class LiveRun:
    """What is run; two equal ones need not both be."""

    problem: str
    sampler: str
    pruner: str
    seed: int
    trials: int
    epochs: int
    device: str

    def __str__(self) -> str:
        return f"{self.problem}, {self.sampler}, {self.pruner}, seed {self.seed}"


@dataclass(frozen=True)
class LiveCode:
    """What a run was made by: versions, and hashes of code of this checkout; empty where unknown.

    Attributes:
        optuna, torch: Versions.
        sampler_package: The distribution behind the sampler and its version.
        sampler_source, pruner_source: Hashes, empty if the code is not ours.
        training_source: Hash of how the networks are trained.
    """

    optuna: str
    torch: str
    sampler_package: str
    sampler_source: str
    pruner_source: str
    training_source: str

    @property
    def digest(self) -> str:
        """Short name of all of it."""
        return hashlib.sha256(repr(dataclasses.astuple(self)).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class LiveResult:
    """What came of a run; accuracies are fractions, NaN where there is nothing to say.

    Attributes:
        learning_rate: The recommended one.
        validation_accuracy: What the study expects of it: the arm's mean, or the best trial's.
        interval_low, interval_high: 95 % interval of that mean, where the sampler has one.
        test_accuracy: Mean over ``n_final`` networks trained at that rate.
        n_final: Networks trained for the final report.
        epochs_spent: Epochs of all trials, the final networks not counted.
        seconds: Wall time of the trials; of all their parts if the run was resumed.
        hardware: Name of the processor or GPU.
    """

    learning_rate: float
    validation_accuracy: float
    interval_low: float
    interval_high: float
    test_accuracy: float
    n_final: int
    epochs_spent: int
    seconds: float
    hardware: str


class LiveRow(NamedTuple):
    """A line of the file beside its run."""

    code: LiveCode
    result: LiveResult


KINDS = (LiveRun, LiveCode, LiveResult)
COLUMNS = [field.name for kind in KINDS for field in dataclasses.fields(kind)]
_PARSE: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "str": str}
_Part = TypeVar("_Part", LiveRun, LiveCode, LiveResult)


def read_rows(path: Path) -> dict[LiveRun, LiveRow]:
    """Every finished run in the file; none if there is no file.

    Raises:
        UserError: If the file is not one that ``save_row`` wrote.
    """
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != COLUMNS:
            raise UserError(f"--out {path} has other columns than {', '.join(COLUMNS)}.")
        try:
            return {
                _parse(LiveRun, row): LiveRow(_parse(LiveCode, row), _parse(LiveResult, row))
                for row in reader
            }
        except (TypeError, ValueError) as error:
            raise UserError(f"--out {path} is damaged ({error}); delete the bad line.") from error


def save_row(path: Path, run: LiveRun, row: LiveRow) -> None:
    """Add one line, or put it in the place of the same run's; the file is whole at any moment."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each, (code, result) in {**read_rows(path), run: row}.items():
        writer.writerow([value for part in (each, code, result) for value in vars(part).values()])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.getvalue().encode())


def _parse(kind: type[_Part], row: dict[str, str]) -> _Part:
    fields = dataclasses.fields(kind)
    # Postponed annotations are strings.
    return kind(**{field.name: _PARSE[str(field.type)](row[field.name]) for field in fields})
