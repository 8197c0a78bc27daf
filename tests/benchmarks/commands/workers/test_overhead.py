"""The overhead command: what is printed, and what is refused."""

from __future__ import annotations

import argparse

import numpy as np
import pytest

from benchmarks.commands.workers import overhead
from benchmarks.errors import UserError
from benchmarks.workers.importing import STATEMENTS


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


def test_what_an_import_adds_to_optuna_s_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    _main(["--imports", "1"])
    told = capsys.readouterr()
    head, optuna, _, *ours = told.out.splitlines()
    assert "1 fresh processes each" in head
    assert [line.split("  ")[1] for line in ours] == list(STATEMENTS)
    # Of a single process the middle half is its own time.
    for line in ours:
        median, low, _, high = line.split()[-4:]
        assert low == high == median
    assert float(optuna.split()[2]) > 0


@pytest.mark.parametrize("flags", [["--pruned", "0.5"], ["--pruner", "median"]])
def test_only_trials_that_report_are_pruned(flags: list[str]) -> None:
    with pytest.raises(UserError, match="--reports"):
        _main(flags)


def _main(flags: list[str]) -> None:
    parser = argparse.ArgumentParser()
    overhead.add_arguments(parser)
    assert overhead.main(parser.parse_args(flags)) == 0
