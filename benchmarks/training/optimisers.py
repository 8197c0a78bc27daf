"""torch.optim's update rules for many networks at once, each with its own learning rate.

Parameters and gradients are (n_members, n_parameters); rates, momenta and weight decays are
(n_members, 1). Every operation is element-wise along members, so a diverged one stays alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

WARMUP_PART = 0.1
"""Of all steps."""

UpdateRule = Callable[[Tensor, Tensor, Tensor], None]
"""(parameters, gradients, rates) -> None; parameters are changed in place."""


def sgd(parameters: Tensor, momentum: Tensor, weight_decay: Tensor) -> UpdateRule:
    """Stochastic gradient descent with heavy-ball momentum, as in ``torch.optim.SGD``."""
    velocity = torch.zeros_like(parameters) if bool(momentum.any()) else None
    decays = bool(weight_decay.any())

    def update(parameters: Tensor, gradients: Tensor, rates: Tensor) -> None:
        if decays:
            gradients = torch.addcmul(gradients, weight_decay, parameters)
        if velocity is not None:
            gradients = velocity.mul_(momentum).add_(gradients)
        parameters.addcmul_(rates, gradients, value=-1)

    return update


def adam(
    parameters: Tensor, momentum: Tensor, weight_decay: Tensor, *, decoupled: bool = False
) -> UpdateRule:
    """Adam as in ``torch.optim.Adam``; ``momentum`` is beta_1, beta_2 is 0.999.

    Decoupled weight decay makes it ``torch.optim.AdamW``.
    """
    beta_2, epsilon = 0.999, 1e-8
    first, second = torch.zeros_like(parameters), torch.zeros_like(parameters)
    decays = bool(weight_decay.any())
    steps = 0

    def update(parameters: Tensor, gradients: Tensor, rates: Tensor) -> None:
        nonlocal steps
        steps += 1
        if decays and decoupled:
            parameters.mul_(1 - rates * weight_decay)
        elif decays:
            gradients = torch.addcmul(gradients, weight_decay, parameters)
        first.mul_(momentum).addcmul_(gradients, 1 - momentum)
        second.mul_(beta_2).addcmul_(gradients, gradients, value=1 - beta_2)
        scale = second.sqrt().div_(math.sqrt(1 - beta_2**steps)).add_(epsilon)
        parameters.addcmul_(rates / (1 - momentum**steps), first.div(scale), value=-1)

    return update


def adamw(parameters: Tensor, momentum: Tensor, weight_decay: Tensor) -> UpdateRule:
    """Adam with decoupled weight decay, as in ``torch.optim.AdamW``."""
    return adam(parameters, momentum, weight_decay, decoupled=True)


@dataclass(frozen=True)
class Optimiser:
    """An update rule with the momentum and weight decay people leave it at."""

    rule: Callable[[Tensor, Tensor, Tensor], UpdateRule]
    momentum: float
    weight_decay: float = 0.0


OPTIMISERS = {
    "sgd": Optimiser(sgd, momentum=0.0),
    "momentum": Optimiser(sgd, momentum=0.9),
    "adam": Optimiser(adam, momentum=0.9),
    "adamw": Optimiser(adamw, momentum=0.9, weight_decay=0.01),
}


def constant(step: int, n_steps: int) -> float:
    """The learning rate stays as it is."""
    return 1.0


def cosine(step: int, n_steps: int) -> float:
    """Falls from one at the first step towards zero, as ``CosineAnnealingLR`` called every step."""
    return 0.5 * (1 + math.cos(math.pi * step / n_steps))


def warmup(step: int, n_steps: int) -> float:
    """Grows evenly over the first tenth of the steps, then stays."""
    return min((step + 1) / _warmup_steps(n_steps), 1.0)


def warmup_cosine(step: int, n_steps: int) -> float:
    """Grows evenly over the first tenth of the steps, then falls towards zero as a cosine."""
    n_growing = _warmup_steps(n_steps)
    if step < n_growing:
        return warmup(step, n_steps)
    return cosine(step - n_growing, n_steps - n_growing)


def _warmup_steps(n_steps: int) -> int:
    return max(round(WARMUP_PART * n_steps), 1)


SCHEDULES: dict[str, Callable[[int, int], float]] = {
    "constant": constant,
    "cosine": cosine,
    "warmup": warmup,
    "warmup-cosine": warmup_cosine,
}


def torch_optimiser(name: str, network: nn.Module, rate: float) -> torch.optim.Optimizer:
    """The ``torch.optim`` optimiser that ``OPTIMISERS[name]`` reproduces."""
    usual = OPTIMISERS[name]
    parameters = network.parameters()
    if name in ("sgd", "momentum"):
        return torch.optim.SGD(
            parameters, rate, momentum=usual.momentum, weight_decay=usual.weight_decay
        )
    family = torch.optim.AdamW if name == "adamw" else torch.optim.Adam
    betas = (usual.momentum, 0.999)
    return family(parameters, rate, betas=betas, weight_decay=usual.weight_decay)
