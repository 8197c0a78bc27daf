"""Searches that results are reported on: other data, other ranges, other details."""

from __future__ import annotations

import functools

from benchmarks.training.searches.search import Search, Training
from benchmarks.training.searches.space import Choice, Number, Space, When


def _svm() -> Training:
    from benchmarks.training.searches.estimators import svm

    return svm


def _svr() -> Training:
    from benchmarks.training.searches.estimators import svr

    return svr


def _linear() -> Training:
    from benchmarks.training.searches.estimators import linear

    return linear


def _mlp() -> Training:
    from benchmarks.training.searches.estimators import short_mlp

    return short_mlp


def _boosting() -> Training:
    from benchmarks.training.searches.estimators import stochastic_boosting

    return stochastic_boosting


def _optimisers() -> Training:
    from benchmarks.training.searches.networks import choose_optimiser

    return choose_optimiser


def _fine_tuning() -> Training:
    from benchmarks.training.searches.networks import fine_tune_for_loss

    return functools.partial(fine_tune_for_loss, source="clusters/0-4")


def _long_fine_tuning() -> Training:
    from benchmarks.training.searches.networks import fine_tune

    return functools.partial(fine_tune, source="clusters/0-6")


_SVM = Space(
    [
        Number("C", 1e-4, 1e4, log=True),
        Choice("kernel", ("rbf", "poly", "linear")),
        Number("gamma", 1e-6, 1e0, log=True, when=When("kernel", ("rbf", "poly"))),
        Number("degree", 2, 4, integer=True, when=When("kernel", ("poly",))),
        Number("coef0", 0.0, 5.0, when=When("kernel", ("poly",))),
        Choice("class_weight", (None, "balanced")),
    ]
)
_SVR = Space([Number("C", 1e-3, 1e4, log=True), Number("gamma", 1e-5, 1e1, log=True)])
_LINEAR = Space(
    [
        Choice("loss", ("hinge", "log_loss", "squared_hinge")),
        Choice("penalty", ("l2", "l1", "elasticnet")),
        Number("alpha", 1e-5, 1e1, log=True),
        Number("l1_ratio", 0.0, 1.0, when=When("penalty", ("elasticnet",))),
        Choice("learning_rate", ("optimal", "invscaling", "adaptive", "constant")),
        Number(
            "eta0",
            1e-4,
            1e0,
            log=True,
            when=When("learning_rate", ("invscaling", "adaptive", "constant")),
        ),
        Number("power_t", 0.0, 0.8, when=When("learning_rate", ("invscaling",))),
        Choice("average", (False, True)),
    ]
)
_MLP = Space(
    [
        Number("lr", 1e-4, 1e0, log=True),
        Number("n_layers", 1, 3, integer=True),
        Number("units_l0", 8, 128, integer=True),
        Number("units_l1", 8, 128, integer=True, when=When("n_layers", (2, 3))),
        Number("units_l2", 8, 128, integer=True, when=When("n_layers", (3,))),
        Number("alpha", 1e-5, 1e0, log=True),
        Choice("activation", ("tanh", "relu")),
        Number("batch_size", 16, 256, log=True, integer=True),
        Number("beta_1", 0.5, 0.99),
    ]
)
_BOOSTING = Space(
    [
        Number("n_estimators", 5, 50, integer=True),
        Number("learning_rate", 1e-3, 1e0, log=True),
        Number("max_depth", 1, 5, integer=True),
        Number("subsample", 0.3, 1.0, step=0.1),
        Number("min_samples_leaf", 1, 50, log=True, integer=True),
        Number("max_features", 0.1, 1.0),
        Number("min_impurity_decrease", 1e-6, 1e-1, log=True),
    ]
)
_OPTIMISERS = Space(
    [
        Choice("optimizer", ("SGD", "AdamW", "RMSprop")),
        Number("lr", 1e-4, 1e0, log=True),
        Number("momentum", 0.0, 0.95, when=When("optimizer", ("SGD",))),
        Number("beta1", 0.3, 0.98, when=When("optimizer", ("AdamW",))),
        Number("rho", 0.5, 0.99, when=When("optimizer", ("RMSprop",))),
        Number("n_layers", 1, 3, integer=True),
        Number("units_l0", 4, 128, log=True, integer=True),
        Number("units_l1", 4, 128, log=True, integer=True, when=When("n_layers", (2, 3))),
        Number("units_l2", 4, 128, log=True, integer=True, when=When("n_layers", (3,))),
        Number("dropout", 0.0, 0.5),
        Number("batch_size", 16, 128, log=True, integer=True),
    ]
)
_FINE_TUNING = Space(
    [
        Number("lr", 1e-4, 1e0, log=True),
        Number("weight_decay", 1e-4, 1e1, log=True),
        Number("warm_up", 0.0, 0.8),
        Choice("schedule", ("linear", "step", "cosine", "constant")),
        Number("final_ratio", 0.0, 0.5, when=When("schedule", ("linear", "cosine"))),
        Number("label_smoothing", 0.0, 0.5, step=0.05),
        Number("batch_size", 4, 64, log=True, integer=True),
        Number("dropout", 0.0, 0.5),
    ]
)
_LONG_FINE_TUNING = Space(
    [
        Number("lr", 1e-4, 1e0, log=True),
        Number("head_rate_ratio", 1e-2, 1e2, log=True),
        Number("n_epochs", 2, 12, integer=True),
        Number("frozen_layers", 0, 2, integer=True),
        Number("warm_up", 0.0, 0.5),
        Choice("schedule", ("linear", "constant")),
        Number("weight_decay", 1e-3, 1e1, log=True),
        Number("label_smoothing", 0.0, 0.4),
        Number("dropout", 0.0, 0.7),
        Number("batch_size", 8, 100, log=True, integer=True),
        Number("beta1", 0.0, 0.98),
    ]
)

REPORTING_SEARCHES: dict[str, Search] = {
    "quantiles-search-svm": Search(
        "svm", "quantiles", _SVM, _svm, n_train=120, n_validation=300, direct=True
    ),
    "friedman-search-svr": Search(
        "svm", "friedman", _SVR, _svr, n_train=120, n_validation=200, direct=True
    ),
    "sparse-search-linear": Search(
        "linear",
        "sparse",
        _LINEAR,
        _linear,
        n_train=150,
        n_validation=1000,
        direct=True,
        n_near=600,
    ),
    "hastie-search-mlp": Search("mlp", "hastie", _MLP, _mlp, n_train=500, n_validation=1000),
    "breast-cancer-search-boosting": Search(
        "boosting", "breast-cancer", _BOOSTING, _boosting, n_train=150, n_validation=400
    ),
    "quantiles-search-optimiser": Search(
        "optimiser", "quantiles", _OPTIMISERS, _optimisers, n_train=400, n_validation=1000
    ),
    "clusters-search-fine-tuning": Search(
        "fine-tuning", "clusters/5-9", _FINE_TUNING, _fine_tuning, n_train=200, n_validation=800
    ),
    "clusters-search-long-fine-tuning": Search(
        "long-fine-tuning",
        "clusters/7-9",
        _LONG_FINE_TUNING,
        _long_fine_tuning,
        n_train=150,
        n_validation=500,
    ),
}
"""By name of table and problem: the data, ``search``, and the kind."""
