"""Ablations: the policies, the statistics by hand, the page, and the command from end to end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.ablation import kinds as kinds_module
from benchmarks.ablation.kinds import BUDGETS, TUNING, Kind, kinds_of
from benchmarks.ablation.page import difference_chart, in_short, write_page
from benchmarks.ablation.summary import FILE, Ablations, read_summary, summarise
from benchmarks.errors import UserError
from benchmarks.problems.groups import GROUPS, make_problem
from benchmarks.reports.compact import save_record
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.rivals.ablations import ABLATIONS, sampler_without
from benchmarks.rivals.samplers import rival
from benchmarks.runs import cells
from benchmarks.runs.rows import Run
from benchmarks.runs.runner import run_study
from optuna_zooming import AdaptiveZooming
from optuna_zooming._history import History
from tests.benchmarks.made_runs import run_of

# Two of ABLATIONS, whatever they are: the mechanisms change.
ONE, OTHER = list(ABLATIONS)[:2]
TASKS = ["digits-mlp-sgd/0.2..20", "tuning-two-peaks/0"]


@pytest.mark.parametrize("name", ABLATIONS)
def test_every_line_leaves_something_out_of_the_default_policy(name: str) -> None:
    default, ablation = AdaptiveZooming().constants(), ABLATIONS[name]
    # The line goes when the mechanism does.
    assert set(ablation.constants) <= set(default)
    assert all(value != default[key] for key, value in ablation.constants.items())
    assert ablation.constants or ablation.build
    sampler: Any = rival(sampler_without(name)).make(0)
    assert sampler.policy == ablation.policy() != AdaptiveZooming()


def test_constants_are_said_in_full_so_that_rows_do_not_change_their_meaning() -> None:
    for name, ablation in ABLATIONS.items():
        shown = sampler_without(name)
        assert all(key in shown for key in ablation.constants)
        assert (shown == f"zooming:without={name}") == (ablation.build is not None)


def test_what_is_built_is_what_it_says() -> None:
    # Erratic trainings send the default to the lower end; without that it goes where it would.
    places = {}
    for told in (False, True):
        history = History(
            np.array([0.5, 0.7]), np.array([0.1, 0.2]), np.empty(0), nothing_learnt=told
        )
        for name, policy in (("full", AdaptiveZooming()), ("cut", ABLATIONS["retreat"].policy())):
            places[name, told] = policy.propose(history, np.random.default_rng(0))
    assert places["full", True] < 0.1 < places["full", False]
    assert places["cut", True] == places["cut", False] == places["full", False]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UserError, match=f"'luck' can be left out; only {ONE}, {OTHER}"):
        rival("zooming:without=luck")


def test_kinds_are_tuning_groups_of_one_parameter_with_reports_and_mute() -> None:
    several = {"tuning-grids", "tuning-joint", "tuning-trainings"}
    assert {*TUNING} | several == {name for name in GROUPS if name.startswith("tuning")}
    for kind in kinds_of(TUNING):
        problems = [make_problem(name) for name in kind.problems[::17]]
        assert {problem.n_parameters for problem in problems} == {1}
        assert all(problem.name.endswith("+mute") == kind.mute for problem in problems)
    assert [kind.name for kind in kinds_of(["tuning"])] == ["tuning", "tuning, mute"]


@pytest.fixture
def two_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """The groups are short: one range of a table, and one function."""
    short = {"tuning": TASKS[:1], "tuning-landscapes": TASKS[1:]}
    monkeypatch.setattr(kinds_module, "group_names", lambda group: short.get(group, []))


def by_hand() -> Ablations:
    """Without one mechanism the regret is 0.2 larger in every run, without the other 0.1 less."""
    regrets = {"zooming": 0.0, sampler_without(ONE): 0.2, sampler_without(OTHER): -0.1}
    table = ResultsTable(
        {
            Key(sampler, "none"): {
                TASKS[0]: {s: run_of(s, 0.3 + s + more, BUDGETS[-1]) for s in range(3)}
            }
            for sampler, more in regrets.items()
        }
    )
    return summarise(table, [ONE, OTHER], [Kind("tuning", mute=False)])


@pytest.mark.usefixtures("two_problems")
def test_differences_are_paired() -> None:
    (kind,) = by_hand().kinds
    assert (kind.n_problems, kind.n_tables, kind.n_seeds) == (1, 1, 3)
    np.testing.assert_allclose(kind.full, 1.3)
    # Seeds differ by whole ones, the difference by nothing: its interval has no width.
    for name, expected in ((ONE, 0.2), (OTHER, -0.1)):
        line = kind.without[name]
        np.testing.assert_array_equal(line.x, BUDGETS)
        np.testing.assert_allclose([line.mean, line.low, line.high], expected)


@pytest.mark.usefixtures("two_problems")
def test_the_page_says_what_helps_and_what_hurts(tmp_path: Path) -> None:
    found = by_hand()
    text = "\n".join(in_short(found))
    worse, _, rest = text.partition("- Better without:")
    better, _, neither = rest.partition("- Neither")
    assert f"`{ONE}`: tuning after 3 (+20.00, +20.00 to +20.00), 5 (" in worse
    assert f"`{OTHER}`: tuning after 3 (-10.00, -10.00 to -10.00), 5 (" in better
    assert "none" in neither
    page = write_page(found, tmp_path).read_text()
    assert "| full policy: mean regret, % | 130.00 |" in page
    save_record(found, tmp_path / FILE)
    assert write_page(read_summary(tmp_path), tmp_path).read_text() == page


@pytest.mark.usefixtures("two_problems")
def test_the_chart_has_a_row_for_each_mechanism() -> None:
    chart = difference_chart(by_hand().kinds, [ONE, OTHER], "with reports")
    (panel,) = chart.panels
    assert chart.rows == [ONE, OTHER]
    for dots in panel.dots:
        np.testing.assert_allclose(dots.x, [20, -10])


@pytest.mark.usefixtures("two_problems")
def test_command_continues_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []
    original: Callable[..., Run] = run_study

    def noted(problem: Any, *args: Any, **options: Any) -> Run:
        ran.append(problem.name)
        return original(problem, *args, **options)

    monkeypatch.setattr(cells, "run_study", noted)
    flags = ["--groups", "tuning", "tuning-landscapes", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["ablation", "--mechanisms", ONE, "--seeds", "2", *flags]) == 0
    # The full policy and one without, on two problems with reports and mute.
    assert len(ran) == 2 * 2 * 4
    assert set(ran) == {*TASKS, *(f"{name}+mute" for name in TASKS)}
    assert main(["ablation", "--mechanisms", ONE, "--seeds", "3", *flags]) == 0
    assert len(ran) == 2 * 3 * 4
    page = (tmp_path / "ablation.md").read_text()
    assert "tuning-landscapes, mute: 1 problems on 1 tables or functions x 3 seeds" in page
    assert f"--mechanisms {ONE} --groups tuning tuning-landscapes --seeds 3 --out FOLDER" in page
    assert "the rows are from the code and tables of this checkout" in page
    for stem in ("ablation-with-reports", "ablation-mute"):
        assert f"figures/{stem}.png" in page
        assert (tmp_path / "figures" / f"{stem}.png").stat().st_size > 3000
    # Its rows are no rivals of a group's page.
    assert not (tmp_path / "raw").exists()
    capsys.readouterr()
    assert main(["report", "--results", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'ablation.md'}\n"
    assert (tmp_path / "ablation.md").read_text() == page


def test_only_tuning_groups(capsys: pytest.CaptureFixture[str]) -> None:
    for flags in (["--groups", "reporting"], ["--mechanisms", "luck"], ["--seeds", "1"]):
        with pytest.raises(SystemExit, match="2"):
            main(["ablation", *flags])
    assert "tuning-anywhere" in capsys.readouterr().err


def test_without_tables_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kinds_module, "group_names", lambda group: [])
    assert main(["ablation", "--groups", "tuning"]) == EXIT_USER_ERROR
    assert "record tables first" in capsys.readouterr().err
