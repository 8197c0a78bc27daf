"""Trainings of scikit-learn's estimators: parameters and a split in, validation score out."""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.training.searches.rows import Rows

WORST_R2 = 0.0
"""Score of what predicts worse than the mean does."""


def svm(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """Accuracy of a support vector machine; the split is all that the seed changes."""
    from sklearn.svm import SVC

    # A step count, for a large C on data that no margin parts may need very many.
    return _fitted(SVC(**params, max_iter=2000, cache_size=20), rows)


def svr(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """R2 of support vector regression with a Gaussian kernel."""
    from sklearn.svm import SVR

    return _fitted(SVR(**params, epsilon=0.1, max_iter=2000, cache_size=20), rows)


def linear(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """Accuracy of a linear classifier after eight passes of stochastic gradient descent."""
    from sklearn.linear_model import SGDClassifier

    return _fitted(SGDClassifier(**params, max_iter=8, tol=None, random_state=seed), rows)


def mlp(params: Mapping[str, Any], rows: Rows, seed: int, *, n_epochs: int = 8) -> float:
    """Accuracy of a fully connected network that Adam trains."""
    from sklearn.neural_network import MLPClassifier

    given = dict(params)
    layers = [given.pop(f"units_l{i}") for i in range(given.pop("n_layers"))]
    given["learning_rate_init"] = given.pop("lr")
    return _fitted(MLPClassifier(layers, **given, max_iter=n_epochs, random_state=seed), rows)


def histogram_boosting(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """R2 of gradient boosting on binned columns."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    return _fitted(
        HistGradientBoostingRegressor(**params, early_stopping=False, random_state=seed), rows
    )


def stochastic_boosting(params: Mapping[str, Any], rows: Rows, seed: int) -> float:
    """Minus the cross entropy of gradient boosting on subsets of the rows, of two classes."""
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.metrics import log_loss

    # What overflows is told by its score.
    with np.errstate(all="ignore"):
        model = GradientBoostingClassifier(**params, random_state=seed)
        model.fit(rows.inputs, rows.targets)
        shares = np.nan_to_num(model.predict_proba(rows.validation_inputs), nan=0.5)
    return -min(float(log_loss(rows.validation_targets, shares)), 2 * math.log(2))


def _fitted(estimator: Any, rows: Rows) -> float:
    """Validation score; the worst one for what diverges."""
    regression = rows.targets.dtype.kind == "f"
    worst = WORST_R2 if regression else _most_common(rows)
    # That so few steps are not all is meant; what overflows is told by its score.
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            estimator.fit(rows.inputs, rows.targets)
            score = float(estimator.score(rows.validation_inputs, rows.validation_targets))
        except ValueError as error:
            if not _is_overflow(error):
                raise
            score = worst
    if not math.isfinite(score):
        score = worst
    return max(score, WORST_R2)


def _is_overflow(error: ValueError) -> bool:
    told = str(error).lower()
    return any(word in told for word in ("non-finite", "infinity", "nan", "overflow"))


def _most_common(rows: Rows) -> float:
    """Frequency of the class that is most common in training: what guessing scores."""
    guess = np.bincount(rows.targets).argmax()
    return float((rows.validation_targets == guess).mean())


short_mlp = functools.partial(mlp, n_epochs=5)
