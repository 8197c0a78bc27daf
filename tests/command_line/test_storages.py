"""Storages: found as Optuna finds them, read and never written to, refused in one line."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import optuna
import pytest

from tests.command_line.conftest import Command
from tests.command_line.made_storages import contents, journal, sqlite, tuned

ROOT = Path(__file__).parents[2]


def _is_refused(command: Command, address: object, *told: str) -> None:
    line = command("recommend", address).refusal()
    assert all(part in line for part in told), line


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///{folder}/missing.db",
        "sqlite:///missing.db",
        "sqlite:///{folder}/missing.db?timeout=3",
        "sqlite:///file:{folder}/missing.db?mode=rwc&uri=true",
        "sqlite:///no/such/folder/missing.db",
        "{folder}/missing.db",
        "missing.log",
    ],
)
def test_a_missing_file_is_an_error_and_is_not_created(
    address: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _is_refused(command, address.format(folder=tmp_path), "there is no file", "missing.")
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///{folder}/study.db",
        "sqlite:///study.db",
        "sqlite+pysqlite:///study.db?timeout=3",
        "sqlite:///file:{folder}/study.db?mode=rw&uri=true",
        "study.db",
        "{folder}/study.db",
    ],
)
def test_an_sqlite_file_is_found_and_left_as_it_is(
    address: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tuned(sqlite(tmp_path / "study.db"))
    before = contents(tmp_path)
    assert command("recommend", address.format(folder=tmp_path)).code == 0
    assert contents(tmp_path) == before


def test_a_journal_file_is_found_and_left_as_it_is(command: Command, tmp_path: Path) -> None:
    tuned(journal(tmp_path / "journal.log"))
    before = contents(tmp_path)
    assert command("recommend", tmp_path / "journal.log").code == 0
    assert contents(tmp_path) == before


def test_a_journal_that_somebody_holds_locked_is_read(command: Command, tmp_path: Path) -> None:
    tuned(journal(tmp_path / "journal.log"))
    (tmp_path / "journal.log.lock").symlink_to("journal.log")
    assert command("recommend", tmp_path / "journal.log").code == 0
    assert (tmp_path / "journal.log.lock").is_symlink()


def test_a_journal_whose_last_line_is_being_written_is_read(
    command: Command, tmp_path: Path
) -> None:
    tuned(journal(tmp_path / "journal.log"))
    whole = command("recommend", tmp_path / "journal.log")
    with (tmp_path / "journal.log").open("a") as stream:
        stream.write('{"op_code":4,"worker')
    assert command("recommend", tmp_path / "journal.log") == whole


def test_names_that_mean_something_in_urls_are_names(command: Command, tmp_path: Path) -> None:
    for name in ("a b#c.db", "50%.db", "{x}.db", "is?this.db"):
        tuned(sqlite(tmp_path / "study.db"))
        (tmp_path / "study.db").rename(tmp_path / name)
        before = contents(tmp_path)
        assert command("recommend", tmp_path / name).code == 0
        assert contents(tmp_path) == before


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an SQLite file with a write-ahead log."""
    tuned(sqlite(tmp_path / "study.db"))
    connection = sqlite3.connect(tmp_path / "study.db")
    connection.execute("pragma journal_mode=wal")
    yield connection
    connection.close()


def test_a_write_ahead_log_is_read_and_none_is_left(
    command: Command, tmp_path: Path, logged: sqlite3.Connection
) -> None:
    with logged:
        logged.execute("update studies set study_name = 'new'")
    assert (tmp_path / "study.db-wal").exists()
    assert command("recommend", tmp_path / "study.db", "--study", "new").code == 0
    logged.close()
    before = contents(tmp_path)
    assert list(before) == ["study.db"]
    assert command("recommend", tmp_path / "study.db", "--study", "new").code == 0
    assert contents(tmp_path) == before


def test_a_file_that_is_locked_for_a_moment_is_waited_for(command: Command, tmp_path: Path) -> None:
    tuned(sqlite(tmp_path / "study.db"))
    holds = (
        "import sqlite3, sys, time\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('begin exclusive')\n"
        "print('held', flush=True)\n"
        "time.sleep(7)\n"  # longer than SQLite's own patience
    )
    arguments = [sys.executable, "-c", holds, str(tmp_path / "study.db")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert command("recommend", tmp_path / "study.db").code == 0


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Whoever may write everything is somebody else for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are those of POSIX")
def test_what_may_only_be_read_is_read_and_what_may_not_is_told(command: Command) -> None:
    # Not pytest's folder, into which nobody else may look.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tuned(sqlite(folder / "study.db"))
        tuned(journal(folder / "journal.log"))
        shutil.copy(folder / "study.db", folder / "secret.db")
        sqlite3.connect(folder / "study.db").execute("pragma journal_mode=wal").close()
        # Somebody else may not be able to load modules: now all are.
        for path in ("study.db", "journal.log"):
            assert command("report", folder / path, "--out", folder / "report.html").code == 0
        for path, mode in [("secret.db", 0), ("study.db", 0o444), ("journal.log", 0o444)]:
            (folder / path).chmod(mode)
        folder.chmod(0o555)
        with _unprivileged():
            if not os.access(Path(optuna.__file__).parent, os.R_OK, effective_ids=True):
                pytest.skip("run by root, whose packages nobody else may read")
            assert command("recommend", folder / "study.db").code == 0
            assert command("recommend", folder / "journal.log").code == 0
            _is_refused(command, folder / "secret.db", "cannot be read: Permission denied.")
            out = folder / "another.html"
            assert "written" in command("report", folder / "study.db", "--out", out).refusal()
        folder.chmod(0o755)


def test_files_that_are_no_storage_are_refused_and_left_as_they_are(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "notes.txt").write_text("hello\n")
    (tmp_path / "other.json").write_text('{"op": 1}\n')
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 9)
    sqlite3.connect(tmp_path / "foreign.db").executescript("create table t(x); vacuum;").close()
    (tmp_path / "broken.log").write_text('{"op_code": 0}\n{"op_code": 0}\n')
    tuned(journal(tmp_path / "journal.log"))
    before = contents(tmp_path)
    _is_refused(command, tmp_path, "is a folder")
    _is_refused(command, f"sqlite:///{tmp_path}", "is a folder")
    _is_refused(command, tmp_path / "empty", "is empty")
    _is_refused(command, f"sqlite:///{tmp_path}/empty", "is empty")
    for name in ("notes.txt", "other.json", "binary"):
        _is_refused(command, tmp_path / name, "neither an SQLite database nor a journal")
    for name in ("notes.txt", "journal.log"):
        _is_refused(command, f"sqlite:///{tmp_path}/{name}", "is no SQLite database")
    _is_refused(command, tmp_path / "foreign.db", "without Optuna's tables")
    _is_refused(command, f"sqlite:///{tmp_path}/foreign.db", "without Optuna's tables")
    _is_refused(command, tmp_path / "broken.log", "cannot be read", "KeyError")
    _is_refused(command, "null\0byte", "is no path")
    assert contents(tmp_path) == before


