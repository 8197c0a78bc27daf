"""The sampler on real servers, with processes that are killed, stopped and cut off."""

import pytest

# What the tests assert is written once, beside them.
pytest.register_assert_rewrite(
    "tests.services.promises", "tests.services.workers.crew", "tests.services.workers.objective"
)
