"""The ordinary way of training counts its operations right."""

from __future__ import annotations

from benchmarks.training.recipes import Recipe
from benchmarks.training.throughput import OneByOne, noise_images


def test_operations_of_a_linear_layer_are_counted_as_by_hand() -> None:
    """Two per weight and image forwards, twice that backwards; the images need no gradient."""
    recipe = Recipe("mlp", 32, "sgd", batch_size=8, n_epochs=1)
    loop = OneByOne(recipe, noise_images((1, 8, 8), 16, "cpu"))
    first, rest = 64 * 32, 32 * 16 + 16 * 10
    assert loop.flops() == 16 * (2 * 2 * first + 3 * 2 * rest)
