"""A browser and a dashboard for the tests that look at real pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import optuna
import pytest

from tests.services.requirement import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from benchmarks.workers.server_process import Server

T = TypeVar("T")


class Shown(NamedTuple):
    """A storage, and the address of the pages on which a dashboard shows it."""

    storage: str
    address: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    # Not at the top: the other tests here need no benchmarks and no server.
    from tests.dashboard.browser import chromium

    yield from _present(chromium())


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """optuna-dashboard on a new SQLite file."""
    from tests.dashboard.browser import dashboard

    storage = f"sqlite:///{tmp_path_factory.mktemp('shown') / 'study.db'}"
    # The dashboard makes no tables.
    optuna.storages.RDBStorage(storage).engine.dispose()
    server: Server
    for server in _present(dashboard(storage)):
        yield Shown(storage, server.address)


def _present(block: AbstractContextManager[T]) -> Iterator[T]:
    """What the block gives; skips where that is not installed."""
    from benchmarks.workers.server_process import AbsentError

    with ExitStack() as stack:
        try:
            given = stack.enter_context(block)
        except AbsentError as error:
            missing(str(error), required_by="REQUIRE_BROWSER")
        yield given
