"""Recording survives Ctrl-C and a full disk: what was finished is kept and never trained again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recording import record as recording
from benchmarks.recording.catalogue import TUNING
from benchmarks.recording.curves import VALUES, Curves, read_curves
from benchmarks.recording.grid import read_grid
from benchmarks.recording.recordings import GridRecording, Recording, Subset
from benchmarks.training.batches import to_tensors
from benchmarks.training.datasets.image_files import load_data
from benchmarks.training.networks import train_members
from benchmarks.training.recipes import Members, Recipe

NAME = "digits-mlp-test"
N_CHUNKS = 12
SMALL = Recording(
    "digits",
    Recipe("mlp", 8, "sgd", batch_size=16, n_epochs=10),
    low=1e-3,
    high=1e0,
    n_rates=16,
    n_seeds=3,
    subset=Subset(n_train=64, n_validation=50),
    members_per_chunk=4,
)

# A child process, so that it can be interrupted and its disk filled. SMALL is defined once, here.
SCRIPT = """
import resource, signal, sys
from pathlib import Path
import torch
from benchmarks.recording import record as recording
from tests.benchmarks.recording.test_record import NAME, SMALL
folder, bytes_per_file = Path(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(1)
# A shell's background jobs, and so their children, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
if bytes_per_file:
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_per_file, bytes_per_file))
recording.record(NAME, SMALL, device="cpu", command="test", data_folder=None,
                 out=folder, work=folder / "work")
"""

pytestmark = pytest.mark.usefixtures("one_thread")


def record(folder: Path, what: Recording = SMALL) -> Curves:
    recording.record(NAME, what, device="cpu", command="test", data_folder=None,
                     out=folder, work=folder / "work")  # fmt: skip
    return read_curves(NAME, folder)


def start_recording(folder: Path, bytes_per_file: int = 0) -> subprocess.Popen[str]:
    """A child process at work; 0 sets no limit to what it may write."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), str(bytes_per_file)],
        cwd=Path(__file__).parents[3],
        stderr=subprocess.PIPE,
        text=True,
    )


def finished_chunks(folder: Path) -> list[Path]:
    return sorted(folder.glob("work/*/*.npz"))


def assert_same_curves(found: Curves, expected: Curves) -> None:
    """All but the seconds, which are the machine's."""
    np.testing.assert_array_equal(found.learning_rates, expected.learning_rates)
    for field in set(VALUES) - {"seconds"}:
        np.testing.assert_array_equal(getattr(found, field), getattr(expected, field))


def mark(chunk: Path) -> None:
    """Give a finished chunk seconds that no training would."""
    with np.load(chunk) as arrays:
        changed = {**arrays, "seconds": np.full_like(arrays["seconds"], 1200.0)}
    np.savez(chunk, **changed)


def test_ctrl_c_keeps_what_was_finished_and_the_same_command_goes_on(tmp_path: Path) -> None:
    process = start_recording(tmp_path)
    while not finished_chunks(tmp_path):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    process.communicate()
    kept = finished_chunks(tmp_path)
    assert 1 <= len(kept) < N_CHUNKS
    assert not list(tmp_path.glob("*.csv.gz"))
    for chunk in kept:
        mark(chunk)
    resumed = record(tmp_path)
    assert (resumed.seconds == 1200).sum() == len(kept) * 4 * 10
    assert_same_curves(resumed, record(tmp_path / "uninterrupted"))
    assert finished_chunks(tmp_path) == []


def test_a_full_disk_keeps_what_was_finished(tmp_path: Path) -> None:
    """A limit on file size is met like a full disk: first by the table, then by a part."""
    _, message = start_recording(tmp_path, bytes_per_file=2700).communicate()
    assert f"cannot write table {NAME}" in message
    assert "everything trained is kept in" in message
    kept = finished_chunks(tmp_path)
    assert len(kept) == N_CHUNKS
    assert [path.name for path in tmp_path.iterdir()] == ["work"]

    kept[-1].unlink()
    _, message = start_recording(tmp_path, bytes_per_file=500).communicate()
    assert (
        f"{N_CHUNKS - 1} of {N_CHUNKS} parts are kept there, make room and run the same command"
        in message
    )
    assert finished_chunks(tmp_path) == kept[:-1]

    mark(kept[0])
    resumed = record(tmp_path)
    assert (resumed.seconds == 1200).sum() == 4 * 10
    assert_same_curves(resumed, record(tmp_path / "uninterrupted"))


def test_parts_of_another_recording_are_not_mistaken_for_this_ones(tmp_path: Path) -> None:
    start = recording.train_with_bar

    def stop(*args: object) -> None:
        start(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "train_with_bar", stop)
        with pytest.raises(KeyboardInterrupt):
            record(tmp_path)
    assert len(finished_chunks(tmp_path)) == N_CHUNKS
    other = Recording(**{**vars(SMALL), "subset": Subset(n_train=32, n_validation=50)})
    assert_same_curves(record(tmp_path, other), record(tmp_path / "alone", other))


@pytest.mark.parametrize("members_per_chunk", [3, 16, 32, 100])
def test_every_member_lands_on_its_row_however_the_grid_is_cut(
    tmp_path: Path, members_per_chunk: int
) -> None:
    """Compared with members trained in one batch; tolerance for the digits that a file keeps."""
    cut = Recording(**{**vars(SMALL), "members_per_chunk": members_per_chunk})
    table = record(tmp_path, cut)
    whole = record(tmp_path / "whole", Recording(**{**vars(SMALL), "members_per_chunk": 48}))
    np.testing.assert_allclose(table.validation_loss, whole.validation_loss, rtol=1e-3)
    assert len(np.unique(table.validation_loss[..., -1])) > 40


def test_a_grid_records_each_combination_where_it_belongs(tmp_path: Path) -> None:
    grid = GridRecording(
        "digits",
        SMALL.recipe,
        optimisers=("adam", "sgd"),
        batch_sizes=(8, 16),
        low=1e-3,
        high=1e-1,
        n_rates=3,
        momenta=(0.0, 0.9),
        weight_decays=(1e-4, 1e-2),
        n_seeds=2,
        subset=SMALL.subset,
    )
    recording.record("digits-grid-test", grid, device="cpu", command="test", data_folder=None,
                     out=tmp_path, work=tmp_path / "work")  # fmt: skip
    found = read_grid("digits-grid-test", tmp_path)
    assert found.validation_loss.shape == (2, 2, 3, 2, 2, 2, 10)
    recipe = Recipe("mlp", 8, "adam", batch_size=8, n_epochs=10)
    alone = Members(np.array([1e-1]), np.array([1]), np.array([0.9]), np.array([1e-4]))
    dataset = load_data("digits", n_train=64, n_validation=50)
    expected = train_members(recipe, alone, to_tensors(dataset))
    np.testing.assert_allclose(
        found.validation_loss[0, 0, 2, 1, 0, 1], expected.validation_loss[0], rtol=1e-3
    )


def test_a_table_says_how_exactly_it_was_computed(tmp_path: Path) -> None:
    small = TUNING["digits-mlp-sgd-small"]
    recipe = replace(small.recipe, precision="bf16", n_epochs=1)
    recording.record(
        "digits-rough",
        replace(small, recipe=recipe, n_rates=3, n_seeds=1),
        device="cpu",
        command="test",
        data_folder=None,
        out=tmp_path,
        work=tmp_path / "work",
    )
    metadata = read_curves(tmp_path / "digits-rough.csv.gz").metadata
    assert metadata["recording"]["recipe"]["precision"] == "bf16"
