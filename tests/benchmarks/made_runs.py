"""Runs made by hand, for tests of what is made of them."""

from __future__ import annotations

import numpy as np

from benchmarks.runs.rows import Run


def run_of(seed: int, regret: float, n_trials: int = 3) -> Run:
    """A run whose trials all have one regret."""
    same = np.full(n_trials, regret)
    nothing = np.full(n_trials, np.nan)
    text = np.array([""] * n_trials)
    return Run(
        seed=seed,
        state=text,
        epochs=same,
        value=same,
        regret=same,
        best_regret=same,
        recommended_regret=nothing,
        interval_holds=nothing,
        interval_width=nothing,
        arms_judged=nothing,
        arms_hold=nothing,
        arms_unknown=nothing,
        arms_width=nothing,
        sampler_seconds=same,
        params=text,
    )
