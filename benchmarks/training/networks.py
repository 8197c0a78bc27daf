"""Train many networks as one program: same architecture, each with its own rate and seed.

A member's curve is what an ordinary loop over one ``torch.nn.Module`` and ``torch.optim`` gives,
up to the rounding of float32 sums. A member that diverges goes on with NaN and disturbs nobody:
no operation mixes members.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn import functional

from benchmarks.training.batches import Tensors, epoch_batches
from benchmarks.training.models import build_model
from benchmarks.training.optimisers import OPTIMISERS, SCHEDULES
from benchmarks.training.precision import PRECISIONS, autocast, float32_products

Floats = NDArray[np.float64]
EVALUATION_BATCH = 500


@dataclass(frozen=True)
class Recipe:
    """Everything the members of a batch have in common."""

    network: str
    width: int
    optimiser: str
    batch_size: int
    n_epochs: int
    schedule: str = "constant"
    augment: bool = False
    precision: str = "float32"

    def __post_init__(self) -> None:
        for field, choices in (
            ("optimiser", OPTIMISERS),
            ("schedule", SCHEDULES),
            ("precision", PRECISIONS),
        ):
            if getattr(self, field) not in choices:
                raise ValueError(
                    f"{field} must be one of {sorted(choices)}, got {getattr(self, field)!r}."
                )


@dataclass(frozen=True, eq=False)
class Members:
    """What tells the members apart: parallel arrays of shape (n_members,)."""

    learning_rates: Floats
    seeds: NDArray[np.int64]
    momenta: Floats
    weight_decays: Floats

    def __len__(self) -> int:
        return len(self.seeds)


@dataclass(frozen=True, eq=False)
class History:
    """Learning curves, (n_members, n_epochs) each; the fields mean what they do in ``Curves``."""

    train_loss: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    seconds: Floats


def usual_members(recipe: Recipe, learning_rates: Floats, seeds: NDArray[np.int64]) -> Members:
    """Members (learning_rates[i], seeds[i]) with the optimiser's usual momentum and decay."""
    optimiser = OPTIMISERS[recipe.optimiser]
    return Members(
        learning_rates,
        seeds,
        np.full(len(seeds), optimiser.momentum),
        np.full(len(seeds), optimiser.weight_decay),
    )


def train_members(
    recipe: Recipe,
    members: Members,
    data: Tensors,
    *,
    on_epoch: Callable[[], object] = lambda: None,
) -> History:
    """Train all members side by side; ``on_epoch`` is called after each epoch."""
    batch = MemberBatch(recipe, members, data)
    rows = []
    with float32_products(recipe.precision):
        for epoch in range(recipe.n_epochs):
            start = time.perf_counter()
            train_loss = batch.train_epoch(epoch)
            validated = batch.evaluate(data.validation_images, data.validation_labels)
            # Moving the results to the host waits for the device, so the clock is honest.
            row = torch.stack([train_loss, *validated]).double().cpu().numpy()
            seconds = (time.perf_counter() - start) / len(members)
            rows.append(np.concatenate([row, np.full((1, len(members)), seconds)]))
            on_epoch()
    return History(*np.stack(rows, axis=-1))


class MemberBatch:
    """Many networks in training: one (n_members, n_parameters) tensor and its optimiser."""

    def __init__(self, recipe: Recipe, members: Members, data: Tensors) -> None:
        self._recipe, self._data = recipe, data
        seeds, self._seed_of_member = np.unique(members.seeds, return_inverse=True)
        self._seeds = [int(seed) for seed in seeds]
        device = data.train_labels.device
        networks = [build_model(recipe.network, data.shape, recipe.width, s) for s in self._seeds]
        flat = torch.stack([nn.utils.parameters_to_vector(n.parameters()) for n in networks])
        self._seed_index = torch.from_numpy(self._seed_of_member).to(device)
        self.parameters = flat.detach().to(device)[self._seed_index]
        self._network = networks[0].to(device)
        self._leaves = _named_views(self.parameters, self._network)
        self._rates, momenta, weight_decays = (
            torch.from_numpy(values).float().to(device).unsqueeze(1)
            for values in (members.learning_rates, members.momenta, members.weight_decays)
        )
        self._update = OPTIMISERS[recipe.optimiser].rule(self.parameters, momenta, weight_decays)
        self._schedule = SCHEDULES[recipe.schedule]
        self._n_batches = len(data.train_labels) // recipe.batch_size
        if self._n_batches == 0:
            raise ValueError(
                f"batch_size must be at most the {len(data.train_labels)} training images, "
                f"got {recipe.batch_size}."
            )

    def train_epoch(self, epoch: int) -> Tensor:
        """One pass over the training images; returns the mean loss of its batches, (n_members,)."""
        total = torch.zeros(len(self.parameters), device=self.parameters.device)
        for number, (images, labels) in enumerate(self._batches(epoch)):
            losses = self._losses(images, labels)
            # Members share nothing, so the sum's gradient is each loss's own.
            gradients = torch.autograd.grad(losses.sum(), list(self._leaves.values()))
            step = epoch * self._n_batches + number
            factor = self._schedule(step, self._recipe.n_epochs * self._n_batches)
            flat = torch.cat([gradient.flatten(1) for gradient in gradients], dim=1)
            with torch.no_grad():
                self._update(self.parameters, flat, self._rates * factor)
            total += losses.detach()
        return total / self._n_batches

    @torch.no_grad()
    def evaluate(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Mean loss and accuracy on ``images``, (n_members,) each."""
        loss = torch.zeros(len(self.parameters), device=self.parameters.device)
        hits = torch.zeros_like(loss)
        predict = vmap(self._predict, in_dims=(0, None))
        for some, truth in zip(_in_parts(images), _in_parts(labels)):
            logits = predict(self._leaves, some)
            everyone = truth.expand(len(logits), -1)
            loss += functional.cross_entropy(
                logits.transpose(1, 2), everyone, reduction="none"
            ).sum(1)
            hits += (logits.argmax(2) == everyone).sum(1)
        return loss / len(labels), hits / len(labels)

    def _batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        return epoch_batches(
            self._data,
            seeds=self._seeds,
            epoch=epoch,
            batch_size=self._recipe.batch_size,
            augment=self._recipe.augment,
        )

    def _losses(self, images: Tensor, labels: Tensor) -> Tensor:
        """(n_members,) from one batch per seed."""
        if len(self._seeds) == 1:
            # One batch for all: the first layer becomes a single large product.
            return vmap(self._loss, in_dims=(0, None, None))(self._leaves, images[0], labels[0])
        return vmap(self._loss)(self._leaves, images[self._seed_index], labels[self._seed_index])

    def _loss(self, parameters: dict[str, Tensor], images: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(self._predict(parameters, images), labels)

    def _predict(self, parameters: dict[str, Tensor], images: Tensor) -> Tensor:
        with autocast(self._recipe.precision, images.device):
            logits: Tensor = functional_call(self._network, parameters, (images,))
        return logits.float()


def _named_views(parameters: Tensor, network: nn.Module) -> dict[str, Tensor]:
    """The network's parameters as leaves (n_members, ...) that share ``parameters``' memory.

    Leaves, because the gradient of a slice of one flat leaf is as large as the whole leaf.
    """
    views, start = {}, 0
    for name, template in network.named_parameters():
        view = parameters[:, start : start + template.numel()]
        views[name] = view.view(-1, *template.shape).requires_grad_()
        start += template.numel()
    return views


def _in_parts(values: Tensor) -> Iterator[Tensor]:
    for start in range(0, len(values), EVALUATION_BATCH):
        yield values[start : start + EVALUATION_BATCH]
