"""Which searches are for tuning and which for reporting: never the same data."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.training.searches.reporting import REPORTING_SEARCHES
from benchmarks.training.searches.search import Search
from benchmarks.training.searches.tuning import TUNING_SEARCHES

SEARCH_ROLES: dict[str, Mapping[str, Search]] = {
    "tuning-trainings": TUNING_SEARCHES,
    "reporting-trainings": REPORTING_SEARCHES,
}
"""By group of problems."""

SEARCHES = {name: search for role in SEARCH_ROLES.values() for name, search in role.items()}
