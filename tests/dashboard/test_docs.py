"""docs/dashboard.md states the bounds that there are, and its keys are those that are written."""

from __future__ import annotations

import inspect
import math
from pathlib import Path

import optuna

from optuna_zooming.dashboard import ZoomingDashboard
from optuna_zooming.dashboard._figures import _MOST_TRIALS, MOST_FIGURES
from optuna_zooming.dashboard._note import BEGIN, END
from optuna_zooming.dashboard._publication import MOST_BYTES
from optuna_zooming.dashboard._publisher import _DENSE, _REST, _SLOWER, _SLOWEST, CLAIM
from optuna_zooming.dashboard._publishers import EXIT_PATIENCE
from tests.dashboard.shown import attributes, wait_until_published

PAGE = (Path(__file__).parents[2] / "docs" / "dashboard.md").read_text(encoding="utf-8")
EVERY = inspect.signature(ZoomingDashboard).parameters["every"].default


def test_the_page_states_the_bounds_that_there_are() -> None:
    assert f"{MOST_BYTES:,} bytes each; {_MOST_TRIALS[0]} trials are drawn" in PAGE
    assert f"at most once in `every={EVERY}` seconds" in PAGE
    assert (MOST_FIGURES, EXIT_PATIENCE, _REST, _DENSE, _SLOWEST) == (4, 5.0, 50.0, 100, 3600.0)
    assert "up to four parameters" in PAGE
    assert "waits for it for five seconds at most" in PAGE
    assert "rests fifty times as long" in PAGE
    assert "each publication after the hundredth waits 2 % longer" in PAGE


def test_a_journal_takes_about_400_publications_a_day() -> None:
    assert "after a day without pause there are about 400" in PAGE
    # A hundred at first; then a geometric series.
    rest = 86_400 - _DENSE * EVERY
    more = math.log(1 + rest * (_SLOWER - 1) / EVERY) / math.log(_SLOWER)
    assert 350 < _DENSE + more < 450


def test_the_attributes_are_those_that_the_page_names() -> None:
    study = optuna.create_study()
    study.optimize(
        lambda trial: trial.suggest_float("lr", 0, 1), n_trials=2, callbacks=[ZoomingDashboard()]
    )
    wait_until_published(study)
    written = attributes(study)
    assert '"dashboard:plot_data:zooming-arms-lr:0"' in PAGE
    assert "dashboard:plot_data:zooming-arms-lr:0" in written
    assert "`dashboard:note_str:…`" in PAGE
    assert "dashboard:note_str:0" in written
    assert f"`{CLAIM}`" in PAGE
    assert CLAIM in written
    assert BEGIN.split(":")[0] in PAGE
    assert f"`{END}`" in PAGE
