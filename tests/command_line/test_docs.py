"""docs/command-line.md: its commands are those there are, and its loop reads every line."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import optuna
import pytest

from optuna_zooming import recommended_params
from optuna_zooming._command_line.arguments import make_parser
from tests.command_line.made_storages import one_rate, sqlite, tuned

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_its_commands_are_understood() -> None:
    calls = re.findall(r"optuna-zooming ([^|)#\n]+)", "".join(SHELL))
    assert len(calls) >= 5
    for call in calls:
        parsed = make_parser("0").parse_args(shlex.split(call))
        assert callable(parsed.run)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_its_loop_makes_flags_of_all_parameters(tmp_path: Path) -> None:
    (loop,) = [block for block in SHELL if "while read" in block]
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "optuna-zooming"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m optuna_zooming "$@"\n')
    command.chmod(0o755)

    def mixed(trial: optuna.Trial) -> float:
        trial.suggest_categorical("optimizer", ["plain sgd"])
        return one_rate(trial) + trial.suggest_int("layers", 1, 3)

    study = tuned(sqlite(tmp_path / "study.db"), objective=mixed)
    path = os.pathsep.join([str(tmp_path / "bin"), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", loop],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    expected = recommended_params(study).params
    assert done.stdout.splitlines() == [f"--{name}={value}" for name, value in expected.items()]
