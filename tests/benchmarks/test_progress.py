"""A bar is alive on a terminal, and leaves a log alone."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator

import pytest

from benchmarks.progress import progress

# Longer than from one state to the next on a terminal.
N_ITEMS = 15


def _slow_items() -> Iterator[int]:
    for item in range(N_ITEMS):
        time.sleep(0.1)
        yield item


def test_a_log_gets_the_first_state_and_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    seen = list(progress(_slow_items(), total=N_ITEMS, unit="study", what="runs"))
    assert seen == list(range(N_ITEMS))
    states = capsys.readouterr().err.strip().split("\r")
    assert len([state for state in states if state.strip()]) == 2
    assert f"0/{N_ITEMS}" in states[0]
    assert states[-1].startswith("runs: 100%")


class _Terminal(io.StringIO):
    """What a terminal is asked, and where a bar is drawn on it."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_more_states_than_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    list(progress(_slow_items(), total=N_ITEMS, unit="study"))
    states = terminal.getvalue().split("\r")
    assert len([state for state in states if state.strip()]) > 2


def test_it_can_be_updated_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(total=3, unit="trial") as bar:
        bar.update(3)
    assert "3/3" in capsys.readouterr().err
