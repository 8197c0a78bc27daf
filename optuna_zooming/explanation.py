"""In plain words: what to use, how sure that is, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from optuna.distributions import BaseDistribution
from optuna.study import Study
from optuna.trial import FrozenTrial

from ._joint.outlook import LEAST_TRIALS, Outlook
from ._study.ends import LOST, ends_reached, ends_survived
from ._study.joint.outlook import StudyOutlook, outlook_of
from ._study.logs import read_trials
from ._study.outcomes import OUTCOMES, best_trial, outcome_of
from ._study.snapshot import snapshot
from ._text import counted, doubt, named, short
from .inspection import joint_recommendation
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
        recommendation, certainty, advice: Plain sentences: what to use, how sure that is, and what
            to do next.
    """

    recommended: RecommendedParams | None
    improvement: float | None
    tolerance: float | None
    next_step: NextStep
    further_trials: int | None
    recommendation: str
    certainty: str
    advice: str

    def __str__(self) -> str:
        """The three, a line each."""
        return "\n".join(filter(None, (self.recommendation, self.certainty, self.advice)))


def explain(study: Study) -> Explanation:
    """Say in plain words what to use, how sure that is, and what to do next.

    What another trial may bring is the expected improvement of :func:`recommended_params`, by the
    Gaussian process over all parameters that vary, for the best place of another trial. It is not
    worth a trial where it is too small beside the noise; :class:`StopWhenSure` says what that is.

    Args:
        study: A single-objective study, with any sampler and any parameters.

    Raises:
        ValueError: If the study has several objectives.
    """
    if len(study.directions) > 1:
        raise ValueError(
            "A study is explained for a single objective, but it has "
            f"{len(study.directions)}: use optuna.visualization.plot_pareto_front."
        )
    # Other workers go on meanwhile, and all that is said here shall be of the same trials.
    study = snapshot(study)
    trials = study.get_trials(deepcopy=False)
    log = read_trials(study)
    try:
        recommended = recommended_params(study)
    except ValueError:
        return _without_recommendation(trials)
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
    )


def _without_recommendation(trials: Sequence[FrozenTrial]) -> Explanation:
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
    )


def _recommendation(study: Study, recommended: RecommendedParams, varied: Collection[str]) -> str:
    # What never varies was not found by the study; where nothing varies, it is all there is.
    found = {n: v for n, v in recommended.params.items() if n in varied}
    use = f"Use {named(found or recommended.params)}" if recommended.params else "Use any trial"
    value = study.metric_names[0] if study.metric_names else "value"
    return f"{use}: expected {value} {recommended.mean:.3g} ({doubt(recommended.interval)})."


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
