"""The page on storages."""

from __future__ import annotations

from benchmarks.reports.pages.storages import storages_page
from benchmarks.workers.storage_load import SEEDS, Load, Plan


def test_the_page_shows_medians_ratios_and_who_is_absent() -> None:
    plan = Plan(["random", "zooming"], [8], n_trials=10, repeats=3, n_together=8, rounds=2)
    near = {("random", "int", seeds): [1, 2] for seeds in SEEDS}
    near |= {("zooming", "int", "None"): [0, 0], ("zooming", "int", "same"): [0, 1]}
    speed = {("random", 8): [10.0, 40.0, 20.0], ("zooming", 8): [9.0, 20.0, 25.0]}
    page = storages_page(plan, {"sqlite": Load(speed, near)}, {"redis": "no redis-server"})
    lines = page.splitlines()
    assert "journal on Redis is left out: no redis-server." in lines
    # Ratios: 9/10, 20/40, 25/20.
    assert "| SQLite | 8 | 20 | 20 | 0.90 <sub>0.50 to 1.25</sub> |" in lines
    assert "| SQLite | random | – / – / – | 1.5 / 1.5 / 1.5 | – / – / – |" in lines
    assert "| SQLite | zooming | – / – / – | 0 / – / 0.5 | – / – / – |" in lines
