"""Train many networks as one program: same architecture, each with its own rate and seed.

A member's curve is what an ordinary loop over one ``torch.nn.Module`` and ``torch.optim`` gives,
up to the rounding of float32 sums. A member that diverges goes on with NaN and disturbs nobody:
no operation mixes members.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.func import functional_call, vmap

from benchmarks.training.batches import Tensors, epoch_batches
from benchmarks.training.models import build_model, n_head_parameters
from benchmarks.training.optimisers import OPTIMISERS, SCHEDULES
from benchmarks.training.precision import autocast, float32_products
from benchmarks.training.recipes import Members, Pretraining, Recipe, usual_members
from benchmarks.training.tasks import TASKS

Floats = NDArray[np.float64]
Named = dict[str, Tensor]
EVALUATION_BATCH = 500


@dataclass(frozen=True, eq=False)
class History:
    """Learning curves, (n_members, n_epochs) each; the fields mean what they do in ``Curves``.

    validation_accuracy: NaN throughout where the task knows none.
    """

    train_loss: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    seconds: Floats


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
            validated = batch.evaluate(data.validation_inputs, data.validation_targets)
            # Moving the results to the host waits for the device, so the clock is honest.
            row = torch.stack([train_loss, *validated]).double().cpu().numpy()
            seconds = (time.perf_counter() - start) / len(members)
            rows.append(np.concatenate([row, np.full((1, len(members)), seconds)]))
            on_epoch()
    return History(*np.stack(rows, axis=-1))


class MemberBatch:
    """Many networks in training: one (n_members, n_parameters) tensor and its optimiser.

    buffers: by name (n_members, ...), what networks keep besides, such as running statistics.
    """

    def __init__(self, recipe: Recipe, members: Members, data: Tensors) -> None:
        self._recipe, self._data = recipe, data
        self._task = TASKS[data.task]
        seeds, self._seed_of_member = np.unique(members.seeds, return_inverse=True)
        self._seeds = [int(seed) for seed in seeds]
        device = data.train_targets.device
        networks = [
            build_model(recipe.network, data.shape, recipe.width, s, data.n_outputs).to(device)
            for s in self._seeds
        ]
        flat = torch.stack([nn.utils.parameters_to_vector(n.parameters()) for n in networks])
        self._seed_index = torch.from_numpy(self._seed_of_member).to(device)
        self.parameters = flat.detach()[self._seed_index]
        buffers = [dict(network.named_buffers()) for network in networks]
        self.buffers = {
            name: torch.stack([each[name] for each in buffers])[self._seed_index]
            for name in buffers[0]
        }
        self._network = networks[0]
        if recipe.pretraining is not None:
            self._start_from(pretrained(recipe, recipe.pretraining, data))
        self._leaves = _named_views(self.parameters, self._network)
        self._rates, momenta, weight_decays = (
            torch.from_numpy(values).float().to(device).unsqueeze(1)
            for values in (members.learning_rates, members.momenta, members.weight_decays)
        )
        self._update = OPTIMISERS[recipe.optimiser].rule(self.parameters, momenta, weight_decays)
        self._schedule = SCHEDULES[recipe.schedule]
        self._n_batches = len(data.train_targets) // recipe.batch_size
        if self._n_batches == 0:
            raise ValueError(
                f"batch_size must be at most the {len(data.train_targets)} training examples, "
                f"got {recipe.batch_size}."
            )

    def _start_from(self, trained: MemberBatch) -> None:
        """Take over all of a trained network but its last layer, which stays fresh."""
        n_body = self.parameters.shape[1] - n_head_parameters(self._network)
        self.parameters[:, :n_body] = trained.parameters[0, :n_body]
        for name, values in self.buffers.items():
            values[:] = trained.buffers[name]

    def train_epoch(self, epoch: int) -> Tensor:
        """One pass over the training data; returns the mean loss of its batches, (n_members,)."""
        self._network.train()
        total = torch.zeros(len(self.parameters), device=self.parameters.device)
        for number, (inputs, targets) in enumerate(self._batches(epoch)):
            losses = self._losses(inputs, targets)
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
    def evaluate(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Mean loss and accuracy on ``inputs``, (n_members,) each; NaN for a task without hits."""
        self._network.eval()
        loss = torch.zeros(len(self.parameters), device=self.parameters.device)
        hits = torch.zeros_like(loss)
        judge = vmap(self._judge, in_dims=(0, 0, None, None))
        for some, truth in zip(_in_parts(inputs), _in_parts(targets)):
            mean_loss, right = judge(self._leaves, self.buffers, some, truth)
            loss += mean_loss * len(some)
            hits += right
        return loss / len(targets), hits / len(targets)

    def _batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        return epoch_batches(
            self._data,
            seeds=self._seeds,
            epoch=epoch,
            batch_size=self._recipe.batch_size,
            augment=self._recipe.augment,
        )

    def _losses(self, inputs: Tensor, targets: Tensor) -> Tensor:
        """(n_members,) from one batch per seed."""
        loss = vmap(self._loss, in_dims=(0, 0, *((None, None) if self._one_batch else (0, 0))))
        if self._one_batch:
            # The first layer becomes a single large product.
            return loss(self._leaves, self.buffers, inputs[0], targets[0])
        index = self._seed_index
        return loss(self._leaves, self.buffers, inputs[index], targets[index])

    @property
    def _one_batch(self) -> bool:
        """Whether all members learn from the same batches."""
        return len(self._seeds) == 1

    def _loss(self, parameters: Named, buffers: Named, inputs: Tensor, targets: Tensor) -> Tensor:
        return self._task.loss(self._predict(parameters, buffers, inputs), targets)

    def _judge(
        self, parameters: Named, buffers: Named, inputs: Tensor, targets: Tensor
    ) -> tuple[Tensor, Tensor]:
        outputs = self._predict(parameters, buffers, inputs)
        loss = self._task.loss(outputs, targets)
        hits = torch.full_like(loss, math.nan)
        if self._task.hits is not None:
            hits = self._task.hits(outputs, targets)
        return loss, hits

    def _predict(self, parameters: Named, buffers: Named, inputs: Tensor) -> Tensor:
        with autocast(self._recipe.precision, inputs.device):
            outputs: Tensor = functional_call(self._network, (parameters, buffers), (inputs,))
        return outputs.float()


def pretrained(recipe: Recipe, pretraining: Pretraining, data: Tensors) -> MemberBatch:
    """The one network that ``recipe`` fine-tunes, trained on ``data.source``.

    Raises:
        ValueError: If ``data`` has no source.
    """
    if data.source is None:
        raise ValueError("a recipe with pretraining needs data with a source to train on first.")
    before = replace(
        recipe,
        optimiser=pretraining.optimiser,
        n_epochs=pretraining.n_epochs,
        schedule="constant",
        pretraining=None,
    )
    rate, seed = np.array([pretraining.learning_rate]), np.array([pretraining.seed])
    batch = MemberBatch(before, usual_members(before, rate, seed), data.source)
    for epoch in range(before.n_epochs):
        batch.train_epoch(epoch)
    return batch


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
