"""docs/results.md: its table of commands is the commands that there are."""

from __future__ import annotations

import re

from benchmarks.__main__ import COMMANDS
from tests.docs.pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "results.md")


def test_commands_are_the_ones_there_are() -> None:
    table = set(re.findall(r"^\| `(\w+)` \|", PAGE.text, re.MULTILINE))
    assert table == set(COMMANDS)
