"""The one exception whose message is meant for the person at the command line."""

from __future__ import annotations


class UserError(Exception):
    """A wrong request: the command line prints the message and exits with code 2."""
