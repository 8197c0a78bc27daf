"""Models that are fitted once while several things are asked of the same trials."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from .model.space import JointTrials

Model = TypeVar("Model")

# (what is fitted, the trials) -> the model; None where nobody has asked to keep any.
_kept: ContextVar[dict[Hashable, object] | None] = ContextVar("kept", default=None)


@contextmanager
def models_kept() -> Iterator[None]:
    """Meanwhile, in this thread, a model of trials that were modelled before is that model.

    It follows from the trials alone, so answers are the same; each takes megabytes of memory.
    """
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def kept(what: Hashable, trials: JointTrials, fitted: Callable[[JointTrials], Model]) -> Model:
    """The model of trials, by ``fitted`` if there is none yet.

    Args:
        what: All that the model depends on, beside the trials.
        trials: By their contents.
        fitted: Makes the model; changes nothing.
    """
    models = _kept.get()
    if models is None:
        return fitted(trials)
    arrays = (trials.points, trials.categorical, trials.values, trials.errors)
    key = (what, *((each.shape, each.tobytes()) for each in arrays))
    if key not in models:
        models[key] = fitted(trials)
    return models[key]  # type: ignore[return-value]
