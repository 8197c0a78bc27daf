"""What training runs on: the CPU or a GPU."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.errors import UserError


def pick_device(wanted: str) -> str:
    """``cpu`` or ``cuda``; ``auto`` takes the GPU if there is one.

    Raises:
        UserError: If a GPU is wanted where there is none.
    """
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("--device cuda: torch finds no GPU; choose from auto, cpu.")
    return wanted


def hardware_name(device: str) -> str:
    """The model of the GPU or of the processor."""
    return torch.cuda.get_device_name() if device == "cuda" else _processor()


def _processor() -> str:
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def synchronise(device: str) -> None:
    """Wait until the device has finished."""
    if device == "cuda":
        torch.cuda.synchronize()


@contextlib.contextmanager
def denormals_flushed() -> Iterator[None]:
    """Momenta of dead units decay into denormal numbers, which slow a CPU down tenfold."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
