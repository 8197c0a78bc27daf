"""Samplers under comparison: name -> factory(seed). A new one is one line of RIVALS."""

from __future__ import annotations

import dataclasses
import fnmatch
import functools
import importlib.metadata
import importlib.util
import os
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import optuna
from optuna.samplers import BaseSampler

from benchmarks.errors import NotInstalledError, UserError

if TYPE_CHECKING:
    from benchmarks.problems.groups import Problem
    from benchmarks.rivals.search_spaces import Space

Factory = Callable[..., BaseSampler]

HUB_REGISTRY = "OPTUNAHUB_REGISTRY_ROOT"
TEXTBOOK_HORIZON = 100
# Where nobody says how many trials there will be.
GRID_POINTS = 10


@dataclass(frozen=True)
class Rival:
    """How to make a sampler and what it is good for.

    Attributes:
        make: Seed -> a fresh sampler.
        declares_space: Its package wants the search space beforehand, which ``make`` takes as
            ``space``; without one it serves a single parameter.
        package: Distribution whose version decides what the sampler does.
        modules: What it imports beside Optuna, some of it only after many trials.
        extra: The extra that installs them.
        sources: Files or folders of this checkout that do too.
        one_parameter: Claims problems of one float parameter only.
        seeds: Most seeds in the default selection; None for all. Slow samplers get fewer.
        trials: Most trials in the default selection; None for all.
        recommends: What our package recommends on its studies is judged; else
            ``study.best_trial`` is its recommendation.
        for_calibration: Its studies are there to be judged and no column of a comparison.
        top_k: Not None: one epoch for all and the best k to the end, on this sampler's design.
        make_sized: Not None: it has to know the number of trials, which this takes in place of
            ``make``'s own; entry n of its row is a study of n trials at its end.
    """

    make: Factory
    package: str = "optuna"
    modules: tuple[str, ...] = ()
    extra: str = "benchmarks"
    sources: tuple[str, ...] = ()
    one_parameter: bool = False
    declares_space: bool = False
    seeds: int | None = None
    trials: int | None = None
    recommends: bool = False
    for_calibration: bool = False
    top_k: int | None = None
    make_sized: Callable[[int], Factory] | None = None

    @property
    def is_procedure(self) -> bool:
        """Whether entry n of its row is a whole procedure with n points, not a study's trial n."""
        return self.top_k is not None or self.make_sized is not None

    def sampler_for(self, problem: Problem, seed: int) -> BaseSampler:
        """A fresh sampler for a study of this problem."""
        if not self.declares_space:
            return self.make(seed)
        from benchmarks.rivals.search_spaces import space_of

        return self.make(seed, space=space_of(problem))

    def of_size(self, n_trials: int) -> Rival:
        """A sampler as any other, for studies of so many trials."""
        assert self.make_sized is not None
        return dataclasses.replace(self, make=self.make_sized(n_trials), make_sized=None)


def _tpe(seed: int, **options: Any) -> BaseSampler:
    return optuna.samplers.TPESampler(seed=seed, **options)


def _tpe_group(seed: int) -> BaseSampler:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return _tpe(seed, multivariate=True, group=True)


def _gp(seed: int, **options: Any) -> BaseSampler:
    return optuna.samplers.GPSampler(seed=seed, **options)


def _cmaes(seed: int) -> BaseSampler:
    return optuna.samplers.CmaEsSampler(seed=seed)


def _qmc(seed: int, **options: Any) -> BaseSampler:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.QMCSampler(seed=seed, **options)


def _random(seed: int) -> BaseSampler:
    return optuna.samplers.RandomSampler(seed=seed)


def _hyperopt(seed: int) -> BaseSampler:
    from benchmarks.rivals.hyperopt_tpe import HyperOptSampler

    return HyperOptSampler(seed=seed)


def _blie(seed: int, *, beta: float) -> BaseSampler:
    from benchmarks.rivals.blie import Blie, BlieSampler

    return BlieSampler(rule=Blie(beta=beta))


def _hill(seed: int, **options: Any) -> BaseSampler:
    from benchmarks.rivals.axis import AxisSampler
    from benchmarks.rivals.hill import HillClimber

    return AxisSampler(HillClimber(**options).next_point)


def _van_der_corput(seed: int) -> BaseSampler:
    from benchmarks.rivals.axis import AxisSampler
    from benchmarks.rivals.fixed_points import van_der_corput

    return AxisSampler(lambda number, tried: van_der_corput(number))


def _grid_of(n_points: int) -> Factory:
    from benchmarks.rivals.axis import AxisSampler
    from benchmarks.rivals.fixed_points import grid

    return lambda seed: AxisSampler(grid(n_points))


def _replicates(seed: int, *, n_rates: int) -> BaseSampler:
    from benchmarks.rivals.replicates import replicates

    return replicates(seed, n_rates=n_rates)


def _quasi(seed: int, *, of: Callable[..., BaseSampler]) -> BaseSampler:
    from benchmarks.rivals.fixed_points import QUASI_RANDOM_STARTS, StartedSampler

    wrapped = of(seed, n_startup_trials=len(QUASI_RANDOM_STARTS))
    return StartedSampler(QUASI_RANDOM_STARTS, wrapped)


def _smac(seed: int, *, space: Space | None = None, **options: Any) -> BaseSampler:
    from benchmarks.rivals.ask_tell import AskTellSampler
    from benchmarks.rivals.smac_facade import SmacOptimiser

    make = functools.partial(SmacOptimiser, seed=seed, **options)
    return AskTellSampler(make, space=space, seed=seed)


def _ax(seed: int, *, space: Space | None = None) -> BaseSampler:
    from benchmarks.rivals.ask_tell import AskTellSampler
    from benchmarks.rivals.ax_client import AxOptimiser

    make = functools.partial(AxOptimiser, seed=seed)
    return AskTellSampler(make, space=space, seed=seed)


def _zooming(seed: int, **constants: Any) -> BaseSampler:
    from optuna_zooming import AdaptiveZooming, ZoomingSampler

    return ZoomingSampler(policy=AdaptiveZooming().with_constants(**constants), seed=seed)


def _zooming_without(seed: int, *, name: str) -> BaseSampler:
    from benchmarks.rivals.ablations import ABLATIONS
    from optuna_zooming import ZoomingSampler

    return ZoomingSampler(policy=ABLATIONS[name].policy(), seed=seed)


def _textbook(seed: int) -> BaseSampler:
    from optuna_zooming import TextbookZooming, ZoomingSampler

    return ZoomingSampler(policy=TextbookZooming(horizon=TEXTBOOK_HORIZON), seed=seed)


def _auto(seed: int) -> BaseSampler:
    # On one learning rate it is the GPSampler until 250 trials.
    sampler = _auto_sampler_module(os.environ.get(HUB_REGISTRY)).AutoSampler(seed=seed)
    assert isinstance(sampler, BaseSampler)
    return sampler


@functools.lru_cache(maxsize=1)
def _auto_sampler_module(root: str | None) -> Any:
    """OptunaHub's AutoSampler from a local checkout of the registry, else from the network."""
    import optunahub

    try:
        if root:
            return optunahub.load_local_module("samplers/auto_sampler", registry_root=root)
        return optunahub.load_module("samplers/auto_sampler")
    except Exception as error:  # the network raises half a dozen kinds
        raise UserError(
            f"autosampler needs OptunaHub's registry, which could not be read ({error}); connect "
            f"to the network, or clone github.com/optuna/optunahub-registry and set {HUB_REGISTRY} "
            "to its folder 'package'."
        ) from error


def _one_epoch(k: int) -> Rival:
    design = functools.partial(_qmc, scramble=True)
    return Rival(design, modules=("scipy",), sources=("benchmarks/rivals/one_epoch.py",), top_k=k)


# recommended_arm judges any study; that its rows depend on our package the hash has to know.
_JUDGED: dict[str, Any] = {"recommends": True, "for_calibration": True}


def _replicates_of(n_rates: int) -> Rival:
    make = functools.partial(_replicates, n_rates=n_rates)
    return _on_axis(make, "benchmarks/rivals/replicates.py", "optuna_zooming", **_JUDGED)


def _on_axis(make: Factory, *sources: str, **options: Any) -> Rival:
    sources = ("benchmarks/rivals/axis.py", *sources)
    return Rival(make, sources=sources, one_parameter=True, **options)


def _declaring(make: Factory, source: str, **options: Any) -> Rival:
    return Rival(make, sources=(source, *_ASK_TELL), declares_space=True, extra="rivals", **options)


def _smac_rival(**options: Any) -> Rival:
    return _declaring(
        functools.partial(_smac, **options),
        "benchmarks/rivals/smac_facade.py",
        package="smac",
        modules=("smac", "ConfigSpace"),
        seeds=3,
    )


_BLIE = ("benchmarks/rivals/blie.py",)
_HILL = "benchmarks/rivals/hill.py"
_ASK_TELL = (
    "benchmarks/rivals/axis.py",
    "benchmarks/rivals/ask_tell.py",
    "benchmarks/rivals/search_spaces.py",
)
_POINTS = "benchmarks/rivals/fixed_points.py"

RIVALS: dict[str, Rival] = {
    "zooming": Rival(_zooming, sources=("optuna_zooming",), recommends=True),
    "zooming-textbook": Rival(_textbook, sources=("optuna_zooming",), recommends=True),
    "tpe": Rival(_tpe),
    "tpe-independent": Rival(functools.partial(_tpe, multivariate=False)),
    "tpe-group": Rival(_tpe_group),
    "gp": Rival(_gp, modules=("scipy", "torch"), seeds=3, trials=30),
    "cmaes": Rival(_cmaes, package="cmaes", modules=("cmaes",)),
    "qmc": Rival(_qmc, modules=("scipy",)),
    "qmc-scrambled": Rival(functools.partial(_qmc, scramble=True), modules=("scipy",)),
    "random": Rival(_random),
    "hyperopt": Rival(
        _hyperopt,
        package="hyperopt",
        modules=("hyperopt", "scipy"),
        sources=("benchmarks/rivals/hyperopt_tpe.py",),
        seeds=12,
    ),
    "autosampler": Rival(
        _auto, package="optunahub", modules=("optunahub", "scipy", "torch"), seeds=3, trials=30
    ),
    "blie": Rival(functools.partial(_blie, beta=0), sources=_BLIE, one_parameter=True),
    "blie-noise": Rival(functools.partial(_blie, beta=2), sources=_BLIE, one_parameter=True),
    "hill": _on_axis(_hill, _HILL),
    "hill-3": _on_axis(functools.partial(_hill, first=(0.5, 0.8, 0.2)), _HILL),
    "grid": _on_axis(_grid_of(GRID_POINTS), _POINTS, make_sized=_grid_of),
    "van-der-corput": _on_axis(_van_der_corput, _POINTS),
    "tpe-quasi": _on_axis(functools.partial(_quasi, of=_tpe), _POINTS),
    "gp-quasi": _on_axis(
        functools.partial(_quasi, of=_gp),
        _POINTS,
        modules=("scipy", "torch"),
        seeds=3,
        trials=30,
    ),
    "smac": _smac_rival(),
    "smac-once": _smac_rival(deterministic=True),
    "ax": _declaring(
        _ax,
        "benchmarks/rivals/ax_client.py",
        package="ax-platform",
        modules=("ax",),
        seeds=3,
        trials=30,
    ),
    "replicates-4": _replicates_of(4),
    "replicates-5": _replicates_of(5),
    "tpe-judged": Rival(_tpe, sources=("optuna_zooming",), **_JUDGED),
    "one-epoch-top-1": _one_epoch(1),
    "one-epoch-top-3": _one_epoch(3),
}

