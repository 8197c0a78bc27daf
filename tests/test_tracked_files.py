"""What git tracks: no raw rows, no interactive figures, nothing large."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_BYTES = 8_000_000


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        # An unpacked archive does not say what git tracks.
        pytest.skip("this is no git checkout, or git is not installed")
    # Another user's checkout is listed like one's own.
    command = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if (ROOT / name).is_file()]


def test_what_a_command_makes_again_is_not_tracked(tracked: list[str]) -> None:
    results = [name for name in tracked if name.startswith("benchmarks/results/")]
    kinds = {Path(name).suffix for name in results}
    assert kinds <= {".md", ".png", ".json", ".csv"}
    assert not [name for name in results if "/raw/" in name]
    # Recorded tables are the only compressed files, and pages are made, but for the frame of one.
    made = [name for name in tracked if name.endswith((".gz", ".html"))]
    kept = ("benchmarks/tables/", "optuna_zooming/_command_line/page/")
    assert [name for name in made if not name.startswith(kept)] == []


def test_every_tracked_figure_is_shown(tracked: list[str]) -> None:
    pages = "".join((ROOT / name).read_text("utf-8") for name in tracked if name.endswith(".md"))
    figures = [Path(name).name for name in tracked if name.endswith(".png")]
    assert [name for name in figures if f"figures/{name}" not in pages] == []


def test_a_clone_stays_small(tracked: list[str]) -> None:
    sizes = {name: (ROOT / name).stat().st_size for name in tracked}
    largest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    assert sum(sizes.values()) <= MOST_BYTES, f"the largest files: {', '.join(largest)}"
