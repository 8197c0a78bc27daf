"""A callback that ends a study once further trials are not worth it."""

from __future__ import annotations

import math
from numbers import Real

from optuna.study import Study
from optuna.trial import FrozenTrial

from ._checks.arguments import check_study
from ._joint.outlook import Outlook
from ._logging import get_logger
from ._study.joint.outlook import outlook_of
from ._study.logs import read_trials
from .inspection import joint_recommendation

_logger = get_logger(__name__)

# Once there are very many trials, it is asked anew whenever there are so many times more: a model
# of hundreds of trials takes tenths of a second.
GROWTH = 20


class StopWhenSure:
    """Ends a study when no further trial is expected to improve what is recommended by much.

    ``study.optimize(objective, n_trials=100, callbacks=[StopWhenSure()])`` makes 100 trials or
    fewer. After each one, a Gaussian process over all parameters that vary says by how much the
    most promising further trial may be expected to be better than the recommended combination, as
    :func:`explain` does; the study ends when that is too little. It works with any sampler and
    pruner; where several workers share a study, each with this callback, each of them stops. It
    never ends a study before eight trials have finished with a value that counts, or ten where
    there are several parameters.

    Args:
        share: The improvement that is not worth a trial, as a share of the range of values: from
            the best value to the worst of those that the first ten trials had, exploded ones left
            out. ``None`` for 0.3 standard deviations of a single trial's noise, but at least 0.002
            and at most 0.01 of the range; with several parameters, that divided by the root of
            their number.

    Raises:
        TypeError: If ``share`` is no real number.
        ValueError: If ``share`` is not above 0 and below 1.
    """

    def __init__(self, *, share: float | None = None) -> None:
        if share is not None:
            _check_share(share)
        self._share = share

    def __call__(self, study: Study, trial: FrozenTrial) -> None:
        """Stop the study if it is settled, after a trial.

        Raises:
            ValueError: If the study has several objectives.
        """
        # Of very many trials not each one changes what is known.
        if trial.number % max(trial.number // GROWTH, 1) == 0 and self.is_sure(study):
            study.stop()

    def is_sure(self, study: Study) -> bool:
        """Whether no further trial is expected to be worth it; for studies of ask and tell.

        Args:
            study: A single-objective study.

        Raises:
            TypeError: If it is no study.
            ValueError: If it has several objectives.
        """
        check_study(study, "StopWhenSure", remedy="leave it out of the callbacks")
        found = outlook_of(read_trials(study), joint_recommendation(None))
        if found is None or not found.outlook.is_settled(self._share):
            return False
        _logger.info(_told(found.outlook, self._share))
        return True


def _told(outlook: Outlook, share: float | None) -> str:
    return (
        f"Sure enough after {outlook.n_trials} trials: a further one is expected to improve what "
        f"is recommended by {outlook.improvement:.2g}, and {outlook.tolerance(share):.2g} would be "
        "worth it."
    )


def _check_share(share: float) -> None:
    if not isinstance(share, Real) or isinstance(share, bool):
        raise TypeError(f"share must be a real number or None, got {share!r}.")
    if not (math.isfinite(share) and 0 < share < 1):
        raise ValueError(
            f"share must be above 0 and below 1, got {share}: 0.01 is a hundredth of the range of "
            "values, and None follows the noise."
        )
