"""Regret of many workers where as many trials have ended as with one."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reports.pages.parallel import equal_trials_table, ratio_table
from benchmarks.reports.parallel.summary import summarise
from benchmarks.reports.provenance import Origin
from benchmarks.workers.simulation import Job, SimulatedRun

PROBLEMS = ("tuning-ridge-2d/0pct", "tuning-rotated-2d/0pct")
N_TRIALS = 20


def run(regret: float) -> SimulatedRun:
    """Nothing has finished well before the tenth trial."""
    curve = np.append(np.full(9, np.nan), np.full(N_TRIALS - 9, regret))
    return SimulatedRun(np.arange(1.0, N_TRIALS + 1), curve, np.zeros(N_TRIALS, dtype=bool))


def test_regret_and_its_ratio_to_one_worker_are_those_worked_out_by_hand() -> None:
    regrets = {1: (0.1, 0.3), 2: (0.2, 0.3)}
    runs = {
        Job(problem, "tpe", "none", n_workers, seed, N_TRIALS): run(regret)
        for n_workers, own in regrets.items()
        for problem, regret in zip(PROBLEMS, own)
        for seed in range(3)
    }
    summary = summarise(runs, Origin((), {}, ()), name="several")
    assert summary.stem == "parallel-several"
    one, two = summary.crews
    assert list(one.after.x) == [10, 20]
    np.testing.assert_allclose(one.after.mean, [0.2, 0.2])
    np.testing.assert_allclose(two.after.mean, [0.25, 0.25])
    np.testing.assert_allclose(one.ratio.mean, [1, 1])
    # Twice the first problem, 2; twice the second, 1.
    assert two.ratio.mean[0] == pytest.approx(0.25 / 0.2)
    assert (two.ratio.low[0], two.ratio.high[0]) == (1, 2)
    head, _, _, last = equal_trials_table(summary).splitlines()
    assert head == "| sampler | workers | after 10 trials | after 20 trials |"
    assert last.startswith("| tpe | 2 | 25.00 <sub>20.00 to 30.00</sub> |")
    assert "| tpe | 2 | 1.25 <sub>1.00 to 2.00</sub> |" in ratio_table(summary)


def test_there_is_no_ratio_without_one_worker() -> None:
    runs = {Job(PROBLEMS[0], "tpe", "none", 2, seed, N_TRIALS): run(0.2) for seed in range(2)}
    (crew,) = summarise(runs, Origin((), {}, ())).crews
    assert crew.ratio.x.size == 0
    assert list(crew.after.mean) == [0.2, 0.2]
