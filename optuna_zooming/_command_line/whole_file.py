"""A file that appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import UserError


def check_target(path: Path) -> None:
    """Before any work is done: whether a file could be written there.

    Raises:
        UserError: If it could not.
    """
    folder = path.parent
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a file.")
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}; make it first.")
    if not os.access(folder, os.W_OK):
        raise UserError(f"nothing can be written to the folder {folder}.")


def write_whole(path: Path, text: str) -> None:
    """Write to a neighbouring file, then rename: readers see the old file or the new one.

    Raises:
        UserError: If it cannot be written; an older file is then as it was.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
