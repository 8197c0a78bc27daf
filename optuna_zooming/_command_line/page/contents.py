"""What the page of a study holds, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from optuna.distributions import BaseDistribution
from optuna.study import Study
from optuna.trial import FrozenTrial

from ..._arm import Arm
from ..._study.logs import read_trials
from ..._study.outcomes import outcome_of
from ...explanation import Explanation, explain
from ...inspection import active_arms, recommended_arm
from ..progress import progress
from ..studies import parameter_names


class ParameterArms(NamedTuple):
    """A parameter and its arms; ``recommended`` is ``None`` where none can be recommended."""

    name: str
    arms: Sequence[Arm]
    recommended: Arm | None


class Contents(NamedTuple):
    """All of it.

    varying: Those parameters in which trials differ (all, where they differ in none), in order of
        appearance.
    ranges: Name -> latest distribution of each parameter.
    outcomes: What became of trials -> those trials, by number.
    """

    study: Study
    explanation: Explanation
    varying: Sequence[ParameterArms]
    ranges: Mapping[str, BaseDistribution]
    outcomes: Mapping[str, Sequence[FrozenTrial]]

    @property
    def names(self) -> list[str]:
        """Of the parameters that vary."""
        return [parameter.name for parameter in self.varying]


def gathered(study: Study) -> Contents:
    """Everything that the page says about a study that has trials."""
    trials = study.get_trials(deepcopy=False)
    names = parameter_names(study)
    varied = read_trials(study).union.varied
    varying = [name for name in names if name in varied or not varied]
    outcomes: dict[str, list[FrozenTrial]] = {}
    for trial in trials:
        outcomes.setdefault(outcome_of(trial), []).append(trial)
    return Contents(
        study=study,
        explanation=explain(study),
        varying=[_arms(study, name) for name in progress(varying, "arms")],
        ranges={name: kind for trial in trials for name, kind in trial.distributions.items()},
        outcomes=outcomes,
    )


def _arms(study: Study, name: str) -> ParameterArms:
    try:
        recommended = recommended_arm(study, name)
    except ValueError:
        # Nothing with this parameter has finished with a finite value.
        recommended = None
    return ParameterArms(name, active_arms(study, name), recommended)
