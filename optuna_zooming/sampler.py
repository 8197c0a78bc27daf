"""ZoomingSampler: the pure policies in Optuna's terms."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from numbers import Integral
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.study import Study
from optuna.trial import FrozenTrial

from ._checks.arguments import check_policy
from ._checks.ranges import told_of_linear_decades
from ._logging import get_logger, warn_once
from ._policy.adaptive import AdaptiveZooming
from ._policy.arms import Policy
from ._study.joint.proposals import joint_space, propose_all, propose_one
from ._study.logs import Logs
from ._study.trial_log import TrialLog

_logger = get_logger(__name__)


class ZoomingSampler(BaseSampler):
    """Zooming for Lipschitz bandits: a coarse look at the range, then ever finer where it pays.

    Every numeric parameter is an axis (logarithmic where the distribution is), every trial a pull
    of an arm on it, every arm has a confidence ball. Drop it into any single-objective study::

        study = optuna.create_study(direction="maximize", sampler=ZoomingSampler())

    With several parameters that vary, each first zooms on its own axis, among the trials that
    resemble this one in the parameters chosen before. After ten trials, or one and a half for each
    parameter, a small Gaussian process over all of them takes two trials of three: it learns how
    far a trial speaks for others along each parameter, and the combination with the largest
    expected improvement is next. The third trial stays zooming's, or goes where a combination of
    choices has never been tried. Conditional parameters, changing ranges and parameters that are
    held fixed or enqueued are understood; :class:`TextbookZooming` chooses each for itself.

    What a trial's state means:

    - COMPLETE: its value. ``+inf`` and ``-inf`` mean that the run diverged: the worst reward.
    - PRUNED: its last report, compared with what other trials had reported at that step.
    - FAIL: Optuna stores an objective that returned NaN as FAIL without a value, exactly like a
      crash. Failures beyond which hardly a trial survived, and several at one place between two
      survivors, count as divergence, the worst reward, once that is the better explanation
      (failures elsewhere make it a worse one). Until then they say nothing, and the next trial
      is made beside them.
    - PRUNED or RUNNING with a NaN among the reports, or an infinite last report: as FAIL.
    - RUNNING: another worker is there; look elsewhere. What it has reported counts as for a
      pruned trial, as soon as a finished trial got as far. A trial that clearly more later
      ones have overtaken than the slowest of those that finished is taken for dead, and its
      place is free again. Workers that have not chosen yet are thought for.
    - WAITING: nothing yet.

    Reports help even without a pruner. As long as every trial only jumped about without learning
    by its own reports, the learning rates were too high, and the lower end of the range is next.

    All state lives in the study: a new sampler with the same seed on the same storage continues
    as the old one would have. Randomness comes from (seed, trial number, parameter name), so
    workers that share a seed still part, and :meth:`reseed_rng` has nothing to do.

    Constraints are ignored, with one warning. Another one tells of a range over decades that lacks
    ``log=True``.

    Args:
        policy: How to choose: ``None`` for the adaptive policy :class:`AdaptiveZooming`, or
            :class:`TextbookZooming` for the paper's algorithm.
        seed: A non-negative integer for reproducible proposals; ``None`` draws one.

    Raises:
        TypeError: If ``policy`` is not a policy or ``seed`` not an integer.
        ValueError: If ``seed`` is negative.
    """

    def __init__(self, *, policy: Policy | None = None, seed: int | None = None) -> None:
        if policy is not None:
            check_policy(policy)
        if seed is not None and (not isinstance(seed, Integral) or isinstance(seed, bool)):
            raise TypeError(f"seed must be a non-negative integer or None, got {seed!r}.")
        if seed is not None and seed < 0:
            raise ValueError(f"seed must be a non-negative integer or None, got {seed}.")
        self._policy: Policy = AdaptiveZooming() if policy is None else policy
        self._seed = secrets.randbits(63) if seed is None else int(seed)
        self._logs = Logs(TrialLog)

    def __repr__(self) -> str:
        return f"ZoomingSampler(policy={self._policy!r}, seed={self._seed})"

    @property
    def policy(self) -> Policy:
        """How points are chosen."""
        return self._policy

    def infer_relative_search_space(
        self, study: Study, trial: FrozenTrial
    ) -> dict[str, BaseDistribution]:
        """The parameters that are chosen together; empty as long as each is for itself."""
        if len(study.directions) > 1:
            return {}
        with self._logs.of(study) as log:
            return joint_space(log, self._policy.joint, trial)

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The next combination of parameters, each within its range.

        Raises:
            ValueError: If the study has several objectives.
        """
        self._raise_error_if_multi_objective(study)
        if not search_space:
            return {}
        with self._logs.of(study) as log:
            _warn(study, log, search_space)
            return propose_all(log, self._policy, self._seed, trial, search_space)

    def sample_independent(
        self,
        study: Study,
        trial: FrozenTrial,
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """The next value of one parameter, within its range.

        Raises:
            ValueError: If the study has several objectives.
        """
        self._raise_error_if_multi_objective(study)
        with self._logs.of(study) as log:
            _warn(study, log, {param_name: param_distribution})
            return propose_one(log, self._policy, self._seed, trial, param_name, param_distribution)

    def __getstate__(self) -> dict[str, Any]:
        # The cache holds locks and storages; it is rebuilt from the study.
        return {key: value for key, value in self.__dict__.items() if key != "_logs"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._logs = Logs(TrialLog)


def _warn(study: Study, log: TrialLog, asked: Mapping[str, BaseDistribution]) -> None:
    """Say once what the study's owner is likely to have meant otherwise."""
    if log.has_constraints:
        warn_once(
            _logger,
            study,
            "ZoomingSampler ignores constraints: infeasible trials count by their values. "
            "Return a bad value (or infinity) from the objective where a constraint fails.",
        )
    for name, distribution in asked.items():
        told = told_of_linear_decades(name, distribution)
        if told is not None:
            warn_once(_logger, study, told)
