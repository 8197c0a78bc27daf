"""Recorded learning curves: what a table holds, how it is written, how a damaged one is refused.

A table is two files: ``<name>.csv.gz`` with a row per (learning rate, seed, epoch), in that order,
and ``<name>.json`` with where the numbers come from and the SHA-256 of the CSV text.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.paths import TABLES
from benchmarks.whole_files import write_whole

KEYS = ("learning_rate", "seed", "epoch")
VALUES = ("train_loss", "validation_loss", "validation_accuracy", "seconds")
FORMATS = dict(zip(VALUES, ("%.3g", "%.4g", "%.4g", "%.2g")))
"""Four digits hold an accuracy exactly and a loss beyond its noise; more make larger files."""
ACCURACY = "validation_accuracy"
"""Of VALUES the one that a table may lack, as a regression's does."""
USUAL_GUESSING = math.log(10)
"""Loss of guessing among ten classes: of every table whose metadata do not state another."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Curves:
    """Learning curves on a full grid of learning rates and seeds.

    name: of the table, ``<data>-<network>-<optimiser>[-<variant>]``.
    learning_rates: (n_rates,), increasing.
    seeds: (n_seeds,), increasing; a seed fixes initial weights and batch order.
    train_loss: (n_rates, n_seeds, n_epochs), mean over the epoch's batches; NaN or inf if diverged.
    validation_loss: (n_rates, n_seeds, n_epochs), after the epoch; NaN or inf once diverged.
    validation_accuracy: (n_rates, n_seeds, n_epochs), in [0, 1]; a network of NaNs scores what
        arg max makes of it, the frequency of class 0, which is chance. None where the loss is all
        there is.
    seconds: (n_rates, n_seeds, n_epochs), the batch's wall time divided by its members.
    metadata: provenance, as written by ``python -m benchmarks record``.
    """

    name: str
    learning_rates: Floats
    seeds: NDArray[np.int64]
    train_loss: Floats
    validation_loss: Floats
    validation_accuracy: Floats | None
    seconds: Floats
    metadata: Mapping[str, Any]

    def __post_init__(self) -> None:
        shape = (len(self.learning_rates), len(self.seeds), self.n_epochs)
        for field in self.recorded:
            found = getattr(self, field).shape
            if found != shape:
                raise ValueError(
                    f"{field} must have shape {shape} (rates, seeds, epochs), got {found}."
                )
        for key, values in (("learning_rates", self.learning_rates), ("seeds", self.seeds)):
            if np.any(np.diff(values) <= 0):
                raise ValueError(f"{key} must be strictly increasing, got {values}.")

    @property
    def n_epochs(self) -> int:
        """Epochs per curve."""
        return int(self.validation_loss.shape[-1])

    @property
    def recorded(self) -> tuple[str, ...]:
        """Which of VALUES the table has."""
        lacking = ACCURACY if self.validation_accuracy is None else None
        return tuple(field for field in VALUES if field != lacking)

    @property
    def accuracy(self) -> Floats:
        """``validation_accuracy``.

        Raises:
            ValueError: If the table has none.
        """
        if self.validation_accuracy is None:
            raise ValueError(f"{self.name} records no accuracy; ask for its loss (+loss).")
        return self.validation_accuracy

    @property
    def mean_accuracy(self) -> Floats:
        """(n_rates, n_epochs): mean over seeds; diverged members count as recorded, at chance."""
        mean: Floats = self.accuracy.mean(axis=1)
        return mean

    @property
    def guessing_loss(self) -> float:
        """Validation loss of an answer that knows nothing of the inputs."""
        return float(self.metadata.get("guessing_loss", USUAL_GUESSING))


def available_tables(folder: Path = TABLES) -> list[str]:
    """Names of the learning-rate tables in ``folder``; grids and searches are not among them."""
    names = (table_name(path) for path in folder.glob("*.csv.gz"))
    return sorted(name for name in names if not {"grid", "search"} & {*name.split("-")})


def write_curves(curves: Curves, folder: Path = TABLES) -> Path:
    """Write both files of a table, each whole or not at all; returns the path of the CSV."""
    axes = (curves.learning_rates, curves.seeds, np.arange(1, curves.n_epochs + 1))
    values = {field: getattr(curves, field) for field in curves.recorded}
    text = to_csv(dict(zip(KEYS, axes)), values)
    return write_table(folder / f"{curves.name}.csv.gz", text, curves.metadata)


def read_curves(table: str | Path, folder: Path = TABLES) -> Curves:
    """Read a table given by name or by the path of its ``.csv.gz``, refusing a damaged one.

    Raises:
        ValueError: If rows are missing, duplicate, out of order or edited, or a file is cut short.
        FileNotFoundError: If there is no such table; names those there are.
    """
    path = table if isinstance(table, Path) else folder / f"{table}.csv.gz"
    name = table_name(path)
    if not path.exists():
        known = ", ".join(available_tables(path.parent)) or "none"
        raise FileNotFoundError(f"no table {name!r} in {path.parent}; there are: {known}.")
    metadata = read_metadata(path)
    text = read_text(path)
    first_line = text.partition("\n")[0]
    fields = [field for field in VALUES if field != ACCURACY or ACCURACY in first_line]
    rows = parse_rows(path, text, ",".join((*KEYS, *fields)))
    rates, seeds, epochs = (np.unique(rows[:, column]) for column in range(len(KEYS)))
    check_order(path, rows[:, : len(KEYS)], [rates, seeds, epochs], KEYS)
    check_digest(path, text, len(rows), metadata)
    shape = (len(rates), len(seeds), len(epochs))
    values: dict[str, Any] = {ACCURACY: None}
    for column, field in enumerate(fields):
        values[field] = rows[:, len(KEYS) + column].reshape(shape)
    return Curves(name, rates, seeds.astype(np.int64), **values, metadata=metadata)


def read_metadata(path: Path) -> dict[str, Any]:
    """The JSON beside a table's ``.csv.gz``."""
    beside = _beside(path)
    try:
        metadata: dict[str, Any] = json.loads(beside.read_text())
    except FileNotFoundError:
        raise _damaged(path, f"its metadata {beside.name} is missing") from None
    except json.JSONDecodeError as error:
        raise _damaged(path, f"its metadata {beside.name} is not JSON ({error})") from None
    return metadata


