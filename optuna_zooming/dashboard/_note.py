"""Our part of the study's note, beside whatever its owner has written there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from optuna.study import Study

# Definitions of links that nobody uses: Markdown shows nothing of them.
BEGIN = "[optuna-zooming]: # (begin: this part is written anew as trials finish)"
END = "[optuna-zooming]: # (end)"
# Characters of a paragraph, at most.
_LONGEST = 600


def our_part(study: Study) -> str:
    """What to use, how sure that is and what to do next, in Markdown between two markers."""
    from ..explanation import explain

    shown = "\n\n".join(_markdown(_shortened(each)) for each in explain(study).paragraphs)
    return f"{BEGIN}\n## optuna-zooming\n\n{shown}\n\n{END}"


def chunks_with(ours: str, chunks: Sequence[str]) -> dict[int, str]:
    """Put our part in the place of the last one, or at the end of the note.

    Our part is never split, and never shares a write with a chunk that it does not stand in: what
    others have written is in the storage at any moment.

    Args:
        ours: Our part, with its markers.
        chunks: The note as it is stored, in pieces to be joined.

    Returns:
        The chunks that change, by number, in the order in which to write them.
    """
    pieces = list(chunks) or [""]
    begin, end = _place(chunks)
    if begin == end:
        last = max((i for i, piece in enumerate(pieces) if piece), default=0)
        own = pieces[last].rstrip()
        return {last: f"{own}\n\n{ours}\n" if own else f"{ours}\n"}
    return _replaced(ours, pieces, begin, end)


def _place(chunks: Sequence[str]) -> tuple[int, int]:
    """Where our part begins and ends in the joined chunks; both 0 if it is not there."""
    note = "".join(chunks)
    # From the back: a part whose end somebody has cut off must not reach into what follows.
    end = note.rfind(END)
    begin = note.rfind(BEGIN, 0, max(0, end))
    return (0, 0) if begin < 0 else (begin, end + len(END))


def _replaced(ours: str, pieces: list[str], begin: int, end: int) -> dict[int, str]:
    changed: dict[int, str] = {}
    start = 0
    for i, piece in enumerate(pieces):
        before, after = piece[: max(0, begin - start)], piece[max(0, end - start) :]
        begins_here = start <= begin < start + len(piece)
        new = before + ours + after if begins_here else before + after
        start += len(piece)
        if new != piece:
            changed[i] = new
    return changed


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 2].rstrip() + " …"


def _markdown(line: str) -> str:
    """Plain text as Markdown that shows it letter by letter."""
    escaped = re.sub(r"([\\`*_\[\]<>~&|$])", r"\\\1", line)
    # At the start of a line these make lists and headings.
    return re.sub(r"^(\d*)([-+#=.)])", r"\1\\\2", escaped)
