"""Quantiles of Student's t, without scipy (numpy only)."""

from __future__ import annotations

from typing import TypeVar

from .._arrays import FloatArray

Numbers = TypeVar("Numbers", float, FloatArray)

NORMAL_QUANTILE = 1.96


def student_quantile(freedom: Numbers) -> Numbers:
    """97.5 % quantile of Student's t, to 1 % from 3 degrees of freedom on.

    Abramowitz and Stegun, 26.7.5, four terms.
    """
    z = NORMAL_QUANTILE
    first = (z**3 + z) / (4.0 * freedom)
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * freedom**2)
    third = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / (384.0 * freedom**3)
    return z + first + second + third
