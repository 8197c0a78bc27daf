"""Models that are kept: the same answers, fitted once, and only while somebody asked for it."""

from __future__ import annotations

import threading

import numpy as np

from optuna_zooming._joint.kept import kept, models_kept
from optuna_zooming._joint.model.space import JointTrials
from optuna_zooming._joint.recommendation import JointRecommendation


def _trials(seed: int = 0, n: int = 20) -> JointTrials:
    rng = np.random.default_rng(seed)
    points = rng.uniform(size=(n, 2))
    values = -((points - 0.3) ** 2).sum(axis=1) + 0.01 * rng.standard_normal(n)
    return JointTrials(points, np.zeros(2, dtype=np.bool_), values, np.zeros(n))


class _Fits:
    """Counts what is fitted; the model is the count."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, trials: JointTrials) -> int:
        self.count += 1
        return self.count


def test_the_same_trials_are_fitted_once_whichever_object_holds_them() -> None:
    fits = _Fits()
    with models_kept():
        assert [kept("model", _trials(), fits) for _ in range(3)] == [1, 1, 1]
        with models_kept():
            assert kept("model", _trials(), fits) == 1
        assert kept("model", _trials(), fits) == 1


def test_other_trials_and_other_constants_are_fitted_anew() -> None:
    fits = _Fits()
    one = _trials()
    others = [
        _trials(seed=1),
        _trials(n=19),
        JointTrials(one.points, ~one.categorical, one.values, one.errors),
        JointTrials(one.points, one.categorical, one.values, one.errors + 1.0),
    ]
    with models_kept():
        assert [kept("model", trials, fits) for trials in [one, *others]] == [1, 2, 3, 4, 5]
        assert kept("another", one, fits) == 6


def test_nothing_is_kept_before_or_after_or_for_other_threads() -> None:
    fits = _Fits()
    kept("model", _trials(), fits)
    with models_kept():
        kept("model", _trials(), fits)
        other = threading.Thread(target=kept, args=("model", _trials(), fits))
        other.start()
        other.join()
    kept("model", _trials(), fits)
    assert fits.count == 4


def test_what_is_recommended_is_the_same() -> None:
    alone = JointRecommendation().of(_trials())
    with models_kept():
        first, again = (JointRecommendation().of(_trials()) for _ in range(2))
        cautious = JointRecommendation(caution=3.0).of(_trials())
    assert first == again == alone
    assert cautious == JointRecommendation(caution=3.0).of(_trials())
