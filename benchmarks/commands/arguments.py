"""Flags that several commands have, and types of what stands behind them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.paths import RESULTS


def at_least(minimum: int) -> Callable[[str], int]:
    """A ``type`` for argparse: whole numbers of ``minimum`` (0 or larger) or more."""

    def parse(text: str) -> int:
        if not text.isdecimal() or int(text) < minimum:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of {minimum} or more, got {text!r}"
            )
        return int(text)

    return parse


def add_device(parser: argparse.ArgumentParser) -> None:
    """``--device`` for commands that train."""
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """``--jobs`` for commands that run many studies."""
    parser.add_argument("--jobs", type=at_least(1), help="processes (default: one per core)")


def add_results(parser: argparse.ArgumentParser, *, of: str) -> None:
    """``--out``, the folder of results; ``of`` says what is written there."""
    parser.add_argument("--out", type=Path, default=RESULTS, help=f"folder of {of}")
