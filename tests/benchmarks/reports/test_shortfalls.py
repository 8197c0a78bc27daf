"""What the best trial lacks in points of accuracy and in loss, worked out by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from benchmarks.problems.grid_replay import GridProblem
from benchmarks.problems.replay import ReplayProblem
from benchmarks.recording.curves import Curves
from benchmarks.reports import shortfalls as module
from benchmarks.reports.pages.group import write_page
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.reports.shortfalls import far_off, shortfalls
from benchmarks.reports.summarise import summarise
from tests.benchmarks.made_runs import run_of
from tests.benchmarks.recorded import small_curves, small_grid

OURS = Key("zooming", "none")


def table_of_regrets(**regrets: list[float]) -> ResultsTable:
    own = {
        name.replace("__", "+"): {seed: run_of(seed, each) for seed, each in enumerate(values)}
        for name, values in regrets.items()
    }
    return ResultsTable({OURS: own})


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Curves:
    """Accuracies from 0.1 to 0.9; losses from 0.5 to 2.5, by seed a tenth more or less."""
    curves = small_curves()
    final = np.array([2.5, 2.0, 1.0, 0.5, 1.5, 2.5])
    losses = (final[:, None] + np.array([-0.1, 0.1]))[:, :, None] * np.ones(3)
    curves = dataclasses.replace(curves, train_loss=losses, validation_loss=losses)
    problems = {
        "accuracy": ReplayProblem(curves),
        "loss": ReplayProblem(curves, measure="loss"),
        "grid": GridProblem(small_grid(), ("lr", "momentum")),
    }
    monkeypatch.setattr(module, "make_problem", problems.__getitem__)
    return curves


@pytest.mark.usefixtures("by_hand")
def test_accuracies_are_told_in_points() -> None:
    # The means span 0.8: a regret of 0.01 is 0.8 points, one of 0.02 is 1.6.
    (found,) = shortfalls(table_of_regrets(accuracy=[0.01, 0.01, 0.02, 0.04]))
    assert (found.measure, found.n_problems) == ("accuracy", 1)
    np.testing.assert_allclose(found.size["zooming"].mean, [1.6])
    # More than one point: two of four runs.
    np.testing.assert_allclose(found.beyond["zooming"].mean, [0.5])
    # The seeds lie two points above and below the mean of 90.
    assert found.noise == pytest.approx(2 * np.sqrt(2))
    np.testing.assert_allclose(found.tables["accuracy"].ours, [1.6])


@pytest.mark.usefixtures("by_hand")
def test_losses_are_told_in_their_units() -> None:
    # A mean loss above ln 10, that of guessing, counts as guessing.
    span = np.log(10) - 0.5
    (found,) = shortfalls(table_of_regrets(loss=[0.005, 0.02]))
    assert found.measure == "loss"
    np.testing.assert_allclose(found.size["zooming"].mean, [0.0125 * span])
    # More than 1 % of the range.
    np.testing.assert_allclose(found.beyond["zooming"].mean, [0.5])
    assert found.noise == pytest.approx(0.1 * np.sqrt(2))


@pytest.mark.usefixtures("by_hand")
def test_measures_are_kept_apart_and_grids_are_accuracies() -> None:
    accuracy, loss = shortfalls(table_of_regrets(accuracy=[0.0], loss=[0.0], grid=[1.0]))
    assert (accuracy.n_problems, loss.n_problems) == (2, 1)
    assert list(accuracy.tables) == ["accuracy", "grid"]
    # Half of 0.1 for each of two steps of the rate and one of the momentum.
    np.testing.assert_allclose(accuracy.tables["grid"].ours, [15])
    # Seeds a hundredth above and below.
    assert accuracy.tables["grid"].noise == pytest.approx(np.sqrt(2))


def test_functions_have_no_units() -> None:
    assert shortfalls(ResultsTable({OURS: {"two-peaks/0": {0: run_of(0, 0.2)}}})) == ()


def test_share_of_runs_that_are_far_off() -> None:
    runs = {seed: run_of(seed, regret) for seed, regret in enumerate([0.0, 0.1, 0.11, 1.0, np.nan])}
    found = far_off(ResultsTable({OURS: {"two-peaks/0": runs}}))
    # Above 10 %: two, and the run that has nothing to show.
    np.testing.assert_allclose(found["zooming"].mean, [0.6])


def test_page_shows_points_beside_the_noise_of_one_training(tmp_path: Path) -> None:
    name = "digits-mlp-sgd/0.2..20"
    table = ResultsTable({OURS: {name: {seed: run_of(seed, 0.04) for seed in range(3)}}})
    page = write_page(summarise(table, "tuning"), tmp_path).read_text()
    _, _, section = page.partition("## What the best trial lacks, in points of accuracy")
    (found,) = shortfalls(table)
    assert f"| **zooming** | {found.size['zooming'].mean[0]:.2f} <sub>" in section
    assert f"| noise of one training | {found.noise:.2f} |" in section
    assert (
        f"| digits-mlp-sgd | {found.noise:.2f} | {found.size['zooming'].mean[0]:.2f} |" in section
    )
    assert "## Share of the runs above 10 % regret, %" in page
