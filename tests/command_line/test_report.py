"""What ``report`` writes, and that it writes it whole or not at all."""

from __future__ import annotations

import math
import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import optuna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState, create_trial

from optuna_zooming import active_arms, explain, recommended_params
from optuna_zooming._command_line.page.answer import answer
from optuna_zooming._command_line.page.arms import arms_table
from optuna_zooming._command_line.page.contents import gathered
from optuna_zooming._command_line.page.elements import element
from optuna_zooming._command_line.page.trials import MOST_TRIALS, other_trials
from tests.command_line.conftest import Command
from tests.command_line.made_storages import contents, journal, one_rate, sqlite, tuned
from tests.command_line.pages import Page
from tests.sampler.histories import SPACES, foreign_trials

ROOT = Path(__file__).parents[2]
RATE = FloatDistribution(1e-5, 10.0, log=True)


def _reported(command: Command, folder: Path, *more: str) -> Page:
    outcome = command("report", folder / "journal.log", "--out", folder / "report.html", *more)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{folder / 'report.html'}\n"
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def _mixed(trial: optuna.Trial) -> float:
    trial.suggest_float("fixed", 3.0, 3.0)
    layers = trial.suggest_int("layers", 1, 4)
    return one_rate(trial) + layers


def test_the_page_says_what_explain_says_and_every_value_in_full(
    command: Command, tmp_path: Path
) -> None:
    study = tuned(journal(tmp_path / "journal.log"), objective=_mixed, n_trials=15)
    page = _reported(command, tmp_path)
    found = explain(study)
    for sentence in found.paragraphs:
        assert sentence in page.text
    expected = recommended_params(study)
    rows = page.tables[f"Recommended in full (trial {expected.number})"]
    assert {row[0]: row[1] for row in rows} == {n: repr(v) for n, v in expected.params.items()}
    assert [row[2] for row in rows] == ["fixed", "1 to 4", "1e-05 to 10, logarithmic"]


def test_each_parameter_that_varies_has_its_figures_and_all_of_its_arms(
    command: Command, tmp_path: Path
) -> None:
    study = tuned(journal(tmp_path / "journal.log"), objective=_mixed, n_trials=15)
    page = _reported(command, tmp_path)
    assert [each for each in page.ids if each.startswith("figure")] == [
        f"figure-{number}" for number in range(4)
    ]
    of_arms = {
        caption.split(",")[0]: rows
        for caption, rows in page.tables.items()
        if caption.startswith("Arms of ")
    }
    assert list(of_arms) == ["Arms of layers", "Arms of lr"]
    for name in ("layers", "lr"):
        rows, arms = of_arms[f"Arms of {name}"], active_arms(study, name)
        assert len(rows) == len(arms)
        for row, arm in zip(rows, arms):
            assert float(row[0].split(",")[0]) == pytest.approx(arm.value, rel=1e-3)
            assert float(row[1]) == pytest.approx(arm.mean, rel=1e-3)
            counted = [0 if text == "–" else int(text) for text in row[3:]]
            stopped = arm.pulls - arm.complete - arm.diverged
            assert counted == [arm.pulls, arm.complete, stopped, arm.diverged]
        assert sum(row[0].endswith(", recommended") for row in rows) == 1


def test_the_page_needs_nothing_else_and_brings_plotly_once(
    command: Command, tmp_path: Path
) -> None:
    tuned(journal(tmp_path / "journal.log"), objective=_mixed)
    page = _reported(command, tmp_path)
    assert page.loads == []
    assert "link" not in page.tags
    [plotly] = [script for script in page.scripts if len(script) > 1_000_000]
    # Which may name itself.
    small = [script for script in page.scripts if script != plotly]
    assert len([script for script in small if "Plotly.newPlot" in script]) == 4


HOSTILE = "</script><script>alert('x')</script><b>&amp;\"'"


def test_whatever_a_study_holds_is_no_markup(command: Command, tmp_path: Path) -> None:
    study = optuna.create_study(study_name=HOSTILE, storage=journal(tmp_path / "journal.log"))
    kinds = CategoricalDistribution([HOSTILE, "plain"])
    for number in range(8):
        study.add_trial(
            create_trial(
                value=float(number % 2),
                params={HOSTILE: kinds.choices[number % 2]},
                distributions={HOSTILE: kinds},
            )
        )
    study.ask({HOSTILE: kinds})
    page = _reported(command, tmp_path)
    assert "b" not in page.tags
    assert not [script for script in page.scripts if script.strip().startswith("alert(")]
    # As title, heading, and in both tables of values.
    assert page.text.count(HOSTILE) >= 5
    assert page.tables["Still running: 1"][0][1].startswith(HOSTILE)
    (caption,) = [caption for caption in page.tables if caption.startswith("Arms of")]
    assert caption == f"Arms of {HOSTILE}"


