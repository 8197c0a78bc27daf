"""Frozen dataclasses as small JSON files: what pages and figures are drawn from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from benchmarks.errors import UserError
from benchmarks.recording.curves import write_whole

Record = TypeVar("Record")

DIGITS = 6
"""Significant digits of a figure in a file: more than a page shows."""


def rounded(record: Record) -> Record:
    """A record as it comes back from its file: pages from either are the same."""
    found: Record = parsed(type(record), json.loads(as_json(record)))
    return found


def as_json(record: Any) -> str:
    """A record as JSON, the numbers of an array on one line; NaN is null, infinity a string."""
    return "".join(_text(_plain(record), indent=0)) + "\n"


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
    except (ValueError, TypeError, KeyError, OSError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else error
        raise UserError(
            f"{path} cannot be read as a {kind.__name__.lower()}: {what}; make it again: {remedy}"
        ) from error
    return record


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        return {field.name: _plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return _figure(value) if isinstance(value, float) else value


def _figure(value: float) -> float | int | str | None:
    if np.isnan(value):
        return None
    if np.isinf(value):
        return str(value)
    short = float(f"{value:.{DIGITS}g}")
    return int(short) if short.is_integer() else short


def _text(value: Any, *, indent: int) -> Iterator[str]:
    """Like json.dumps with an indent, but lists of numbers and short lists stay on one line."""
    nested = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value)
    )
    if not nested or not value:
        yield json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return
    named = isinstance(value, dict)
    yield "{" if named else "["
    for at, key in enumerate(value):
        yield ("," if at else "") + "\n" + " " * (indent + 1)
        if named:
            yield f"{json.dumps(key, ensure_ascii=False)}: "
        yield from _text(value[key] if named else key, indent=indent + 1)
    yield "\n" + " " * indent + ("}" if named else "]")


def parsed(kind: Any, plain: Any) -> Any:
    """What plain JSON says, as a dataclass or one of the types its fields may have.

    Raises:
        ValueError, TypeError, KeyError: If it says something else.
    """
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if dataclasses.is_dataclass(kind):
        if not isinstance(plain, dict):
            raise ValueError(f"{plain!r} is no {getattr(kind, '__name__', kind)}")
        hints = get_type_hints(kind)
        return kind(**{name: parsed(hint, plain[name]) for name, hint in hints.items()})  # type: ignore[operator]
    if origin is dict:
        return {key: parsed(inner[1], each) for key, each in plain.items()}
    if origin is tuple:
        return tuple(parsed(inner[0], each) for each in plain)
    if origin is np.ndarray:
        # None becomes NaN, text infinity.
        return np.array(plain, dtype=np.float64)
    if kind is float:
        return float(np.nan if plain is None else plain)
    if kind is not type(plain):
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain
