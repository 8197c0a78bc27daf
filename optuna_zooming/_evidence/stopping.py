"""Whether a running trial can still reach the best arm (numpy only)."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray

# The fraction of the finished trials that count as the best.
ELITE = 0.25
# As in the adaptive policy: noise expected before any trial, as a fraction of the range, and how
# many measurements that counts for.
PRIOR_NOISE, PRIOR_STRENGTH = 0.02, 3.0
# Beyond this values are scaled down before they are squared.
LARGE = 1e100


def attainable(
    value: float,
    peer_values: FloatArray,
    peer_finals: FloatArray,
    *,
    optimism: float,
    confidence: float,
) -> tuple[float, float]:
    """(top of the confidence interval of a running trial's final value, what it has to reach).

    From this step on the best finished trials improved by some amount; the running one may
    improve by ``optimism`` times as much. So a slow starter is given time while the others still
    improve, and is judged by noise alone once they do not. If one of the best improved even more,
    because it started slowly and won late, that counts instead.

    Args:
        value: What the running trial reported at this step; larger is better.
        peer_values: (n,), what finished trials had reported at this step, n at least 1.
        peer_finals: (n,), what they reached.
        optimism: Factor on the best trials' improvement, at least 1.
        confidence: Standard deviations of the noise that are granted.
    """
    # Squares of huge values overflow.
    largest = max(abs(value), float(np.abs(peer_values).max()), float(np.abs(peer_finals).max()))
    scale = largest if largest > LARGE else 1.0
    value, peer_values, peer_finals = value / scale, peer_values / scale, peer_finals / scale
    best = np.argsort(-peer_finals, kind="stable")[: max(1, round(ELITE * len(peer_finals)))]
    target = float(peer_finals[best].mean())
    improvement = peer_finals[best] - peer_values[best]
    reachable = max(optimism * float(improvement.mean()), float(improvement.max()), 0.0)
    spread = float(np.sum((peer_finals[best] - target) ** 2))
    expected = PRIOR_NOISE * max(target - min(value, float(peer_values.min())), 0.0)
    noise = np.sqrt((PRIOR_STRENGTH * expected**2 + spread) / (PRIOR_STRENGTH + len(best) - 1))
    return scale * (value + reachable + confidence * float(noise)), scale * target
