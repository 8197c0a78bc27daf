"""Training in TF32 and bfloat16: what is switched on, and what it does to the curves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks.errors import UserError
from benchmarks.recording.catalogue import TUNING
from benchmarks.training.batches import to_tensors
from benchmarks.training.datasets.image_files import load_data
from benchmarks.training.networks import History, train_members
from benchmarks.training.precision import float32_products, pick_precision
from benchmarks.training.recipes import Recipe, usual_members

RATES = np.geomspace(1e-3, 10, 9)


def curves(recipe: Recipe) -> History:
    data = to_tensors(load_data("digits"))
    return train_members(recipe, usual_members(recipe, RATES, np.zeros(9, np.int64)), data)


def test_bfloat16_finds_the_same_best_rates_and_the_same_cliff() -> None:
    exact = replace(TUNING["digits-mlp-sgd"].recipe, n_epochs=8)
    rough = curves(replace(exact, precision="bf16"))
    exactly = curves(exact)
    # It did round: float32's losses differ.
    assert not np.array_equal(rough.train_loss, exactly.train_loss)
    best = exactly.validation_accuracy[:, -1].argmax()
    difference = rough.validation_accuracy[:, -1] - exactly.validation_accuracy[:, -1]
    assert abs(difference[best]) <= 0.02
    learning = exactly.validation_accuracy[:, -1] > 0.5
    assert np.array_equal(rough.validation_accuracy[:, -1] > 0.5, learning)


def test_products_are_tf32_within_only() -> None:
    before = torch.backends.cuda.matmul.fp32_precision
    with float32_products("tf32"):
        assert torch.backends.cuda.matmul.fp32_precision == "tf32"
    with float32_products("float32"):
        assert torch.backends.cuda.matmul.fp32_precision == "ieee"
    assert torch.backends.cuda.matmul.fp32_precision == before


def test_a_cpu_has_no_tf32() -> None:
    assert pick_precision("auto", "cpu") == "float32"
    assert pick_precision("auto", "cuda") == "tf32"
    with pytest.raises(UserError, match="--precision tf32 needs a GPU, got --device cpu"):
        pick_precision("tf32", "cpu")
