"""Searches that a policy may be tuned on: digits, wine among noise, diabetes and half-moons."""

from __future__ import annotations

import functools

from benchmarks.training.searches.search import Search, Training
from benchmarks.training.searches.space import Choice, Number, Space, When


def _svm() -> Training:
    from benchmarks.training.searches.estimators import svm

    return svm


def _linear() -> Training:
    from benchmarks.training.searches.estimators import linear

    return linear


def _mlp() -> Training:
    from benchmarks.training.searches.estimators import mlp

    return mlp


def _boosting() -> Training:
    from benchmarks.training.searches.estimators import histogram_boosting

    return histogram_boosting


def _optimisers() -> Training:
    from benchmarks.training.searches.networks import choose_optimiser

    return choose_optimiser


def _fine_tuning() -> Training:
    from benchmarks.training.searches.networks import fine_tune

    return functools.partial(fine_tune, source="digits/0-4")


def _fine_tuning_for_loss() -> Training:
    from benchmarks.training.searches.networks import fine_tune_for_loss

    return functools.partial(fine_tune_for_loss, source="digits/0-3")


_SVM = Space(
    [
        Choice("kernel", ("linear", "poly", "rbf", "sigmoid")),
        Number("C", 1e-3, 1e3, log=True),
        Number("gamma", 1e-5, 1e1, log=True, when=When("kernel", ("poly", "rbf", "sigmoid"))),
        Number("degree", 2, 5, integer=True, when=When("kernel", ("poly",))),
        Number("coef0", 0.0, 1.0, when=When("kernel", ("poly", "sigmoid"))),
    ]
)
_LINEAR = Space(
    [
        Choice("loss", ("hinge", "log_loss", "modified_huber", "perceptron")),
        Choice("penalty", ("l1", "l2", "elasticnet")),
        Number("alpha", 1e-6, 1e0, log=True),
        Number("l1_ratio", 0.0, 1.0, when=When("penalty", ("elasticnet",))),
        Choice("learning_rate", ("constant", "invscaling", "optimal")),
        Number("eta0", 1e-5, 1e1, log=True, when=When("learning_rate", ("constant", "invscaling"))),
        Number("power_t", 0.1, 1.0, when=When("learning_rate", ("invscaling",))),
    ]
)
_MLP = Space(
    [
        Number("n_layers", 1, 3, integer=True),
        Number("units_l0", 4, 64, log=True, integer=True),
        Number("units_l1", 4, 64, log=True, integer=True, when=When("n_layers", (2, 3))),
        Number("units_l2", 4, 64, log=True, integer=True, when=When("n_layers", (3,))),
        Number("lr", 1e-5, 1e0, log=True),
        Number("alpha", 1e-6, 1e1, log=True),
        Choice("activation", ("relu", "tanh", "logistic")),
        Number("batch_size", 8, 128, log=True, integer=True),
    ]
)
_BOOSTING = Space(
    [
        Number("learning_rate", 1e-2, 1.0, log=True),
        Number("max_iter", 5, 60, integer=True),
        Number("max_leaf_nodes", 2, 32, log=True, integer=True),
        Number("min_samples_leaf", 1, 40, integer=True),
        Number("l2_regularization", 1e-4, 1e2, log=True),
        Number("max_bins", 8, 255, log=True, integer=True),
        Number("max_features", 0.2, 1.0, step=0.1),
    ]
)
_OPTIMISERS = Space(
    [
        Number("n_layers", 1, 3, integer=True),
        Number("units_l0", 4, 64, log=True, integer=True),
        Number("dropout_l0", 0.0, 0.6),
        Number("units_l1", 4, 64, log=True, integer=True, when=When("n_layers", (2, 3))),
        Number("dropout_l1", 0.0, 0.6, when=When("n_layers", (2, 3))),
        Number("units_l2", 4, 64, log=True, integer=True, when=When("n_layers", (3,))),
        Number("dropout_l2", 0.0, 0.6, when=When("n_layers", (3,))),
        Number("lr", 1e-5, 1e0, log=True),
        Choice("optimizer", ("Adam", "RMSprop", "SGD")),
        Number("beta1", 0.5, 0.99, when=When("optimizer", ("Adam",))),
        Number("momentum", 0.0, 0.98, when=When("optimizer", ("SGD",))),
    ]
)
_FINE_TUNING = Space(
    [
        Number("lr", 1e-5, 1e0, log=True),
        Number("warm_up", 0.0, 0.5, step=0.05),
        Number("weight_decay", 1e-5, 1e1, log=True),
        Number("label_smoothing", 0.0, 0.4),
        Number("batch_size", 8, 128, log=True, integer=True),
        Choice("schedule", ("constant", "cosine", "linear")),
    ]
)
_LONG_FINE_TUNING = Space(
    [
        Number("lr", 1e-5, 1e0, log=True),
        Number("head_rate_ratio", 1e-1, 1e2, log=True),
        Number("warm_up", 0.0, 0.4),
        Choice("schedule", ("constant", "cosine", "step")),
        Number("weight_decay", 1e-4, 1e1, log=True),
        Number("label_smoothing", 0.0, 0.3),
        Number("dropout", 0.0, 0.6),
        Number("batch_size", 8, 128, log=True, integer=True),
        Number("beta1", 0.5, 0.99),
        Number("one_minus_beta2", 1e-4, 1e-1, log=True),
        Number("clip_norm", 1e-2, 1e1, log=True),
    ]
)

TUNING_SEARCHES: dict[str, Search] = {
    "digits-search-svm": Search(
        "svm", "digits", _SVM, _svm, n_train=150, n_validation=150, direct=True
    ),
    "noisy-wine-search-linear": Search(
        "linear",
        "noisy-wine",
        _LINEAR,
        _linear,
        n_train=60,
        n_validation=110,
        direct=True,
        n_near=600,
    ),
    "digits-search-mlp": Search("mlp", "digits", _MLP, _mlp, n_train=400, n_validation=400),
    "diabetes-search-boosting": Search(
        "boosting", "diabetes", _BOOSTING, _boosting, n_train=250, n_validation=190
    ),
    "moons-search-optimiser": Search(
        "optimiser", "moons", _OPTIMISERS, _optimisers, n_train=300, n_validation=1000
    ),
    "digits-search-fine-tuning": Search(
        "fine-tuning", "digits/5-9", _FINE_TUNING, _fine_tuning, n_train=150, n_validation=400
    ),
    "digits-search-long-fine-tuning": Search(
        "long-fine-tuning",
        "digits/4-9",
        _LONG_FINE_TUNING,
        _fine_tuning_for_loss,
        n_train=200,
        n_validation=400,
    ),
}
"""By name of table and problem: the data, ``search``, and the kind."""
