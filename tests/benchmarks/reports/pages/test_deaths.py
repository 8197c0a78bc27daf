"""The page on workers that die."""

from __future__ import annotations

import numpy as np

from benchmarks.reports.pages.deaths import deaths_page
from benchmarks.workers.dying_workers import TOLD, UNNOTICED, Key, problems


def test_the_page_shows_differences_of_paired_studies() -> None:
    shape = (len(problems()), 4)
    regret = {
        Key("zooming", n_workers, 0.2, fate): np.stack(
            [np.full(shape, late), np.full(shape, best)], axis=-1
        )
        for n_workers, fate, late, best in [
            (1, UNNOTICED, 20.0, 2.0),
            (1, TOLD, 4.0, 0.5),
            (8, TOLD, 5.0, 1.5),
        ]
    }
    lines = deaths_page(regret, 40).splitlines()
    cells = [[cell.partition(" <sub>")[0] for cell in line.split(" | ")] for line in lines]
    assert ["| zooming", "1", "20 %", "4.00", "20.00", "+16.00", "0.50", "2.00", "+1.50"] in cells
    # Nobody simulated eight workers whose deaths stay unnoticed.
    assert ["| zooming", "8", "20 %", "5.00", "", "", "1.50", "", " |"] in cells
    assert [
        "| zooming, 8 workers",
        "20 %",
        TOLD,
        "4.00",
        "5.00",
        "+1.00",
        "0.50",
        "1.50",
        "+1.00",
    ] in cells
