"""Whether results are from this checkout's code, in words; and the commands behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.errors import UserError
from benchmarks.problems.groups import group_names
from benchmarks.reports.made_by import as_arguments, keep_command, kept_commands, portable
from benchmarks.reports.provenance import UNKNOWN, origin_lines, origin_of
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell

PROBLEM = "noise-2pct/0"
OURS, PRUNED = Cell(PROBLEM, "zooming", "none"), Cell(PROBLEM, "tpe", "zooming")


def words(**changes: str) -> str:
    cells = (OURS, PRUNED, Cell(PROBLEM, "tpe", "none"))
    made = {cell: fingerprint_of(cell) for cell in cells}
    changed = {cell: {**made[cell], **changes} for cell in (OURS, PRUNED)}
    return "\n".join(origin_lines(origin_of({**made, **changed})))


def test_rows_of_this_checkout() -> None:
    assert "the rows are from the code and tables of this checkout" in words()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"optuna": "4.0.0"}, "Optuna's version differs: zooming, tpe + zooming"),
        ({"sampler source": "0"}, "the sampler's code differs: zooming, tpe + zooming"),
        ({"pruner source": "0"}, "the pruner's code differs: zooming, tpe + zooming"),
        ({"sampler source": ""}, "the sampler's code is not recorded: zooming"),
        ({"problem": "0"}, f"1 of 1 problems have changed, or are missing here: {PROBLEM}"),
    ],
)
def test_rows_of_other_code_or_tables(changes: dict[str, str], expected: str) -> None:
    assert "not all rows are known to be from the code" in words(**changes)
    assert expected in words(**changes)


def test_rows_of_a_sampler_that_is_not_here() -> None:
    cell = Cell(PROBLEM, "gone", "none")
    text = "\n".join(origin_lines(origin_of({cell: fingerprint_of(OURS)})))
    assert "cannot be compared here (no sampler is called 'gone'" in text


def test_rows_that_do_not_say_what_made_them() -> None:
    assert UNKNOWN in "\n".join(origin_lines(origin_of({OURS: {}})))


def test_our_pruner_is_part_of_what_rows_depend_on() -> None:
    assert fingerprint_of(PRUNED)["pruner source"] == fingerprint_of(OURS)["sampler source"]
    assert fingerprint_of(Cell(PROBLEM, "tpe", "median"))["pruner source"] == ""


def test_commands_are_kept_beside_their_rows(tmp_path: Path) -> None:
    assert kept_commands(tmp_path, [PROBLEM]) == []
    keep_command(tmp_path, 3.0, [PROBLEM, "two-peaks/0"])
    keep_command(tmp_path, 5.0, ["two-peaks/0"])
    assert [each.seconds for each in kept_commands(tmp_path, [PROBLEM])] == [3]
    assert [each.seconds for each in kept_commands(tmp_path, ["two-peaks/0"])] == [3, 5]
    with (tmp_path / "raw" / "commands.jsonl").open("a") as stream:
        stream.write("{}\n")
    with pytest.raises(UserError, match=r"commands\.jsonl cannot be read"):
        kept_commands(tmp_path, [PROBLEM])


def test_problems_as_arguments() -> None:
    noise = group_names("noise")
    assert as_arguments([*noise, "two-peaks/1"]) == "noise two-peaks/1"
    assert as_arguments(noise[1:3]) == f"{noise[1]} {noise[2]}"


def test_commands_are_shown_without_the_folders_of_this_machine() -> None:
    arguments = ["compare", "--out", "/home/me/my rows", "--problems", "mnist-*"]
    expected = "python -m benchmarks compare --out FOLDER --problems 'mnist-*'"
    assert portable(arguments) == expected
