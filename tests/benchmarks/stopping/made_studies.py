"""Watched studies made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.problems.groups import make_problem
from benchmarks.stopping.rows import Watched
from benchmarks.stopping.rules import OURS
from benchmarks.stopping.settings import judged_after

N_TRIALS = 12
BETTER, FIXED = "no new best in 5", "10 trials"
PROBLEMS = ["noise-2pct/0", "noise-2pct/1"]


def watched(problem: str = PROBLEMS[0], seed: int = 0, **changes: Any) -> Watched:
    """Of 12 trials, with a regret of 0.12, 0.11, ... 0.01: ours stops after 4, another never."""
    n_judged = len(judged_after(N_TRIALS))
    fields: dict[str, Any] = {
        "fingerprint": make_problem(problem).fingerprint,
        "n_trials": N_TRIALS,
        "asked": (OURS, BETTER, FIXED),
        "stops": {OURS: 4, FIXED: 10},
        "stop_regrets": {OURS: 0.09, FIXED: 0.03},
        "regrets": 0.12 - 0.01 * np.arange(n_judged),
        "further": np.empty((0, 2)),
        "widen": np.array([0.0, np.nan]),
        "best_at_end": 0.0,
    }
    return Watched(problem=problem, seed=seed, **{**fields, **changes})
