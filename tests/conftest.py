"""Settings shared by all tests."""

from __future__ import annotations

import os

import hypothesis
import optuna

# Property tests give the same answer each time in CI; a developer's machine searches on.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.register_profile("dev", deadline=None, max_examples=60)
# At night, 10,000 histories: pytest --hypothesis-profile=nightly tests/sampler/test_any_history.py
hypothesis.settings.register_profile("nightly", deadline=None, max_examples=10_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")

optuna.logging.set_verbosity(optuna.logging.WARNING)
