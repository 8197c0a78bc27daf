"""Settings shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import optuna
import pytest

# Property tests give the same answer each time in CI; a developer's machine searches on.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.register_profile("dev", deadline=None, max_examples=60)
# At night, 10,000 histories: pytest --hypothesis-profile=nightly tests/sampler/test_any_history.py
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=10_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(autouse=True)
def warnings_are_logged() -> None:
    """Whatever level a command has left behind."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)


@pytest.fixture
def optuna_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged through Optuna's logger, which keeps its records to itself otherwise.

    A record may be caught on its way through several loggers, and then is there more than once.
    """
    optuna.logging.enable_propagation()
    yield caplog
    optuna.logging.disable_propagation()
