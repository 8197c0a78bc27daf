"""README.md's code runs, its links resolve, and what it says of commands is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]
SHELL = [code.strip() for language, code in BLOCKS if language == "sh"]


def test_python_blocks_run_in_order(tmp_path: Path) -> None:
    script = tmp_path / "readme.py"
    script.write_text("\n".join(PYTHON), encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-W", "error", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    # The first example is followed by what it prints; the objective's minimum lies at 0.5.
    (printed,) = re.findall(r"^```\n(Use lr = 0\.50.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert result.stdout.startswith(printed)


def test_first_example_has_at_most_a_dozen_lines() -> None:
    assert len([line for line in PYTHON[0].splitlines() if line.strip()]) <= 12


def test_commands_are_the_ones_there_are() -> None:
    table = set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))
    assert table == set(COMMANDS)


def test_check_script_runs_the_test_command_of_the_readme() -> None:
    (test_command,) = [block for block in SHELL if "pytest" in block]
    assert f"\n{test_command}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_shell_blocks_name_extras_and_commands_that_exist() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = "\n".join(SHELL)
    for extra in re.findall(r"\.\[(\w+)\]", README):
        assert f"\n{extra} = [" in pyproject
    for command in re.findall(r"python -m benchmarks (\w+)", text):
        assert command in COMMANDS


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:)([^)]+)\)", README))
def test_linked_file_is_in_the_repository(path: str) -> None:
    assert (ROOT / path).is_file()
