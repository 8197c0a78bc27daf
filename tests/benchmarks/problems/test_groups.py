"""Groups of problems: every table has one role, and is sought as a user would."""

from __future__ import annotations

import pytest

from benchmarks.problems.groups import group_names, make_problem, part_of
from benchmarks.problems.ranges import N_STRATA
from benchmarks.recording.catalogue import ROLES
from benchmarks.recording.curves import available_tables
from benchmarks.recording.kinds import REPORTING_KINDS, TUNING_KINDS
from benchmarks.recording.recordings import GridRecording, Recording
from benchmarks.training.searches.roles import SEARCH_ROLES

PARTS = [f"part {1 + part} of {N_STRATA}" for part in range(N_STRATA)]


@pytest.mark.parametrize("role", ["tuning", "reporting"])
def test_groups_of_other_kinds_seek_on_each_table_what_a_user_would(role: str) -> None:
    tables = {"tuning": TUNING_KINDS, "reporting": REPORTING_KINDS}[role]
    names = group_names(f"{role}-kinds")
    assert [name.partition("/")[0] for name in names] == [n for n in sorted(tables) for _ in PARTS]
    for name in names:
        problem = make_problem(name)
        assert problem.name == name
        assert problem.span > 0
        sought = tables[name.partition("/")[0]].objective
        assert part_of(name).partition(", best rate in ")[0] == sought
    assert [part_of(name).partition(" in ")[2] for name in names] == PARTS * len(tables)


def test_mute_problems_of_other_kinds_are_those_that_report() -> None:
    names = group_names("reporting-kinds-mute")
    assert names == [f"{name}+mute" for name in group_names("reporting-kinds")]
    assert make_problem(names[0]).name == names[0]


def _data(recording: Recording | GridRecording) -> set[str]:
    """Data sets that its networks see, before and in the training that is recorded."""
    before = recording.recipe.pretraining
    names = [recording.data] if before is None else [recording.data, before.data]
    return {name.partition("/")[0] for name in names}


def test_no_table_and_no_data_have_two_roles() -> None:
    names = [name for tables in ROLES.values() for name in tables]
    assert len(set(names)) == len(names)
    assert set(available_tables()) <= set(names)
    seen: dict[str, set[str]] = {"tuning": set(), "reporting": set()}
    for group, tables in ROLES.items():
        for recording in tables.values():
            seen[group.partition("-")[0]] |= _data(recording)
    for group, searches in SEARCH_ROLES.items():
        data = {search.data.partition("/")[0] for search in searches.values()}
        seen[group.partition("-")[0]] |= {name.removeprefix("noisy-") for name in data}
    assert seen["tuning"].isdisjoint(seen["reporting"])


def test_groups_keep_the_tables_that_they_had() -> None:
    """A table of another kind is in no group that has results already."""
    for group in ("tuning", "tuning-anywhere", "reporting", "reporting-anywhere"):
        bases = {name.partition("/")[0].partition("+")[0] for name in group_names(group)}
        assert bases == set(ROLES[group.partition("-")[0]])
