"""Studies made by hand: the figures of each rule, what was foretold, and rows on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import UserError
from benchmarks.stopping import rows
from benchmarks.stopping.rows import read_rows, write_rows
from benchmarks.stopping.rules import OURS
from benchmarks.stopping.settings import Job, judged_after
from benchmarks.stopping.studies import Studies
from benchmarks.stopping.summarise import summarise
from benchmarks.stopping.summary import FILE, Ends, Stopping, read_summary
from tests.benchmarks.stopping.made_studies import BETTER, FIXED, N_TRIALS, PROBLEMS, watched


def summary_of(*studies: rows.Watched, group: str = "noise") -> Stopping:
    return summarise({group: list(studies)}, n_trials=N_TRIALS, n_seeds=2, slow_seeds=0)


@pytest.fixture
def summary() -> Stopping:
    """Two problems with two seeds each; in one study ours goes on for twice as long."""
    studies = [watched(name, seed) for name in PROBLEMS for seed in (0, 1)]
    longer = {"stops": {OURS: 8, FIXED: 10}, "stop_regrets": {OURS: 0.01, FIXED: 0.03}}
    return summary_of(*studies[:3], replace(studies[3], **longer))  # type: ignore[arg-type]


def test_a_rules_figures(summary: Stopping) -> None:
    assert summary.rules == (OURS, BETTER, FIXED)
    (group,) = summary.groups
    assert (group.n_problems, group.n_tables, group.n_seeds) == (2, 2, 2)
    assert group.one_parameter
    np.testing.assert_allclose(group.trials[:, 0], [5, 4, 6.8])
    # One that never stops counts with all trials.
    np.testing.assert_allclose(group.trials[0], [5, 12, 10])
    # 0.09 three times and 0.01, against 0.01 after all.
    np.testing.assert_allclose(group.regret[:, 0], [0.07, 0.01])
    np.testing.assert_allclose(group.paid[0], [0.06, 0, 0.02])
    # After 5 trials all have 0.08.
    np.testing.assert_allclose(group.to_fixed[0], [-0.01, 0, 0], atol=1e-9)
    np.testing.assert_allclose(group.early, [[0.75, 0, 1], [0.75, 0, 0]])
    assert (group.paid[1] <= group.paid[0]).all()
    assert (group.paid[0] <= group.paid[2]).all()


def test_how_many_trials(summary: Stopping) -> None:
    (group,) = summary.groups
    np.testing.assert_array_equal(group.budgets, [5, 8, 10])
    np.testing.assert_allclose(group.curve[0], [0.08, 0.05, 0.03])
    found = summary_of(watched(regrets=np.full(12, 0.015))).groups[0]
    np.testing.assert_array_equal(found.good, [[0, 0, 0], [1, 1, 1]])


def test_nothing_to_recommend_counts_as_the_worst() -> None:
    regrets = np.array([np.nan, *np.full(11, 0.5)])
    studies = Studies.of([watched(regrets=regrets, stop_regrets={OURS: np.nan})], N_TRIALS)
    np.testing.assert_array_equal(studies.regret_after(1), [[1.0]])
    np.testing.assert_array_equal(studies.stop_regret(OURS), [[1.0]])


def test_between_two_judged_numbers_of_trials_lies_the_line_between_them() -> None:
    n_trials = 41
    after = np.array(judged_after(n_trials))
    assert after[-4:].tolist() == [30, 35, 40, 41]
    studies = Studies.of([replace(watched(), regrets=after / 100, n_trials=n_trials)], n_trials)
    for n in (1, 2.5, 30, 32, 40.5, 41):
        assert studies.regret_after(n)[0, 0] == pytest.approx(n / 100)


def test_a_rule_is_judged_in_the_seeds_in_which_it_was_asked() -> None:
    studies = [watched(name, seed) for name in PROBLEMS for seed in (0, 1)]
    fewer = [
        replace(each, asked=(OURS,)) if each.seed == 1 or each.problem == PROBLEMS[1] else each
        for each in studies
    ]
    of_first = [replace(each, asked=(OURS,)) if each.seed == 1 else each for each in studies]
    (group,) = summary_of(*of_first).groups
    np.testing.assert_array_equal(group.seeds, [2, 1, 1])
    # Not in any seed that all problems have: nothing is said.
    (group,) = summary_of(*fewer).groups
    np.testing.assert_array_equal(group.seeds, [2, 0, 0])
    assert np.isnan(group.trials[:, 1]).all()


def test_a_seed_that_a_problem_lacks_is_left_out() -> None:
    studies = Studies.of(
        [watched(PROBLEMS[0], 0), watched(PROBLEMS[0], 1), watched(PROBLEMS[1], 1)], N_TRIALS
    )
    assert [each.seed for own in studies.studies for each in own] == [1, 1]


def test_what_became_of_foretold_numbers() -> None:
    # Told after 1 and 2 trials; ours stops after 4, or never.
    told = np.array([[1, 5], [2, 6.0]])
    studies = [
        watched(seed=0, further=told),
        watched(seed=1, further=told, stops={}, stop_regrets={}),
        watched(seed=2, further=told[:1]),
        watched(seed=3, further=told[:1], best_at_end=np.nan, widen=np.full(2, np.nan)),
    ]
    one, several = summary_of(*studies).foretold
    np.testing.assert_array_equal(one.times, [3, 2, 0, 0, 0])
    np.testing.assert_array_equal(one.quartiles[:, 0], [3, 3, np.inf])
    np.testing.assert_array_equal(one.quartiles[:, 1], [2, 2, np.inf])
    np.testing.assert_array_equal(several.times, [1, 0, 0, 0, 0])


def test_what_was_said_of_ends() -> None:
    at_end, elsewhere = ((1.0, (1, 0, 1)), (0.0, (0, 1)))
    studies = [
        watched(seed=seed, best_at_end=there, widen=np.array([said, np.nan]))
        for seed, (there, said) in enumerate(
            (there, said) for there, all_said in (at_end, elsewhere) for said in all_said
        )
    ]
    first, second = summary_of(*studies).ends
    assert first == Ends(after=10, n_at_end=3, told=2, n_elsewhere=2, false_alarms=1)
    assert (second.n_at_end, second.n_elsewhere) == (0, 0)


def test_rows_come_back_unless_code_or_problem_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_rows(tmp_path) == []
    write_rows([watched(seed=1), watched(), watched(PROBLEMS[1], fingerprint="older")], tmp_path)
    found = read_rows(tmp_path)
    assert [(each.problem, each.seed) for each in found] == [(PROBLEMS[0], 0), (PROBLEMS[0], 1)]
    assert found[0].stops == {OURS: 4, FIXED: 10}
    np.testing.assert_allclose(found[0].regrets, watched().regrets)
    job = Job(PROBLEMS[0], 0, N_TRIALS, with_slow=False)
    assert found[0].answers(job, [OURS])
    assert not found[0].answers(job, [OURS, "another rule"])
    assert not found[0].answers(replace(job, n_trials=13), [OURS])
    monkeypatch.setattr(rows, "source_hash", lambda *paths: "another")
    assert read_rows(tmp_path) == []


def test_a_record_of_an_earlier_kind_is_to_be_made_again(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"groups": []}')
    with pytest.raises(UserError, match="make it again: python -m benchmarks stopping"):
        read_summary(tmp_path)
