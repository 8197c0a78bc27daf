"""The throughput command reports every table it is asked for."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import main
from benchmarks.commands.throughput import TABLES


def test_the_command_prints_a_row_per_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["throughput", "digits-mlp-sgd", "--device", "cpu", "--members", "4"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| digits")]
    assert len(rows) == 1
    at_once, alone, ratio = (float(cell.replace(",", "")) for cell in rows[0].split("|")[4:7])
    assert ratio == pytest.approx(at_once / alone, abs=0.01 + 1e-3)


def test_an_unknown_table_names_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["throughput", "imagenet"])
    message = capsys.readouterr().err
    assert all(name in message for name in TABLES)
