"""Messages through Optuna's logger: in its format, and as silent as ``set_verbosity`` asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import optuna
from optuna.study import Study

# (study, message) of what was said in this process -> who said it; forgotten when it is very much.
_said: dict[tuple[str, str], object] = {}
_MOST_SAID = 1_000


def get_logger(name: str) -> logging.Logger:
    """The logger of a module, by its name; Optuna's handler and level count for it."""
    return optuna.logging.get_logger(f"optuna.{name}")


def warn_once(logger: logging.Logger, study: Study, message: str) -> None:
    """Warn once in a process, whatever its threads, samplers and copies of samplers."""
    # Not kept by the sampler: some engines pickle a new one for each trial.
    if len(_said) >= _MOST_SAID:
        _said.clear()
    # One step, so that of several threads one is the first; a lock could be held when we fork.
    first = object()
    if _said.setdefault((study.study_name, message), first) is first:
        logger.warning(message)


@contextmanager
def only_errors() -> Iterator[None]:
    """What is less than an error is not logged meanwhile: a command prints what was asked for."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
