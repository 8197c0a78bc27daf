"""Databases: SQLite files, and servers that SQLAlchemy knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from optuna.storages import RDBStorage
from sqlalchemy import create_engine, func, inspect, select, table
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from ..errors import UserError
from .addresses import masked
from .files import first_bytes, has_write_ahead_log, is_sqlite

# Writers hold an SQLite file for moments; a reader waits for them.
_LOCK_SECONDS = 60
_TABLES = {"studies", "trials", "version_info"}
# Tables without a row, into which Optuna would write the version.
_VERSIONS = ("version_info", "alembic_version")
# The usual package of a driver's module, where it has another name.
_PACKAGES = {
    "psycopg2": "psycopg2-binary",
    "psycopg": '"psycopg[binary]"',
    "MySQLdb": "mysqlclient",
}


@contextmanager
def database(address: str) -> Iterator[RDBStorage]:
    """The database at a URL.

    Raises:
        UserError: If the URL is none, its driver is not installed, its SQLite file is not there,
            or this is no database of an Optuna like the one that is installed.
    """
    url = _parsed(address)
    if url.get_backend_name() == "sqlite":
        with sqlite_file(_path(url)) as storage:
            yield storage
        return
    options: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql":
        # The server itself then refuses to write.
        options["execution_options"] = {"postgresql_readonly": True}
    with _opened(address, options, masked(address)) as storage:
        yield storage


@contextmanager
def sqlite_file(path: Path) -> Iterator[RDBStorage]:
    """The SQLite database in a file, which SQLite itself is told not to write to.

    Raises:
        UserError: If the file is not there, or no database of an Optuna like the one that is
            installed.
    """
    first = first_bytes(path)
    if not is_sqlite(first):
        raise UserError(f"{path} is no SQLite database; a journal file is named by its path alone.")
    how = "mode=ro"
    if has_write_ahead_log(first) and not Path(f"{path}-wal").exists():
        # Nobody has it open; reading it otherwise would leave two files beside it.
        how += "&immutable=1"
    uri = f"{path.absolute().as_uri()}?{how}"
    options = {
        "creator": lambda: sqlite3.connect(uri, uri=True, timeout=_LOCK_SECONDS),
        "poolclass": NullPool,
    }
    with _opened("sqlite://", options, str(path)) as storage:
        yield storage


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
        url.get_dialect()
    except NoSuchModuleError:
        scheme = address.partition("://")[0]
        raise UserError(f"{masked(address)}: no kind of database is named {scheme!r}.") from None
    except (ArgumentError, ValueError):
        raise UserError(f"{masked(address)} is no URL of a database.") from None
    return url


def _path(url: URL) -> Path:
    """The file of an SQLite URL."""
    named = url.database or ""
    if named in ("", ":memory:"):
        raise UserError("an SQLite database in memory holds no study that could be read.")
    if named.startswith("file:"):
        named = url2pathname(urlsplit(named).path)
    return Path(named)


@contextmanager
def _opened(address: str, options: dict[str, Any], shown: str) -> Iterator[RDBStorage]:
    try:
        engine = create_engine(address, **options)
    except ModuleNotFoundError as error:
        package = _PACKAGES.get(str(error.name), error.name)
        raise UserError(
            f"{shown} needs the module {error.name}, which is not installed; "
            f"run pip install {package}."
        ) from None
    try:
        _check_tables(engine, shown)
    finally:
        engine.dispose()
    try:
        storage = RDBStorage(address, engine_kwargs=options, skip_table_creation=True)
    except RuntimeError as error:
        # Optuna says that the tables are those of another version, and what to do.
        raise UserError(f"{shown}: {error}") from None
    try:
        yield storage
    finally:
        storage.scoped_session.remove()
        storage.engine.dispose()


def _check_tables(engine: Engine, shown: str) -> None:
    """Optuna would make the tables and rows that are lacking; they must all be there."""
    with engine.connect() as connection:
        known = set(inspect(connection).get_table_names())
        if not known >= _TABLES:
            raise UserError(f"{shown} is a database without Optuna's tables.")
        for name in _VERSIONS:
            rows = select(func.count()).select_from(table(name))
            if name not in known or connection.execute(rows).scalar() == 0:
                raise UserError(
                    f"{shown} does not say which version of Optuna made its tables; "
                    "run optuna storage upgrade --storage with its URL."
                )
