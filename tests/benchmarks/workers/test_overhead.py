"""What of a trial is timed as the sampler's, or the pruner's."""

from __future__ import annotations

import itertools

import optuna
import pytest
from optuna.trial import Trial, TrialState

from benchmarks.workers import overhead
from benchmarks.workers.prefilled import Shape, prefilled_study


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


@pytest.mark.parametrize("pruned", [False, True])
def test_reports_are_not_the_sampler_s_time(monkeypatch: pytest.MonkeyPatch, pruned: bool) -> None:
    shape = Shape(reports=9)
    study = _study(5, shape)
    clock = _Clock(monkeypatch)
    clock.delay(monkeypatch, "report", 1000)
    # The clock is read before and after ask, before and after tell.
    assert overhead.sampler_seconds(study, shape, pruned=pruned) == 2
    assert clock.now == 4 + 1000 * (5 if pruned else 9)
    assert study.trials[-1].state == (TrialState.PRUNED if pruned else TrialState.COMPLETE)


@pytest.mark.parametrize(("mean", "expected"), [(False, 4.0), (True, 5.0)])
def test_the_mean_counts_what_is_done_now_and_then(
    mean: bool, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([100.0, 1.0, 4.0, 10.0])
    monkeypatch.setattr(overhead, "sampler_seconds", lambda *_, **__: next(seconds))
    found = overhead.seconds_per_trial("random", 3, Shape(), repeats=3, limit=1e9, mean=mean)
    assert found == expected


def test_half_of_the_timed_trials_are_pruned() -> None:
    made = []

    def remember(study: optuna.Study, shape: Shape, *, pruned: bool) -> float:
        made.append(pruned)
        return float(len(made))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overhead, "sampler_seconds", remember)
        shape = Shape(reports=2, pruned=0.5)
        # The first, which takes 1, is not among those that take 2, 3, 4, 5 and 6.
        assert overhead.seconds_per_trial("random", 3, shape, repeats=5, limit=1e9) == 4
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
    assert overhead.pruner_seconds(study, shape, calls=11) == 500 + 100 * 2
