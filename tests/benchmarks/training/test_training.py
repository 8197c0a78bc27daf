"""Every member of a batch trains as it would alone, in an ordinary loop over torch.optim."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    LinearLR,
    LRScheduler,
    SequentialLR,
)

from benchmarks.training.batches import (
    DEVIATIONS,
    MEANS,
    SHIFT,
    Tensors,
    crop_and_flip,
    epoch_batches,
    to_tensors,
)
from benchmarks.training.datasets.image_files import Dataset, Split
from benchmarks.training.models import MODELS, build_model
from benchmarks.training.networks import History, train_members
from benchmarks.training.optimisers import OPTIMISERS, SCHEDULES
from benchmarks.training.recipes import Members, Recipe, usual_members

N_EPOCHS = 2
RELATIVE_TOLERANCE = 2e-4
"""Of losses after two epochs: float32 sums taken in another order, grown by training."""
SHAPES = {
    "mlp": (1, 8, 8),
    "cnn": (1, 8, 8),
    "normalised-cnn": (3, 8, 8),
    "batch-normalised-cnn": (3, 8, 8),
    "resnet": (3, 8, 8),
    "transformer": (6,),
}


def noise_data(network: str) -> Tensors:
    """What a network of that name takes, with something to learn in it."""
    return noise_text() if network == "transformer" else noise_images(SHAPES[network])


def noise_text(n_texts: int = 96) -> Tensors:
    """Each symbol is followed by the next of ten, or by any."""
    generator = torch.Generator().manual_seed(0)
    text = torch.randint(0, 10, (n_texts, SHAPES["transformer"][0]), generator=generator)
    after = torch.where(torch.rand(text.shape, generator=generator) < 0.8, (text + 1) % 10, text)
    half = n_texts // 2
    return Tensors(text, after, text[:half], after[:half], task="next-symbol")


def noise_images(shape: tuple[int, ...], n_images: int = 96) -> Tensors:
    """Each class has a mean image, so that there is something to learn."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 10, (n_images,), generator=generator)
    centres = torch.randn(10, *shape, generator=generator)
    images = centres[labels] + torch.randn(n_images, *shape, generator=generator)
    half = n_images // 2
    return Tensors(images, labels, images[:half].flip(0), labels[:half].flip(0))


def torch_optimiser(
    name: str, network: nn.Module, rate: float, momentum: float, weight_decay: float
) -> torch.optim.Optimizer:
    parameters = network.parameters()
    if name in ("sgd", "momentum"):
        return torch.optim.SGD(parameters, rate, momentum=momentum, weight_decay=weight_decay)
    betas = (momentum, 0.999)
    if name == "adam":
        return torch.optim.Adam(parameters, rate, betas=betas, weight_decay=weight_decay)
    return torch.optim.AdamW(parameters, rate, betas=betas, weight_decay=weight_decay)


def torch_schedule(name: str, optimiser: torch.optim.Optimizer, n_steps: int) -> LRScheduler:
    """Called after every step; a warm-up takes a tenth of the steps."""
    if name == "constant":
        return ConstantLR(optimiser, factor=1.0)
    if name == "cosine":
        return CosineAnnealingLR(optimiser, T_max=n_steps)
    growing = round(n_steps / 10)
    first = LinearLR(optimiser, 1 / growing, total_iters=growing - 1)
    if name == "warmup":
        return first
    rest = CosineAnnealingLR(optimiser, T_max=n_steps - growing)
    return SequentialLR(optimiser, [first, rest], milestones=[growing])


def loss_of(data: Tensors, outputs: Tensor, targets: Tensor) -> Tensor:
    if data.task == "next-symbol":
        outputs = outputs.transpose(1, 2)
    return functional.cross_entropy(outputs, targets)


