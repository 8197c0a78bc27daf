"""docs/algorithm.md: its tables hold every constant with its value."""

from __future__ import annotations

import re
from dataclasses import asdict

from optuna_zooming import AdaptiveZooming
from tests.docs.pages import ROOT, Page

PAGE = Page(ROOT / "docs" / "algorithm.md")


def test_constants_are_the_ones_there_are() -> None:
    table = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", PAGE.text, re.MULTILINE)
    assert {name: float(value) for name, value in table} == AdaptiveZooming().constants()
    of_the_model = asdict(AdaptiveZooming().joint)
    assert len(table) - len(of_the_model) == 12
    assert "## Twelve constants" in PAGE.text
