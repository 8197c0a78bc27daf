"""Which tables are recorded, the small ones a CPU manages and the full ones for a GPU, and why.

A table is for tuning or for reporting, never for both, and so are its data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.recording.kinds import REPORTING_KINDS, TUNING_KINDS
from benchmarks.recording.recordings import GridRecording, Recording, Subset
from benchmarks.training.recipes import Recipe

LOW_RATES = {"low": 1e-6, "high": 1e1}
"""For momentum and Adam, whose cliff lies lower than plain SGD's."""


def _variant(recording: Recording, **changes: Any) -> Recording:
    """``recording`` with some of its own or its recipe's fields changed."""
    own = {name: value for name, value in changes.items() if hasattr(recording, name)}
    of_recipe = {name: value for name, value in changes.items() if name not in own}
    return replace(recording, recipe=replace(recording.recipe, **of_recipe), **own)


_DIGITS = Recording(
    "digits",
    Recipe("mlp", 32, "sgd", batch_size=32, n_epochs=20),
    low=1e-5,
    high=1e2,
    n_rates=71,
    n_seeds=16,
    members_per_chunk=284,
)

TUNING: dict[str, Recording] = {
    "digits-mlp-sgd": _DIGITS,
    "digits-mlp-momentum": _variant(_DIGITS, optimiser="momentum", **LOW_RATES),
    "digits-mlp-adam": _variant(_DIGITS, optimiser="adam", **LOW_RATES),
    "digits-mlp-adamw-cosine": _variant(_DIGITS, optimiser="adamw", schedule="cosine", **LOW_RATES),
    # Few images make curves that differ much from seed to seed.
    "digits-mlp-sgd-small": _variant(_DIGITS, subset=Subset(n_train=160), batch_size=16),
    "digits-cnn-momentum-cosine": _variant(
        _DIGITS,
        network="cnn",
        width=4,
        optimiser="momentum",
        schedule="cosine",
        n_epochs=15,
        **LOW_RATES,
    ),
}
"""Tasks a policy may be tuned on; the same on every machine, they take minutes."""

_MNIST = Recording(
    "mnist",
    Recipe("mlp", 64, "sgd", batch_size=64, n_epochs=10),
    low=1e-5,
    high=1e2,
    n_rates=61,
    n_seeds=8,
    subset=Subset(n_train=6000, n_validation=2000, shrink=2),
)
_CIFAR10 = Recording(
    "cifar10",
    Recipe("normalised-cnn", 8, "momentum", batch_size=64, n_epochs=10),
    low=1e-5,
    high=1e2,
    n_rates=51,
    n_seeds=8,
    members_per_chunk=32,
    subset=Subset(n_train=5000, n_validation=2500, shrink=2),
)

_MNIST_CNN = _variant(_MNIST, network="cnn", width=8, members_per_chunk=32)

REPORTING: dict[str, Recording] = {
    "mnist-mlp-sgd": _MNIST,
    "mnist-mlp-momentum": _variant(_MNIST, optimiser="momentum", **LOW_RATES),
    "mnist-mlp-adam": _variant(_MNIST, optimiser="adam", **LOW_RATES),
    "mnist-mlp-momentum-cosine": _variant(
        _MNIST, optimiser="momentum", schedule="cosine", **LOW_RATES
    ),
    "mnist-cnn-sgd": _MNIST_CNN,
    "mnist-cnn-adam": _variant(_MNIST_CNN, optimiser="adam", **LOW_RATES),
    "cifar10-cnn-momentum": _CIFAR10,
    "cifar10-cnn-adamw": _variant(_CIFAR10, optimiser="adamw", **LOW_RATES),
    "cifar10-resnet-adamw-cosine": _variant(
        _CIFAR10,
        network="resnet",
        augment=True,
        optimiser="adamw",
        schedule="cosine",
        n_rates=41,
        members_per_chunk=8,
        **LOW_RATES,
    ),
}
"""Tasks that results are reported on, in the size one CPU core records within the hour."""

_DIGITS_GRID = GridRecording(
    "digits",
    Recipe("mlp", 32, "sgd", batch_size=32, n_epochs=10),
    optimisers=("sgd",),
    batch_sizes=(16, 32, 64, 128),
    low=1e-4,
    high=1e1,
    n_rates=26,
    momenta=(0.0, 0.5, 0.8, 0.9, 0.97),
    weight_decays=(1e-5, 1e-3, 1e-2, 1e-1),
    n_seeds=3,
)

GRIDS: dict[str, GridRecording] = {
    "digits-grid-sgd": _DIGITS_GRID,
    # Adam's best rates lie a hundred times lower than SGD's: one axis has to hold both.
    "digits-grid-optimiser": replace(
        _DIGITS_GRID, optimisers=("adam", "sgd"), batch_sizes=(32,), low=1e-5, n_rates=31
    ),
}
"""Tuning tasks with several parameters; the same in either size."""

_MNIST_GRID = GridRecording(
    "mnist",
    Recipe("mlp", 64, "sgd", batch_size=64, n_epochs=6),
    optimisers=("sgd",),
    batch_sizes=(32, 64, 128),
    low=1e-4,
    high=1e1,
    n_rates=21,
    momenta=(0.0, 0.5, 0.8, 0.9, 0.97),
    weight_decays=(1e-5, 1e-3, 1e-2, 1e-1),
    n_seeds=4,
    subset=Subset(n_train=3000, n_validation=2000, shrink=2),
)

REPORTING_GRIDS: dict[str, GridRecording] = {
    "mnist-grid-sgd": _MNIST_GRID,
    "mnist-grid-optimiser": replace(
        _MNIST_GRID, optimisers=("adam", "sgd"), batch_sizes=(64,), low=1e-5, n_rates=25
    ),
}
"""Tasks with several parameters that results are reported on; the same in either size."""


def _full(recording: Recording) -> Recording:
    """All images at their own size, wider networks, more epochs and seeds: for a GPU."""
    widths = {"mlp": 128, "cnn": 16, "normalised-cnn": 32, "resnet": 16}
    return _variant(
        recording,
        subset=Subset(),
        width=widths[recording.recipe.network],
        batch_size=128,
        n_epochs=15,
        n_rates=73,
        n_seeds=8,
        members_per_chunk=146,
    )


ROLES: dict[str, Mapping[str, Recording | GridRecording]] = {
    "tuning": TUNING,
    "tuning-kinds": TUNING_KINDS,
    "tuning-grids": GRIDS,
    "reporting": REPORTING,
    "reporting-kinds": REPORTING_KINDS,
    "reporting-grids": REPORTING_GRIDS,
}
"""What each table is for, and the group of problems that is made of it."""

_SMALL = {name: table for tables in ROLES.values() for name, table in tables.items()}

SIZES: dict[str, Mapping[str, Recording | GridRecording]] = {
    "small": _SMALL,
    "full": {**_SMALL, **{name: _full(table) for name, table in REPORTING.items()}},
}
