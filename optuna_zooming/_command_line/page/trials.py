"""The trials that did not run to their end, or still run."""

from __future__ import annotations

from collections.abc import Sequence

from optuna.trial import FrozenTrial

from ..._text import named, short
from .contents import Contents
from .elements import Markup, element, joined, row, table

# Of a longer list the latest are shown.
MOST_TRIALS = 20
_HEAD = ("trial", "parameters", "last report", "started")
# In this order; what is complete is in the figures.
_TITLES = {
    "running": "Still running",
    "waiting": "Waiting",
    "diverged": "Diverged",
    "failed": "Failed",
    "pruned": "Pruned",
}


def other_trials(contents: Contents) -> Markup:
    """A table for each outcome but the usual one."""
    found = [
        _of_outcome(title, contents.outcomes[outcome], contents.names)
        for outcome, title in _TITLES.items()
        if outcome in contents.outcomes
    ]
    return joined(found) if found else element("p", "Every trial ran to its end.")


def _of_outcome(title: str, trials: Sequence[FrozenTrial], names: Sequence[str]) -> Markup:
    shown = trials[-MOST_TRIALS:]
    rest = f" (the latest {len(shown)} are shown)" if len(shown) < len(trials) else ""
    rows = [_row(trial, names) for trial in reversed(shown)]
    return table(f"{title}: {len(trials):,}{rest}", _HEAD, rows)


def _row(trial: FrozenTrial, names: Sequence[str]) -> Markup:
    params = {name: trial.params[name] for name in names if name in trial.params}
    started = trial.datetime_start
    when = "–" if started is None else f"{started:%Y-%m-%d %H:%M:%S}"
    return row([f"{trial.number:,}", named(params) or "–", _last_report(trial), when])


def _last_report(trial: FrozenTrial) -> str:
    step = trial.last_step
    if step is not None:
        return f"{short(trial.intermediate_values[step])} at step {step:,}"
    # One that reported nothing may have ended with an infinite value.
    return "–" if trial.value is None else f"{short(trial.value)} at its end"
