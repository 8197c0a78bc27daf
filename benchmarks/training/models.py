"""The networks under training: ordinary torch modules, small enough to train hundreds at once.

Down-sampling is done by strided convolutions: max pooling costs more than the convolutions when
many networks train side by side. Normalisation is GroupNorm, which keeps no running statistics,
so that a network's output depends on its parameters and its own images alone; one network has
BatchNorm, as most that are in use.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks.training.transformer import Transformer

Shape = tuple[int, ...]
"""Of one input: channels, height and width of an image."""

N_CLASSES = 10


def mlp(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """Two hidden layers, the second half as wide as the first; for inputs of any shape."""
    n_inputs = math.prod(shape)
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(n_inputs, width),
        nn.ReLU(),
        nn.Linear(width, width // 2),
        nn.ReLU(),
        nn.Linear(width // 2, n_outputs),
    )


def cnn(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """Two strided convolutions and a linear layer."""
    return nn.Sequential(
        nn.Conv2d(shape[0], width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(2 * width * _halved(shape[1], 2) * _halved(shape[2], 2), n_outputs),
    )


def normalised_cnn(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """Three strided convolutions, each followed by GroupNorm, then average pooling."""
    return _three_convolutions(shape, width, n_outputs, lambda channels: nn.GroupNorm(4, channels))


def batch_normalised_cnn(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """The same with BatchNorm: trained on its batch's statistics, judged on running ones."""
    return _three_convolutions(shape, width, n_outputs, nn.BatchNorm2d)


def _three_convolutions(
    shape: Shape, width: int, n_outputs: int, normalisation: Callable[[int], nn.Module]
) -> nn.Module:
    layers: list[nn.Module] = []
    channels = shape[0]
    for n_filters in (width, 2 * width, 4 * width):
        layers += [
            nn.Conv2d(channels, n_filters, 3, stride=2, padding=1, bias=False),
            normalisation(n_filters),
            nn.ReLU(),
        ]
        channels = n_filters
    return nn.Sequential(*layers, GlobalAverage(), nn.Linear(channels, n_outputs))


def transformer(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """Two blocks that read a text from the left; as many symbols as outputs."""
    return Transformer(n_symbols=n_outputs, length=shape[0], width=width, n_heads=2, n_blocks=2)


def resnet(shape: Shape, width: int, n_outputs: int) -> nn.Module:
    """A strided stem and three residual blocks, each of them halving the image."""
    return nn.Sequential(
        nn.Conv2d(shape[0], width, 3, stride=2, padding=1, bias=False),
        nn.GroupNorm(4, width),
        nn.ReLU(),
        Residual(width, width, stride=1),
        Residual(width, 2 * width, stride=2),
        Residual(2 * width, 4 * width, stride=2),
        GlobalAverage(),
        nn.Linear(4 * width, n_outputs),
    )


class Residual(nn.Module):
    """Two convolutions with GroupNorm beside a shortcut (He et al. 2016)."""

    def __init__(self, n_inputs: int, n_outputs: int, stride: int) -> None:
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(n_inputs, n_outputs, 3, stride=stride, padding=1, bias=False),
            nn.GroupNorm(4, n_outputs),
            nn.ReLU(),
            nn.Conv2d(n_outputs, n_outputs, 3, padding=1, bias=False),
            nn.GroupNorm(4, n_outputs),
        )
        same = stride == 1 and n_inputs == n_outputs
        self.shortcut: nn.Module = (
            nn.Identity() if same else nn.Conv2d(n_inputs, n_outputs, 1, stride=stride, bias=False)
        )

    def forward(self, images: Tensor) -> Tensor:
        return torch.relu(self.branch(images) + self.shortcut(images))


class GlobalAverage(nn.Module):
    """(n, channels, height, width) -> (n, channels)."""

    def forward(self, images: Tensor) -> Tensor:
        return images.mean(dim=(-2, -1))


MODELS: dict[str, Callable[[Shape, int, int], nn.Module]] = {
    "mlp": mlp,
    "cnn": cnn,
    "normalised-cnn": normalised_cnn,
    "batch-normalised-cnn": batch_normalised_cnn,
    "resnet": resnet,
    "transformer": transformer,
}


def build_model(
    name: str, shape: Shape, width: int, seed: int, n_outputs: int = N_CLASSES
) -> nn.Module:
    """A freshly initialised network; the seed alone decides its weights.

    Raises:
        ValueError: If ``name`` is not one of ``MODELS``.
    """
    if name not in MODELS:
        raise ValueError(f"network must be one of {sorted(MODELS)}, got {name!r}.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return MODELS[name](shape, width, n_outputs)


def n_head_parameters(network: nn.Module) -> int:
    """Of the last layer, whose parameters are a network's last ones."""
    head = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    return sum(parameter.numel() for parameter in head.parameters())


def _halved(size: int, times: int) -> int:
    for _ in range(times):
        size = (size + 1) // 2
    return size
