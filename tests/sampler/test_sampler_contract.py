"""Optuna's own contract for samplers, for both policies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from optuna.samplers import BaseSampler

from optuna_zooming import TextbookZooming, ZoomingSampler

pytest.importorskip("optuna.testing.pytest_samplers", reason="ships with Optuna since 4.8")
from optuna.testing.pytest_samplers import (  # noqa: E402
    BasicSamplerTestCase,
    RelativeSamplerTestCase,
    SingleOnlySamplerTestCase,
)


class TestAdaptive(BasicSamplerTestCase, RelativeSamplerTestCase, SingleOnlySamplerTestCase):
    """The default policy."""

    @pytest.fixture
    def sampler(self) -> Callable[[], BaseSampler]:
        """Factory of seeded samplers."""
        return lambda: ZoomingSampler(seed=0)


class TestTextbook(BasicSamplerTestCase, SingleOnlySamplerTestCase):
    """The paper's policy, with balls small enough to activate many arms."""

    @pytest.fixture
    def sampler(self) -> Callable[[], BaseSampler]:
        """Factory of seeded samplers."""
        return lambda: ZoomingSampler(policy=TextbookZooming(horizon=100, scale=0.05), seed=0)
