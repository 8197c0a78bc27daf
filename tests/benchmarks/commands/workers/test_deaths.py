"""The deaths command: its page, and what it refuses."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.commands.workers import deaths
from benchmarks.errors import UserError


def test_the_command_writes_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--samplers", "random", "--workers", "1", "2", "--rates", "0", "0.5"]
    flags += ["--seeds", "2", "--trials", "4", "--jobs", "1", "--out", str(tmp_path)]
    assert _main(flags) == 0
    page = capsys.readouterr().out
    assert page == (tmp_path / "deaths.md").read_text()
    rows = [line.split(" | ")[:3] for line in page.splitlines() if line.startswith("| random |")]
    assert rows == [["| random", str(n), f"{rate} %"] for n in (1, 2) for rate in (0, 50)]


def test_all_workers_cannot_die(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--rates must lie in \[0, 1\), got 0.2 1.0"):
        _main(["--rates", "0.2", "1", "--out", str(tmp_path)])


def _main(flags: list[str]) -> int:
    parser = argparse.ArgumentParser()
    deaths.add_arguments(parser)
    return deaths.main(parser.parse_args(flags))
