"""How far a command is, for whoever waits at a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: list[Item], what: str) -> Iterable[Item]:
    """The items, with a bar on stderr that goes when they end; none where that is no terminal.

    Args:
        items: One for each parameter of a study.
        what: Is made of them.
    """
    # Of Optuna's own requirements, and of no use to --help.
    from tqdm import tqdm

    bar: Iterable[Item] = tqdm(items, desc=what, unit="parameter", leave=False, disable=None)
    return bar
