"""Our part of a note: whatever else stands there survives."""

from __future__ import annotations

import math

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optuna_zooming import ZoomingSampler, explain
from optuna_zooming.dashboard._note import BEGIN, END, chunks_with, our_part

OURS = f"{BEGIN}\n## optuna-zooming\n\nnew\n\n{END}"
OLD = f"{BEGIN}\n## optuna-zooming\n\nold words\n\n{END}"


def _written(chunks: list[str], ours: str = OURS) -> list[str]:
    pieces = [*chunks] or [""]
    for number, chunk in chunks_with(ours, chunks).items():
        pieces[number] = chunk
    return pieces


def test_an_empty_note_becomes_ours() -> None:
    assert _written([]) == [f"{OURS}\n"]
    assert _written(["", ""]) == [f"{OURS}\n", ""]


def test_ours_comes_after_what_is_there() -> None:
    assert _written(["My words.\n"]) == [f"My words.\n\n{OURS}\n"]


def test_ours_comes_after_the_last_chunk_that_holds_anything() -> None:
    assert _written(["a" * 2045, "b", ""]) == ["a" * 2045, f"b\n\n{OURS}\n", ""]


def test_ours_is_replaced_where_it_stands() -> None:
    assert _written([f"before\n\n{OLD}\n\nafter"]) == [f"before\n\n{OURS}\n\nafter"]


def test_what_is_there_already_is_not_written_again() -> None:
    assert chunks_with(OURS, _written(["My words."])) == {}


@pytest.mark.parametrize("rest", [OLD.replace(END, ""), OLD.replace(BEGIN, "")])
def test_a_part_without_one_of_its_ends_is_the_owners(rest: str) -> None:
    (first,) = _written([f"before {rest} after"])
    assert first == f"before {rest} after\n\n{OURS}\n"
    assert _written([f"{first} more"]) == [f"{first} more"]


@given(
    before=st.text(alphabet="ab \n", max_size=80),
    after=st.text(alphabet="ab \n", max_size=80),
    size=st.integers(1, 120),
    has_ours=st.booleans(),
)
def test_words_of_others_are_stored_at_any_moment(
    before: str, after: str, size: int, has_ours: bool
) -> None:
    note = f"{before}{OLD}{after}" if has_ours else before
    pieces = [note[i : i + size] for i in range(0, len(note), size)] or [""]
    for number, chunk in chunks_with(OURS, pieces).items():
        pieces[number] = chunk
        shown = "".join(pieces)
        assert shown.startswith(before.rstrip())
        assert not has_ours or shown.endswith(after)
    shown = "".join(pieces)
    assert shown.count(OURS) == 1
    assert "old words" not in shown
    assert not has_ours or shown == f"{before}{OURS}{after}"


def test_it_says_what_explain_says() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    study.optimize(lambda trial: math.log(trial.suggest_float("lr", 0.1, 10)) ** 2, n_trials=6)
    found = explain(study)
    paragraphs = our_part(study).replace("\\", "").split("\n\n")
    assert paragraphs[1:-1] == found.paragraphs
    assert paragraphs[0] == f"{BEGIN}\n## optuna-zooming"
    assert paragraphs[-1] == END


def test_its_length_is_bounded() -> None:
    study = optuna.create_study(sampler=ZoomingSampler(seed=0))
    names = [f"{letter}_parameter*with`a`long<name>" for letter in "abcdefghijklmnopqrstuvwxyz"]
    study.optimize(lambda trial: sum(trial.suggest_float(name, 0, 1) for name in names), n_trials=2)
    assert len(our_part(study)) < 4_000
    assert "…" in our_part(study)


def test_names_are_no_markup() -> None:
    study = optuna.create_study()
    study.add_trial(
        optuna.trial.create_trial(
            value=1.0,
            params={"*a*_b_ [x](y)\n# <b>|~$&": 0.5},
            distributions={
                "*a*_b_ [x](y)\n# <b>|~$&": optuna.distributions.FloatDistribution(0, 1)
            },
        )
    )
    assert r"\*a\*\_b\_ \[x\](y) # \<b\>\|\~\$\&" in our_part(study)