def test_a_truncated_database_is_refused(command: Command, tmp_path: Path) -> None:
    tuned(sqlite(tmp_path / "study.db"))
    content = (tmp_path / "study.db").read_bytes()
    (tmp_path / "study.db").write_bytes(content[: len(content) // 2])
    _is_refused(command, tmp_path / "study.db", "cannot be read", "malformed")


@pytest.mark.parametrize("table", ["version_info", "alembic_version"])
@pytest.mark.parametrize("change", ["drop table {}", "delete from {}"])
def test_a_database_that_optuna_would_mend_is_left_as_it_is(
    change: str, table: str, command: Command, tmp_path: Path
) -> None:
    tuned(sqlite(tmp_path / "study.db"))
    sqlite3.connect(tmp_path / "study.db").executescript(change.format(table)).close()
    before = contents(tmp_path)
    _is_refused(command, tmp_path / "study.db", "Optuna")
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("version", "told"), [("v2.6.0.a", "optuna storage upgrade"), ("v99", "pip install -U optuna")]
)
def test_another_optunas_tables_are_refused_with_the_remedy(
    version: str, told: str, command: Command, tmp_path: Path
) -> None:
    tuned(sqlite(tmp_path / "study.db"))
    change = f"update alembic_version set version_num = '{version}'"
    sqlite3.connect(tmp_path / "study.db").executescript(change).close()
    before = contents(tmp_path)
    _is_refused(command, tmp_path / "study.db", told)
    assert contents(tmp_path) == before


def test_wrong_urls_are_refused_without_their_password(command: Command) -> None:
    for address, told in [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("notadatabase://me:hidden@host/name", "no kind of database is named 'notadatabase'"),
        ("postgresql+psycopg2://me:hidden@host:port/name", "is no URL"),
        ("://me:hidden@host", "is no URL"),
        ("mysql+absent://me:hidden@host/name", "no kind of database"),
    ]:
        line = command("recommend", address).refusal()
        assert told in line
        assert "hidden" not in line


def test_a_driver_that_is_not_installed_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("psycopg2", "MySQLdb"):
        monkeypatch.setitem(sys.modules, module, None)
    line = command("recommend", "postgresql+psycopg2://me:hidden@host/name").refusal()
    assert line == (
        "postgresql+psycopg2://me:***@host/name needs the module psycopg2, which is not "
        "installed; run pip install psycopg2-binary."
    )
    _is_refused(command, "mysql+mysqldb://host/name", "pip install mysqlclient")


def test_redis_is_named_where_it_is_not_installed() -> None:
    # Optuna looks for it once, when it is imported.
    script = (
        "import sys; sys.modules['redis'] = None\n"
        "from optuna_zooming.__main__ import main\n"
        "sys.exit(main(['recommend', 'redis://host']))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    told = "error: a journal on Redis needs the module redis; run pip install redis.\n"
    assert done.stderr == told


def test_servers_that_do_not_answer_are_refused_without_their_password(command: Command) -> None:
    for module, scheme in [("psycopg2", "postgresql+psycopg2"), ("redis", "redis")]:
        pytest.importorskip(module)
        # Nobody listens at port 1.
        line = command("recommend", f"{scheme}://me:hidden@127.0.0.1:1/0").refusal()
        assert line.startswith(f"{scheme}://me:***@127.0.0.1:1/0 cannot be read: ")
        assert "onnect" in line
        assert "hidden" not in line


def test_the_only_study_is_taken_and_one_of_several_is_asked_for(
    command: Command, tmp_path: Path
) -> None:
    storage = journal(tmp_path / "journal.log")
    study = tuned(storage, "first")
    assert command("recommend", tmp_path / "journal.log").code == 0
    optuna.delete_study(study_name=study.study_name, storage=storage)
    _is_refused(command, tmp_path / "journal.log", "holds no study")
    for name in [f"study {number}" for number in range(12)]:
        tuned(storage, name, n_trials=2)
    line = command("recommend", tmp_path / "journal.log").refusal()
    assert "holds 12 studies; choose one with --study: 'study 0', 'study 1', " in line
    assert line.endswith("'study 9' and 2 more.")
    line = command("recommend", tmp_path / "journal.log", "--study", "stuby 11").refusal()
    assert "holds no study 'stuby 11'. Did you mean 'study 11'?" in line
    assert command("recommend", tmp_path / "journal.log", "--study", "study 11").code == 0
