"""What is told to the person at the command line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

# Of very many names so many are listed.
_MOST_NAMES = 10


class UserError(Exception):
    """A wrong request: the command line prints the message in one line and exits with code 2."""


def listed(names: Sequence[str]) -> str:
    """Names in quotes; of very many the first ones, and how many more there are."""
    shown = ", ".join(map(repr, names[:_MOST_NAMES]))
    more = len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def did_you_mean(name: str, names: Sequence[str]) -> str:
    """`` Did you mean 'x'?``, or nothing where no name is like it."""
    close = get_close_matches(name, names, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
