"""A table comes back as it was written, and a damaged one is refused with what is wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recording.catalogue import REPORTING, TUNING
from benchmarks.recording.curves import VALUES, Curves, available_tables, read_curves, write_curves
from benchmarks.recording.grid import available_grids, read_grid
from benchmarks.recording.kinds import REPORTING_KINDS, TUNING_KINDS

RATES = np.array([1e-3, 1e-2, 1e-1])
N_SEEDS, N_EPOCHS = 2, 4
KINDS = {**TUNING_KINDS, **REPORTING_KINDS}


def make_curves() -> Curves:
    generator = np.random.default_rng(0)
    shape = (len(RATES), N_SEEDS, N_EPOCHS)
    # Two digits, which the file holds exactly.
    values = {field: generator.integers(1, 99, shape) / 100 for field in VALUES}
    values["train_loss"][2, 0, 1:] = [np.inf, np.nan, -np.inf]
    return Curves("digits-mlp-test", RATES, np.arange(N_SEEDS), **values, metadata={"device": "x"})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_curves(make_curves(), tmp_path)


def rewrite(table: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Change the rows of the CSV and leave its metadata as it is."""
    header, *rows = gzip.decompress(table.read_bytes()).decode().splitlines()
    table.write_bytes(gzip.compress(("\n".join([header, *change(rows)]) + "\n").encode()))


def test_reading_returns_what_was_written(table: Path) -> None:
    written, found = make_curves(), read_curves("digits-mlp-test", table.parent)
    np.testing.assert_array_equal(found.learning_rates, written.learning_rates)
    np.testing.assert_array_equal(found.seeds, written.seeds)
    for field in VALUES:
        np.testing.assert_array_equal(getattr(found, field), getattr(written, field))
    assert found.metadata["device"] == "x"
    assert available_tables(table.parent) == ["digits-mlp-test"]


def test_mean_accuracy_averages_over_seeds(table: Path) -> None:
    curves = read_curves(table)
    by_hand = (curves.accuracy[:, 0] + curves.accuracy[:, 1]) / 2
    np.testing.assert_allclose(curves.mean_accuracy, by_hand)


def test_the_same_curves_give_the_same_bytes(table: Path, tmp_path: Path) -> None:
    again = write_curves(make_curves(), tmp_path / "again")
    assert again.read_bytes() == table.read_bytes()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            lambda rows: rows[:5] + rows[6:],
            r"1 of 24 rows missing, the first is \(learning_rate 0.001, seed 1, epoch 2\)",
        ),
        (lambda rows: rows[:-1], r"1 of 24 rows missing.*learning_rate 0.1, seed 1, epoch 4"),
        (
            lambda rows: [*rows[:6], rows[5], *rows[6:]],
            r"duplicate row \(learning_rate 0.001, seed 1, epoch 2\)",
        ),
        (
            lambda rows: [rows[1], rows[0], *rows[2:]],
            r"out of order: row 1 is \(learning_rate 0.001, seed 0, epoch 2\), expected .*epoch 1",
        ),
        (lambda rows: [rows[0].replace(".", ".1", 2), *rows[1:]], "missing|edited"),
        (lambda rows: [rows[0][:-1] + "7", *rows[1:]], "edited"),
        (lambda rows: rows[: N_EPOCHS * N_SEEDS], "8 rows, its metadata states 24"),
        (lambda rows: [*rows[:3], rows[3].rsplit(",", 1)[0], *rows[4:]], "too few columns"),
        (lambda rows: [row + ",1" for row in rows], "8 columns"),
        (lambda rows: [rows[0].replace(rows[0][-1], "x"), *rows[1:]], "not numeric"),
    ],
    ids=["missing", "last missing", "duplicate", "reordered", "rate edited", "value edited",
         "last rates missing", "short row", "long rows", "not a number"],
)  # fmt: skip
def test_a_damaged_table_is_refused_with_what_is_wrong(
    table: Path, change: Callable[[list[str]], list[str]], complaint: str
) -> None:
    rewrite(table, change)
    with pytest.raises(ValueError, match=complaint) as refusal:
        read_curves(table)
    assert "digits-mlp-test.csv.gz" in str(refusal.value)
    assert "record it again" in str(refusal.value)


