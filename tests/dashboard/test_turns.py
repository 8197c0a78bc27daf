"""Which worker publishes, told by claims without any clock in them."""

from __future__ import annotations

from typing import Any

import pytest

from optuna_zooming.dashboard._turns import Claim, Turns


def test_the_first_publishes_at_once() -> None:
    turns = Turns("me")
    turns.look(None, 0.0)
    assert turns.is_mine
    assert turns.claimed(0.0) == Claim("me", 1, done=False)


def test_who_has_claimed_goes_on() -> None:
    turns = Turns("me")
    turns.look(None, 0.0)
    claim = turns.claimed(0.0)
    turns.look(claim._replace(done=True), 5.0)
    assert turns.is_mine
    assert turns.claimed(5.0).number == 2


def test_a_claim_that_was_never_seen_before_is_waited_for() -> None:
    turns = Turns("me")
    turns.look(Claim("other", 7, done=True), 0.0)
    assert not turns.is_mine
    turns.look(Claim("other", 8, done=True), 5.0)
    assert not turns.is_mine


@pytest.mark.parametrize("done", [False, True])
def test_who_publishes_no_more_is_followed(done: bool) -> None:
    turns = Turns("me")
    for now in (0.0, 5.0):
        turns.look(Claim("gone", 7, done), now)
    assert turns.is_mine
    assert turns.claimed(5.0) == Claim("me", 8, done=False)


def test_news_are_told_by_a_claim_that_was_made_after_them() -> None:
    turns = Turns("me")
    turns.look(Claim("other", 1, done=True), 0.0)
    assert not turns.others_told(-1.0)  # Who knows when it was made.
    turns.look(Claim("other", 2, done=True), 5.0)
    assert turns.others_told(0.0)
    assert not turns.others_told(0.1)  # It may have been made right after the first look.


def test_news_are_not_told_by_a_publication_that_was_not_finished() -> None:
    turns = Turns("me")
    turns.look(Claim("other", 1, done=True), 0.0)
    turns.look(Claim("other", 2, done=False), 5.0)
    assert not turns.others_told(0.0)
    turns.look(Claim("other", 2, done=True), 10.0)
    assert turns.others_told(0.0)
    assert not turns.others_told(5.0)


def test_own_news_are_not_told_by_others_before() -> None:
    turns = Turns("me")
    turns.look(None, 0.0)
    claim = turns.claimed(0.0)
    turns.look(claim._replace(done=True), 5.0)
    assert not turns.others_told(0.0)


@pytest.mark.parametrize("stored", [None, "", 3, [], {}, {"by": "a"}, {"by": "a", "number": "x"}])
def test_what_is_no_claim_is_none(stored: Any) -> None:
    assert Claim.read(stored) is None


def test_claims_are_read_as_they_were_written() -> None:
    claim = Claim("me", 3, done=True)
    assert Claim.read(claim._asdict()) == claim