def read_text(path: Path) -> str:
    """The CSV text of a table; a file cut short or not gzip is refused."""
    content = path.read_bytes()
    if not content:
        raise _damaged(path, "the file is empty")
    try:
        return gzip.decompress(content).decode()
    except (EOFError, OSError, zlib.error, UnicodeDecodeError) as error:
        raise _damaged(path, f"it is cut short or not gzip ({error})") from None


def parse_rows(path: Path, text: str, header: str) -> Floats:
    """The rows below ``header`` as (n_rows, n_columns) numbers."""
    first, _, body = text.partition("\n")
    if first != header:
        raise _damaged(path, f"its header is {first!r}, expected {header!r}")
    if not body.endswith("\n"):
        raise _damaged(path, "its last row is cut short")
    try:
        rows = np.loadtxt(io.StringIO(body), delimiter=",", ndmin=2)
    except ValueError as error:
        raise _damaged(path, f"a row is not numeric or has too few columns ({error})") from None
    if rows.shape[1] != header.count(",") + 1:
        raise _damaged(path, f"its rows have {rows.shape[1]} columns")
    return rows


def check_order(path: Path, keys: Floats, axes: list[Floats], names: tuple[str, ...]) -> None:
    """Refuse ``keys`` (n_rows, n_keys) that are not the product of ``axes`` in sorted order."""
    expected = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, len(axes))
    shared = min(len(keys), len(expected))
    wrong = np.flatnonzero(np.any(keys[:shared] != expected[:shared], axis=1))
    if len(wrong) == 0 and len(keys) == len(expected):
        return
    index = int(wrong[0]) if len(wrong) else shared
    seen, counts = np.unique(keys, axis=0, return_counts=True)
    if np.any(counts > 1):
        raise _damaged(path, f"duplicate row {_label(seen[np.argmax(counts)], names)}")
    if len(keys) < len(expected):
        lost = len(expected) - len(keys)
        first = _label(expected[index], names)
        raise _damaged(path, f"{lost} of {len(expected)} rows missing, the first is {first}")
    found, due = _label(keys[index], names), _label(expected[index], names)
    raise _damaged(path, f"rows out of order: row {index + 1} is {found}, expected {due}")


def check_digest(path: Path, text: str, n_rows: int, metadata: Mapping[str, Any]) -> None:
    """Refuse rows that are not those whose count and SHA-256 the metadata states."""
    if n_rows != metadata.get("n_rows"):
        raise _damaged(path, f"{n_rows} rows, its metadata states {metadata.get('n_rows')}")
    if hashlib.sha256(text.encode()).hexdigest() != metadata.get("sha256"):
        raise _damaged(path, "a value was edited (SHA-256 differs from its metadata)")


def to_csv(axes: Mapping[str, NDArray[Any]], values: Mapping[str, Floats]) -> str:
    """One row per point of the product of ``axes``, in sorted order."""
    grids = np.meshgrid(*axes.values(), indexing="ij")
    columns = [array.ravel() for array in (*grids, *values.values())]
    formats = ["%.6g"] * len(axes) + [FORMATS[name] for name in values]
    header = ",".join((*axes, *values))
    stream = io.StringIO()
    rows = np.column_stack(columns)
    np.savetxt(stream, rows, fmt=formats, delimiter=",", header=header, comments="")
    return stream.getvalue()


def write_table(path: Path, text: str, metadata: Mapping[str, Any]) -> Path:
    """Write the CSV and, beside it, ``metadata`` with the row count and SHA-256 of ``text``."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    metadata = {**metadata, "n_rows": text.count("\n") - 1, "sha256": digest}
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: the same numbers give the same file, byte for byte.
    write_whole(path, gzip.compress(text.encode(), mtime=0))
    write_whole(_beside(path), (json.dumps(metadata, indent=2) + "\n").encode())
    return path


def table_name(path: Path) -> str:
    """``digits-mlp-sgd`` of ``.../digits-mlp-sgd.csv.gz``."""
    return path.name[: -len(".csv.gz")]


def _beside(path: Path) -> Path:
    return path.with_name(table_name(path) + ".json")


def _label(key: Floats, names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"{name} {value:g}" for name, value in zip(names, key)) + ")"


def _damaged(path: Path, problem: str) -> ValueError:
    return ValueError(
        f"table {path.name} is damaged: {problem}; restore it from version control or record it "
        "again with `python -m benchmarks record`."
    )
