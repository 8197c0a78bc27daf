"""ZoomingPruner: stop a trial that cannot reach the best arm any more."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from optuna.pruners import BasePruner
from optuna.study import Study
from optuna.trial import FrozenTrial

from ._evidence.stopping import attainable
from ._study.logs import Logs
from ._study.trials.complete import CompleteTrials

# So many of the trials are to run to their end, at least: what a slow start may become is learnt
# from these alone.
LEAST_COMPLETE = 0.25


class ZoomingPruner(BasePruner):
    """Stop a trial when even the top of its confidence interval cannot reach the best arm.

    At the step it has reached, a trial is compared with the best quarter of the finished ones.
    From there on it may improve ``optimism`` times as much as they did, and noise may help it; if
    that is not enough to reach their final value, it is stopped. A trial that diverged (NaN or
    infinity) is stopped at once. Until the first trial is complete nothing else is stopped, and
    never at the step where the longest of them ended: its cost is paid already. At least a quarter
    of the trials that do not diverge run to their end, so that late winners are not missed.

    Together with :class:`ZoomingSampler`, which learns from what pruned trials reported::

        study = optuna.create_study(
            direction="maximize", sampler=ZoomingSampler(), pruner=ZoomingPruner()
        )

    Args:
        optimism: How many times the best trials' improvement a trial is allowed to hope for, at
            least 1. The larger, the later trials are stopped: raise it where slow starters win.
        confidence: Standard deviations of the noise that are granted, at least 0.

    Raises:
        TypeError: If an argument is not a real number.
        ValueError: If ``optimism`` is below 1, ``confidence`` below 0, or either is not finite.
    """

    def __init__(self, *, optimism: float = 1.5, confidence: float = 1.0) -> None:
        for name, value, least, usual in (
            ("optimism", optimism, 1, 1.5),
            ("confidence", confidence, 0, 1.0),
        ):
            if not isinstance(value, Real) or isinstance(value, bool):
                raise TypeError(f"{name} must be a real number, got {value!r}.")
            if not (math.isfinite(value) and value >= least):
                raise ValueError(
                    f"{name} must be finite and at least {least}, got {value}: "
                    f"{usual} is the default."
                )
        self._optimism = float(optimism)
        self._confidence = float(confidence)
        self._peers = Logs(CompleteTrials)

    def prune(self, study: Study, trial: FrozenTrial) -> bool:
        """Whether the trial should stop at the last step that it reported."""
        step = trial.last_step
        if step is None:
            return False
        value = trial.intermediate_values[step]
        if not math.isfinite(value):
            return True
        with self._peers.of(study) as peers:
            values, finals = peers.at(step)
            # What every trial costs in the end is paid at the last step.
            if len(values) == 0 or step >= peers.longest or peers.share < LEAST_COMPLETE:
                return False
            sign = peers.sign
        top, target = attainable(
            sign * value, values, finals, optimism=self._optimism, confidence=self._confidence
        )
        return top < target

    def __getstate__(self) -> dict[str, Any]:
        # The cache holds locks and storages; it is rebuilt from the study.
        return {key: value for key, value in self.__dict__.items() if key != "_peers"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._peers = Logs(CompleteTrials)
