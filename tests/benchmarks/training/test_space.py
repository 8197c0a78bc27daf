"""Spaces of parameters: what is drawn on the unit axes is what Optuna suggests."""

from __future__ import annotations

import numpy as np
import optuna
import pytest

from benchmarks.training.searches.space import Choice, Number, Space, When

SPACE = Space(
    [
        Choice("solver", ("sgd", "adam")),
        Number("lr", 1e-4, 1.0, log=True),
        Number("units", 4, 64, log=True, integer=True),
        Number("depth", 1, 3, integer=True),
        Number("subsample", 0.2, 1.0, step=0.1),
        Number("momentum", 0.0, 0.9, when=When("solver", ("sgd",))),
    ]
)


def test_drawn_parameters_are_accepted_by_optuna_as_they_are() -> None:
    rng = np.random.default_rng(0)
    for _ in range(200):
        params = SPACE.params(rng.random(6))
        assert SPACE.suggest(optuna.trial.FixedTrial(params)) == params
        assert ("momentum" in params) == (params["solver"] == "sgd")


def test_places_are_those_that_were_drawn() -> None:
    params = {"solver": "adam", "lr": 1e-2, "units": 16, "depth": 3, "subsample": 0.6}
    places = SPACE.places(params)
    low, high = 3.5, 64.5
    units = np.log(16 / low) / np.log(high / low)
    np.testing.assert_allclose(places, [0.75, 0.5, units, 5 / 6, 0.5, np.nan])
    assert SPACE.params(np.nan_to_num(places)) == params


def test_integers_and_steps_are_equally_frequent() -> None:
    rng = np.random.default_rng(0)
    drawn = [SPACE.params(row) for row in rng.random((3000, 6))]
    for name, n in (("depth", 3), ("subsample", 9), ("solver", 2)):
        counts = np.unique([params[name] for params in drawn], return_counts=True)[1]
        assert len(counts) == n
        assert counts / 3000 == pytest.approx(np.full(n, 1 / n), abs=0.04)
