"""Files that hold studies: they are there, and their first bytes say what they are."""

from __future__ import annotations

from pathlib import Path

from ..errors import UserError

_SQLITE = b"SQLite format 3\x00"
# Bytes 18 and 19 of an SQLite file: 2 where a write-ahead log goes with it.
_LOGGED = b"\x02\x02"


def first_bytes(path: Path, count: int = 20) -> bytes:
    """The beginning of a file.

    Raises:
        UserError: If there is no such file, or it cannot be read, or there is nothing in it.
    """
    try:
        with path.open("rb") as stream:
            first = stream.read(count)
    except FileNotFoundError:
        raise UserError(f"there is no file {path}.") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder, not a storage.") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise UserError(f"{str(path)!r} is no path: {error}.") from None
    if not first:
        raise UserError(f"{path} is empty: no study is in it.")
    return first


def is_sqlite(first: bytes) -> bool:
    """Whether a file that begins like this is an SQLite database."""
    return first.startswith(_SQLITE)


def has_write_ahead_log(first: bytes) -> bool:
    """Whether an SQLite file that begins like this keeps what is new in a file beside it."""
    return first[18:20] == _LOGGED
