"""An active arm, as users see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ._study.arms import StudyArms
from ._text import between, counted, short


@dataclass(frozen=True)
class Arm:
    """One active arm of a parameter.

    Attributes:
        value: The parameter's value.
        pulls: Finished trials that count for this arm.
        complete: Those of them that ran to their end; of the others the value that they would
            have reached is estimated.
        diverged: Those of them that diverged, or failed and are taken for diverged.
        mean: Estimated mean of the objective here, in its own units, of the trials that did not
            diverge; infinite in the bad direction where every pull did.
        standard_error: Of the mean, in the objective's units. Arms are compared by their means
            less ``caution`` standard errors; see :func:`recommended_arm`.
        radius: Confidence radius of the mean that steers the search, in the objective's units. It
            is no error bar: that is ``interval``, made from the noise around this arm.
        ball: (lowest, highest) value of the confidence ball: what these pulls speak for. For a
            categorical parameter the value itself, twice.
        interval: 95 % confidence interval of the mean, in the objective's units; infinite while
            nothing is known of the noise (a single trial, or equal values only).
        section: Name -> value of the other parameters at which the mean is estimated, those of the
            recommended combination. ``None`` where it is the marginal one, of trials with whatever
            values of the others, or where there is a single parameter.

    On a section, all but the counts is what a Gaussian process over all parameters says of this
    value beside the others' values. The counts are of trials to which this arm is the nearest
    along the parameter's axis, wherever their other parameters were. The mean is finite, whichever
    of them diverged.
    """

    value: Any
    pulls: int
    complete: int
    diverged: int
    mean: float
    standard_error: float
    radius: float
    ball: tuple[Any, Any]
    interval: tuple[float, float]
    section: Mapping[str, Any] | None = field(default=None, hash=False)

    def __str__(self) -> str:
        """The value, its mean with the interval, and what they rest on."""
        mean = f"mean {self.mean:.3g} ({between(self.interval)})"
        return f"{short(self.value)}: {mean}, {told_pulls(self)}"


def told_pulls(arm: Arm) -> str:
    """``5 trials, 1 stopped early``."""
    stopped = arm.pulls - arm.complete - arm.diverged
    notes = [(stopped, "stopped early"), (arm.diverged, "diverged")]
    return ", ".join([counted(arm.pulls, "trial"), *(f"{n} {what}" for n, what in notes if n)])


def in_user_units(found: StudyArms, sign: float) -> list[Arm]:
    """Arms whose values are oriented, in the objective's units; ``sign`` is -1 if minimised."""
    arms, told = found.arms, []
    for i, (value, ball, section) in enumerate(zip(found.values, found.balls, found.sections)):
        # A minimised zero is no negative one.
        mean = sign * float(arms.means[i]) + 0.0
        low, high = sorted(sign * float(end) + 0.0 for end in arms.intervals[i])
        told.append(
            Arm(
                value=value,
                pulls=int(arms.pulls[i]),
                complete=int(arms.complete[i]),
                diverged=int(arms.diverged[i]),
                mean=mean,
                standard_error=float(arms.errors[i]),
                radius=float(arms.radii[i]),
                ball=ball,
                interval=(low, high),
                section=section,
            )
        )
    return told
