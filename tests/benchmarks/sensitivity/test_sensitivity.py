"""Sensitivity: the replay without a study, the settings, the statistics, and resuming."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

from benchmarks.__main__ import EXIT_USER_ERROR, main
from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem
from benchmarks.problems.replay import ReplayProblem
from benchmarks.reports.compact import save_record
from benchmarks.rivals.samplers import rival
from benchmarks.runs.runner import judged_recommendation
from benchmarks.sensitivity import rows, runs
from benchmarks.sensitivity.comparisons import (
    FILE,
    comparisons,
    read_summary,
    relative_change,
    summarise,
)
from benchmarks.sensitivity.jobs import (
    BUDGETS,
    DEFAULT,
    MERITS,
    Job,
    Outcome,
    Outcomes,
    Setting,
    jobs_of,
    settings_of,
)
from benchmarks.sensitivity.policy_replay import replay_policy
from benchmarks.sensitivity.report import in_short, write_page
from benchmarks.sensitivity.runs import run_job, run_jobs
from optuna_zooming import AdaptiveZooming
from tests.benchmarks.recorded import small_curves

TASK = "digits-mlp-sgd"


@pytest.mark.parametrize("setting", [DEFAULT, Setting("collapse", 2.0), Setting("jitter", 0.5)])
@pytest.mark.parametrize("name", [None, "digits-mlp-sgd/0.2..20", "tuning-narrow-peak/0"])
def test_replay_without_a_study_gives_the_sampler_s_trials(
    setting: Setting, name: str | None
) -> None:
    problem: Any = make_problem(name) if name else None
    problem = problem or ReplayProblem(small_curves(), low=1e-4, high=0.5)
    policy = AdaptiveZooming().with_constants(**setting.changes)
    replayed = replay_policy(problem, policy, 3, budgets=(5, 30))
    sampler = rival(setting.sampler).make(3)
    pruner = optuna.pruners.NopPruner()
    study = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
    merits = []
    for n_trials in (5, 25):
        study.optimize(problem.objective(3), n_trials=n_trials)
        merits.append(
            (problem.regret(study.best_params), *judged_recommendation(study, sampler, problem))
        )
    assert replayed.rates.tolist() == [trial.params["lr"] for trial in study.trials]
    best, recommended, holds, width = np.array(merits).T
    assert replayed.best.tolist() == best.tolist()
    assert replayed.recommended.tolist() == recommended.tolist()
    assert replayed.holds.tolist() == holds.tolist()
    np.testing.assert_allclose(2 * replayed.half_width, width)


def test_replay_refuses_trials_without_a_value() -> None:
    problem = ReplayProblem(small_curves(), low=0.2, high=1.0, divergence="nan")
    with pytest.raises(ValueError, match="finite"):
        replay_policy(problem, AdaptiveZooming(), 0, budgets=(20,))


def test_settings_halve_and_double() -> None:
    assert Setting("min_slope", 0.5).changes == {"min_slope": 1.5}
    assert Setting("min_slope", 0.5).sampler == "zooming:min_slope=1.5"
    assert DEFAULT.sampler == "zooming"


def test_relative_change_is_that_of_the_means() -> None:
    default = np.array([[[0.02, 0.01], [0.04, 0.03]]])
    changed = default * [1.5, 0.5]
    change = relative_change(default, changed, [TASK])
    # Every run changes by the same factor, so resampling changes nothing.
    for figures in (change.middle, change.low, change.high):
        np.testing.assert_allclose(figures, [50, -50, 100 * (np.sqrt(0.75) - 1)])


def _outcome(regret: float, key: str) -> Outcome:
    spread = np.linspace(0.9, 1.1, 4)[:, None, None]
    return Outcome(regret * spread * np.ones((len(MERITS), len(BUDGETS))), [key] * 4)


def _outcomes() -> Outcomes:
    return {
        Job("alone", DEFAULT, TASK, 4): _outcome(0.02, "a"),
        Job("alone", Setting("collapse", 0.5), TASK, 4): _outcome(0.04, "b"),
        Job("alone", Setting("jitter", 2.0), TASK, 4): _outcome(0.01, "c"),
        Job("alone", Setting("end_share", 2.0), TASK, 4): _outcome(0.02, "a"),
    }


def test_summary_names_what_matters_what_does_not_and_what_is_better() -> None:
    text = "\n".join(in_short(comparisons(_outcomes())))
    worse, _, rest = text.partition("- No difference")
    idle, _, better = rest.partition("- Better")
    assert "`collapse` halved" in worse
    assert "`end_share`: every trial and recommendation is the same" in idle
    assert "`jitter` doubled, best trial: -50.0 (-50.0 to -50.0) %" in better
    assert "jitter" not in worse + idle


def test_page_drawn_from_the_file_is_the_page_drawn_from_the_outcomes(tmp_path: Path) -> None:
    summary = summarise(_outcomes())
    drawn = write_page(summary, tmp_path).read_text()
    save_record(summary, tmp_path / FILE)
    assert write_page(read_summary(tmp_path), tmp_path).read_text() == drawn
    assert "| collapse | 5 to 2.5 |" in drawn
    assert "the code and tables of this checkout" in drawn


def test_interrupted_run_continues_to_the_same_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = jobs_of(["collapse"], [TASK], n_seeds=2)
    assert [job.setting for job in jobs] == settings_of(["collapse"])
    whole = run_jobs(jobs, tmp_path / "whole.csv.gz", n_jobs=1)
    run_jobs(jobs[:2], tmp_path / "resumed.csv.gz", n_jobs=1)
    ran = []

    def noted(job: Job) -> tuple[Job, Outcome]:
        ran.append(job)
        return run_job(job)

    monkeypatch.setattr(runs, "run_job", noted)
    resumed = run_jobs(jobs, tmp_path / "resumed.csv.gz", n_jobs=1)
    assert ran == jobs[2:]
    assert list(resumed) == list(whole) == jobs
    for job in jobs:
        np.testing.assert_array_equal(resumed[job].merits, whole[job].merits)
        assert resumed[job].trials == whole[job].trials
    content = [(tmp_path / f"{name}.csv.gz").read_bytes() for name in ("whole", "resumed")]
    assert content[0] == content[1]


def test_rows_made_by_other_code_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.csv.gz"
    job = Job("alone", DEFAULT, TASK, 2)
    run_jobs([job], path, n_jobs=1)
    assert list(rows.read_outcomes(path)) == [job]
    monkeypatch.setattr(rows, "code_of", lambda problem: {"sampler": "newer"})
    assert rows.read_outcomes(path) == {}


def test_command_writes_page_and_figures(tmp_path: Path) -> None:
    tasks = [TASK, "digits-grid-sgd/lr+momentum"]
    flags = ["--constants", "end_share", "--seeds", "2", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["sensitivity", "--problems", *tasks, *flags]) == 0
    page = (tmp_path / "sensitivity.md").read_text()
    assert "alone: 1 task x 2 seeds; several parameters: 1 task x 2 seeds" in page
    # One parameter knows no extremes of all at once.
    assert "| end_share | 0.33 to 0.165 |  |  |  |  |  | no change |" in page
    for stem in ("sensitivity-best", "sensitivity-recommended"):
        assert f"figures/{stem}.png" in page
        assert (tmp_path / "figures" / f"{stem}.png").stat().st_size > 3000
    assert not list(tmp_path.glob("**/*.html"))
    assert main(["report", "--results", str(tmp_path), "--html"]) == 0
    assert (tmp_path / "sensitivity.md").read_text() == page
    html = (tmp_path / "figures" / "sensitivity-best.html").read_text()
    assert "end_share, several parameters" in html


@pytest.mark.parametrize("name", ["noise-2pct/0", "two-peaks/1"])
def test_only_tuning_tasks(name: str) -> None:
    with pytest.raises(UserError, match=f"tuning tasks only.*{name}.*tuning-grids"):
        jobs_of(["collapse"], [TASK, name], n_seeds=2)


def test_unknown_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "--problems", "digit-mlp"]) == EXIT_USER_ERROR
    assert "no problem is called 'digit-mlp'" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["sensitivity", "--constants", "kernal"])
    assert "'collapse'" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["sensitivity", "--seeds", "1"])
    assert "2 or more, got '1'" in capsys.readouterr().err


def test_damaged_rows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "sensitivity.csv.gz"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(UserError, match=r"sensitivity\.csv\.gz cannot be read"):
        rows.read_outcomes(path)