def ordinary_loop(recipe: Recipe, members: Members, member: int, data: Tensors) -> np.ndarray:
    """Train loss, validation loss and accuracy of one member, (3, n_epochs)."""
    seed = int(members.seeds[member])
    network = build_model(recipe.network, data.shape, recipe.width, seed)
    optimiser = torch_optimiser(
        recipe.optimiser,
        network,
        float(members.learning_rates[member]),
        float(members.momenta[member]),
        float(members.weight_decays[member]),
    )
    n_batches = len(data.train_targets) // recipe.batch_size
    schedule = torch_schedule(recipe.schedule, optimiser, recipe.n_epochs * n_batches)
    rows = []
    for epoch in range(recipe.n_epochs):
        losses = []
        network.train()
        for images, labels in epoch_batches(
            data, seeds=[seed], epoch=epoch, batch_size=recipe.batch_size, augment=recipe.augment
        ):
            loss = loss_of(data, network(images[0]), labels[0])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        network.eval()
        with torch.no_grad():
            logits = network(data.validation_inputs)
            validation_loss = loss_of(data, logits, data.validation_targets).item()
        accuracy = math.nan
        if data.task == "classification":
            accuracy = (logits.argmax(1) == data.validation_targets).double().mean().item()
        rows.append([np.mean(losses), validation_loss, accuracy])
    history: np.ndarray = np.array(rows).T
    return history


def assert_equals_ordinary_loop(recipe: Recipe, members: Members, data: Tensors) -> None:
    history = train_members(recipe, members, data)
    for member in range(len(members)):
        expected = ordinary_loop(recipe, members, member, data)
        found = [history.train_loss, history.validation_loss, history.validation_accuracy]
        for values, wanted in zip(found, expected):
            np.testing.assert_allclose(values[member], wanted, rtol=RELATIVE_TOLERANCE)


def usual(recipe: Recipe, rates: list[float], seeds: list[int]) -> Members:
    return usual_members(recipe, np.array(rates), np.array(seeds))


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_each_optimiser_and_schedule_equals_torch_optim(optimiser: str, schedule: str) -> None:
    rates = [1e-3, 1e-2] if optimiser.startswith("adam") else [1e-2, 1e-1]
    recipe = Recipe("mlp", 16, optimiser, batch_size=8, n_epochs=N_EPOCHS, schedule=schedule)
    members = usual(recipe, [*rates, *rates], [3, 3, 5, 5])
    assert_equals_ordinary_loop(recipe, members, noise_images(SHAPES["mlp"]))


@pytest.mark.parametrize("seeds", [[4, 4, 4], [0, 4, 9]], ids=["one seed", "several seeds"])
@pytest.mark.parametrize("network", MODELS)
def test_each_network_equals_the_ordinary_loop(network: str, seeds: list[int]) -> None:
    """One seed trains by another path than several: its members share each batch."""
    recipe = Recipe(
        network, 8, "momentum", batch_size=16, n_epochs=N_EPOCHS, augment=network == "resnet"
    )
    members = usual(recipe, [1e-4, 1e-3, 1e-2], seeds)
    assert_equals_ordinary_loop(recipe, members, noise_data(network))


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_members_keep_their_own_momentum_and_weight_decay(optimiser: str) -> None:
    recipe = Recipe("mlp", 16, optimiser, batch_size=16, n_epochs=N_EPOCHS)
    members = Members(
        learning_rates=np.full(3, 1e-2),
        seeds=np.zeros(3, np.int64),
        momenta=np.array([0.0, 0.5, 0.9]),
        weight_decays=np.array([0.1, 0.0, 1e-2]),
    )
    assert_equals_ordinary_loop(recipe, members, noise_images(SHAPES["mlp"]))


@pytest.mark.parametrize("network", MODELS)
def test_a_diverged_member_is_recorded_and_disturbs_nobody(network: str) -> None:
    """The neighbours' curves stay the same, bit for bit."""
    recipe = Recipe(network, 8, "sgd", batch_size=16, n_epochs=N_EPOCHS)
    data = noise_data(network)

    def train(middle: float) -> History:
        return train_members(recipe, usual(recipe, [1e-2, middle, 1e-3], [0, 0, 0]), data)

    tame, wild = train(1e-2), train(1e30)
    assert not np.isfinite(wild.validation_loss[1, -1])
    assert not np.isfinite(wild.train_loss[1, -1])
    fields = ["train_loss", "validation_loss"]
    if data.task == "classification":
        of_class_0 = (data.validation_targets == 0).double().mean().item()
        assert wild.validation_accuracy[1, -1] == pytest.approx(of_class_0)
        fields.append("validation_accuracy")
    for field in fields:
        before, after = getattr(tame, field), getattr(wild, field)
        np.testing.assert_array_equal(after[[0, 2]], before[[0, 2]])
        assert np.all(np.isfinite(after[[0, 2]]))


