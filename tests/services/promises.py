"""What holds after any load: nothing lost, all in range, live and fresh samplers agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import optuna
from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, create_trial

from optuna_zooming import ZoomingSampler
from tests.services.storages import Place
from tests.services.workers.objective import SPACE, check_value
from tests.services.workers.worker import Told


class Witness:
    """A sampler that watches a study while others work on it."""

    def __init__(self, study: optuna.Study, outages: tuple[type[Exception], ...] = ()) -> None:
        self._study = study
        self._outages = outages
        # A trial that asks for ever: as real as any other running one.
        self._asking = _asked(study)

    def look(self) -> bool:
        """Let the sampler read what is new; whether no outage broke it off."""
        try:
            _answers(self._study.sampler, self._study, self._asking)
        except self._outages:
            return False
        return True

    def check_against_fresh(self, place: Place | None = None) -> None:
        """A new sampler proposes the same, here and on another connection."""
        asking = _asked(self._study)
        seen = _answers(self._study.sampler, self._study, asking)
        assert seen == _answers(ZoomingSampler(seed=0), self._study, asking)
        if place is not None:
            with place.study() as study:
                assert seen == _answers(study.sampler, study, asking)


def _asked(study: optuna.Study) -> FrozenTrial:
    number = study.ask().number
    return study.get_trials(deepcopy=True)[number]


def _answers(
    sampler: optuna.samplers.BaseSampler, study: optuna.Study, asking: FrozenTrial
) -> list[Any]:
    """Each parameter as the first one, and as the one after these two."""
    answers = []
    for chosen in ({}, {"rate": 0.003, "optimizer": "sgd"}):
        trial = _with_params(asking, chosen)
        for name in [name for name in SPACE if name not in chosen]:
            value = sampler.sample_independent(study, trial, name, SPACE[name])
            check_value(name, value)
            answers.append((name, value))
    return answers


def _with_params(asking: FrozenTrial, params: dict[str, Any]) -> FrozenTrial:
    distributions: dict[str, BaseDistribution] = {name: SPACE[name] for name in params}
    trial = create_trial(state=asking.state, params=params, distributions=distributions)
    trial.number, trial._trial_id = asking.number, asking._trial_id
    trial.datetime_start = asking.datetime_start
    return trial


def check_trials(trials: Sequence[FrozenTrial], told: Sequence[Told]) -> None:
    """Numbered without gaps, within their ranges, and all that was told is there."""
    assert [trial.number for trial in trials] == list(range(len(trials)))
    for trial in trials:
        for name, value in trial.params.items():
            check_value(name, value)
    assert len({each.number for each in told}) == len(told)
    for each in told:
        trial = trials[each.number]
        assert trial.state.name == each.state
        if each.value is not None:
            assert trial.value == each.value


def check_study(place: Place, told: Sequence[Told], witness: Witness) -> None:
    """All of it, as a newcomer to the storage finds it."""
    with place.study() as study:
        check_trials(study.trials, told)
    witness.check_against_fresh(place)
