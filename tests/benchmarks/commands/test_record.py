"""The record command: the table it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import main
from benchmarks.recording import catalogue
from benchmarks.recording.curves import read_curves
from tests.benchmarks.recording.test_record import NAME, SMALL


def test_the_command_writes_a_table_with_its_provenance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(catalogue.SIZES["small"], NAME, SMALL)
    folders = ["--out", str(tmp_path), "--work", str(tmp_path / "work")]
    assert main(["record", NAME, "--device", "cpu", *folders]) == 0
    assert f"wrote {tmp_path / NAME}.csv.gz" in capsys.readouterr().out
    metadata = read_curves(NAME, tmp_path).metadata
    assert metadata["command"] == (
        f"python -m benchmarks record {NAME} --size small --device cpu --precision float32"
    )
    assert metadata["data"] == "digits, scikit-learn"
    assert metadata["split"].startswith("64 training and 50 validation images")
    assert metadata["versions"]["torch"] == torch.__version__
    assert metadata["recording"]["recipe"]["optimiser"] == "sgd"


def test_an_unknown_table_names_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["record", "mnist-mlp-lion"])
    message = capsys.readouterr().err
    assert "mnist-mlp-adam" in message
    assert "cifar10-cnn-momentum" in message
