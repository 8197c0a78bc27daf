"""Products and inverses of matrices of a few hundred rows, on one core.

The threads that a linear-algebra library starts for them cost more than they save, and where other
processes keep the cores busy, in training, they wait for each other a hundred times as long.
"""

from __future__ import annotations

import numpy as np

from ..._arrays import FloatArray

# OpenBLAS, numpy's and scipy's own, multiplies on one core up to so many products of numbers.
LARGEST_PRODUCT = 2**18
# And factorises matrices with fewer rows than this on one core.
FEWEST_ROWS = 64


def product(a: FloatArray, b: FloatArray) -> FloatArray:
    """``a @ b`` of matrices, (n, k) and (k, m)."""
    n, m = len(a), b.shape[1]
    step = max(LARGEST_PRODUCT // max(b.size, 1), 1)
    if step >= n:
        return np.asarray(a @ b)
    found = np.empty((n, m))
    for start in range(0, n, step):
        np.matmul(a[start : start + step], b, out=found[start : start + step])
    return found


def times(a: FloatArray, vector: FloatArray) -> FloatArray:
    """``a @ vector``, (n,)."""
    return np.asarray(np.einsum("ij,j->i", a, vector))


def inverted(matrix: FloatArray) -> tuple[FloatArray, float]:
    """(inverse, logarithm of the determinant) of a positive definite matrix, (n, n)."""
    inverse_factor, log_determinant = _inverse_factor(matrix)
    return product(inverse_factor.T, inverse_factor), log_determinant


def _inverse_factor(matrix: FloatArray) -> tuple[FloatArray, float]:
    """(inverse of the lower Cholesky factor, logarithm of the matrix' determinant)."""
    from scipy.linalg import lapack

    n = len(matrix)
    if n < FEWEST_ROWS:
        factor, failed = lapack.dpotrf(matrix, lower=1, clean=1)
        assert not failed, "the noise keeps covariances positive definite"
        log_determinant = 2.0 * float(np.sum(np.log(np.diagonal(factor))))
        return np.asarray(lapack.dtrtri(factor, lower=1)[0]), log_determinant
    # By its blocks: the factor of the first, what it leaves of the last, and that one's factor.
    half = n // 2
    first, log_first = _inverse_factor(matrix[:half, :half])
    below = product(matrix[half:, :half], first.T)
    last, log_last = _inverse_factor(matrix[half:, half:] - product(below, below.T))
    inverse = np.zeros((n, n))
    inverse[:half, :half] = first
    inverse[half:, :half] = -product(last, product(below, first))
    inverse[half:, half:] = last
    return inverse, log_first + log_last
