"""Trainings of torch's networks: a choice of optimisers, and fine-tuning of a trained network."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from benchmarks.training.searches.rows import Rows, all_rows, split

N_EPOCHS = 8
BATCH_SIZE = 32
WIDTH = 32
"""Of the two layers of a network that is fine-tuned."""


def choose_optimiser(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """Accuracy of a network with dropout, trained by the optimiser that is chosen."""
    torch.manual_seed(seed)
    n_classes = int(rows.targets.max()) + 1
    layers: list[nn.Module] = []
    width = rows.inputs.shape[1]
    for i in range(params["n_layers"]):
        units = params[f"units_l{i}"]
        dropout = nn.Dropout(params.get(f"dropout_l{i}", params.get("dropout", 0.0)))
        layers += [nn.Linear(width, units), nn.ReLU(), dropout]
        width = units
    model = nn.Sequential(*layers, nn.Linear(width, n_classes))
    optimiser = _optimiser(model, params)
    _train(model, optimiser, rows, n_epochs=N_EPOCHS, batch_size=params.get("batch_size"))
    return _scores(model, rows)[0]


def _optimiser(model: nn.Module, params: Mapping[str, Any]) -> torch.optim.Optimizer:
    weights, rate = model.parameters(), params["lr"]
    if params["optimizer"] == "SGD":
        return torch.optim.SGD(weights, rate, momentum=params["momentum"])
    if params["optimizer"] == "RMSprop":
        return torch.optim.RMSprop(weights, rate, alpha=params.get("rho", 0.99))
    betas = (params["beta1"], 0.999)
    if params["optimizer"] == "AdamW":
        return torch.optim.AdamW(weights, rate, betas=betas)
    return torch.optim.Adam(weights, rate, betas=betas)


def fine_tune(params: Mapping[str, Any], rows: Rows, seed: int, *, source: str) -> float:
    """Accuracy of a network trained on ``source``, with a new last layer, after fine-tuning."""
    model = _tuned(params, rows, seed, source)
    return _scores(model, rows)[0]


def fine_tune_for_loss(params: Mapping[str, Any], rows: Rows, seed: int, *, source: str) -> float:
    """Minus the cross entropy of the same, at worst twice that of guessing."""
    model = _tuned(params, rows, seed, source)
    return _scores(model, rows)[1]


def _tuned(params: Mapping[str, Any], rows: Rows, seed: int, source: str) -> nn.Module:
    torch.manual_seed(seed)
    n_classes = int(rows.targets.max()) + 1
    trunk = _trunk(rows.inputs.shape[1], params.get("dropout", 0.0))
    trunk.load_state_dict(_trained_on(source))
    head = nn.Linear(WIDTH, n_classes)
    for layer in list(trunk)[: 3 * params.get("frozen_layers", 0)]:
        layer.requires_grad_(False)
    rate = params["lr"]
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in trunk.parameters() if p.requires_grad], "lr": rate},
            {"params": head.parameters(), "lr": rate * params.get("head_rate_ratio", 1.0)},
        ],
        betas=(params.get("beta1", 0.9), 1 - params.get("one_minus_beta2", 1e-3)),
        weight_decay=params["weight_decay"],
    )
    model = nn.Sequential(trunk, head)
    _train(
        model,
        optimiser,
        rows,
        n_epochs=params.get("n_epochs", N_EPOCHS),
        batch_size=params["batch_size"],
        schedule=functools.partial(_schedule, params),
        label_smoothing=params["label_smoothing"],
        most_norm=params.get("clip_norm"),
    )
    return model


def _schedule(params: Mapping[str, Any], done: float) -> float:
    """Factor of the rate where a share of the steps is done."""
    warm_up = params["warm_up"]
    if done < warm_up:
        return float(done / warm_up)
    rest = (done - warm_up) / (1 - warm_up)
    last = params.get("final_ratio", 0.0)
    shapes = {
        "constant": 1.0,
        "linear": 1 - (1 - last) * rest,
        "cosine": last + (1 - last) * 0.5 * (1 + math.cos(math.pi * rest)),
        "step": 1.0 if rest < 0.6 else 0.1,
    }
    return float(shapes[params["schedule"]])


def _trunk(n_columns: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(n_columns, WIDTH),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(WIDTH, WIDTH),
        nn.ReLU(),
        nn.Dropout(dropout),
    )


@functools.lru_cache(maxsize=4)
def _trained_on(source: str) -> Mapping[str, Any]:
    """Weights of the two layers, trained on all rows of another data set or of other classes."""
    n_rows = len(all_rows(source)[0])
    rows = split(source, n_rows - 1, 1, 0)
    torch.manual_seed(0)
    trunk = _trunk(rows.inputs.shape[1], 0.0)
    model = nn.Sequential(trunk, nn.Linear(WIDTH, int(rows.targets.max()) + 1))
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    _train(model, optimiser, rows, n_epochs=15, batch_size=BATCH_SIZE)
    return {name: value.clone() for name, value in trunk.state_dict().items()}


def _train(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    rows: Rows,
    *,
    n_epochs: int,
    batch_size: int | None,
    schedule: Callable[[float], float] = lambda done: 1.0,
    label_smoothing: float = 0.0,
    most_norm: float | None = None,
) -> None:
    """Train by cross entropy on batches in an order that torch's own generator draws."""
    inputs = torch.tensor(rows.inputs, dtype=torch.float32)
    targets = torch.tensor(rows.targets, dtype=torch.int64)
    rates = [group["lr"] for group in optimiser.param_groups]
    batches_of = batch_size or BATCH_SIZE
    n_steps = n_epochs * math.ceil(len(inputs) / batches_of)
    step = 0
    for _ in range(n_epochs):
        for batch in torch.split(torch.randperm(len(inputs)), batches_of):
            factor = schedule((step + 0.5) / n_steps)
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"] = rate * factor
            loss = nn.functional.cross_entropy(
                model(inputs[batch]), targets[batch], label_smoothing=label_smoothing
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            if most_norm is not None:
                nn.utils.clip_grad_norm_(model.parameters(), most_norm)
            optimiser.step()
            step += 1


def _scores(model: nn.Module, rows: Rows) -> tuple[float, float]:
    """Validation accuracy, and minus the cross entropy."""
    model.eval()
    with torch.no_grad():
        outputs = model(torch.tensor(rows.validation_inputs, dtype=torch.float32))
        targets = torch.tensor(rows.validation_targets, dtype=torch.int64)
        accuracy = (outputs.argmax(1) == targets).float().mean().item()
        loss = nn.functional.cross_entropy(outputs, targets).item()
    worst = 2 * math.log(outputs.shape[1])
    return accuracy, -min(loss, worst) if math.isfinite(loss) else -worst
