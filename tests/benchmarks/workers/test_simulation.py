"""Asynchronous workers on a simulated clock."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import optuna
import pytest

from benchmarks.__main__ import main
from benchmarks.commands.workers import parallel
from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem
from benchmarks.reports.parallel.rows import read_rows
from benchmarks.rivals.samplers import RIVALS
from benchmarks.runs.runner import run_study
from benchmarks.workers.simulation import Job, _is_near, simulate


def job(sampler: str, n_workers: int, pruner: str = "none") -> Job:
    return Job("noise-2pct/0", sampler, pruner, n_workers, 0, 24)


@pytest.mark.parametrize("pruner", ["none", "median"])
def test_one_worker_is_the_sequential_study(pruner: str) -> None:
    _, run = simulate(job("tpe", 1, pruner))
    sequential = run_study(make_problem("noise-2pct/0"), RIVALS["tpe"], pruner, 0, n_trials=24)
    np.testing.assert_array_equal(run.best_regret, sequential.best_regret)
    assert not run.near_duplicate.any()


def test_workers_share_the_time() -> None:
    _, alone = simulate(job("random", 1))
    _, four = simulate(job("random", 4))
    # 24 trials of 10 epochs at a pace of 1 in the mean.
    assert alone.ended[-1] == pytest.approx(240, rel=0.2)
    assert four.ended[-1] == pytest.approx(alone.ended[-1] / 4, rel=0.2)
    assert (np.diff(four.ended) >= 0).all()


def test_same_trials_take_the_same_time_whoever_runs_them() -> None:
    _, tpe = simulate(job("tpe", 1))
    _, random = simulate(job("random", 1))
    np.testing.assert_array_equal(tpe.ended, random.ended)


def test_pruned_trials_free_their_worker_early() -> None:
    _, whole = simulate(job("random", 4))
    _, pruned = simulate(job("random", 4, "successive-halving"))
    assert pruned.ended[-1] < 0.7 * whole.ended[-1]


def test_near_means_within_one_percent_of_every_axis() -> None:
    study = optuna.create_study()
    trials = []
    for x, y, kind in [
        (1e-3, 0.5, "a"),
        (1.05e-3, 0.505, "a"),
        (1e-3, 0.52, "a"),
        (1e-3, 0.5, "b"),
    ]:
        study.enqueue_trial({"x": x, "y": y, "kind": kind})
        trial = study.ask()
        trial.suggest_float("x", 1e-6, 1, log=True)
        trial.suggest_float("y", 0, 1)
        trial.suggest_categorical("kind", ["a", "b"])
        trials.append(trial)
    assert [_is_near(trials[0], other) for other in trials] == [True, True, False, False]


def test_trials_with_other_parameters_are_not_near() -> None:
    study = optuna.create_study()
    study.enqueue_trial({"x": 0.5, "y": 0.5})
    study.enqueue_trial({"x": 0.5})
    one, other = study.ask(), study.ask()
    for trial in (one, other):
        trial.suggest_float("x", 0, 1)
    one.suggest_float("y", 0, 1)
    assert not _is_near(one, other)
    assert not _is_near(other, one)


@pytest.mark.parametrize("n_workers", [1, 4])
def test_workers_share_studies_of_several_parameters(n_workers: int) -> None:
    for problem in ("tuning-optimisers/2pct", "digits-grid-sgd/lr+batch_size"):
        _, run = simulate(Job(problem, "tpe", "none", n_workers, 0, 24))
        assert len(run.best_regret) == 24
        assert run.best_regret[-1] < 0.9


def test_parallel_reports_speed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parallel.add_arguments(parser)
    flags = ["--problems", "noise-0pct/*", "--samplers", "random", "--workers", "1", "4"]
    flags += ["--seeds", "3", "--jobs", "1", "--out", str(tmp_path)]
    assert parallel.main(parser.parse_args(flags)) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines() if "random" in line]
    # Time to a target, regret at equal numbers of trials, and its ratio to one worker's.
    assert [row[2].strip() for row in rows] == ["1", "4", "1", "4", "4"]
    assert float(rows[1][5]) > 2
    page = (tmp_path / "parallel-none.md").read_text()
    assert "--problems 'noise-0pct/0'" in page or "--problems noise-0pct/0" in page
    assert "the rows are from the code and tables of this checkout" in page
    assert (tmp_path / "figures" / "parallel-none.png").stat().st_size > 5000
    for flags in ([], ["--rows", str(tmp_path)]):
        assert main(["report", "--results", str(tmp_path), *flags]) == 0
        assert (tmp_path / "parallel-none.md").read_text() == page


def test_damaged_rows_of_parallel_are_named(tmp_path: Path) -> None:
    (tmp_path / "parallel-none.csv.gz").write_bytes(b"nothing of the kind")
    with pytest.raises(UserError, match=r"parallel-none\.csv\.gz cannot be read"):
        read_rows(tmp_path / "parallel-none.csv.gz")


def test_files_of_parallel_have_the_name_that_was_asked_for(tmp_path: Path) -> None:
    flags = ["--problems", "tuning-ridge-2d/2pct", "--samplers", "random", "--workers", "1", "2"]
    flags += ["--seeds", "2", "--trials", "12", "--jobs", "1", "--out", str(tmp_path)]
    assert main(["parallel", *flags, "--name", "several"]) == 0
    page = (tmp_path / "parallel-several.md").read_text()
    assert "--name several --out FOLDER`" in page
    assert "![Regret by wall-clock time (pruner: none)](figures/parallel-several.png)" in page
    assert main(["report", "--results", str(tmp_path), "--rows", str(tmp_path)]) == 0
    assert (tmp_path / "parallel-several.md").read_text() == page
    assert not (tmp_path / "parallel-none.md").exists()


def test_parallel_refuses_a_name_that_is_no_file_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["parallel", "--name", "../several"])
    assert "must be of a-z, 0-9 and '-', got '../several'" in capsys.readouterr().err
