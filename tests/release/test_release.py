"""What is written down of a release agrees: version, changelog, citation, what users type."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

import optuna_zooming

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_latest_released_section_of_the_changelog_is_this_version() -> None:
    released = [name for name in re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)]
    # What is to come stands above it until it is released.
    assert next(name for name in released if name != "Unreleased") == optuna_zooming.__version__


def test_the_latest_changes_are_told_in_short_lines_breaking_ones_first() -> None:
    section = CHANGELOG.split("\n## ")[1]
    kinds = re.findall(r"^### (.*)$", section, re.MULTILINE)
    order = ["Changed, and may need an edit", "New", "Better", "Fixed"]
    assert kinds == [kind for kind in order if kind in kinds]
    assert [line for line in section.splitlines() if len(line) > 250] == []


def test_citation_is_of_this_version_and_names_both_papers() -> None:
    assert CITATION["version"] == optuna_zooming.__version__
    papers = {paper["doi"] for paper in CITATION["references"]}
    assert papers == {"10.48550/arXiv.2409.09783", "10.1145/1374376.1374475"}
    assert all(paper["authors"] and paper["title"] for paper in CITATION["references"])


def test_type_checkers_see_every_public_name_used() -> None:
    code = (ROOT / "tests" / "release" / "user.py").read_text(encoding="utf-8")
    body = code.split("\ndef ", 1)[1]
    unused = {name for name in optuna_zooming.__all__ if not re.search(rf"\b{name}\b", body)}
    assert unused == set()
