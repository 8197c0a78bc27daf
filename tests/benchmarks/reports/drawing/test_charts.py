"""Line charts: whose interval is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.reports.drawing.charts import LineChart, Panel, Series, save_lines


def line(label: str, *, wide: bool = False) -> Series:
    x = np.array([1.0, 2.0])
    return Series(label, "#102030", x, x, 0.5 * x, 2 * x, wide=wide)


def test_few_lines_show_every_interval_and_many_only_the_wide_ones() -> None:
    few = [line("ours", wide=True), line("a"), line("b")]
    many = [*few, line("c")]
    assert [Panel("", "x", few).shades(each) for each in few] == [True] * 3
    assert [Panel("", "x", many).shades(each) for each in many] == [True, False, False, False]


def test_an_interval_that_is_not_shown_is_not_in_the_interactive_figure(tmp_path: Path) -> None:
    sizes = []
    for n_lines in (3, 4):
        lines = [line(f"rival {n}") for n in range(n_lines)]
        save_lines(LineChart("", "y", [Panel("", "x", lines)]), tmp_path / "chart", html=True)
        sizes.append((tmp_path / "chart.html").read_text().count('"fill":"toself"'))
    # Three with their intervals; of four none is ours.
    assert sizes[0] - sizes[1] == 3


def test_dots_are_dots_and_have_no_interval(tmp_path: Path) -> None:
    dot = line("rule", wide=True)._replace(marker="^")
    panel = Panel("", "x", [line("a"), dot])
    assert not panel.shades(dot)
    save_lines(LineChart("", "y", [panel]), tmp_path / "chart", html=True)
    text = (tmp_path / "chart.html").read_text()
    assert text.count('"mode":"markers"') == text.count('"symbol":"triangle-up"') == 1
    assert text.count('"mode":"lines"') == 1
