"""docs/api.md: made by its command, of every public name and no other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import optuna_zooming
from optuna_zooming import visualization
from optuna_zooming.visualization import matplotlib
from tests.docs.pages import ROOT

REFERENCE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
MODULES = (optuna_zooming, visualization, matplotlib)
COMMAND = shutil.which("griffe2md", path=Path(sys.executable).parent)


@pytest.mark.skipif(COMMAND is None, reason="griffe2md is of the extra lint, on Python 3.11")
def test_it_is_what_its_command_makes() -> None:
    made = subprocess.run(
        [str(COMMAND), "optuna_zooming"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert made.stdout == REFERENCE, "run griffe2md optuna_zooming -o docs/api.md"


def test_it_has_every_public_name_and_no_other() -> None:
    headings = re.findall(r"^#+ `([\w.]+)`$", REFERENCE, re.MULTILINE)
    modules = {module.__name__ for module in MODULES}
    public = {f"{module.__name__}.{name}" for module in MODULES for name in module.__all__}
    classes = {name for name in public if name.rpartition(".")[2][0].isupper()}
    members = {name for name in headings if name.rpartition(".")[0] in classes}
    assert set(headings) - members == public | modules
    assert not [name for name in members if "._" in name]


def test_it_is_plain_markdown() -> None:
    assert re.findall(r":\w+:`|\]\(#|::$", REFERENCE, re.MULTILINE) == []
    assert len(REFERENCE.encode()) < 60_000
