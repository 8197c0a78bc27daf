"""A command as it is called, and what it prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from optuna_zooming.__main__ import main


class Outcome(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    def refusal(self) -> str:
        """The one line that says why nothing was done."""
        assert (self.code, self.out) == (2, "")
        (line,) = self.err.splitlines()
        assert line.startswith("error: ")
        return line[len("error: ") :]


Command = Callable[..., Outcome]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line, in this process."""

    def call(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = main(list(map(str, arguments)))
        return Outcome(code, *capsys.readouterr())

    return call
