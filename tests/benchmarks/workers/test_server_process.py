"""A server's process: it comes back where it was, ends as it is told, and says what is wrong."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.workers.server_process import HOST, AbsentError, Server, free_port

# Writes down the signal on which it ends.
PROGRAM = """
import pathlib, signal, socket, sys
def end(number, frame):
    pathlib.Path("ended").write_text(signal.Signals(number).name)
    sys.exit()
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        server.accept()
"""


@pytest.fixture
def server(tmp_path: Path) -> Server:
    port = free_port()
    command = [sys.executable, "-c", PROGRAM, str(port)]
    how = {"cwd": tmp_path}
    return Server(str(port), command, lambda: _ask(port), tmp_path / "log", how=how)


def _ask(port: int) -> None:
    socket.create_connection((HOST, port)).close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_it_ends_with_the_block_and_in_order(server: Server, tmp_path: Path) -> None:
    with server:
        _ask(int(server.address))
    assert (tmp_path / "ended").read_text() == "SIGTERM"
    with pytest.raises(ConnectionRefusedError):
        _ask(int(server.address))


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_it_comes_back_on_its_port(server: Server, tmp_path: Path) -> None:
    with server:
        server.restart(signal.SIGINT)
        _ask(int(server.address))
        assert (tmp_path / "ended").read_text() == "SIGINT"
        (tmp_path / "ended").unlink()
        server.restart(server.crash)
        _ask(int(server.address))
        assert not (tmp_path / "ended").exists()
        server.stop()
        with pytest.raises(ConnectionRefusedError):
            _ask(int(server.address))


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo no such license >&2; exit 1"]
    server = Server("", command, _refuse, tmp_path / "log")
    with pytest.raises(AbsentError, match="^sh did not start: no such license$"):
        server.__enter__()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_server_that_never_answers_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.workers.server_process.PATIENCE", 2.0)
    # exec: a signal is for the shell alone, not for its children.
    command = ["sh", "-c", f"echo $$ > {tmp_path}/number; exec sleep 100"]
    with pytest.raises(AbsentError, match="sh did not start"):
        Server("", command, _refuse, tmp_path / "log").__enter__()
    number = (tmp_path / "number").read_text().strip()
    assert subprocess.run(["kill", "-0", number], check=False, capture_output=True).returncode != 0


def _refuse() -> None:
    raise ConnectionRefusedError
