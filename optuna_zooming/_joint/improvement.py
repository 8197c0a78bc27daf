"""How much better than the best a combination may be: expected improvement, as a logarithm."""

from __future__ import annotations

import numpy as np

from .._arrays import FloatArray

# Below, two terms differ by less than floats can tell, and the first of a series has to do; above,
# the improvement is the difference.
FAR_BELOW, FAR_ABOVE = -1e3, 25.0


def log_expected_improvement(means: FloatArray, errors: FloatArray, best: float) -> FloatArray:
    """ln E[max(f - best, 0)] for normal f, (n,); a logarithm, as it may be far below 1e-300.

    Args:
        means: (n,), of f.
        errors: (n,), standard deviations of f, positive.
        best: What is to be improved on.
    """
    from scipy.special import erfcx

    z = (means - best) / errors
    near = np.clip(z, FAR_BELOW, FAR_ABOVE)
    # E = density(z) * (1 + z * scaled) in units of the error, with scaled = cdf(z) / density(z).
    scaled = np.sqrt(np.pi / 2.0) * erfcx(-near / np.sqrt(2.0))
    logarithm = np.log1p(near * scaled)
    logarithm = np.where(z < FAR_BELOW, -2.0 * np.log(np.maximum(-z, 1.0)), logarithm)
    logarithm += -0.5 * z**2 - 0.5 * np.log(2.0 * np.pi)
    logarithm = np.where(z > FAR_ABOVE, np.log(np.maximum(z, 1.0)), logarithm)
    return np.asarray(np.log(errors) + logarithm)