@pytest.mark.parametrize("kept", [0, 10, 0.5, -5], ids=["empty", "header", "half", "all but 5"])
def test_a_file_cut_short_is_refused(table: Path, kept: float) -> None:
    content = table.read_bytes()
    table.write_bytes(content[: int(len(content) * kept) if isinstance(kept, float) else kept])
    with pytest.raises(ValueError, match="cut short|is empty"):
        read_curves(table)


def test_a_wrong_header_is_refused(table: Path) -> None:
    text = gzip.decompress(table.read_bytes()).replace(b"seed", b"sead")
    table.write_bytes(gzip.compress(text))
    with pytest.raises(ValueError, match="header is 'learning_rate,sead"):
        read_curves(table)


def test_missing_or_broken_metadata_is_refused(table: Path) -> None:
    beside = table.with_name("digits-mlp-test.json")
    beside.write_text(beside.read_text()[:-10])
    with pytest.raises(ValueError, match="digits-mlp-test.json is not JSON"):
        read_curves(table)
    beside.unlink()
    with pytest.raises(ValueError, match="digits-mlp-test.json is missing"):
        read_curves(table)


def test_an_unknown_name_lists_the_tables_there_are(table: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no table 'nowhere'.*digits-mlp-test"):
        read_curves("nowhere", table.parent)


def test_curves_refuse_arrays_that_do_not_fit_together() -> None:
    curves = make_curves()
    with pytest.raises(ValueError, match=r"train_loss must have shape \(2, 2, 4\)"):
        Curves(
            "x",
            RATES[:2],
            curves.seeds,
            **{field: getattr(curves, field) for field in VALUES},
            metadata={},
        )


@pytest.mark.parametrize("name", [*TUNING, *REPORTING])
def test_every_committed_table_has_the_form_of_a_learning_rate_curve(name: str) -> None:
    """Dead at the low end, well above chance at the peak, fallen off a cliff at the high end."""
    curves = read_curves(name)
    final = curves.mean_accuracy[:, -1]
    # Ten classes: 3.5 times chance; on 5,000 small images of CIFAR-10 the networks reach 4 times.
    assert final.max() > 0.35
    for end in (final[0], final[-1]):
        assert end < 0.1 + 0.25 * (final.max() - 0.1)
    assert np.log10(curves.learning_rates[-1] / curves.learning_rates[0]) >= 5


@pytest.mark.parametrize("name", KINDS)
def test_tables_of_other_kinds_have_that_form_with_room_on_both_sides(name: str) -> None:
    """What is lost at either end is most of what can be won, and ranges fit around the best."""
    curves = read_curves(name)
    if KINDS[name].objective == "loss":
        kept = np.isfinite(curves.validation_loss[:, :, -1])
        losses = np.where(kept, curves.validation_loss[:, :, -1], np.inf)
        final = -np.minimum(losses, curves.guessing_loss).mean(axis=1)
    else:
        final = curves.mean_accuracy[:, -1]
    for end in (final[0], final[-1]):
        assert end < final.min() + 0.25 * (final.max() - final.min())
    decades = np.log10(curves.learning_rates)
    assert min(decades[final.argmax()] - decades[0], decades[-1] - decades[final.argmax()]) > 2


def test_a_table_may_have_a_loss_alone(tmp_path: Path) -> None:
    path = write_curves(replace(make_curves(), validation_accuracy=None), tmp_path)
    found = read_curves(path)
    np.testing.assert_array_equal(found.validation_loss, make_curves().validation_loss)
    assert found.validation_accuracy is None
    with pytest.raises(ValueError, match="digits-mlp-test records no accuracy"):
        _ = found.accuracy


@pytest.mark.parametrize("name", available_grids())
def test_every_committed_grid_is_read(name: str) -> None:
    grid = read_grid(name)
    assert np.all((grid.validation_accuracy >= 0) & (grid.validation_accuracy <= 1))


def test_metadata_say_where_the_numbers_come_from() -> None:
    for name in available_tables():
        metadata = json.loads(json.dumps(read_curves(name).metadata))
        required = {"data", "split", "recording", "device", "versions", "command", "date"}
        assert required <= set(metadata), name
