"""Tables of other kinds than images classified by accuracy, for tuning and for reporting.

Of each kind both roles have one, on different data: a regression that overflows, a classifier
judged by its cross entropy, a trained network fine-tuned, a transformer on text, tabular data, and
a network with BatchNorm. Grids reach two decades and more beyond the best rate on either side, so
that ranges with the best rate anywhere fit.
"""

from __future__ import annotations

import functools

from benchmarks.recording.recordings import Recording, Subset
from benchmarks.training.recipes import Pretraining, Recipe

_eight_decades = functools.partial(
    Recording, low=1e-6, high=1e2, n_rates=49, n_seeds=8, members_per_chunk=392
)

TUNING_KINDS: dict[str, Recording] = {
    "diabetes-mlp-sgd-regression": _eight_decades(
        "diabetes",
        Recipe("mlp", 32, "sgd", batch_size=16, n_epochs=10),
        objective="loss",
    ),
    "china-mlp-adamw-regression": _eight_decades(
        "china",
        Recipe("mlp", 48, "adamw", batch_size=64, n_epochs=8, schedule="cosine"),
        members_per_chunk=49,
        subset=Subset(n_train=2000, n_validation=1000),
        objective="loss",
    ),
    "digits-cnn-momentum-cross-entropy": _eight_decades(
        "digits",
        Recipe("cnn", 4, "momentum", batch_size=32, n_epochs=8, schedule="warmup-cosine"),
        objective="loss",
    ),
    "digits-mlp-sgd-fine-tuning": _eight_decades(
        "digits/5-9",
        Recipe(
            "mlp",
            32,
            "sgd",
            batch_size=16,
            n_epochs=8,
            schedule="cosine",
            pretraining=Pretraining("digits/0-4", "adam", learning_rate=3e-3, n_epochs=10),
        ),
        low=1e-5,
        high=1e3,
        subset=Subset(n_train=300),
    ),
    "email-transformer-adamw-warmup": _eight_decades(
        "python-email",
        Recipe("transformer", 24, "adamw", batch_size=16, n_epochs=8, schedule="warmup"),
        n_rates=41,
        n_seeds=6,
        members_per_chunk=11,
        subset=Subset(n_train=384, n_validation=100),
        objective="loss",
    ),
    "wine-mlp-momentum": _eight_decades(
        "wine",
        Recipe("mlp", 16, "momentum", batch_size=16, n_epochs=8),
    ),
    "digits-bncnn-adamw-warmup": _eight_decades(
        "digits",
        Recipe(
            "batch-normalised-cnn", 8, "adamw", batch_size=32, n_epochs=8, schedule="warmup-cosine"
        ),
        members_per_chunk=49,
        subset=Subset(n_train=500),
    ),
}
"""Tasks a policy may be tuned on; the same in either size."""

REPORTING_KINDS: dict[str, Recording] = {
    "flower-mlp-momentum-regression": _eight_decades(
        "flower",
        Recipe("mlp", 32, "momentum", batch_size=32, n_epochs=8),
        subset=Subset(n_train=2000, n_validation=1000),
        objective="loss",
    ),
    "friedman-mlp-sgd-regression": _eight_decades(
        "friedman",
        Recipe("mlp", 32, "sgd", batch_size=32, n_epochs=8, schedule="cosine"),
        low=1e-5,
        high=1e3,
        objective="loss",
    ),
    "mnist-cnn-sgd-cross-entropy": _eight_decades(
        "mnist",
        Recipe("cnn", 4, "sgd", batch_size=32, n_epochs=8),
        low=1e-5,
        high=1e3,
        members_per_chunk=98,
        subset=Subset(n_train=1000, n_validation=1000, shrink=2),
        objective="loss",
    ),
    "cifar10-cnn-adamw-fine-tuning": _eight_decades(
        "cifar10/5-9",
        Recipe(
            "normalised-cnn",
            8,
            "adamw",
            batch_size=32,
            n_epochs=8,
            schedule="cosine",
            pretraining=Pretraining(
                "cifar10/0-4", "adam", learning_rate=3e-3, n_epochs=8, n_train=10_000
            ),
        ),
        members_per_chunk=49,
        subset=Subset(n_train=2000, n_validation=1000, shrink=2),
    ),
    "asyncio-transformer-adamw-warmup": _eight_decades(
        "python-asyncio",
        Recipe("transformer", 24, "adamw", batch_size=16, n_epochs=8, schedule="warmup-cosine"),
        n_rates=41,
        n_seeds=6,
        members_per_chunk=11,
        subset=Subset(n_train=384, n_validation=100),
        objective="loss",
    ),
    "breast-cancer-mlp-adamw": _eight_decades(
        "breast-cancer",
        Recipe("mlp", 16, "adamw", batch_size=32, n_epochs=8),
    ),
    "mnist-bncnn-momentum-warmup": _eight_decades(
        "mnist",
        Recipe("batch-normalised-cnn", 8, "momentum", batch_size=32, n_epochs=8, schedule="warmup"),
        members_per_chunk=49,
        subset=Subset(n_train=1000, n_validation=1000, shrink=2),
    ),
}
"""Tasks that results are reported on; the same in either size."""