def test_trials_that_did_not_end_well_are_told_the_latest_first(
    command: Command, tmp_path: Path
) -> None:
    study = optuna.create_study(study_name="s", storage=journal(tmp_path / "journal.log"))

    def add(count: int, **what: Any) -> None:
        for number in range(count):
            params = {"lr": 0.01 * (number + 1)}
            study.add_trial(create_trial(params=params, distributions={"lr": RATE}, **what))

    pruned = MOST_TRIALS + 5
    add(3, value=1.0)
    add(pruned, state=TrialState.PRUNED, intermediate_values={0: 3.0, 4: 2.5})
    add(1, state=TrialState.PRUNED, intermediate_values={1: math.nan})
    add(1, value=math.inf)
    add(2, state=TrialState.FAIL)
    study.enqueue_trial({"lr": 0.5})
    study.enqueue_trial({"lr": 0.6})
    study.ask({"lr": RATE})
    page = _reported(command, tmp_path)
    captions = [caption for caption in page.tables if not caption.startswith(("Arms", "Reco"))]
    assert captions == [
        "Still running: 1",
        "Waiting: 1",
        "Diverged: 2",
        "Failed: 2",
        f"Pruned: {pruned} (the latest {MOST_TRIALS} are shown)",
    ]
    rows = page.tables[captions[4]]
    assert [row[0] for row in rows] == [str(2 + pruned - i) for i in range(MOST_TRIALS)]
    assert rows[-1][1:3] == ["lr = 0.06", "2.5 at step 4"]
    assert [row[2] for row in page.tables["Diverged: 2"]] == ["inf at its end", "nan at step 1"]
    assert page.tables["Still running: 1"][0][1] == "lr = 0.5"


def test_trials_keep_their_numbers_where_others_were_deleted_by_hand(
    command: Command, tmp_path: Path
) -> None:
    study = tuned(sqlite(tmp_path / "study.db"), n_trials=4)
    last = study.ask({"lr": RATE}).number
    study._storage.remove_session()
    with sqlite3.connect(tmp_path / "study.db") as connection:
        connection.execute("delete from trials where number = 1")
    connection.close()
    command("report", tmp_path / "study.db", "--out", tmp_path / "report.html")
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "4 trials" in page.text
    assert page.tables["Still running: 1"][0][0] == str(last) == "4"


def test_a_study_of_which_nothing_can_be_recommended_has_a_page(
    command: Command, tmp_path: Path
) -> None:
    study = optuna.create_study(study_name="s", storage=journal(tmp_path / "journal.log"))
    study.ask({"lr": RATE})
    page = _reported(command, tmp_path)
    assert "Nothing can be recommended yet" in page.text
    assert list(page.tables) == ["Still running: 1"]
    for rate in (0.1, 0.2, 0.5, 1.0):  # an arm each, whatever Optuna's sampler would draw
        study.enqueue_trial({"lr": rate})
    study.optimize(
        lambda trial: trial.suggest_float("lr", 0.1, 1.0, log=True) * math.nan, n_trials=4
    )
    page = _reported(command, tmp_path)
    assert len(page.tables["Failed: 4"]) == 4
    assert [row[1] for row in page.tables["Arms of lr"]] == ["diverged"] * 4


def test_figures_are_drawn_of_some_parameters_and_the_others_are_named(
    command: Command, tmp_path: Path
) -> None:
    def of_ten(trial: optuna.Trial) -> float:
        return sum(trial.suggest_float(f"x{number}", 0.0, 1.0) for number in range(10))

    tuned(journal(tmp_path / "journal.log"), objective=of_ten, n_trials=3)
    page = _reported(command, tmp_path)
    assert len([each for each in page.ids if each.startswith("figure")]) == 16
    assert len([caption for caption in page.tables if caption.startswith("Arms of")]) == 10
    assert "first 8 parameters; not of 'x8', 'x9'." in page.text


def test_neither_storage_is_written_to(command: Command, tmp_path: Path) -> None:
    studies, pages = tmp_path / "studies", tmp_path / "pages"
    studies.mkdir()
    pages.mkdir()
    tuned(journal(studies / "journal.log"))
    tuned(sqlite(studies / "study.db"))
    before = contents(studies)
    for name in ("journal.log", "study.db"):
        assert command("report", studies / name, "--out", pages / f"{name}.html").code == 0
    assert contents(studies) == before
    assert sorted(contents(pages)) == ["journal.log.html", "study.db.html"]


