"""Exceptions whose messages are meant for the person at the command line."""

from __future__ import annotations


class UserError(Exception):
    """A wrong request: the command line prints the message and exits with code 2."""


class NotInstalledError(ModuleNotFoundError):
    """What an extra would install is missing: the command line prints its name and the extra.

    Args:
        missing: The module or distribution.
        extra: The extra.
    """

    def __init__(self, missing: str, *, extra: str) -> None:
        super().__init__(f"No module named {missing!r}", name=missing)
        self.extra = extra
