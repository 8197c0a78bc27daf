"""A study's combinations as points: which trials, which parameters, which places."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import TrialState, create_trial

from optuna_zooming._study.joint.combinations import Combinations
from optuna_zooming._study.logs import read_trials

RATE = FloatDistribution(1e-4, 1.0, log=True)
DEPTH = IntDistribution(1, 4)
KIND = CategoricalDistribution(["a", None])


def _study(
    *trials: tuple[dict[str, tuple[BaseDistribution, Any]], Any], direction: Any = "maximize"
) -> optuna.Study:
    study = optuna.create_study(direction=direction)
    for parameters, value in trials:
        study.add_trial(
            create_trial(
                params={name: chosen for name, (_, chosen) in parameters.items()},
                distributions={name: known for name, (known, _) in parameters.items()},
                value=value,
                state=TrialState.PRUNED if value is None else TrialState.COMPLETE,
            )
        )
    return study


def _read(study: optuna.Study) -> Combinations:
    return read_trials(study).combinations()


def test_parameters_are_places_choices_or_absent() -> None:
    found = _read(
        _study(
            ({"rate": (RATE, 1e-2), "kind": (KIND, None)}, 1.0),
            ({"rate": (RATE, 1e-4), "depth": (DEPTH, 2), "kind": (KIND, "a")}, 2.0),
        )
    )
    assert list(found.axes) == ["depth", "kind", "rate"]
    assert found.joint.categorical.tolist() == [False, True, False]
    # The second of four cells of an integer axis; half of four decades.
    np.testing.assert_allclose(found.joint.points, [[math.nan, 1, 0.5], [0.375, 0, 0.0]])
    assert found.joint.values.tolist() == [1.0, 2.0]
    assert found.only_parameter is None


def test_values_are_oriented_and_trials_without_one_are_left_out() -> None:
    found = _read(
        _study(
            ({"rate": (RATE, 1e-2)}, 3.0),
            ({"rate": (RATE, 1e-3)}, None),
            ({"rate": (RATE, 1e-1)}, math.inf),
            direction="minimize",
        )
    )
    np.testing.assert_array_equal(found.joint.values, [-3.0, -math.inf])
    assert found.rows.tolist() == [0, 2]
    assert found.only_parameter == "rate"


def test_what_never_changes_is_no_parameter() -> None:
    fixed = {"depth": (DEPTH, 3), "one": (FloatDistribution(2.0, 2.0), 2.0)}
    found = _read(
        _study(({**fixed, "rate": (RATE, 1e-2)}, 1.0), ({**fixed, "rate": (RATE, 1e-3)}, 2.0))
    )
    assert list(found.axes) == ["rate"]
    assert found.only_parameter == "rate"


def test_one_that_some_trials_lack_is_not_the_only_one() -> None:
    found = _read(_study(({"rate": (RATE, 1e-2)}, 1.0), ({}, 2.0)))
    assert list(found.axes) == ["rate"]
    assert found.only_parameter is None


def test_ranges_that_change_are_joined() -> None:
    before = FloatDistribution(0.0, 1.0), IntDistribution(0, 8, step=4)
    after = FloatDistribution(1.0, 5.0), IntDistribution(1, 9)
    found = _read(
        _study(
            ({"x": (before[0], 0.5), "n": (before[1], 4)}, 1.0),
            ({"x": (after[0], 5.0), "n": (after[1], 9)}, 2.0),
        )
    )
    # Ten integers from 0 to 9.
    np.testing.assert_allclose(found.joint.points, [[0.45, 0.1], [0.95, 1.0]])


def test_values_outside_of_every_range_are_left_out() -> None:
    study = _study(({"rate": (RATE, 1e-2)}, 1.0), ({"rate": (RATE, 1e-3)}, 2.0))
    foreign = study.get_trials(deepcopy=True)[0]
    foreign.params["rate"] = 7.0
    study._storage.create_new_trial(study._study_id, template_trial=foreign)
    found = _read(study)
    assert found.rows.tolist() == [0, 1]
    assert len(found.joint.values) == len(found.joint.points) == 2


def test_an_empty_study_has_no_combinations() -> None:
    found = _read(optuna.create_study())
    assert (list(found.rows), list(found.axes)) == ([], [])
    assert found.joint.points.shape == (0, 0)
