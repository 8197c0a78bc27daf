"""Every page of docs/: its code runs, its links resolve, its commands are some that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page

PAGES = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
# With its signatures, what is made of docstrings has blocks that are not meant to be run.
WRITTEN = [page for page in PAGES if page.path.stem != "api"]


def _name(page: Page) -> str:
    return page.path.stem


@pytest.mark.parametrize("page", WRITTEN, ids=_name)
def test_code_runs_and_prints_what_the_page_says(page: Page, tmp_path: Path) -> None:
    page.check_code(tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_to_files(page: Page) -> None:
    page.check_links()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_and_extras_are_some_that_there_are(page: Page) -> None:
    page.check_shell()


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_first_sentence_says_for_whom(page: Page) -> None:
    first = page.text.split("\n\n")[1]
    assert first.startswith("For ")


def test_index_names_every_page_once() -> None:
    index = Page(ROOT / "docs" / "README.md")
    pages = [link for link in index.links if re.fullmatch(r"[\w-]+\.md", link)]
    assert sorted(pages) == sorted(page.path.name for page in PAGES if page.path != index.path)
