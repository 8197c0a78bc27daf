"""Live problems: a network trained inside an Optuna objective, and its final test accuracy."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import optuna
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from benchmarks.training.batches import Tensors, epoch_batches, images_to_tensor, to_tensors
from benchmarks.training.datasets.image_files import load_data, load_test
from benchmarks.training.models import build_model
from benchmarks.training.networks import MemberBatch
from benchmarks.training.optimisers import torch_optimiser
from benchmarks.training.recipes import Recipe, usual_members

LOWEST_RATE, HIGHEST_RATE = 1e-5, 10.0
N_FINAL_NETWORKS = 3
"""Networks trained at the recommended rate; their mean test accuracy is reported."""
SEEDS_PER_RUN = 10_000
"""Room for the network seeds of one run: trials count up from the bottom, final ones down."""


@dataclass(frozen=True)
class LiveProblem:
    """A data set and how to train on it; ``recipe.n_epochs`` is the default."""

    data: str
    recipe: Recipe


LIVE_PROBLEMS = {
    "digits-mlp": LiveProblem("digits", Recipe("mlp", 32, "sgd", batch_size=32, n_epochs=10)),
    "mnist-mlp": LiveProblem("mnist", Recipe("mlp", 256, "sgd", batch_size=128, n_epochs=10)),
    "mnist-cnn": LiveProblem("mnist", Recipe("cnn", 16, "momentum", batch_size=128, n_epochs=10)),
    "cifar10-cnn": LiveProblem(
        "cifar10", Recipe("normalised-cnn", 32, "momentum", batch_size=128, n_epochs=15)
    ),
    "cifar10-resnet": LiveProblem(
        "cifar10", Recipe("resnet", 32, "momentum", batch_size=128, n_epochs=20, augment=True)
    ),
}


@dataclass(frozen=True, eq=False)
class LiveTask:
    """A live problem with its data on a device."""

    problem: LiveProblem
    recipe: Recipe
    tensors: Tensors
    folder: Path | None

    @property
    def device(self) -> str:
        """``"cpu"`` or ``"cuda"``."""
        return self.tensors.train_targets.device.type

    @property
    def batches_per_epoch(self) -> int:
        """Steps of the optimiser in one pass over the training images."""
        return len(self.tensors.train_targets) // self.recipe.batch_size

    def objective(self, run_seed: int) -> Callable[[optuna.Trial], float]:
        """Validation accuracy after the last epoch, every epoch reported.

        Trial n trains from the same weights and in the same order under every sampler.
        """

        def train(trial: optuna.Trial) -> float:
            rate = trial.suggest_float("lr", LOWEST_RATE, HIGHEST_RATE, log=True)
            batch = self._networks(rate, [SEEDS_PER_RUN * run_seed + trial.number])
            accuracy = math.nan
            for epoch in range(self.recipe.n_epochs):
                train_loss = float(batch.train_epoch(epoch))
                _, accuracies = batch.evaluate(
                    self.tensors.validation_inputs, self.tensors.validation_targets
                )
                accuracy = float(accuracies)
                trial.report(accuracy, epoch + 1)
                # A diverged network stays at chance level, so its remaining epochs are skipped.
                # The accuracy is returned rather than NaN, which most rivals would ignore.
                if not math.isfinite(train_loss):
                    break
                if trial.should_prune():
                    raise optuna.TrialPruned
            return accuracy

        return train

    def test_accuracy(self, rate: float, run_seed: int) -> float:
        """Mean accuracy on the test set of fresh networks trained at ``rate``.

        The only use of the test set, after a run has made all its choices.
        """
        last = SEEDS_PER_RUN * (run_seed + 1) - 1
        batch = self._networks(rate, [last - number for number in range(N_FINAL_NETWORKS)])
        for epoch in range(self.recipe.n_epochs):
            batch.train_epoch(epoch)
        split = load_test(self.problem.data, folder=self.folder)
        images = images_to_tensor(self.problem.data, split, device=self.device)
        _, accuracies = batch.evaluate(images, torch.from_numpy(split.labels).to(self.device))
        return float(accuracies.mean())

    def sweep_losses(self, rates: NDArray[np.float64], run_seed: int) -> NDArray[np.float64]:
        """Training loss of one network before each step, step i at ``rates[i]``; same shape.

        The sweep stops where the loss is not finite; NaN stands for the steps not made.
        """
        seed = SEEDS_PER_RUN * run_seed
        recipe = self.recipe
        network = build_model(recipe.network, self.tensors.shape, recipe.width, seed)
        network = network.to(self.device)
        optimiser = torch_optimiser(recipe.optimiser, network, LOWEST_RATE)
        losses = np.full(len(rates), np.nan)
        for step, (images, labels) in enumerate(self._batches(len(rates), seed)):
            loss = functional.cross_entropy(network(images[0]), labels[0])
            losses[step] = float(loss.detach())
            if not math.isfinite(losses[step]):
                break
            optimiser.param_groups[0]["lr"] = rates[step]
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
        return losses

    def _batches(self, n_batches: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """The first batches of as many epochs as it takes."""
        endless = (
            batch
            for epoch in itertools.count()
            for batch in epoch_batches(
                self.tensors,
                seeds=[seed],
                epoch=epoch,
                batch_size=self.recipe.batch_size,
                augment=self.recipe.augment,
            )
        )
        return itertools.islice(endless, n_batches)

    def _networks(self, rate: float, seeds: list[int]) -> MemberBatch:
        rates = np.full(len(seeds), rate)
        members = usual_members(self.recipe, rates, np.array(seeds, dtype=np.int64))
        return MemberBatch(self.recipe, members, self.tensors)


def prepare(name: str, *, n_epochs: int | None, device: str, folder: Path | None) -> LiveTask:
    """Load a live problem's data onto a device.

    Args:
        name: One of ``LIVE_PROBLEMS``.
        n_epochs: Epochs of a trial that is not pruned; None for the problem's own.
        device: ``"cpu"`` or ``"cuda"``.
        folder: Where to look for the data first; None to download it.
    """
    problem = LIVE_PROBLEMS[name]
    epochs = problem.recipe.n_epochs if n_epochs is None else n_epochs
    recipe = dataclasses.replace(problem.recipe, n_epochs=epochs)
    data = load_data(problem.data, folder=folder)
    return LiveTask(problem, recipe, to_tensors(data, device=device), folder)
