"""Which problems of several parameters have something in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.problems.groups import group_names, make_problem
from benchmarks.problems.joint import JointProblem
from benchmarks.reports.several.summary import groups_of

ALL = "all"
ORIGIN, PARAMETERS, KIND, NOISE = "origin", "number of parameters", "kind", "noise"
# The last one has no end.
RANGES = ((2, 3), (4, 6), (7, 9), (10, None))
KINDS = ("separable", "interacting", "conditional")
_ORIGINS = {
    "joint": "known optima",
    "grids": "recorded grids",
    "trainings": "recorded trainings",
}


def problems_of(stem: str) -> list[str]:
    """Names of the problems of several parameters of a page."""
    names = [name for group in groups_of(stem) for name in group_names(group)]
    return [name for name in names if make_problem(name).n_parameters > 1]


def parts_of(stem: str, problems: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """What some have in common, in words, and their names; each with at least one of these.

    Args:
        stem: Name of the page.
        problems: The problems that were run.
    """
    together: dict[tuple[str, str], list[str]] = {(ALL, "all problems"): list(problems)}
    for by, name, own in (*_by_group(stem), *_by_nature(problems)):
        together.setdefault((by, name), []).extend(each for each in own if each in problems)
    for (by, name), own in together.items():
        if own:
            yield by, name, own


def _by_group(stem: str) -> Iterator[tuple[str, str, Sequence[str]]]:
    for group in groups_of(stem):
        yield ORIGIN, _ORIGINS[group.rpartition("-")[2]], group_names(group)
    for group in groups_of(stem):
        # Recorded tables have a noise of their own.
        if group.endswith("-joint"):
            levels = {name: _noise(name) for name in group_names(group)}
            for level in sorted(set(levels.values())):
                own = [name for name in levels if levels[name] == level]
                yield NOISE, f"noise of {100 * level:g} %, known optima", own


def _by_nature(problems: Sequence[str]) -> Iterator[tuple[str, str, Sequence[str]]]:
    for low, high in RANGES:
        words = f"{low} or more parameters" if high is None else f"{low} to {high} parameters"
        sizes = {name: make_problem(name).n_parameters for name in problems}
        yield PARAMETERS, words, [n for n in sizes if low <= sizes[n] <= (high or sizes[n])]
    for kind in KINDS:
        yield KIND, kind, [n for n in problems if getattr(make_problem(n), "kind", None) == kind]


def _noise(landscape: str) -> float:
    problem = make_problem(landscape)
    assert isinstance(problem, JointProblem)
    return problem.noise