@pytest.mark.parametrize("shrink", [1, 2])
def test_normalised_networks_train_on_images_as_they_are_loaded(shrink: int) -> None:
    """Channels come last in the files, and vmapped GroupNorm takes them first only."""
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (32, 8, 8, 3), np.uint8)
    split = Split(images, generator.integers(0, 10, 32))
    data = to_tensors(Dataset("cifar10", split, split, "noise"), shrink=shrink)
    first = (
        images[0].reshape(8 // shrink, shrink, 8 // shrink, shrink, 3).mean((1, 3))
        - (MEANS["cifar10"])
    ) / DEVIATIONS["cifar10"]
    np.testing.assert_allclose(data.train_inputs[0].permute(1, 2, 0), first, rtol=1e-4, atol=1e-5)
    recipe = Recipe("resnet", 4, "sgd", batch_size=16, n_epochs=1, augment=True)
    assert np.isfinite(train_members(recipe, usual(recipe, [0.1], [0]), data).train_loss).all()


def test_a_seed_decides_weights_and_batches_whoever_trains_beside_it() -> None:
    data = noise_images(SHAPES["mlp"])
    together = list(epoch_batches(data, seeds=[1, 7], epoch=2, batch_size=16, augment=True))
    alone = list(epoch_batches(data, seeds=[7], epoch=2, batch_size=16, augment=True))
    for (images, labels), (own_images, own_labels) in zip(together, alone):
        assert torch.equal(images[1], own_images[0])
        assert torch.equal(labels[1], own_labels[0])
        assert not torch.equal(labels[0], labels[1])
    torch.manual_seed(0)
    first = build_model("mlp", (1, 8, 8), 16, seed=7)
    torch.manual_seed(1)
    second = build_model("mlp", (1, 8, 8), 16, seed=7)
    for one, other in zip(first.parameters(), second.parameters()):
        assert torch.equal(one, other)


def test_an_epoch_visits_every_image_at_most_once() -> None:
    data = noise_images(SHAPES["mlp"], n_images=50)
    data.train_inputs[:] = torch.arange(50.0).view(-1, 1, 1, 1)
    batches = epoch_batches(data, seeds=[0], epoch=0, batch_size=16, augment=False)
    seen = torch.cat([images[0, :, 0, 0, 0] for images, _ in batches])
    assert len(seen) == len(set(seen.tolist())) == 48


def test_crop_and_flip_shifts_and_mirrors() -> None:
    """By hand, on an image that counts its pixels."""
    image = torch.arange(1.0, 33).view(1, 8, 4)
    none = 8 // SHIFT
    moves = torch.tensor([[none, none, 0], [none, none, 1], [none + 1, none, 0], [none, 0, 0]])
    same, mirrored, up, right = crop_and_flip(image.expand(4, -1, -1, -1), moves)[:, 0]
    assert torch.equal(same, image[0])
    assert torch.equal(mirrored, image[0].flip(1))
    assert torch.equal(up[:-1], image[0, 1:])
    assert not up[-1].any()
    assert torch.equal(right[:, 1:], image[0, :, :3])
    assert not right[:, 0].any()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"optimiser": "lion"}, r"optimiser must be one of \['adam', .*got 'lion'"),
        (
            {"precision": "fp8"},
            r"precision must be one of \['bf16', 'float32', 'tf32'\], got 'fp8'",
        ),
        ({"schedule": "step"}, r"schedule must be one of \['constant', .*got 'step'"),
        ({"network": "vgg"}, r"network must be one of \['batch-norm.*got 'vgg'"),
        ({"batch_size": 1000}, "batch_size must be at most the 96 training examples, got 1000"),
    ],
)
def test_bad_recipes_are_refused(change: dict[str, object], complaint: str) -> None:
    settings = {"network": "mlp", "width": 8, "optimiser": "sgd", "batch_size": 8, "n_epochs": 1}

    def train() -> History:
        recipe = Recipe(**{**settings, **change})  # type: ignore[arg-type]
        return train_members(recipe, usual(recipe, [0.1], [0]), noise_images(SHAPES["mlp"]))

    with pytest.raises(ValueError, match=complaint):
        train()
