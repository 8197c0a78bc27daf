"""The command itself: help, version, exit codes, pipes, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import optuna_zooming
from optuna_zooming.__main__ import main
from tests.command_line.made_storages import journal, sqlite, tuned

ROOT = Path(__file__).parents[2]


def _run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optuna_zooming", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shell_gets_the_value_and_nothing_else(tmp_path: Path) -> None:
    study = tuned(sqlite(tmp_path / "study.db"))
    done = _run("recommend", "sqlite:///study.db", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout) in {trial.params["lr"] for trial in study.trials}


def test_a_wrong_request_is_one_line_and_code_2(tmp_path: Path) -> None:
    done = _run("recommend", "sqlite:///study.db", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: there is no file study.db.\n"


def test_without_a_command_the_help_is_printed_where_no_script_reads_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "recommend" in told.err


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, told in [
        (["--version"], f"optuna-zooming {optuna_zooming.__version__}\n"),
        (["--help"], "lr=$(optuna-zooming recommend sqlite:///study.db)"),
        (["recommend", "--help"], "those that never vary included"),
    ]:
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        assert told in capsys.readouterr().out


def test_flags_are_not_abbreviated(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["recommend", "study.db", "--par", "lr"])
    assert "--par" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes are those of POSIX")
def test_a_reader_that_has_gone_is_no_error(tmp_path: Path) -> None:
    tuned(journal(tmp_path / "journal.log"))
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        [sys.executable, "-m", "optuna_zooming", "recommend", str(tmp_path / "journal.log")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=write_end,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes are those of POSIX")
def test_an_interruption_ends_it_without_a_traceback(tmp_path: Path) -> None:
    # Opening a pipe waits for whoever writes to it.
    os.mkfifo(tmp_path / "pipe")
    script = (
        "import os, sys, threading, signal, time\n"
        "from optuna_zooming.__main__ import main\n"
        "threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "sys.exit(main(['recommend', sys.argv[1]]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "pipe")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (128 + signal.SIGINT, "")
    assert done.stderr == "Interrupted.\n"


def test_importing_the_package_does_not_load_the_command_line() -> None:
    script = (
        "import sys, optuna_zooming;"
        "print(*[name for name in sys.modules if '_command_line' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == []
