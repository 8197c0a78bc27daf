"""A machine that does to a study what users do, in any order, and checks every proposal."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import optuna
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from optuna.pruners import BasePruner
from optuna.samplers import RandomSampler
from optuna.storages import BaseStorage, InMemoryStorage
from optuna.study import Study
from optuna.trial import FrozenTrial, Trial, TrialState

from optuna_zooming import (
    AdaptiveZooming,
    TextbookZooming,
    ZoomingPruner,
    ZoomingSampler,
    active_arms,
    recommended_arm,
)
from optuna_zooming._policy.arms import Policy
from tests.sampler.histories import (
    CURVES,
    FINISHED,
    PARAMETERS,
    RANGES,
    SPACES,
    USUAL_OR_ANY,
    VALUES,
    WHICH,
    Distribution,
    Space,
    assert_inside,
    suggested,
)

POLICIES: dict[str, Policy] = {
    "adaptive": AdaptiveZooming(),
    "textbook": TextbookZooming(horizon=50, scale=0.05),
}
PRUNERS: dict[str, Callable[[], BasePruner]] = {
    "none": optuna.pruners.NopPruner,
    "zooming": ZoomingPruner,
    "median": optuna.pruners.MedianPruner,
    "hyperband": lambda: optuna.pruners.HyperbandPruner(max_resource=9),
}


class Workers(RuleBasedStateMachine):
    """Several samplers on several studies; trials are asked, report and end in any order."""

    # The largest does not fit 64 bits: only a storage in memory takes it.
    STEPS: ClassVar[list[int]] = [0, 0, 0, 1, 1, 2, 2**53, 2**63]

    def new_storage(self) -> BaseStorage:
        """The storage that the studies live in."""
        return InMemoryStorage()

    @initialize(
        policy=st.sampled_from(list(POLICIES)),
        pruner=st.sampled_from(list(PRUNERS)),
        direction=st.sampled_from(["minimize", "maximize"]),
        seeds=st.sampled_from([[0], [0], [0, 0], [0, 1], [0, 0, 1]]),
        space=SPACES,
    )
    def start(
        self, policy: str, pruner: str, direction: Any, seeds: list[int], space: Space
    ) -> None:
        """Two studies, and samplers that may share a seed."""
        self.policy, self.pruner = POLICIES[policy], PRUNERS[pruner]()
        self.direction, self.seeds, self.space = direction, seeds, space
        self.samplers = [self.fresh(seed) for seed in seeds]
        self.storage = self.new_storage()
        self.running: list[Trial] = []
        self.opened: dict[tuple[str, int], Study] = {}
        # The busier one last: its number SQL gives again.
        for name in ("second", "first"):
            self.create(name)

    def fresh(self, seed: int) -> ZoomingSampler:
        """A sampler that has seen no study yet."""
        return ZoomingSampler(policy=self.policy, seed=seed)

    def create(self, name: str) -> None:
        """Create a study."""
        optuna.create_study(study_name=name, storage=self.storage, direction=self.direction)

    def study(self, which: int) -> Study:
        """One of the two studies, with one of the samplers: any of them may turn up in both."""
        name, sampler = ("first", "second")[which >= 6], which % len(self.samplers)
        if (name, sampler) not in self.opened:
            self.opened[name, sampler] = optuna.load_study(
                study_name=name,
                storage=self.storage,
                sampler=self.samplers[sampler],
                pruner=self.pruner,
            )
        return self.opened[name, sampler]

    @rule(which=WHICH, space=USUAL_OR_ANY, values=CURVES)
    def ask(self, which: int, space: Space | None, values: list[float]) -> None:
        """A trial begins."""
        self.begin(which, space, values)

    def begin(self, which: int, space: Space | None, values: list[float]) -> Trial | None:
        """Ask for a trial, suggest its first parameters, report values at consecutive steps."""
        study = self.study(which)
        trial: Trial | None = as_with_random(study, study.ask)
        if trial is not None:
            self.running.append(trial)
            for name, distribution in self.space if space is None else space:
                self.suggest(trial, name, distribution)
            for step, value in enumerate(values):
                self.report(trial, step, value)
        return trial

    @precondition(lambda self: self.running)
    @rule(which=WHICH, parameter=PARAMETERS)
    def suggest_more(self, which: int, parameter: tuple[str, Distribution]) -> None:
        """A running trial needs another parameter, or the same one in another range."""
        self.suggest(self.running[which % len(self.running)], *parameter)

    def suggest(self, trial: Trial, name: str, distribution: Distribution) -> None:
        """Suggest, and check what is suggested: by this sampler and by a fresh one."""
        study, frozen = trial.study, trial._get_latest_trial()
        proposal = self.proposal(study, frozen, name, distribution)
        assert_inside(proposal, distribution)
        seed = self.seeds[self.samplers.index(study.sampler)]  # type: ignore[arg-type]
        again = self.fresh(seed).sample_independent(study, frozen, name, distribution)
        assert again == proposal, "a fresh sampler answers otherwise than this one"
        together = self.together(trial, frozen, seed)
        fixed = name in frozen.params or name in frozen.system_attrs.get("fixed_params", {})
        value = as_with_random(study, lambda: suggested(trial, name, distribution))
        if not (fixed or value is None or distribution.single()):
            if together is not None:
                assert trial._relative_params == together
            # Optuna asks for this parameter by itself where what was proposed does not fit.
            relative = (trial._relative_params or {}).get(name, proposal)
            inside = distribution._contains(distribution.to_internal_repr(relative))
            assert value == (relative if inside else proposal)
            assert_inside(value, distribution)

    def together(self, trial: Trial, frozen: FrozenTrial, seed: int) -> dict[str, Any] | None:
        """What a fresh sampler proposes for all parameters, if a trial has not been told yet."""
        if trial._relative_params is not None:
            return None
        sampler = self.fresh(seed)
        space = sampler.infer_relative_search_space(trial.study, frozen)
        return sampler.sample_relative(trial.study, frozen, space)

    def proposal(
        self, study: Study, frozen: FrozenTrial, name: str, distribution: Distribution
    ) -> Any:
        """What the study's own sampler proposes."""
        return study.sampler.sample_independent(study, frozen, name, distribution)

    @precondition(lambda self: self.running)
    @rule(which=WHICH, value=VALUES, data=st.data())
    def report_more(self, which: int, value: float, data: st.DataObject) -> None:
        """A running trial reports at any step."""
        trial = self.running[which % len(self.running)]
        self.report(trial, data.draw(st.sampled_from(self.STEPS)), value)

    def report(self, trial: Trial, step: int, value: float) -> None:
        """Report, and ask whether to stop."""
        with optuna_may_warn():
            trial.report(value, step)
        if isinstance(self.pruner, ZoomingPruner):
            trial.should_prune()
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                trial.should_prune()

    @precondition(lambda self: self.running)
    @rule(which=WHICH, state=FINISHED, value=VALUES)
    def tell(self, which: int, state: TrialState, value: float) -> None:
        """A running trial ends; where its value is NaN, Optuna makes it FAIL."""
        trial = self.running.pop(which % len(self.running))
        if state != TrialState.COMPLETE:
            trial.study.tell(trial, state=state)
        else:
            with optuna_may_warn():
                trial.study.tell(trial, value)

    @rule(which=WHICH, space=USUAL_OR_ANY, values=CURVES, state=FINISHED)
    def whole(
        self, which: int, space: Space | None, values: list[float], state: TrialState
    ) -> None:
        """A trial from beginning to end."""
        trial = self.begin(which, space, values)
        if trial is not None:
            self.tell(self.running.index(trial), state, values[-1] if values else 0.0)

    @rule(which=WHICH, name=st.sampled_from(sorted(RANGES)))
    def inspect(self, which: int, name: str) -> None:
        """The arms can be shown, or the one documented error says why not."""
        study = self.study(which)
        if not any(name in trial.distributions for trial in study.get_trials(deepcopy=False)):
            return
        arms = active_arms(study, name)
        try:
            assert recommended_arm(study, name) in arms
        except ValueError as error:
            assert "finished with a finite value" in str(error)  # noqa: PT017

    def teardown(self) -> None:
        """In the end the first parameter can be shown."""
        if hasattr(self, "opened"):
            self.inspect(0, self.space[0][0])


@contextlib.contextmanager
def optuna_may_warn() -> Any:
    """Optuna warns of what it is given (a step twice, a value out of range); numpy must not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def as_with_random(study: Study, call: Callable[[], Any]) -> Any:
    """What the call gives; ``None`` where it raises an error, as it does with RandomSampler."""
    ours = study.sampler
    try:
        with optuna_may_warn():
            return call()
    except Exception as error:
        study.sampler = RandomSampler(0)
        try:
            with optuna_may_warn():
                call()
        except type(error):
            return None
        finally:
            study.sampler = ours
        raise