def test_the_page_is_named_report_html_where_nothing_else_is_said(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tuned(journal(Path("journal.log")))
    assert command("report", "journal.log").out == "report.html\n"
    assert Page(Path("report.html").read_text(encoding="utf-8")).tables


def test_an_address_with_a_password_is_not_shown_in_full() -> None:
    from optuna_zooming._command_line.storages.addresses import masked

    shown = {
        "postgresql://me:secret@host:5432/name": "postgresql://me:***@host:5432/name",
        "postgresql://me:se@cret/@host/name": "postgresql://me:***@host/name",
        "redis://:secret@host": "redis://:***@host",
        "mysql://host/name?user=me&password=secret&x=1": (
            "mysql://host/name?user=me&password=***&x=1"
        ),
        "postgresql://me@host/name": "postgresql://me@host/name",
        "sqlite:///study.db": "sqlite:///study.db",
    }
    assert {address: masked(address) for address in shown} == shown


@pytest.mark.parametrize(
    ("out", "told"),
    [("nowhere/report.html", "there is no folder"), (".", "is a folder"), ("file/r", "no folder")],
)
def test_a_place_where_no_page_can_be_is_refused(
    out: str, told: str, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tuned(journal(Path("journal.log")))
    Path("file").touch()
    before = contents(tmp_path)
    assert told in command("report", "journal.log", "--out", out).refusal()
    assert contents(tmp_path) == before


def test_a_wrong_request_leaves_an_older_page_as_it_was(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("older")
    optuna.create_study(storage=journal(tmp_path / "journal.log"), study_name="s")
    optuna.create_study(
        storage=journal(tmp_path / "two.log"), study_name="s", directions=["minimize"] * 2
    )
    for name, told in [
        ("missing.db", "there is no file"),
        ("journal.log", "study 's' has no trials yet"),
        ("two.log", "has 2 objectives"),
    ]:
        assert told in command("report", tmp_path / name, "--out", out).refusal()
    assert sorted(contents(tmp_path)) == ["journal.log", "report.html", "two.log"]
    assert out.read_text() == "older"


def test_without_plotly_the_extra_is_named_and_values_are_still_recommended(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("plotly", "plotly.graph_objects"):
        monkeypatch.setitem(sys.modules, module, None)
    tuned(journal(tmp_path / "journal.log"))
    refusal = command(
        "report", tmp_path / "journal.log", "--out", tmp_path / "report.html"
    ).refusal()
    assert 'pip install "optuna-zooming[plot]"' in refusal
    assert not (tmp_path / "report.html").exists()
    assert command("recommend", tmp_path / "journal.log").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of POSIX")
def test_a_disk_that_is_full_leaves_no_half_page_and_the_older_one(tmp_path: Path) -> None:
    tuned(journal(tmp_path / "journal.log"))
    (tmp_path / "report.html").write_text("older")
    before = contents(tmp_path)
    script = (
        "import resource, sys\n"
        "from optuna_zooming.__main__ import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))\n"
        "sys.exit(main(['report', 'journal.log']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: report.html cannot be written: File too large.\n"
    assert contents(tmp_path) == before


def test_elements_escape_what_is_no_markup() -> None:
    inner = element("b", '<i> & "quotes"', class_='a"b')
    assert inner == '<b class="a&quot;b">&lt;i&gt; &amp; &quot;quotes&quot;</b>'
    assert element("p", inner, "<") == f"<p>{inner}&lt;</p>"


@settings(deadline=None, max_examples=30)
@given(data=st.data(), space=SPACES)
def test_any_history_has_a_page(data: st.DataObject, space: Any) -> None:
    study = optuna.create_study()
    for trial in data.draw(st.lists(foreign_trials(space, [0, 1]), min_size=1, max_size=12)):
        study._storage.create_new_trial(study._study_id, template_trial=trial)
    found = gathered(study)
    parts = [answer(found), other_trials(found)]
    parts += [arms_table(each, len(found.varying) > 1) for each in found.varying]
    page = Page("".join(parts))
    unended = {name: len(of) for name, of in found.outcomes.items() if name != "complete"}
    told = {
        caption.split(":")[0].split()[-1].lower(): len(rows)
        for caption, rows in page.tables.items()
        if not caption.startswith(("Arms of", "Recommended in"))
    }
    assert told == unended


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are those of POSIX")
def test_a_long_report_shows_how_far_it_is_on_a_terminal_and_leaves_pipes_alone(
    tmp_path: Path,
) -> None:
    import fcntl
    import termios

    tuned(journal(tmp_path / "journal.log"), objective=_mixed, n_trials=15)
    call = [sys.executable, "-m", "optuna_zooming", "report", "journal.log"]
    options: Any = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": str(ROOT)}}
    piped = subprocess.run(call, capture_output=True, text=True, check=True, **options)
    assert (piped.stdout, piped.stderr) == ("report.html\n", "")

    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    shown = subprocess.run(call, stdout=subprocess.PIPE, stderr=theirs, check=True, **options)
    assert shown.stdout == b"report.html\n"
    assert b"figures" in os.read(ours, 100_000)
    os.close(theirs)
    os.close(ours)
