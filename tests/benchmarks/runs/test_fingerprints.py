"""Which files of our package rows depend on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.paths import ROOT
from benchmarks.runs.fingerprints import OUR_PACKAGE, source_hash


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy; hashes are kept by path, so that each change is in a copy of its own."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(ROOT / OUR_PACKAGE, tmp_path / OUR_PACKAGE, ignore=ignored))


@pytest.mark.parametrize(
    "module",
    [
        "sampler.py",
        "pruner.py",
        "recommendation.py",
        "_joint/outlook.py",
        # Only the package's own is left out.
        "_policy/__init__.py",
        "_study/stopping.py",
    ],
)
def test_what_proposes_prunes_or_recommends_counts(package: Path, module: str) -> None:
    (package / module).write_text("changed = True\n")
    assert source_hash(package) != source_hash(ROOT / OUR_PACKAGE)


@pytest.mark.parametrize(
    "module",
    [
        "__init__.py",
        "__main__.py",
        "_text.py",
        "explanation.py",
        "stopping.py",
        "dashboard.py",
        "_dashboard/note.py",
        "_command_line/report.py",
        "visualization/arms.py",
    ],
)
def test_what_only_says_or_shows_does_not(package: Path, module: str) -> None:
    (package / module).parent.mkdir(exist_ok=True)
    (package / module).write_text("changed = True\n")
    assert source_hash(package) == source_hash(ROOT / OUR_PACKAGE)


def test_a_file_that_is_named_counts(package: Path) -> None:
    before = source_hash(ROOT / OUR_PACKAGE / "stopping.py")
    (package / "stopping.py").write_text("changed = True\n")
    assert source_hash(package / "stopping.py") != before
