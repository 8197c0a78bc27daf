"""Random draws that belong to (run seed, trial number) and to nothing else.

Every sampler therefore meets the same noise in its n-th trial, which makes comparisons paired.
"""

from __future__ import annotations

import numpy as np


def trial_generator(seed: int, number: int) -> np.random.Generator:
    """Generator of one trial's noise.

    Args:
        seed: Seed of the run, 0 or larger.
        number: Number of the trial within its study.
    """
    return np.random.default_rng((seed, number))
