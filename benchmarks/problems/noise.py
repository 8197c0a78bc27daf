"""Random draws that belong to (run seed, trial number) and to nothing else.

Every sampler therefore meets the same noise in its n-th trial, which makes comparisons paired.
"""

from __future__ import annotations

import binascii

import numpy as np


def run_seed(problem: str, seed: int) -> int:
    """The seed that a run on this problem really uses, below 2 ** 31.

    A sampler that starts at random would otherwise ask for the same places on every problem's
    axis, and runs with one seed on many problems would count as many while being one.

    Args:
        problem: Name of the problem.
        seed: 0, 1, 2, ...; the same for every sampler.
    """
    mixed = np.random.SeedSequence((binascii.crc32(problem.encode()), seed))
    return int(mixed.generate_state(1)[0] >> 1)


def trial_generator(seed: int, number: int) -> np.random.Generator:
    """Generator of one trial's noise.

    Args:
        seed: Seed of the run, 0 or larger.
        number: Number of the trial within its study.
    """
    return np.random.default_rng((seed, number))
