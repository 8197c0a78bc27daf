"""Worker processes on one study, seen from the test."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.services.requirement import wait_until
from tests.services.workers.processes import start_process
from tests.services.workers.worker import Notes, Told, guarded


class Crew:
    """Starts workers, reads their notes, and leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workers: list[BaseProcess] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.join()

    def start(self, target: Callable[..., None], *arguments: object) -> int:
        """Start ``target(notes, *arguments)`` in a process; its index."""
        index = len(self._workers)
        notes = Notes(self._folder, index)
        self._workers.append(start_process(guarded, target, notes, *arguments))
        return index

    def signal(self, index: int, which: signal.Signals) -> None:
        """Send a signal to a worker."""
        pid = self._workers[index].pid
        assert pid is not None
        os.kill(pid, which)

    def kill(self, index: int) -> None:
        """End a worker in the middle of whatever it does."""
        self._workers[index].kill()
        self._workers[index].join()
        assert self._workers[index].exitcode == -signal.SIGKILL, self._errors()

    def told(self) -> list[Told]:
        """All that the workers know to be stored."""
        return [
            Told(*json.loads(line))
            for file in sorted(self._folder.glob("*.told"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ]

    def wait_for_told(self, count: int, meanwhile: Callable[[], object]) -> None:
        """Wait until so many trials are known to be stored."""
        self.wait_until(lambda: len(self.told()) >= count, meanwhile)

    def finish(self, meanwhile: Callable[[], object]) -> None:
        """Wait for all workers that were not killed, and for nothing but success."""
        self.wait_until(lambda: not any(worker.is_alive() for worker in self._workers), meanwhile)
        assert {worker.exitcode for worker in self._workers} <= {0, -signal.SIGKILL}

    def wait_until(self, reached: Callable[[], bool], meanwhile: Callable[[], object]) -> None:
        """Wait for a condition, unless a worker fails first."""
        wait_until(lambda: self._errors() != "" or reached(), meanwhile)
        assert not self._errors(), self._errors()

    def _errors(self) -> str:
        return "\n".join(file.read_text() for file in sorted(self._folder.glob("*.error")))
