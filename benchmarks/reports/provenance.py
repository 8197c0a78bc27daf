"""Which code, tables and commands results are from, and whether this checkout is the same."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem
from benchmarks.reports.made_by import MadeBy, this_command
from benchmarks.runs.fingerprints import fingerprint_of
from benchmarks.runs.rows import Cell

UNKNOWN = "the rows do not say which code made them"
# Always there; which problem it is changes nothing but the problem's own fingerprint.
_ANY_PROBLEM = "noise-1pct/0"
_PARTS = {
    "rows": "the runner",
    "optuna": "Optuna's version",
    "sampler": "the version of the sampler's package",
    "sampler source": "the sampler's code",
    "pruner source": "the pruner's code",
}


@dataclass(frozen=True)
class Code:
    """The code behind the rows of a sampler with a pruner; several versions where they are mixed.

    versions: Each a fingerprint as in :func:`fingerprint_of`, without the problem.
    """

    sampler: str
    pruner: str
    versions: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Origin:
    """What results are from.

    code: One entry per sampler and pruner; none if the rows do not say.
    problems: Fingerprints by problem.
    made_by: The commands that made the rows, as far as they are known.
    """

    code: tuple[Code, ...]
    problems: dict[str, tuple[str, ...]]
    made_by: tuple[MadeBy, ...]


def origin_of(
    fingerprints: Mapping[Cell, Mapping[str, str]], made_by: Iterable[MadeBy] = ()
) -> Origin:
    """The origin of the rows of some cells; an empty fingerprint is one that is not known."""
    code: dict[tuple[str, str], list[dict[str, str]]] = {}
    problems: dict[str, list[str]] = {}
    for cell, fingerprint in fingerprints.items():
        if not fingerprint:
            continue
        version = {name: text for name, text in fingerprint.items() if name != "problem"}
        versions = code.setdefault((cell.sampler, cell.pruner), [])
        if version not in versions:
            versions.append(version)
        known = problems.setdefault(cell.problem, [])
        if fingerprint.get("problem", "") not in known:
            known.append(fingerprint.get("problem", ""))
    return Origin(
        tuple(Code(*key, tuple(versions)) for key, versions in code.items()),
        {name: tuple(known) for name, known in problems.items()},
        tuple(made_by),
    )


def origin_lines(origin: Origin) -> list[str]:
    """The origin as Markdown list items, compared with this checkout."""
    made_by = [f"- made by: {each}" for each in origin.made_by]
    if not origin.code:
        return [*made_by, f"- {UNKNOWN}"]
    lines = _code_lines(origin.code)
    changed = [name for name, known in origin.problems.items() if not _is_here(name, known)]
    if changed:
        of_all = f"{len(changed)} of {len(origin.problems)} problems"
        lines.append(f"- {of_all} have changed, or are missing here: {_listed(changed)}")
    verdict = (
        "- **not all rows are known to be from the code and tables of this checkout**:"
        if lines
        else "- the rows are from the code and tables of this checkout"
    )
    return [*made_by, f"- versions: {versions(origin)}", verdict, *(f"  {each}" for each in lines)]


def _code_lines(codes: Iterable[Code]) -> list[str]:
    """What differs from this checkout's code, or cannot be told, and of which samplers."""
    found: dict[str, list[str]] = {}
    for code in codes:
        name = code.sampler if code.pruner == "none" else f"{code.sampler} + {code.pruner}"
        for difference in _differences(code):
            found.setdefault(difference, []).append(name)
    return [f"- {difference}: {_listed(names)}" for difference, names in found.items()]


def _differences(code: Code) -> list[str]:
    try:
        here = fingerprint_of(Cell(_ANY_PROBLEM, code.sampler, code.pruner))
    except (ImportError, KeyError, UserError) as error:
        return [f"cannot be compared here ({error})"]
    found = []
    for part, words in _PARTS.items():
        known = [version.get(part, "") for version in code.versions]
        if here[part] and not all(known):
            found.append(f"{words} is not recorded")
        elif any(text != here[part] for text in known):
            found.append(f"{words} differs")
    return found


def versions(origin: Origin) -> str:
    """Optuna's version, the samplers' packages and the hashes of code, in words."""
    packages: dict[str, None] = {}
    hashes: dict[str, list[str]] = {}
    for code in origin.code:
        for version in code.versions:
            optuna, package = version.get("optuna", "unknown"), version.get("sampler", "unknown")
            packages.update({f"optuna {optuna}": None, package: None})
            for part, name in (("sampler", code.sampler), ("pruner", f"pruner {code.pruner}")):
                names = hashes.setdefault(version.get(f"{part} source", ""), [])
                if name not in names:
                    names.append(name)
    of_code = [f"code of {' and '.join(names)} {text}" for text, names in hashes.items() if text]
    return ", ".join([*packages, *of_code])


def made_by(problem: str, *, seconds: float | None = None) -> str:
    """The command that is running, the versions and the state of our code, as a Markdown list.

    Args:
        problem: One of the problems of the page.
        seconds: How long the command took; None where it does not matter.
    """
    made = fingerprint_of(Cell(problem, "zooming", "none"))
    command = this_command(seconds or 0.0)
    took = "" if seconds is None else f"{command.ended}, {seconds:.0f} s: "
    return "\n".join(
        [
            f"- command: {took}`{command.command}`",
            f"- {command.machine}, {platform.system()}, Optuna {made['optuna']}; "
            f"hash of optuna_zooming: {made['sampler source']}",
        ]
    )


def _is_here(problem: str, known: tuple[str, ...]) -> bool:
    try:
        return known == (make_problem(problem).fingerprint,)
    except UserError:  # its table is gone
        return False


def _listed(names: list[str], *, most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
