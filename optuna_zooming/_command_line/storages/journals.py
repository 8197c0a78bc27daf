"""Journals, Optuna's other kind of storage: in a file, or on Redis."""

from __future__ import annotations

import json
from pathlib import Path

from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend, JournalRedisBackend

from ..errors import UserError


def journal_file(path: Path) -> JournalStorage:
    """The journal in a file that is there. Reading it takes no lock and leaves none behind.

    Raises:
        UserError: If this is no journal.
    """
    with path.open("rb") as stream:
        first = stream.readline()
    if not _is_entry(first):
        raise UserError(f"{path} is neither an SQLite database nor a journal of Optuna's.")
    return JournalStorage(JournalFileBackend(str(path)))


def journal_on_redis(url: str) -> JournalStorage:
    """The journal on a Redis server.

    Raises:
        UserError: If the module redis is not installed.
    """
    try:
        return JournalStorage(JournalRedisBackend(url))
    except ImportError:
        raise UserError(
            "a journal on Redis needs the module redis; run pip install redis."
        ) from None


def _is_entry(line: bytes) -> bool:
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return isinstance(entry, dict) and "op_code" in entry
