"""The storages command: its page, and servers that do not answer."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from benchmarks.commands.workers import storages
from benchmarks.errors import UserError
from benchmarks.workers.server_process import free_port


def test_the_command_measures_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    flags = ["--storages", "memory", "redis", "--samplers", "zooming", "--processes", "2"]
    assert _main([*flags, "--trials", "4", "--rounds", "1", "--out", str(tmp_path)]) == 0
    page = capsys.readouterr().out
    assert page == (tmp_path / "operators.md").read_text()
    assert "journal on Redis is left out: no" in page
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| in memory")]
    assert [row[1] for row in rows] == ["2", "random", "zooming"]


def test_a_given_server_that_does_not_answer_is_the_user_s_error(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    url = f"redis://127.0.0.1:{free_port()}"
    with pytest.raises(UserError, match=f"--redis {url}"):
        _main(["--storages", "redis", "--redis", url, "--out", str(tmp_path)])


def _main(flags: list[str]) -> int:
    parser = argparse.ArgumentParser()
    storages.add_arguments(parser)
    return storages.main(parser.parse_args(flags))
