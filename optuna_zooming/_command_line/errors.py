"""What is told to the person at the command line."""

from __future__ import annotations


class UserError(Exception):
    """A wrong request: the command line prints the message in one line and exits with code 2."""
