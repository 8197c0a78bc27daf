"""What the page says, and the command from end to end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.reports.compact import save_record
from benchmarks.stopping import page as page_module
from benchmarks.stopping import runs, settings
from benchmarks.stopping.figure import rule_colors, stopping_chart
from benchmarks.stopping.page import in_short, write_page
from benchmarks.stopping.rows import Watched
from benchmarks.stopping.rules import OURS, RULES
from benchmarks.stopping.settings import Job
from benchmarks.stopping.summarise import summarise
from benchmarks.stopping.summary import FILE, Stopping, read_summary
from benchmarks.stopping.watch import watch
from tests.benchmarks.stopping.made_studies import BETTER, FIXED, N_TRIALS, PROBLEMS, watched


@pytest.fixture
def two_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group is two functions."""
    for module in (settings, page_module):
        monkeypatch.setattr(module, "group_names", lambda group: PROBLEMS)


@pytest.fixture
def summary() -> Stopping:
    """Ours stops after 4 trials with less regret than others after so many."""
    studies = [
        watched(
            name,
            seed,
            stop_regrets={OURS: 0.02, FIXED: 0.03},
            further=np.array([[2.0, 7.0]]),
            best_at_end=1.0 - seed,
            widen=np.array([1.0, np.nan]),
        )
        for name in PROBLEMS
        for seed in (0, 1)
    ]
    return summarise({"noise": studies}, n_trials=N_TRIALS, n_seeds=2, slow_seeds=0)


@pytest.mark.usefixtures("two_problems")
def test_the_page_says_what_a_rule_saves_and_costs(summary: Stopping, tmp_path: Path) -> None:
    page = write_page(summary, tmp_path).read_text()
    paid = "2.00 / 1.00 | +1.00 <sub>+1.00 to +1.00</sub>"
    assert f"| `{OURS}` | 4.0 <sub>4 to 4</sub> | 8.0 | {paid} | -7.00 <sub>" in page
    assert f"| {BETTER} | 12.0 <sub>12 to 12</sub> | 0.0 | 1.00 / 1.00 |" in page
    assert f"| {FIXED} | 10 | 2.0 | 3.00 / 1.00 | +2.00 <sub>+2.00 to +2.00</sub> |  |" in page
    assert "| noise | 8.00 <sub>8.00 to 8.00</sub> | 5.00 <sub>" in page
    assert "| one parameter |  | 2 <sub>2 to 2; 4 times</sub> |" in page
    assert "| 10 | 100% <sub>2 of 2</sub> | 100% <sub>2 of 2</sub> |" in page
    assert "2 problems on 2 tables or functions, 2 seeds of each." in page
    assert "--groups noise --seeds 2 --slow-seeds 0 --trials 12 --out FOLDER" in page
    assert "have changed since" not in page
    save_record(summary, tmp_path / FILE)
    assert write_page(read_summary(tmp_path), tmp_path).read_text() == page


def test_rules_are_compared_with_as_many_trials_in_each_study(summary: Stopping) -> None:
    lines = list(in_short(summary))
    worse = lines.index("- Worse than as many trials in each study, with the whole interval:")
    # All had 9 % after 4 trials.
    assert lines[1:worse] == [f"  - {OURS}: noise (-7.00, -7.00 to -7.00)"]
    assert lines[worse + 1 :] == ["  - none"]


def test_code_and_problems_that_changed_are_named(summary: Stopping, tmp_path: Path) -> None:
    older = replace(
        summary, rules_source="older", groups=(replace(summary.groups[0], problems="older"),)
    )
    page = write_page(older, tmp_path).read_text()
    assert "**the code that says when to stop has changed since**" in page
    assert "**problems have changed since**: in noise" in page


def test_the_chart_has_a_line_for_fixed_numbers_and_a_dot_for_each_other_rule(
    summary: Stopping,
) -> None:
    (panel,) = stopping_chart(summary).panels
    line, ours, better = panel.series
    assert (panel.title, line.label) == ("one parameter", "a fixed number")
    np.testing.assert_array_equal(line.x, [5, 8, 10])
    np.testing.assert_allclose(line.y, [8, 5, 3])
    for dot, name, place in ((ours, OURS, (4, 2)), (better, BETTER, (12, 1))):
        assert dot.label == name
        assert dot.marker
        np.testing.assert_allclose([dot.x[0], dot.y[0]], place)


def test_every_rule_has_a_colour_of_its_own() -> None:
    colors = rule_colors(list(RULES))
    assert set(colors) == {name for name, rule in RULES.items() if rule.kind != "fixed"}
    assert len(set(colors.values())) == len(colors)


@pytest.mark.usefixtures("two_problems")
def test_command_continues_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[Job] = []
    original: Callable[[Job], Watched] = watch

    def noted(job: Job) -> Watched:
        ran.append(job)
        return original(job)

    monkeypatch.setattr(runs, "watch", noted)
    flags = ["--groups", "noise", "--trials", "8", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["stopping", "--slow-seeds", "0", *flags]) == 0
    assert [(job.problem, job.seed) for job in ran] == [(name, 0) for name in PROBLEMS]
    assert main(["stopping", "--seeds", "2", "--slow-seeds", "0", *flags]) == 0
    assert [job.seed for job in ran[2:]] == [1, 1]
    # With slow rules it is another question.
    assert main(["stopping", *flags]) == 0
    assert [job.with_slow for job in ran[4:]] == [True, True]
    page = (tmp_path / "stopping.md").read_text()
    assert "the rows are from the code and tables of this checkout" in page
    assert (tmp_path / "figures" / "stopping.png").stat().st_size > 3000
    capsys.readouterr()
    again = tmp_path / "again"
    assert main(["report", "--rows", str(tmp_path), "--results", str(again)]) == 0
    assert capsys.readouterr().out == f"{again / 'stopping.md'}\n"
    assert (again / "stopping.md").read_text() == page
    assert (again / FILE).read_bytes() == (tmp_path / FILE).read_bytes()


@pytest.mark.usefixtures("two_problems")
def test_a_study_that_raises_is_named_and_the_others_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(job: Job) -> Watched:
        if job.problem == PROBLEMS[1]:
            raise ValueError("no such luck.")
        return watch(job)

    monkeypatch.setattr(runs, "watch", broken)
    flags = ["--slow-seeds", "0", "--trials", "6", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["stopping", "--groups", "noise", *flags]) == 1
    assert f"failed: {PROBLEMS[1]}, seed 0: ValueError: no such luck." in capsys.readouterr().err
    assert "1 problems on 1 tables or functions" in (tmp_path / "stopping.md").read_text()


def test_without_tables_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "group_names", lambda group: [])
    assert main(["stopping", "--groups", "tuning"]) == EXIT_USER_ERROR
    assert "record tables first" in capsys.readouterr().err
