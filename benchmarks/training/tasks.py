"""What a network's output is judged by: its loss and, where there is one, its accuracy."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Task:
    """How outputs and targets of n examples become numbers.

    loss: (outputs, targets) -> mean over the examples, shape ().
    hits: (outputs, targets) -> how many examples are right, shape (); None where the loss alone
        counts.
    guessing: n_outputs -> the loss of an answer that knows nothing of the inputs.
    """

    loss: Callable[[Tensor, Tensor], Tensor]
    hits: Callable[[Tensor, Tensor], Tensor] | None
    guessing: Callable[[int], float]


def _count_hits(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs.argmax(-1) == targets).sum()


def _next_symbol_loss(outputs: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(outputs.flatten(0, 1), targets.flatten())


TASKS = {
    # outputs (n, n_outputs), targets (n,) int64.
    "classification": Task(functional.cross_entropy, _count_hits, math.log),
    # outputs and targets (n, n_outputs); targets have unit variance, so their mean costs 1.
    "regression": Task(functional.mse_loss, None, lambda n_outputs: 1.0),
    # outputs (n, length, n_outputs), targets (n, length) int64.
    "next-symbol": Task(_next_symbol_loss, None, math.log),
}
