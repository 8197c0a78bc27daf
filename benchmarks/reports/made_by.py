"""The commands behind results: the one that is running, and those that made saved rows."""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from benchmarks.errors import UserError
from benchmarks.problems.groups import GROUPS, group_names

# Flags that name a place on somebody's machine.
FOLDERS = ("--out", "--rows", "--results", "--data-dir", "--storage")


@dataclass(frozen=True)
class MadeBy:
    """A command that was run.

    ended: UTC, to the minute. seconds: How long it took. machine: In words.
    """

    command: str
    ended: str
    seconds: float
    machine: str

    def __str__(self) -> str:
        return f"`{self.command}` ({self.ended}, {self.seconds:.0f} s on {self.machine})"


def this_command(seconds: float) -> MadeBy:
    """The command that is running, as if it ended now."""
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    ended = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    return MadeBy(portable(sys.argv[1:]), ended, seconds, machine)


def portable(arguments: Sequence[str]) -> str:
    """A command with these arguments as it reads on any machine: without its folders of files."""
    shown = list(arguments)
    for flag in FOLDERS:
        for at in range(len(shown) - 1):
            if shown[at] == flag:
                shown[at + 1] = "FOLDER"
    return f"python -m benchmarks {shlex.join(shown)}"


def keep_command(folder: Path, seconds: float, problems: Iterable[str]) -> None:
    """Note the command that is running beside the rows it made, for the pages drawn from them."""
    kept = {**asdict(this_command(round(seconds, 1))), "problems": sorted(set(problems))}
    path = _path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(kept) + "\n")


def kept_commands(folder: Path, problems: Iterable[str]) -> list[MadeBy]:
    """The noted commands that ran any of these problems, in the order in which they ended.

    Raises:
        UserError: If the notes are damaged.
    """
    path, wanted = _path(folder), set(problems)
    if not path.exists():
        return []
    try:
        notes = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [
            MadeBy(note["command"], note["ended"], note["seconds"], note["machine"])
            for note in notes
            if wanted & set(note["problems"])
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path} cannot be read as noted commands: {error}; delete it.") from error


def _path(folder: Path) -> Path:
    return folder / "raw" / "commands.jsonl"


def as_arguments(problems: Sequence[str]) -> str:
    """Problems as they are asked for on the command line: by group where it is all of one."""
    rest, words = set(problems), []
    for group in GROUPS:
        names = set(group_names(group))
        if names and names <= rest:
            rest -= names
            words.append(group)
    return shlex.join([*words, *(name for name in problems if name in rest)])
