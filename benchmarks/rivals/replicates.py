"""What many users do without a sampler: a few fixed rates, each with several seeds."""

from __future__ import annotations

import numpy as np

from benchmarks.rivals.axis import AxisSampler, Rule


def replicated(n_rates: int, shift: float) -> Rule:
    """One rate in each of ``n_rates`` equal parts of the axis, over and over again from below.

    Args:
        n_rates: Number of rates.
        shift: Where in its part each rate lies, 0 to 1.
    """
    return lambda number, tried: (number % n_rates + shift) / n_rates


def replicates(seed: int, *, n_rates: int) -> AxisSampler:
    """Other rates for other seeds: users' grids lie anywhere."""
    return AxisSampler(replicated(n_rates, float(np.random.default_rng(seed).random())))
