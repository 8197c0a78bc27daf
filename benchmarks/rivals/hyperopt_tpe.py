"""HyperOpt's own ``tpe.suggest`` behind Optuna's sampler interface.

HyperOpt sees what it would see in ``hyperopt.fmin``: its own search-space expressions, a real
``hyperopt.Trials`` rebuilt from the study, and a seed per trial from the same stream.
"""

from __future__ import annotations

import logging
import math
from typing import Any

import hyperopt
import numpy as np
import optuna
from hyperopt import hp
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState


class HyperOptSampler(optuna.samplers.BaseSampler):
    """``hyperopt.tpe.suggest`` with HyperOpt's defaults (20 random trials first).

    A pruned trial counts with the last value it reported, as Ray Tune's HyperOptSearch has it; a
    failed one is a failed HyperOpt trial. The study's first trial draws its parameters one by one,
    because their names are not known before.

    Args:
        seed: Seed of the stream from which ``fmin`` would draw one seed per trial.
    """

    def __init__(self, *, seed: int) -> None:
        self._seed = seed
        self._space = optuna.search_space.IntersectionSearchSpace()
        logging.getLogger("hyperopt.tpe").setLevel(logging.WARNING)

    def infer_relative_search_space(
        self, study: optuna.Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        space = self._space.calculate(study)
        return {name: each for name, each in space.items() if not each.single()}

    def sample_relative(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        search_space: dict[str, BaseDistribution],
    ) -> dict[str, Any]:
        return self._suggest(study, trial, search_space) if search_space else {}

    def sample_independent(
        self,
        study: optuna.Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        return self._suggest(study, trial, {param_name: param_distribution})[param_name]

    def _suggest(
        self, study: optuna.Study, trial: FrozenTrial, space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        expressions = {name: _expression(name, each) for name, each in space.items()}
        domain = hyperopt.Domain(lambda point: 0.0, expressions)
        trials = _rebuild_trials(study, space)
        # The stream fmin draws from, at this trial's place.
        stream = np.random.default_rng(self._seed)
        seeds = [int(stream.integers(2**31 - 1)) for _ in range(trial.number + 1)]
        new = hyperopt.tpe.suggest([trial.number], domain, trials, seeds[-1], verbose=False)
        values = new[0]["misc"]["vals"]
        return {name: _from_hyperopt(values[name][0], each) for name, each in space.items()}


def _rebuild_trials(study: optuna.Study, space: dict[str, BaseDistribution]) -> hyperopt.Trials:
    """The study's finished trials that have these parameters, as HyperOpt documents."""
    sign = -1.0 if study.direction == optuna.study.StudyDirection.MAXIMIZE else 1.0
    states = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)
    documents = [
        _document(frozen, space, sign)
        for frozen in study.get_trials(deepcopy=False, states=states)
        if set(space) <= set(frozen.params)
    ]
    return hyperopt.trials_from_docs(documents, validate=False)


def _document(
    frozen: FrozenTrial, space: dict[str, BaseDistribution], sign: float
) -> dict[str, Any]:
    values = {name: [_to_hyperopt(frozen.params[name], each)] for name, each in space.items()}
    loss = frozen.value
    if loss is None and frozen.state == TrialState.PRUNED and frozen.intermediate_values:
        loss = frozen.intermediate_values[max(frozen.intermediate_values)]
    result: dict[str, Any] = {"status": hyperopt.STATUS_FAIL}
    if loss is not None and not math.isnan(loss):
        result = {"status": hyperopt.STATUS_OK, "loss": sign * loss}
    return {
        "tid": frozen.number,
        "state": hyperopt.JOB_STATE_DONE,
        "spec": None,
        "result": result,
        "misc": {
            "tid": frozen.number,
            "cmd": ("domain_attachment", "FMinIter_Domain"),
            "workdir": None,
            "idxs": {name: [frozen.number] for name in space},
            "vals": values,
        },
        "exp_key": None,
        "owner": None,
        "version": 0,
        "book_time": None,
        "refresh_time": None,
    }


def _expression(name: str, each: BaseDistribution) -> Any:
    """The hp expression for a distribution; a step is counted, so that it sees 0, 1, 2, ..."""
    if isinstance(each, CategoricalDistribution):
        return hp.choice(name, list(range(len(each.choices))))
    if isinstance(each, FloatDistribution) and each.step is None:
        if each.log:
            return hp.loguniform(name, math.log(each.low), math.log(each.high))
        return hp.uniform(name, each.low, each.high)
    assert isinstance(each, (FloatDistribution, IntDistribution))
    if each.log:
        return hp.qloguniform(name, math.log(each.low), math.log(each.high), 1)
    return hp.uniformint(name, 0, _steps(each))


def _steps(each: FloatDistribution | IntDistribution) -> int:
    step = each.step
    assert step is not None
    return round((each.high - each.low) / step)


def _from_hyperopt(value: Any, each: BaseDistribution) -> Any:
    if isinstance(each, CategoricalDistribution):
        return each.choices[int(value)]
    assert isinstance(each, (FloatDistribution, IntDistribution))
    if each.step is not None and not each.log:
        value = each.low + int(value) * each.step
    value = min(max(value, each.low), each.high)
    return int(value) if isinstance(each, IntDistribution) else float(value)


def _to_hyperopt(value: Any, each: BaseDistribution) -> Any:
    if isinstance(each, CategoricalDistribution):
        return int(each.to_internal_repr(value))
    assert isinstance(each, (FloatDistribution, IntDistribution))
    if each.step is not None and not each.log:
        return round((value - each.low) / each.step)
    return value
