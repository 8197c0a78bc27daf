"""Devices: the GPU is taken if there is one, and missed if it was asked for."""

from __future__ import annotations

import pytest
import torch

from benchmarks.errors import UserError
from benchmarks.training.devices import pick_device


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
def test_cuda_without_a_gpu_is_a_user_error() -> None:
    with pytest.raises(UserError, match="torch finds no GPU; choose from auto, cpu"):
        pick_device("cuda")
    assert pick_device("auto") == "cpu"
