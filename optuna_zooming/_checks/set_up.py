"""What looks wrong in how a study is set up, by its trials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial, TrialState

from .ranges import told_of_linear_decades


def remarks(
    trials: Sequence[FrozenTrial],
    ranges: Mapping[str, BaseDistribution],
    *,
    pruned_by_us: bool,
) -> Iterator[str]:
    """A sentence or two for each likely mistake, with the remedy.

    Args:
        trials: All trials of the study.
        ranges: Name -> latest distribution of each parameter.
        pruned_by_us: Whether the study has a :class:`ZoomingPruner`.
    """
    for name, distribution in ranges.items():
        told = told_of_linear_decades(name, distribution)
        if told is not None:
            yield told
    ended = any(trial.state == TrialState.COMPLETE for trial in trials)
    if pruned_by_us and ended and not any(trial.intermediate_values for trial in trials):
        yield (
            "No trial has reported anything, so that ZoomingPruner stops none: call "
            "trial.report(value, step) and trial.should_prune() in the training loop."
        )
