"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from optuna_zooming._text import between


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ((0.9021, 0.9894), "0.902 to 0.989"),
        ((-2988.4, -2986.2), "-2988 to -2986"),
        ((0.98152, 0.98154), "0.98152 to 0.98154"),
        ((2.0, 2.0), "2 to 2"),
        ((0.5, math.inf), "interval unknown"),
    ],
)
def test_the_ends_of_an_interval_differ_where_they_can(
    interval: tuple[float, float], text: str
) -> None:
    assert between(interval) == text
