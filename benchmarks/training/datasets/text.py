"""Text that everybody has: the sources of a package of Python's standard library."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.datasets.loaded import Loaded, split_at_random

N_SYMBOLS = 97
"""Anything else, the line's end, and ASCII from space to tilde."""
LENGTH = 32
"""Symbols that a network reads."""


def load_text(
    package: str, *, n_train: int | None = None, n_validation: int | None = None
) -> Loaded:
    """Pieces of ``LENGTH`` symbols; the target at each place is the symbol that follows.

    package: Name of a package such as ``email``. Its sources differ between Python's versions, so
        the provenance names the version and the text's SHA-256.
    """
    text = _source(package)
    symbols = to_symbols(text)
    n_pieces = (len(symbols) - 1) // LENGTH
    pieces = symbols[: n_pieces * LENGTH].reshape(n_pieces, LENGTH)
    following = symbols[1 : n_pieces * LENGTH + 1].reshape(n_pieces, LENGTH)
    digest = hashlib.sha256(text).hexdigest()[:16]
    return split_at_random(
        pieces,
        following,
        n_train=n_train,
        n_validation=200 if n_validation is None else n_validation,
        task="next-symbol",
        n_outputs=N_SYMBOLS,
        provenance=f"sources of the package {package} of Python {platform.python_version()}, "
        f"{len(text)} bytes, SHA-256 {digest}",
        kind=f"pieces of {LENGTH} symbols",
    )


def to_symbols(text: bytes) -> NDArray[np.int64]:
    """(len(text),): 0 for anything else, 1 for the line's end, from 2 on ASCII from the space."""
    table = np.zeros(256, np.int64)
    table[ord("\n")] = 1
    table[ord(" ") : ord("~") + 1] = np.arange(2, N_SYMBOLS)
    return table[np.frombuffer(text, np.uint8)]


def _source(package: str) -> bytes:
    """All modules of the package, in the order of their names."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ValueError(f"text must be of a package of the standard library, got {package!r}.")
    folder = Path(found.submodule_search_locations[0])
    return b"\n".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
