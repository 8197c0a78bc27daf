"""How exactly products are computed in training: IEEE float32, TF32 or bfloat16."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch

from benchmarks.errors import UserError

PRECISIONS = ("float32", "tf32", "bf16")
"""tf32: factors rounded to 10 bits of mantissa, on a GPU's tensor cores. bf16: the forward pass
and its gradients in bfloat16 where autocast finds it safe; parameters, normalisation and loss stay
float32."""


def pick_precision(wanted: str, device: str) -> str:
    """``auto`` is TF32 on a GPU and float32 on a CPU.

    Raises:
        UserError: If the device has no such arithmetic.
    """
    if wanted == "auto":
        return "tf32" if device == "cuda" else "float32"
    if wanted == "tf32" and device != "cuda":
        raise UserError(
            f"--precision tf32 needs a GPU, got --device {device}; choose from float32, bf16."
        )
    return wanted


@contextlib.contextmanager
def float32_products(precision: str) -> Iterator[None]:
    """Within, products of float32 numbers on a GPU are exact to float32, or TF32's.

    Set either way: torch's own default is TF32 for convolutions and float32 for matrices.
    """
    # torch's stubs do not know the setting of convolutions.
    convolutions = torch.backends.cudnn.conv  # type: ignore[attr-defined]
    backends = (torch.backends.cuda.matmul, convolutions)
    before = [backend.fp32_precision for backend in backends]
    try:
        for backend in backends:
            backend.fp32_precision = "tf32" if precision == "tf32" else "ieee"
        yield
    finally:
        for backend, value in zip(backends, before):
            backend.fp32_precision = value


def autocast(precision: str, device: torch.device) -> torch.autocast:
    """Context of a forward pass."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")
