"""The callback that tells of every finished trial."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real

from optuna.study import Study
from optuna.trial import FrozenTrial

from .._logging import get_logger, warn_once
from ._publication import Options
from ._publishers import publisher_of

_logger = get_logger(__name__)


class ZoomingDashboard:
    """Keep figures and a note on a running study up to date in optuna-dashboard.

    Hand it to every worker, and look at the study while it runs::

        study.optimize(objective, n_trials=100, callbacks=[ZoomingDashboard()])

        $ optuna-dashboard sqlite:///study.db

    Below the dashboard's own figures there is one of the arms of each parameter, and the study's
    note says in plain words which values to use, how sure that is and what to do next
    (:func:`optuna_zooming.explain`). What else stands in the note stays as it is.

    A study is published at most once in ``every`` seconds, by one of its workers, from a thread
    beside the trials that takes at most a fiftieth of the time. Nothing gets lost by that: what
    happened since is published later, at the latest when the process ends. Each figure takes at
    most 60,000 bytes in the storage, our part of the note at most 4,000 characters. A journal
    keeps whatever was ever written to it; so there, after the first hundred publications, each
    next one waits 2 % longer.

    Whatever goes wrong is logged once as a warning, and never fails a trial. Without plotly, or
    with several objectives, nothing is published.

    The object holds nothing but its options: it may be pickled, and shared by threads, processes
    and studies.

    Args:
        every: Seconds between two publications of a study, whoever of its workers makes them.
        param_names: Whose arms to draw; ``None`` takes up to four parameters that vary, those on
            logarithmic scales first, then numbers, then choices.

    Raises:
        TypeError: If ``every`` is not a real number, or ``param_names`` not a sequence of names.
        ValueError: If ``every`` is not positive and finite.
    """

    def __init__(self, *, every: float = 5.0, param_names: Sequence[str] | None = None) -> None:
        if not isinstance(every, Real) or isinstance(every, bool):
            raise TypeError(f"every must be a real number (of seconds), got {every!r}.")
        if not (math.isfinite(every) and every > 0):
            raise ValueError(f"every must be positive and finite, got {every}: 5 is the default.")
        if param_names is not None and (
            isinstance(param_names, str) or not all(isinstance(name, str) for name in param_names)
        ):
            raise TypeError(
                f"param_names must be None or a list of parameters' names, got {param_names!r}."
            )
        names = None if param_names is None else tuple(dict.fromkeys(param_names))
        self._options: Options = Options(float(every), names)

    def __repr__(self) -> str:
        every, names = self._options
        return f"ZoomingDashboard(every={every!r}, param_names={names!r})"

    def __call__(self, study: Study, trial: FrozenTrial) -> None:
        """Take note that a trial has finished; returns at once and never raises."""
        try:
            publisher_of(study).notice(study, self._options)
        except Exception as error:  # A storage that cannot be a key, say.
            told = f"ZoomingDashboard publishes nothing: {error!r}. Trials go on."
            warn_once(_logger, study, told)
