"""The overhead command: what is in the study, what is timed, and what is printed."""

from __future__ import annotations

import argparse
import itertools

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import Trial, TrialState

from benchmarks.commands import overhead
from benchmarks.errors import UserError
from benchmarks.workers.prefilled import OPTIMUM, Shape, prefilled_study, search_space


def _study(n_finished: int, shape: Shape) -> optuna.Study:
    return prefilled_study(optuna.samplers.RandomSampler(seed=0), n_finished, shape)


class _Clock:
    """Ticks once whenever it is read; what else takes time is said by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("time.perf_counter", self.read)

    def read(self) -> float:
        self.now += 1
        return self.now

    def delay(self, monkeypatch: pytest.MonkeyPatch, name: str, ticks: float) -> None:
        """Let a method of Trial take so long."""
        method = getattr(Trial, name)

        def delayed(trial: Trial, *args: object) -> object:
            self.now += ticks
            return method(trial, *args)

        monkeypatch.setattr(Trial, name, delayed)


def test_prefilled_study_has_the_trials_it_says() -> None:
    study = _study(200, Shape())
    rates = np.array([trial.params["lr"] for trial in study.trials])
    near = np.abs(np.log10(rates / 1e-6) / 6 - OPTIMUM) < 0.15
    assert len(rates) == 200
    assert near.mean() > 0.7
    assert not any(trial.intermediate_values for trial in study.trials)


def test_prefilled_trials_report_and_the_worst_are_pruned() -> None:
    trials = _study(50, Shape(reports=10, pruned=0.4)).trials
    pruned = [trial for trial in trials if trial.state == TrialState.PRUNED]
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    assert (len(pruned), len(complete)) == (20, 30)
    for trial in complete:
        assert list(trial.intermediate_values) == list(range(10))
        assert trial.value == trial.intermediate_values[9]
    assert all(1 <= len(trial.intermediate_values) < 10 for trial in pruned)
    assert all(trial.value == trial.intermediate_values[trial.last_step or 0] for trial in pruned)
    assert len({len(trial.intermediate_values) for trial in pruned}) > 3


def test_parameters_are_of_every_kind() -> None:
    kinds = [type(each) for each in search_space(5).values()]
    others = [FloatDistribution, IntDistribution, CategoricalDistribution, FloatDistribution]
    assert kinds == [FloatDistribution, *others]
    assert list(_study(1, Shape(parameters=5)).trials[0].params) == list(search_space(5))


@pytest.mark.parametrize("pruned", [False, True])
def test_reports_are_not_the_sampler_s_time(monkeypatch: pytest.MonkeyPatch, pruned: bool) -> None:
    shape = Shape(reports=9)
    study = _study(5, shape)
    clock = _Clock(monkeypatch)
    clock.delay(monkeypatch, "report", 1000)
    # The clock is read before and after ask, before and after tell.
    assert overhead._sampler_seconds(study, shape, pruned=pruned) == 2
    assert clock.now == 4 + 1000 * (5 if pruned else 9)
    assert study.trials[-1].state == (TrialState.PRUNED if pruned else TrialState.COMPLETE)


def test_half_of_the_timed_trials_are_pruned() -> None:
    made = []

    def remember(study: optuna.Study, shape: Shape, *, pruned: bool) -> float:
        made.append(pruned)
        return float(len(made))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overhead, "_sampler_seconds", remember)
        shape = Shape(reports=2, pruned=0.5)
        # The first, which takes 1, is not among those that take 2, 3, 4, 5 and 6.
        assert overhead._median_seconds("random", 3, shape, repeats=5, limit=1e9) == 4
    assert made == [False, False, True, False, True, False]


def test_calls_between_the_timed_ones_take_their_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = Shape(reports=101)
    study = _study(5, shape)
    clock = _Clock(monkeypatch)
    costs = itertools.chain([499], itertools.repeat(1))
    monkeypatch.setattr(
        Trial, "should_prune", lambda trial: setattr(clock, "now", clock.now + next(costs))
    )
    # Each reading of the clock adds one: the first call takes 500, the other 100 take 2.
    assert overhead._pruner_seconds(study, shape, calls=11) == 500 + 100 * 2


def test_overhead_prints_milliseconds_and_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    _main(["--trials", "20", "--repeats", "5", "--samplers", "random", "tpe", "zooming"])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert [line[1] for line in lines] == ["random", "tpe", "zooming"]
    milliseconds = np.array([float(line[2]) for line in lines])
    to_random = np.array([float(line[3]) for line in lines])
    np.testing.assert_allclose(to_random, milliseconds / milliseconds[0], rtol=0.05, atol=0.02)


def test_pruners_are_compared_with_none(capsys: pytest.CaptureFixture[str]) -> None:
    _main(["--trials", "5", "--reports", "4", "--pruner", "zooming", "median"])
    head, *lines = capsys.readouterr().out.splitlines()
    assert "should_prune, 4 reports" in head
    assert [line.split()[1] for line in lines] == ["none", "zooming", "median"]
    assert lines[0].split()[3] == "1.00"


@pytest.mark.parametrize("flags", [["--pruned", "0.5"], ["--pruner", "median"]])
def test_only_trials_that_report_are_pruned(flags: list[str]) -> None:
    with pytest.raises(UserError, match="--reports"):
        _main(flags)


def _main(flags: list[str]) -> None:
    parser = argparse.ArgumentParser()
    overhead.add_arguments(parser)
    assert overhead.main(parser.parse_args(flags)) == 0
