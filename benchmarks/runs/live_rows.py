"""Rows of the live runs on disk: one CSV line per finished run, appended as it finishes."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.errors import UserError


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

    @property
    def study_name(self) -> str:
        """All but the number of trials: asking for more of them continues the study."""
        return (
            f"{self.problem} {self.sampler} {self.pruner} "
            f"epochs={self.epochs} seed={self.seed} {self.device}"
        )


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
        torch: Version of torch.
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
    torch: str


COLUMNS = [field.name for kind in (LiveRun, LiveResult) for field in dataclasses.fields(kind)]
_PARSE: dict[str, Callable[[str], Any]] = {"int": int, "float": float, "str": str}
_Row = TypeVar("_Row", LiveRun, LiveResult)


def read_results(path: Path) -> dict[LiveRun, LiveResult]:
    """Every finished run in the file; none if there is no file.

    Raises:
        UserError: If the file is not one that ``append_result`` wrote.
    """
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        if reader.fieldnames != COLUMNS:
            raise UserError(f"--out {path} has other columns than {', '.join(COLUMNS)}.")
        try:
            return {_parse(LiveRun, row): _parse(LiveResult, row) for row in reader}
        except (TypeError, ValueError) as error:
            raise UserError(f"--out {path} is damaged ({error}); delete the bad line.") from error


def append_result(path: Path, run: LiveRun, result: LiveResult) -> None:
    """Add one line, after the header if the file is new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if is_new:
            writer.writerow(COLUMNS)
        writer.writerow([*dataclasses.astuple(run), *dataclasses.astuple(result)])


def _parse(kind: type[_Row], row: dict[str, str]) -> _Row:
    fields = dataclasses.fields(kind)
    # Postponed annotations are strings.
    return kind(**{field.name: _PARSE[str(field.type)](row[field.name]) for field in fields})
