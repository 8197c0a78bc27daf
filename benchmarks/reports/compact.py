"""Frozen dataclasses as small JSON files: what pages and figures are drawn from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, TypeVar, get_origin

import cattrs
import numpy as np

from benchmarks.errors import UserError
from benchmarks.whole_files import write_whole

Record = TypeVar("Record")

# Significant digits of a figure in a file: more than a page shows.
DIGITS = 6


def rounded(record: Record) -> Record:
    """A record as it comes back from its file: pages from either are the same."""
    found: Record = parsed(type(record), json.loads(as_json(record)))
    return found


def as_json(record: Any) -> str:
    """A record as JSON, the items of an array on one line; NaN is null, infinity a string."""
    # A line for each item shows what a new run changed; indented, a file is a tenth larger.
    text = json.dumps(_CONVERTER.unstructure(record), ensure_ascii=False, allow_nan=False, indent=0)
    return re.sub(r"\[[^][{}]*]", lambda array: re.sub(r"\n\s*", "", array[0]), text) + "\n"


def save_record(record: Any, path: Path) -> None:
    """Write a record; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, as_json(record).encode())


def read_record(kind: type[Record], path: Path, *, remedy: str) -> Record:
    """Read a record of this dataclass.

    Args:
        kind: The dataclass; its fields are dataclasses, arrays of floats, ``tuple[X, ...]``,
            ``dict[str, X]``, text and numbers.
        path: The file.
        remedy: How to make the file, for the message of an error.

    Raises:
        UserError: If the file is missing or damaged.
    """
    try:
        record: Record = parsed(kind, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise UserError(f"{path} is missing; make it: {remedy}") from error
    except (ValueError, OSError) as error:
        raise UserError(
            f"{path} cannot be read as a {kind.__name__.lower()}: {error}; make it again: {remedy}"
        ) from error
    return record


def parsed(kind: type[Record], plain: Any) -> Record:
    """What plain JSON says, as a dataclass.

    Raises:
        ValueError: If it says something else; the message says what and where.
    """
    try:
        return _CONVERTER.structure(plain, kind)
    except cattrs.BaseValidationError as error:
        raise ValueError("; ".join(cattrs.transform_error(error))) from error


def _figures(values: Any) -> Any:
    """Nested lists of floats as they stand in a file."""
    return [_figures(each) for each in values] if isinstance(values, list) else _figure(values)


def _figure(value: float) -> float | int | str | None:
    if np.isnan(value):
        return None
    if np.isinf(value):
        return str(value)
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _is_array(kind: Any) -> bool:
    return (get_origin(kind) or kind) is np.ndarray


def _exactly(plain: Any, kind: Any) -> Any:
    """Text is no number, and a number no text."""
    if type(plain) is not kind:
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain


_CONVERTER = cattrs.Converter(forbid_extra_keys=True)
_CONVERTER.register_unstructure_hook(float, _figure)
_CONVERTER.register_unstructure_hook_func(_is_array, lambda array: _figures(array.tolist()))
_CONVERTER.register_structure_hook(str, _exactly)
_CONVERTER.register_structure_hook(int, _exactly)
_CONVERTER.register_structure_hook(
    float, lambda plain, _: float("nan") if plain is None else float(plain)
)
# None becomes NaN, text infinity.
_CONVERTER.register_structure_hook_func(
    _is_array, lambda plain, _: np.array(plain, dtype=np.float64)
)
