"""Other kinds of training: a loss alone, a network trained before, text, statistics of batches."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional

from benchmarks.training.datasets.loading import load_tensors
from benchmarks.training.models import build_model
from benchmarks.training.networks import MemberBatch, train_members
from benchmarks.training.optimisers import SCHEDULES
from benchmarks.training.recipes import Pretraining, Recipe, usual_members
from benchmarks.training.tasks import TASKS

pytestmark = pytest.mark.usefixtures("one_thread")


def test_a_regression_that_diverges_ends_in_nan_and_knows_no_accuracy() -> None:
    data = load_tensors("diabetes").tensors
    recipe = Recipe("mlp", 8, "sgd", batch_size=16, n_epochs=4)
    members = usual_members(recipe, np.array([1e-2, 1e2]), np.zeros(2, np.int64))
    history = train_members(recipe, members, data)
    assert np.isfinite(history.validation_loss).tolist() == [[True] * 4, [False] * 4]
    assert history.validation_loss[0, -1] < TASKS["regression"].guessing(1) == 1
    assert np.isnan(history.validation_accuracy).all()


def test_the_loss_of_a_regression_is_the_mean_square_of_all_outputs() -> None:
    outputs, targets = (
        torch.tensor([[1.0, 2.0], [3.0, 4.0]]),
        torch.tensor([[1.0, 0.0], [3.0, 8.0]]),
    )
    assert TASKS["regression"].loss(outputs, targets).item() == pytest.approx((4 + 16) / 4)


def test_fine_tuning_begins_from_the_trained_network_with_a_fresh_last_layer() -> None:
    before = load_tensors("digits/0-4", n_train=200).tensors
    data = replace(load_tensors("digits/5-9", n_train=200).tensors, source=before)
    pretraining = Pretraining("digits/0-4", "adam", learning_rate=1e-2, n_epochs=3, seed=7)
    recipe = Recipe("mlp", 8, "sgd", batch_size=16, n_epochs=1, pretraining=pretraining)
    members = usual_members(recipe, np.array([1e-3, 1e-3]), np.array([0, 1]))
    started = MemberBatch(recipe, members, data).parameters

    # The same training, written out.
    alone = replace(recipe, optimiser="adam", pretraining=None)
    trained = MemberBatch(alone, usual_members(alone, np.array([1e-2]), np.array([7])), before)
    for epoch in range(3):
        trained.train_epoch(epoch)
    n_head = 5 * 4 + 5
    torch.testing.assert_close(started[:, :-n_head], trained.parameters[:, :-n_head].expand(2, -1))
    for member, seed in enumerate(members.seeds):
        fresh = build_model("mlp", data.shape, 8, int(seed), n_outputs=5)
        head = torch.cat([values.flatten() for values in list(fresh.parameters())[-2:]])
        torch.testing.assert_close(started[member, -n_head:], head.detach())


def test_fine_tuning_without_data_to_train_on_before_is_refused() -> None:
    pretraining = Pretraining("digits/0-4", "adam", learning_rate=1e-2, n_epochs=1)
    recipe = Recipe("mlp", 8, "sgd", batch_size=16, n_epochs=1, pretraining=pretraining)
    data = load_tensors("digits/5-9", n_train=200).tensors
    with pytest.raises(ValueError, match="needs data with a source"):
        MemberBatch(recipe, usual_members(recipe, np.array([0.1]), np.array([0])), data)


def test_a_transformer_soon_knows_more_than_the_frequency_of_each_symbol() -> None:
    data = load_tensors("python-json", n_train=384, n_validation=64).tensors
    recipe = Recipe("transformer", 16, "adamw", batch_size=16, n_epochs=6, schedule="warmup")
    history = train_members(
        recipe, usual_members(recipe, np.array([2e-2]), np.zeros(1, np.int64)), data
    )
    counts = torch.bincount(data.validation_targets.flatten(), minlength=data.n_outputs)
    # Told the frequencies in the very text it is asked about.
    entropy = float(torch.special.entr(counts / counts.sum()).sum())
    assert history.validation_loss[0, -1] < entropy - 0.1
    assert entropy < TASKS["next-symbol"].guessing(data.n_outputs) == math.log(97)


def test_a_transformer_sees_nothing_to_the_right() -> None:
    network = build_model("transformer", (8,), 16, seed=0, n_outputs=10)
    text = torch.arange(8).unsqueeze(0)
    changed = torch.where(torch.arange(8) >= 5, (text + 1) % 10, text)
    before, after = network(text), network(changed)
    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


def test_batch_normalisation_is_judged_on_running_statistics() -> None:
    """One image at a time says the same as all together, after a training on batches."""
    data = load_tensors("digits", n_train=64, n_validation=20).tensors
    recipe = Recipe("batch-normalised-cnn", 4, "momentum", batch_size=16, n_epochs=2)
    batch = MemberBatch(recipe, usual_members(recipe, np.array([0.1]), np.array([0])), data)
    fresh = {name: values.clone() for name, values in batch.buffers.items()}
    batch.train_epoch(0)
    together, _ = batch.evaluate(data.validation_inputs, data.validation_targets)
    alone = [
        batch.evaluate(image[None], label[None])[0]
        for image, label in zip(data.validation_inputs, data.validation_targets)
    ]
    torch.testing.assert_close(torch.stack(alone).mean(0), together)
    assert not torch.equal(batch.buffers["1.running_mean"], fresh["1.running_mean"])


def test_warm_up_grows_over_a_tenth_of_the_steps() -> None:
    """By hand, for 20 steps: the first two grow."""
    flat = [SCHEDULES["warmup"](step, 20) for step in range(20)]
    assert flat == [0.5] + [1.0] * 19
    falling = [SCHEDULES["warmup-cosine"](step, 20) for step in range(20)]
    assert falling[:3] == [0.5, 1.0, 1.0]
    assert falling[11] == pytest.approx(0.5)
    assert 0 < falling[-1] < 0.01


@pytest.mark.parametrize("name", ["wine", "breast-cancer", "diabetes", "friedman", "china"])
def test_columns_are_standardised_over_the_training_rows(name: str) -> None:
    data = load_tensors(name).tensors
    for values in [data.train_inputs] + [data.train_targets] * (data.task == "regression"):
        np.testing.assert_allclose(values.mean(0), 0, atol=1e-4)
        np.testing.assert_allclose(values.std(0, correction=0), 1, atol=1e-4)
    rows = torch.cat([data.train_inputs, data.validation_inputs])
    assert len(torch.unique(rows, dim=0)) == len(rows)


def test_some_classes_of_images_count_from_zero() -> None:
    whole, some = load_tensors("digits").tensors, load_tensors("digits/5-9").tensors
    chosen = whole.train_targets >= 5
    assert torch.equal(some.train_inputs, whole.train_inputs[chosen])
    assert torch.equal(some.train_targets, whole.train_targets[chosen] - 5)
    assert some.n_outputs == 5


def test_the_target_of_a_text_is_the_symbol_that_follows() -> None:
    data = load_tensors("python-json").tensors
    for text, after in (
        (data.train_inputs, data.train_targets),
        (data.validation_inputs, data.validation_targets),
    ):
        assert torch.equal(text[:, 1:], after[:, :-1])
    assert int(data.train_targets.max()) < data.n_outputs


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"name": "iris"}, "data must be one of cifar10, digits, .*got 'iris'"),
        ({"name": "python-math"}, "must be of a package of the standard library, got 'math'"),
        ({"name": "wine", "n_train": 1000}, "n_train must be between 1 and 128, got 1000"),
    ],
)
def test_data_that_are_not_there_are_refused(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        load_tensors(**arguments)  # type: ignore[arg-type]


def test_cross_entropy_is_that_of_torch_under_both_names() -> None:
    outputs, targets = torch.randn(3, 4, 5), torch.randint(0, 5, (3, 4))
    expected = functional.cross_entropy(outputs.transpose(1, 2), targets)
    torch.testing.assert_close(TASKS["next-symbol"].loss(outputs, targets), expected)
