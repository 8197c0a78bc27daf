"""optuna-dashboard in a real browser, beside a study that runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import optuna
import pytest

from optuna_zooming import ZoomingSampler, explain
from optuna_zooming.dashboard import ZoomingDashboard
from tests.dashboard.conftest import Shown
from tests.dashboard.pages import NotePage, StudyPage
from tests.dashboard.shown import wait_until_published
from tests.services.requirement import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
SCHEMES = ("light", "dark")
# What WCAG asks of large text and of marks; small print should have more, but the same figure is
# shown on white and on black.
LEAST_CONTRAST = 3.0
# A trial takes its time until the file is there; then the study ends, and its last state is told.
WORKER = """
import math, pathlib, sys, time
import optuna
from optuna_zooming import ZoomingSampler
from optuna_zooming.dashboard import ZoomingDashboard

storage, file = sys.argv[1], pathlib.Path(sys.argv[2])

def objective(trial):
    rate = trial.suggest_float("lr", 1e-5, 1, log=True)
    time.sleep(0.5)
    if file.exists():
        trial.study.stop()
    return 1 - (math.log10(rate) + 1) ** 2 / 20 + 0.01 * math.sin(1e4 * rate)

study = optuna.create_study(
    study_name="running", storage=storage, direction="maximize", sampler=ZoomingSampler(seed=0)
)
study.optimize(objective, n_trials=1000, callbacks=[ZoomingDashboard(every=1)])
"""


@contextmanager
def _running(storage: str, ended: Path) -> Iterator[subprocess.Popen[str]]:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, storage, ended],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    with worker:
        try:
            yield worker
        finally:
            worker.kill()


def _has_begun(storage: str) -> bool:
    return "running" in optuna.get_all_study_names(storage)


def _url(shown: Shown, study: optuna.Study) -> str:
    return f"{shown.address}/studies/{study._study_id}"


def test_pages_of_a_running_study_follow_it(browser: Browser, shown: Shown, tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    with _running(shown.storage, ended) as worker:
        wait_until(lambda: _has_begun(shown.storage))
        study = optuna.load_study(study_name="running", storage=shown.storage)
        pages = [StudyPage(browser, _url(shown, study), "zooming-arms-lr", s) for s in SCHEMES]
        notes = [NotePage(browser, _url(shown, study), scheme) for scheme in SCHEMES]
        n_marks = [page.n_marks() for page in pages]
        words = [note.paragraphs() for note in notes]
        for page in pages:
            assert page.title().startswith("recommended lr")
            assert {"complete", "recommended"} <= set(page.legend())
        # Trials finish, and the pages tell of them of their own accord.
        wait_until(lambda: all(p.n_marks() > before for p, before in zip(pages, n_marks)))
        wait_until(lambda: all(n.paragraphs() != before for n, before in zip(notes, words)))
        # The last state is told when the process ends.
        ended.touch()
        said = worker.communicate()[1]
        assert worker.returncode == 0, said
        assert "ZoomingDashboard" not in said
        found = explain(study)
        expected = ["optuna-zooming", *found.paragraphs]
        wait_until(lambda: all(note.paragraphs() == expected for note in notes))
        assert all(page.is_still_the_first() for page in pages)
        assert all(note.is_still_the_first() for note in notes)


@pytest.fixture(scope="module")
def finished(shown: Shown) -> optuna.Study:
    """A study whose names are full of markup, and whose owner has taken notes."""
    dashboard = pytest.importorskip("optuna_dashboard")
    study = optuna.create_study(storage=shown.storage, sampler=ZoomingSampler(seed=0))
    dashboard.save_note(study, "# My study\n\nAll *my* words.")
    names = ["1. *lr*_a_", "<b>x</b> & [y](z) `q` ~~w~~ $n$ | \\"]
    study.optimize(
        lambda trial: sum(trial.suggest_float(name, 0, 1) for name in names),
        n_trials=12,
        callbacks=[ZoomingDashboard(param_names=names[:1])],
    )
    wait_until_published(study)
    return study


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_figure_is_legible(
    browser: Browser, shown: Shown, finished: optuna.Study, scheme: str
) -> None:
    (key,) = [
        key for key in finished._storage.get_study_system_attrs(finished._study_id) if "plot" in key
    ]
    page = StudyPage(browser, _url(shown, finished), key.split(":")[2], scheme)
    assert (page.brightness() > 0.5) == (scheme == "light")
    assert page.least_contrast() >= LEAST_CONTRAST


def test_the_note_reads_right_whatever_the_names_are(
    browser: Browser, shown: Shown, finished: optuna.Study
) -> None:
    found = explain(finished)
    own = [" ".join(text.split()) for text in found.paragraphs]
    paragraphs = NotePage(browser, _url(shown, finished), "light").paragraphs()
    assert paragraphs[:3] == ["My study", "All my words.", "optuna-zooming"]
    for text, read in zip(own, paragraphs[3:]):
        assert read == text or (read.endswith(" …") and text.startswith(read[:-2]))
    assert len(paragraphs) == 3 + len(own)
