"""A range over decades without ``log=True``: the most frequent mistake with learning rates."""

from __future__ import annotations

import math

from optuna.distributions import BaseDistribution, FloatDistribution

# A range from a value to so many times that value is one over decades.
_DECADES = 3.0


def told_of_linear_decades(name: str, distribution: BaseDistribution) -> str | None:
    """What to say of such a range, with the remedy; ``None`` of any other."""
    if not isinstance(distribution, FloatDistribution) or distribution.log:
        return None
    low, high = distribution.low, distribution.high
    if distribution.step is not None or low <= 0.0:
        return None
    decades = math.log10(high) - math.log10(low)
    if decades < _DECADES:
        return None
    # Optuna lets no study go from one scale to the other.
    return (
        f"The range of {name}, {low:g} to {high:g}, spans {decades:.2g} decades on a linear scale: "
        f"nine tenths of it lie above {high / 10:.3g}. If the order of magnitude matters, as that "
        "of a learning rate does, begin a new study and suggest it with log=True."
    )
