"""From the text that names a storage to the storage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from optuna.storages import BaseStorage

from .addresses import is_url
from .files import first_bytes, is_sqlite
from .journals import journal_file, journal_on_redis

_REDIS = ("redis://", "rediss://")


@contextmanager
def opened(address: str) -> Iterator[BaseStorage]:
    """The storage at a URL, or in a file that is an SQLite database or a journal.

    Raises:
        UserError: If there is none.
        Exception: Whatever a driver has to say of a server.
    """
    # Not at the top: SQLAlchemy takes longer than all of ours, and --help does without.
    from .databases import database, sqlite_file

    if address.startswith(_REDIS):
        yield journal_on_redis(address)
    elif is_url(address):
        with database(address) as storage:
            yield storage
    elif is_sqlite(first_bytes(Path(address))):
        with sqlite_file(Path(address)) as storage:
            yield storage
    else:
        yield journal_file(Path(address))
