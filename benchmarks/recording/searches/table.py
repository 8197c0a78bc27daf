"""A recorded search: what each configuration scored, how it is written and read."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.paths import TABLES
from benchmarks.recording.curves import (
    check_digest,
    parse_rows,
    read_metadata,
    read_text,
    table_name,
    write_table,
)
from benchmarks.training.searches.space import Choice, Parameter, Space

RESULTS = ("mean", "deviation")
FORMATS = ("%.4g", "%.3g")
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Recorded:
    """Configurations that were trained, first those at random places.

    configurations: (n,), the parameters.
    places: (n, n_parameters), on the unit axes of the space; NaN where not suggested.
    means: (n,), mean score over the seeds of a configuration, larger is better.
    deviations: (n,), standard deviation over these seeds.
    metadata: provenance, the surrogate's scales, and the best that is known.
    """

    configurations: list[dict[str, Any]]
    places: Floats
    means: Floats
    deviations: Floats
    metadata: Mapping[str, Any]


def write_search(
    path: Path,
    space: Space,
    configurations: list[dict[str, Any]],
    results: Floats,
    metadata: Mapping[str, Any],
) -> Path:
    """Write a row per configuration: values, choices counted from zero, nan if not suggested.

    results: (n, 2), the columns RESULTS.
    """
    columns = [[_number(p, params) for params in configurations] for p in space.parameters]
    header = ",".join((*space.names, *RESULTS))
    stream = io.StringIO()
    rows = np.column_stack([*columns, results])
    formats = ["%.4g"] * len(columns) + [*FORMATS]
    np.savetxt(stream, rows, fmt=formats, delimiter=",", header=header, comments="")
    return write_table(path, stream.getvalue(), metadata)


def read_search(name: str, space: Space, folder: Path = TABLES) -> Recorded:
    """Read a recorded search, refusing a damaged one.

    Raises:
        ValueError: If it is damaged, or of other parameters than the space's.
        FileNotFoundError: If it was not recorded.
    """
    path = folder / f"{name}.csv.gz"
    if not path.exists():
        known = ", ".join(available_searches(folder)) or "none"
        raise FileNotFoundError(f"no search {name!r} in {folder}; there are: {known}.")
    metadata, text = read_metadata(path), read_text(path)
    rows = parse_rows(path, text, ",".join((*space.names, *RESULTS)))
    check_digest(path, text, len(rows), metadata)
    configurations = [_params(space, row) for row in rows]
    places = np.stack([space.places(params) for params in configurations])
    return Recorded(configurations, places, rows[:, -2], rows[:, -1], metadata)


def as_written(mean: float, deviation: float) -> tuple[float, float]:
    """A result in the digits of a table."""
    return float(FORMATS[0] % mean), float(FORMATS[1] % deviation)


def available_searches(folder: Path = TABLES) -> list[str]:
    """Names of the recorded searches in ``folder``."""
    return sorted(table_name(path) for path in folder.glob("*-search-*.csv.gz"))


def _number(parameter: Parameter, params: Mapping[str, Any]) -> float:
    if parameter.name not in params:
        return float("nan")
    value = params[parameter.name]
    return float(parameter.choices.index(value) if isinstance(parameter, Choice) else value)


def _params(space: Space, row: Floats) -> dict[str, Any]:
    pairs = zip(space.parameters, row.tolist())
    return {p.name: _value(p, number) for p, number in pairs if not math.isnan(number)}


def _value(parameter: Parameter, number: float) -> Any:
    if isinstance(parameter, Choice):
        return parameter.choices[int(number)]
    return int(number) if parameter.integer else number