# What takes long, needs an extra of its own or is never ahead of its twin has to be asked for.
NOT_BY_DEFAULT = (
    "autosampler",
    "tpe-independent",
    "tpe-group",
    "blie-noise",
    "smac",
    "smac-once",
    "ax",
    "one-epoch-top-1",
)
DEFAULT_SAMPLERS = [
    name for name, each in RIVALS.items() if name not in NOT_BY_DEFAULT and not each.for_calibration
]


def select_samplers(patterns: Iterable[str]) -> list[str]:
    """Names meant by shell patterns or exact names, in that order.

    ``zooming:constant=value,...`` is the default policy with some of its constants changed,
    ``zooming:without=name`` without a mechanism of ABLATIONS.

    Raises:
        UserError: If a pattern means nothing; the message names the choices.
        ModuleNotFoundError: If one of them needs what is not installed.
    """
    chosen: dict[str, None] = {}
    for pattern in patterns:
        found = fnmatch.filter(RIVALS, pattern)
        if not found:
            rival(pattern)
            found = [pattern]
        chosen.update(dict.fromkeys(found))
    for name in chosen:
        require(name)
    return list(chosen)


def rival(name: str) -> Rival:
    """The rival of this name.

    Raises:
        UserError: If there is none; the message names the choices.
    """
    base, colon, constants = name.partition(":")
    if name in RIVALS:
        return RIVALS[name]
    if base == "zooming" and constants.startswith("without="):
        return _without(constants.partition("=")[2])
    if base == "zooming" and colon:
        make = functools.partial(_zooming, **_parse_constants(constants))
        return dataclasses.replace(RIVALS["zooming"], make=make)
    raise UserError(
        f"no sampler is called {name!r}; choose from {', '.join(RIVALS)}, or "
        "'zooming:constant=value,...' with constants of AdaptiveZooming."
    )


def _without(name: str) -> Rival:
    from benchmarks.rivals.ablations import ABLATIONS

    if name not in ABLATIONS:
        raise UserError(f"nothing called {name!r} can be left out; only {', '.join(ABLATIONS)}.")
    ours = RIVALS["zooming"]
    make = functools.partial(_zooming_without, name=name)
    sources = (*ours.sources, "benchmarks/rivals/ablations.py")
    return dataclasses.replace(ours, make=make, sources=sources)


def _parse_constants(text: str) -> dict[str, Any]:
    from optuna_zooming import AdaptiveZooming

    known = AdaptiveZooming().constants()
    constants: dict[str, Any] = {}
    for item in text.split(","):
        key, _, value = item.partition("=")
        if key not in known:
            raise UserError(f"AdaptiveZooming has no constant {key!r}; it has {', '.join(known)}.")
        kind = type(known[key])
        try:
            constants[key] = kind(value)
        except ValueError as error:
            what = "a whole number" if kind is int else "a number"
            raise UserError(f"constant {key!r} must be {what}, got {value!r}.") from error
    return constants


def require(name: str) -> None:
    """Find out before the first trial, not in the middle of a study, what is not installed.

    Raises:
        ModuleNotFoundError: If something is missing; its name is the error's.
    """
    for module in rival(name).modules:
        if importlib.util.find_spec(module) is None:
            raise NotInstalledError(module, extra=rival(name).extra)
    package_version(name)


def unavailable(name: str) -> str | None:
    """Why this sampler cannot be made here, or None if it can.

    Raises:
        ModuleNotFoundError: If it needs what is not installed.
    """
    require(name)
    try:
        rival(name).make(0)
    except (ImportError, UserError) as error:
        return str(error)
    return None


def package_version(name: str) -> str:
    """The distribution behind a sampler and its version.

    Raises:
        NotInstalledError: A ModuleNotFoundError, if it is not installed.
    """
    package = rival(name).package
    try:
        return f"{package} {importlib.metadata.version(package)}"
    except importlib.metadata.PackageNotFoundError as error:
        raise NotInstalledError(package, extra=rival(name).extra) from error
