"""A server in a process of ours, on loopback, that can go away and come back on its port."""

from __future__ import annotations

import contextlib
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
# Servers on a busy machine; nothing comes near it unless it hangs.
PATIENCE = 120.0


class AbsentError(Exception):
    """A storage that cannot be had here; the message says why."""


@dataclass(eq=False)
class Server:
    """A server that starts on the same port again, with what it had kept.

    Attributes:
        address: URL or port for clients.
        command: What is run.
        ask: A question to the server that raises as long as it does not answer.
        log: File for what it says.
        end: Signal on which it ends at once, but in order.
        crash: Signal on which it ends without any order.
        how: Options of ``subprocess.Popen``.
    """

    address: str
    command: Sequence[str]
    ask: Callable[[], object]
    log: Path
    end: signal.Signals = signal.SIGTERM
    crash: signal.Signals = signal.SIGKILL
    how: Mapping[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __enter__(self) -> Server:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            AbsentError: If it ends instead, or says nothing.
        """
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C at the terminal is not for it.
            self._process = subprocess.Popen(
                self.command, stdout=log, stderr=log, start_new_session=True, **self.how
            )
        deadline = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < deadline:
            # Each client has an error of its own for this.
            with contextlib.suppress(Exception):
                self.ask()
                return
            time.sleep(0.1)
        said = self.log.read_text(errors="replace").strip().splitlines()[-1:]
        raise AbsentError(f"{Path(self.command[0]).name} did not start: {' '.join(said)}")

    def stop(self, how: signal.Signals | None = None) -> None:
        """End it, if it runs: in order, or as ``how`` has it."""
        if self._process is None:
            return
        self._process.send_signal(how or self.end)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE)
        self._process.kill()
        self._process.wait()
        self._process = None

    def restart(self, how: signal.Signals) -> None:
        """Go away by this signal, and come back."""
        self.stop(how)
        self.start()


def free_port() -> int:
    """A port on loopback that nobody listens at.

    Below the ephemeral range: a client that retries while the server is down could otherwise be
    given this very port as its own end, and would then be connected to itself.
    """
    for port in random.sample(range(20_000, 32_000), 200):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise AbsentError("no free port between 20000 and 32000")
