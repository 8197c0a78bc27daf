"""Summaries: figures worked out by hand, the file, and pages drawn from either."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.reports.compact import as_json, rounded, save_record
from benchmarks.reports.made_by import MadeBy
from benchmarks.reports.pages.group import compare_commands, write_page
from benchmarks.reports.results_table import Key, ResultsTable
from benchmarks.reports.summarise import summarise
from benchmarks.reports.summary import Summary, read_summary
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell, Run

OURS, RANDOM = Key("zooming", "none"), Key("random", "none")
PROBLEM = "noise-2pct/0"
# After the third trial, one row per seed.
AFTER_THREE = {OURS: [0.1, 0.2, 0.3, 0.8], RANDOM: [0.5, 0.5, 0.5, 0.5]}
MADE_BY = MadeBy("python -m benchmarks compare", "2026-01-01 00:00 UTC", 12.0, "2 cores")


def run(seed: int, regret: list[float]) -> Run:
    n_trials = len(regret)
    best = np.array(regret)
    nothing = np.full(n_trials, np.nan)
    return Run(
        seed=seed,
        state=np.array(["COMPLETE"] * n_trials),
        epochs=np.full(n_trials, 10.0),
        value=1 - best,
        regret=best,
        best_regret=best,
        recommended_regret=best,
        interval_holds=np.append(nothing[1:], float(seed > 0)),
        interval_width=np.append(nothing[1:], 0.1 * seed),
        arms_judged=nothing,
        arms_hold=nothing,
        arms_unknown=nothing,
        arms_width=nothing,
        sampler_seconds=np.full(n_trials, 0.002),
        params=np.array(["{}"] * n_trials),
    )


def table() -> ResultsTable:
    runs: dict[Key, dict[str, dict[int, Run]]] = {
        key: {PROBLEM: {seed: run(seed, [0.9, 0.9, last]) for seed, last in enumerate(after)}}
        for key, after in AFTER_THREE.items()
    }
    cells = [Cell(PROBLEM, key.sampler, key.pruner) for key in runs]
    return ResultsTable(runs, {cell: fingerprint_of(cell) for cell in cells})


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(table(), "noise", made_by=[MADE_BY], failures=["noise-2pct/0, gp: no matrix"])


def saved(summary: Summary, folder: Path) -> dict[str, Any]:
    save_record(summary, folder / "noise.json")
    content: dict[str, Any] = json.loads((folder / "noise.json").read_text())
    return content


def test_file_holds_what_hand_and_enumeration_say(summary: Summary, tmp_path: Path) -> None:
    ours, random = saved(summary, tmp_path)["columns"]
    assert (ours["sampler"], ours["n_problems"], ours["seeds"]) == ("zooming", 1, [0, 1, 2, 3])
    assert ours["best"]["mean"]["x"] == [3]
    assert ours["best"]["mean"]["mean"] == [0.35]
    # The middle two of four.
    assert ours["best"]["interquartile"]["mean"] == [0.25]
    assert ours["best"]["curve"]["mean"] == [0.9, 0.9, 0.35]
    # All 256 ways to draw four of the four seeds are as likely.
    means = [np.mean(draw) for draw in itertools.product(AFTER_THREE[OURS], repeat=4)]
    low, high = np.quantile(means, [0.025, 0.975])
    assert ours["best"]["mean"]["low"] == [pytest.approx(low, abs=0.026)]
    assert ours["best"]["mean"]["high"] == [pytest.approx(high, abs=0.026)]
    # Seeds agree: drawing them anew changes nothing.
    assert [random["best"]["mean"][name] for name in ("mean", "low", "high")] == [[0.5]] * 3
    assert ours["area"] == pytest.approx((0.9 + 0.9 + 0.35) / 3, rel=1e-5)
    assert ours["sampler_seconds"] == 0.002
    assert ours["mean_reaches"] == ["inf"] * 3


def test_file_holds_paired_differences_ranks_and_calibration(
    summary: Summary, tmp_path: Path
) -> None:
    content = saved(summary, tmp_path)
    assert content["paired"]["random"]["mean"] == [-0.15]
    assert content["bases"][0]["name"] == "noise-2pct"
    assert content["bases"][0]["regret"] == {"zooming": [0.35], "random": [0.5]}
    # Ours is first in three of four runs.
    assert content["ranks"] == {"zooming": [1.25], "random": [1.75]}
    # Seeds 1, 2 and 3 hold; the widths are 0, 0.1, 0.2 and 0.3.
    assert content["calibration"] == {"budgets": [3], "holds": [0.75], "width": [0.15]}
    assert content["origin"]["made_by"][0]["seconds"] == 12
    assert content["failures"] == ["noise-2pct/0, gp: no matrix"]


def test_file_gives_the_summary_back(summary: Summary, tmp_path: Path) -> None:
    save_record(summary, tmp_path / "noise.json")
    again = read_summary(tmp_path, "noise")
    assert as_json(again) == as_json(summary)
    assert again.column("zooming") is not None
    assert again.column("zooming", "median") is None
    np.testing.assert_equal(dataclasses.asdict(again), dataclasses.asdict(summary))


def test_page_drawn_from_the_file_is_the_page_drawn_from_the_rows(
    summary: Summary, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("rows", "file")]
    save_record(summary, folders[1] / "noise.json")
    drawn = summary, read_summary(folders[1], "noise")
    pages = [write_page(each, folder).read_text() for each, folder in zip(drawn, folders)]
    assert pages[0] == pages[1]
    assert "| **zooming** | 35.00 <sub>" in pages[0]
    assert "- failed study: noise-2pct/0, gp: no matrix" in pages[0]
    assert "- made by: `python -m benchmarks compare` (2026-01-01 00:00 UTC, 12 s" in pages[0]
    figures = [sorted((folder / "figures").iterdir()) for folder in folders]
    assert [path.name for path in figures[0]] == [path.name for path in figures[1]]
    for one, other in zip(*figures):
        assert one.read_bytes() == other.read_bytes()


def test_page_names_the_commands_that_make_its_rows(summary: Summary) -> None:
    assert compare_commands(summary) == [
        f"python -m benchmarks compare --problems {PROBLEM} --samplers zooming random "
        "--pruners none --seeds 4 --trials 3 --out FOLDER"
    ]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text[:100], "cannot be read as a summary"),
        (lambda text: text.replace('"ranks"', '"rank"'), r"required field missing @ \$\.ranks"),
        (
            lambda text: text.replace('"n_trials": 3', '"n_trials": "3"'),
            "expected int @ .*n_trials",
        ),
    ],
)
def test_damaged_file_is_named_with_the_remedy(
    summary: Summary, tmp_path: Path, damage: Any, message: str
) -> None:
    (tmp_path / "noise.json").write_text(damage(as_json(summary)))
    with pytest.raises(UserError, match=rf"noise\.json .*{message}.*report --rows FOLDER"):
        read_summary(tmp_path, "noise")


def test_missing_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"noise\.json is missing.*compare --problems noise --out"):
        read_summary(tmp_path, "noise")


@dataclasses.dataclass(frozen=True)
class Sample:
    figures: NDArray[np.float64]
    share: float
    names: dict[str, tuple[str, ...]]


def test_numbers_are_short_and_lists_stand_on_one_line() -> None:
    sample = Sample(np.array([[1 / 3, np.nan], [np.inf, 2.0]]), np.nan, {"a": ("b", "c")})
    text = as_json(sample)
    assert '[0.333333,null],\n["inf",2]' in text
    assert '"a": ["b","c"]' in text
    again = rounded(sample)
    np.testing.assert_array_equal(again.figures, [[0.333333, np.nan], [np.inf, 2]])
    assert np.isnan(again.share)
    assert again.names == sample.names
