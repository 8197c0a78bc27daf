"""In plain words: what to use, how sure that is, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from optuna.distributions import BaseDistribution
from optuna.study import Study
from optuna.trial import FrozenTrial

from ._arm import told_pulls
from ._checks.arguments import check_study
from ._checks.set_up import remarks
from ._joint.kept import models_kept
from ._joint.outlook import LEAST_TRIALS, Outlook
from ._study.ends import LOST, ends_reached, ends_survived
from ._study.joint.outlook import StudyOutlook, outlook_of
from ._study.logs import read_trials, sign_of
from ._study.outcomes import OUTCOMES, best_trial, outcome_of
from ._study.snapshot import snapshot
from ._text import counted, doubt, named, short
from .inspection import active_arms, joint_recommendation
from .pruner import ZoomingPruner
from .recommendation import RecommendedParams, recommended_params

NextStep = Literal["begin", "more", "widen", "failures", "stop"]

# So many trials that failed or diverged, and this share of all, are too many.
MANY, MOST = 3, 0.5


@dataclass(frozen=True)
class Explanation:
    """What a study has found so far, and what follows from it.

    Attributes:
        recommended: What to use; ``None`` while no trial is complete with a finite value.
        improvement: By how much the most promising further trial is expected to be better than what
            is recommended, in the objective's units; ``None`` while nothing is known of that.
        tolerance: An improvement that is not worth another trial; ``None`` likewise.
        next_step: "begin" (no trial has finished), "failures" (too many trials failed or diverged),
            "widen" (the best value lies at an end of its range), "more" (go on) or "stop".
        further_trials: About how many more trials there will be until "stop", as studies go on
            average, no more than there are so far; ``None`` unless the next step is "more" and
            enough trials say so.
        recommendation: In plain words, what to use.
        reason: In plain words, why this value; empty where there is nothing to choose from.
        certainty: In plain words, how sure that is.
        remarks: What looks wrong in how the study is set up, with the remedy; empty where nothing
            does.
        advice: In plain words, what to do next.
    """

    recommended: RecommendedParams | None
    improvement: float | None
    tolerance: float | None
    next_step: NextStep
    further_trials: int | None
    recommendation: str
    certainty: str
    advice: str
    reason: str = ""
    remarks: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """All that there is to say, in the order in which to read it."""
        said = (self.recommendation, self.reason, self.certainty, self.remarks, self.advice)
        return [paragraph for paragraph in said if paragraph]

    def __str__(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(self.paragraphs)


def explain(study: Study) -> Explanation:
    """Say in plain words what to use, how sure that is, and what to do next.

    What another trial may bring is the expected improvement of :func:`recommended_params`, by the
    Gaussian process over all parameters that vary, for the best place of another trial. It is not
    worth a trial where it is too small beside the noise; :class:`StopWhenSure` says what that is.

    Args:
        study: A single-objective study, with any sampler and any parameters.

    Raises:
        TypeError: If it is no study.
        ValueError: If it has several objectives.
    """
    check_study(study, "explain")
    # Other workers go on meanwhile, and all that is said here shall be of the same trials.
    with models_kept():
        return _explained(snapshot(study))


def _explained(study: Study) -> Explanation:
    trials = study.get_trials(deepcopy=False)
    log = read_trials(study)
    pruned_by_us = isinstance(study.pruner, ZoomingPruner)
    wrong = " ".join(remarks(trials, log.union.latest, pruned_by_us=pruned_by_us))
    try:
        recommended = recommended_params(study)
    except ValueError:
        return _without_recommendation(trials, wrong)
    found = outlook_of(log, joint_recommendation(None))
    outlook = None if found is None else found.outlook
    ranges = {name: log.union.latest[name] for name in log.union.together}
    step, advice = _advice(trials, recommended, ranges, found)
    varied = log.union.varied
    return Explanation(
        recommended=recommended,
        improvement=None if outlook is None else outlook.improvement,
        tolerance=None if outlook is None else outlook.tolerance(),
        next_step=step,
        further_trials=_further_trials(step, outlook),
        recommendation=_recommendation(study, recommended, varied),
        certainty=" ".join(_certainty(study, recommended, varied, outlook)),
        advice=advice,
        reason=_reason(study, recommended, varied),
        remarks=wrong,
    )


def _without_recommendation(trials: Sequence[FrozenTrial], wrong: str) -> Explanation:
    """Of a study without a complete trial that has a finite value."""
    lost = sum(outcome_of(trial) in LOST for trial in trials)
    nothing = "Nothing can be recommended yet: no trial is complete with a finite value."
    step: NextStep = "failures" if lost >= MANY else "begin"
    advice = (
        "Make the ranges narrower (for a learning rate, smaller values), or look at why trials "
        "fail: none has survived."
        if step == "failures"
        else "Run some trials: study.optimize(objective, n_trials=15)."
    )
    return Explanation(
        recommended=None,
        improvement=None,
        tolerance=None,
        next_step=step,
        further_trials=None,
        recommendation=nothing,
        certainty=_counts(trials),
        advice=advice,
        remarks=wrong,
    )


def _recommendation(study: Study, recommended: RecommendedParams, varied: Collection[str]) -> str:
    # What never varies was not found by the study; where nothing varies, it is all there is.
    found = {n: v for n, v in recommended.params.items() if n in varied}
    use = f"Use {named(found or recommended.params)}" if recommended.params else "Use any trial"
    value = study.metric_names[0] if study.metric_names else "value"
    return f"{use}: expected {value} {recommended.mean:.3g} ({doubt(recommended.interval)})."


def _reason(study: Study, recommended: RecommendedParams, varied: Collection[str]) -> str:
    """What the recommended values have that others lack; which end is the better one, too."""
    sign = sign_of(study)
    most = "highest" if sign > 0 else "lowest"
    if len(varied) > 1:
        return (
            "Why: by a model of all parameters together, with every mean taken half a standard "
            f"error worse to allow for luck, this is the {most} of all combinations that ran to "
            "their end."
        )
    for name in varied:
        arms = [arm for arm in active_arms(study, name) if arm.complete]
        arms = [arm for arm in arms if isfinite(arm.mean + arm.standard_error)]
        arms.sort(key=lambda arm: arm.standard_error - sign * arm.mean)
        # Of a single place, or of noise of which nothing is known, there is nothing to say.
        if len(arms) > 1 and arms[0].value == recommended.params.get(name):
            return (
                "Why: with every mean taken one standard error worse to allow for luck, this is "
                f"the {most} of all values that were tried to the end ({told_pulls(arms[0])}). "
                f"Next comes {name} = {short(arms[1].value)}, mean {arms[1].mean:.3g}."
            )
    return ""


def _certainty(
    study: Study,
    recommended: RecommendedParams,
    varied: Collection[str],
    outlook: Outlook | None,
) -> Iterator[str]:
    yield _counts(study.get_trials(deepcopy=False))
    if outlook is not None and outlook.says_something:
        yield f"A single trial scatters by about {outlook.noise:.2g}."
        yield (
            "The most promising further trial is expected to be better by "
            f"{outlook.improvement:.2g}, {100 * outlook.share:.2g} % of the range of values."
        )
    best = best_trial(study)
    if (
        best is not None
        and outlook is not None
        and any(best.params.get(n) != recommended.params.get(n) for n in varied)
    ):
        params = named({n: v for n, v in best.params.items() if n in varied})
        yield (
            f"The best trial, number {best.number} with {params} and {short(best.value)}, is the "
            "luckiest one."
        )


def _counts(trials: Sequence[FrozenTrial]) -> str:
    """``15 trials: 12 complete, 2 pruned, 1 diverged.``"""
    counts = Counter(outcome_of(trial) for trial in trials)
    each = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES if counts[outcome])
    return f"{counted(len(trials), 'trial')}: {each}." if trials else ""


def _advice(
    trials: Sequence[FrozenTrial],
    recommended: RecommendedParams,
    ranges: Mapping[str, BaseDistribution],
    found: StudyOutlook | None,
) -> tuple[NextStep, str]:
    """What to do next: the gravest fault first, then whether to go on."""
    finished = [trial for trial in trials if trial.state.is_finished()]
    lost = sum(outcome_of(trial) in LOST for trial in finished)
    if lost >= max(MANY, MOST * len(finished)):
        return "failures", _of_failures(finished, lost, ranges)
    if found is None:
        if len(finished) < LEAST_TRIALS:
            return "more", f"Make at least {LEAST_TRIALS} trials."
        return "widen", (
            "All trials have the same value: widen the ranges, or look at whether the objective "
            "uses what it is given."
        )
    outlook = found.outlook
    end = next(ends_reached(recommended.params, ranges), None)
    if end is not None and outlook.says_something:
        return "widen", (
            f"Widen the range of {end.name}, if it can be: what is recommended lies at its "
            f"{end.side} end ({short(end.value)}). Then go on."
        )
    if outlook.is_settled():
        return "stop", (
            "Stop: no further trial is expected to improve this by more than "
            f"{outlook.tolerance():.2g}, too little to be worth one."
        )
    if not outlook.says_something:
        return "more", f"Make at least {outlook.least_trials} trials."
    more = counted(outlook.further_trials, "more trial")
    where = named(found.params)
    return "more", f"Make about {more}, then look again. The most promising place is {where}."


def _further_trials(step: NextStep, outlook: Outlook | None) -> int | None:
    if step != "more" or outlook is None or not outlook.says_something:
        return None
    return outlook.further_trials


def _of_failures(
    finished: Sequence[FrozenTrial], lost: int, ranges: Mapping[str, BaseDistribution]
) -> str:
    told = f"{lost:,} of {counted(len(finished), 'finished trial')} diverged or failed"
    end = next(ends_survived(finished, ranges), None)
    if end is None:
        return f"{told}: look at why before making more."
    beyond = "above" if end.side == "upper" else "below"
    return (
        f"{told}, nearly all {beyond} {end.name} = {short(end.value)}: "
        f"move the {end.side} end of its range there, then go on."
    )
