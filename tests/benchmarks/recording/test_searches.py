"""A search recorded: of a training whose best is known, the surrogate finds it."""

from __future__ import annotations

import gzip
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.recording.curves import available_tables
from benchmarks.recording.searches import improving, record
from benchmarks.recording.searches.record import N_OF_CHECK, record_search
from benchmarks.recording.searches.surrogate import Link, Surrogate
from benchmarks.recording.searches.table import available_searches, read_search
from benchmarks.training.searches.rows import Rows
from benchmarks.training.searches.search import Search, Training
from benchmarks.training.searches.space import Choice, Number, Space, When

NAME = "wine-search-made"
SPACE = Space(
    [
        Choice("solver", ("sgd", "adam")),
        Number("lr", 1e-4, 1.0, log=True),
        Number("momentum", 0.0, 1.0, when=When("solver", ("sgd",))),
    ]
)
NOISE = 0.03
N_CHECKS = 2


def _score(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """Best at 1, with sgd, a rate of 0.01 and a momentum of 0.7."""
    loss = (math.log10(params["lr"]) + 2) ** 2 / 4
    loss += 2 * (params["momentum"] - 0.7) ** 2 if "momentum" in params else 0.4
    return float(1 - loss + NOISE * np.random.default_rng(seed).standard_normal())


def _training() -> Training:
    return _score


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables")
    search = Search("made", "wine", SPACE, _training, 20, 20, n_random=80, n_near=40)
    with pytest.MonkeyPatch.context() as patch:
        # Fewer of everything: it is quick, and this landscape is simple.
        patch.setattr(record, "N_CHECKS", N_CHECKS)
        patch.setattr(improving, "N_RANDOM", 500)
        patch.setattr(improving, "N_ROUNDS", 30)
        record_search(NAME, search, command="made", out=out)
    return out


def test_the_best_that_is_known_is_the_best_there_is(folder: Path) -> None:
    metadata = read_search(NAME, SPACE, folder).metadata
    best = metadata["best"]["params"]
    assert best["solver"] == "sgd"
    assert math.log10(best["lr"]) == pytest.approx(-2, abs=0.25)
    assert best["momentum"] == pytest.approx(0.7, abs=0.12)
    assert metadata["best"]["truth"] == pytest.approx(1.0, abs=0.05)
    rng = np.random.default_rng(0)
    scores = [_score(SPACE.params(rng.random(3)), None, seed) for seed in range(2000)]  # type: ignore[arg-type]
    assert metadata["median"] == pytest.approx(np.median(scores), abs=0.05)
    assert metadata["surrogate"]["cross_validated_r2"] > 0.9


def test_rows_are_the_trainings_and_their_noise(folder: Path) -> None:
    recorded = read_search(NAME, SPACE, folder)
    assert len(recorded.means) == 80 + 40 + N_CHECKS * N_OF_CHECK
    assert np.sqrt((recorded.deviations**2).mean()) == pytest.approx(NOISE, rel=0.25)
    params = recorded.configurations[5]
    scores = [_score(params, None, seed) for seed in (10, 11)]  # type: ignore[arg-type]
    assert recorded.means[5] == pytest.approx(np.mean(scores), rel=1e-3)
    # Places near the best are better than random ones.
    assert np.median(recorded.means[80:]) > np.quantile(recorded.means[:80], 0.9)


def test_a_search_is_no_table_of_rates(folder: Path) -> None:
    assert available_searches(folder) == [NAME]
    assert available_tables(folder) == []


def test_a_damaged_or_missing_search_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"no search 'other-search'.*{NAME}"):
        read_search("other-search", SPACE, folder)
    text = gzip.decompress((folder / f"{NAME}.csv.gz").read_bytes()).decode()
    edited = text[:-3] + ("1" if text[-3] != "1" else "2") + text[-2:]
    (tmp_path / f"{NAME}.csv.gz").write_bytes(gzip.compress(edited.encode()))
    (tmp_path / f"{NAME}.json").write_bytes((folder / f"{NAME}.json").read_bytes())
    with pytest.raises(ValueError, match="a value was edited"):
        read_search(NAME, SPACE, tmp_path)


def test_predictions_stay_within_the_scores() -> None:
    rng = np.random.default_rng(0)
    places, values = rng.random((50, 3)), rng.random(50)
    surrogate = Surrogate(SPACE, places, values, [0.3, 0.3, 0.3], nugget=1e-3)
    link = Link.of(values)
    predicted = surrogate.means(rng.random((500, 3)))
    assert link.low < predicted.min() < predicted.max() < link.high
    # With hardly a nugget it goes through what it was given.
    np.testing.assert_allclose(surrogate.means(places), values, atol=0.15)
