"""Products and inverses in pieces are those of the whole."""

from __future__ import annotations

import numpy as np
import pytest

from optuna_zooming._joint.model.linear import (
    FEWEST_ROWS,
    LARGEST_PRODUCT,
    inverted,
    product,
    times,
)


@pytest.mark.parametrize(
    ("n", "k", "m"), [(1, 1, 1), (240, 9, 130), (7, 200, 200), (240, 200, 200)]
)
def test_a_product_in_pieces(n: int, k: int, m: int) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((n, k)), rng.standard_normal((k, m))
    np.testing.assert_allclose(product(a, b), a @ b, atol=1e-12)
    np.testing.assert_allclose(times(a, b[:, 0]), a @ b[:, 0], atol=1e-12)
    # In more than one piece, in the last case.
    assert LARGEST_PRODUCT < 240 * 200 * 200


@pytest.mark.parametrize("n", [1, FEWEST_ROWS - 1, FEWEST_ROWS, 129, 200, 301])
@pytest.mark.parametrize("noise", [1e-6, 1.0])
def test_an_inverse_by_blocks(n: int, noise: float) -> None:
    points = np.linspace(0, 1, n)
    matrix = np.exp(-0.5 * np.subtract.outer(points, points) ** 2 / 0.1**2) + noise * np.eye(n)
    inverse, log_determinant = inverted(matrix)
    np.testing.assert_allclose(inverse, inverse.T, atol=1e-9 / noise)
    np.testing.assert_allclose(matrix @ inverse, np.eye(n), atol=1e-9 / noise)
    assert log_determinant == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-6)
