"""Whose turn it is to publish, among the workers of a study."""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class Claim(NamedTuple):
    """What a worker leaves in the storage when it publishes.

    by: Token of the worker.
    number: How many times the study has been published, this time included.
    done: Whether all has been written.
    """

    by: str
    number: int
    done: bool

    @classmethod
    def read(cls, stored: Any) -> Claim | None:
        """From what the storage holds; ``None`` where that is no claim."""
        try:
            return cls(str(stored["by"]), int(stored["number"]), bool(stored["done"]))
        except (KeyError, TypeError, ValueError):
            return None


class Turns:
    """What one worker concludes from the claims that it sees.

    Clocks of several machines differ, so claims carry no time. A worker goes by its own clock: a
    claim that it has not seen before may have been made just now, and one that still stands at the
    next look is as old as the time between, and its owner has finished, or is gone.

    Args:
        me: This worker's token.
    """

    def __init__(self, me: str) -> None:
        self._me = me
        self._claim: Claim | None = None
        self._stands = False
        self._looked = self._absent = -math.inf

    def look(self, claim: Claim | None, now: float) -> None:
        """Take note of the claim in the storage."""
        if claim is None or self._claim is None or claim[:2] != self._claim[:2]:
            self._absent = self._looked
        self._stands = claim == self._claim
        self._claim, self._looked = claim, now

    @property
    def is_mine(self) -> bool:
        """Whether this worker may publish."""
        return self._claim is None or self._claim.by == self._me or self._stands

    def others_told(self, newest: float) -> bool:
        """Whether another worker has published all that was known at a time."""
        claim = self._claim
        return claim is not None and claim.by != self._me and claim.done and newest <= self._absent

    def claimed(self, now: float) -> Claim:
        """This worker's next claim."""
        before = 0 if self._claim is None else self._claim.number
        claim = Claim(self._me, before + 1, done=False)
        self.look(claim, now)
        return claim
