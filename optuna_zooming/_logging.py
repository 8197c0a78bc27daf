"""Messages through Optuna's logger: in its format, and as silent as ``set_verbosity`` asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import optuna


def get_logger(name: str) -> logging.Logger:
    """The logger of a module, by its name; Optuna's handler and level count for it."""
    return optuna.logging.get_logger(f"optuna.{name}")


@contextmanager
def only_errors() -> Iterator[None]:
    """What is less than an error is not logged meanwhile: a command prints what was asked for."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
