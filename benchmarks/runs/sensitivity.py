"""The runs behind the sensitivity page: which there are, doing one, and keeping them on disk."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.problems.groups import make_problem
from benchmarks.problems.noise import run_seed
from benchmarks.recording.curves import write_whole
from benchmarks.reports.stats import with_nothing_as_worst
from benchmarks.rivals.samplers import rival
from benchmarks.runs.cells import fingerprint_of
from benchmarks.runs.policy_replay import OneRate, replay_policy
from benchmarks.runs.rows import Cell
from benchmarks.runs.runner import run_study
from benchmarks.workers.simulation import Job as Simulation
from benchmarks.workers.simulation import simulate
from optuna_zooming import AdaptiveZooming

BUDGETS = (5, 10, 20, 50)
MERITS = ("best", "recommended", "holds", "half_width")
N_WORKERS = 8
# What is run in each mode. "alone": one worker, one parameter; every constant. The other modes are
# slower: only for constants that nothing depends on in a study run alone.
MODES = {
    "alone": ("tuning", None),
    f"{N_WORKERS} workers": ("tuning", ("spacing", "jitter")),
    "several parameters": ("tuning-grids", ("mixing", "share", "least", "profile_slope")),
    # One parameter, in landscapes unlike a learning-rate curve.
    "landscapes": ("tuning-landscapes", None),
}


Floats = NDArray[np.float64]


class Setting(NamedTuple):
    """The default policy with one constant changed; ``factor`` 1 is the default itself."""

    constant: str
    factor: float

    @property
    def changes(self) -> dict[str, float]:
        """What to change in the default policy; whole numbers stay whole, 1 or larger."""
        if self == DEFAULT:
            return {}
        default = constants()[self.constant]
        value = default * self.factor
        return {self.constant: max(1, round(value)) if isinstance(default, int) else value}

    @property
    def sampler(self) -> str:
        """Its name among the samplers under comparison."""
        items = ",".join(f"{name}={value!r}" for name, value in self.changes.items())
        return f"zooming:{items}" if items else "zooming"


DEFAULT = Setting("default", 1.0)
FACTORS = (0.5, 2.0)


class Job(NamedTuple):
    """One setting on one problem with the seeds 0, 1, ... ``n_seeds - 1``."""

    mode: str
    setting: Setting
    problem: str
    n_seeds: int


class Outcome(NamedTuple):
    """Merits by seed and budget, (n_seeds, len(MERITS), len(BUDGETS)), and a key of each run's
    trials, (n_seeds,), equal where the trials are the same."""

    merits: Floats
    trials: list[str]


Outcomes = dict[Job, Outcome]


def constants() -> dict[str, float]:
    """The policy's constants and their defaults."""
    return AdaptiveZooming().constants()


def settings_of(names: Iterable[str]) -> list[Setting]:
    """The default, then each constant halved and doubled."""
    return [DEFAULT, *(Setting(name, factor) for name in names for factor in FACTORS)]


def run_job(job: Job) -> tuple[Job, Outcome]:
    """Run all seeds of a job."""
    runs = [_run(job, run_seed(job.problem, seed)) for seed in range(job.n_seeds)]
    return job, Outcome(np.array([merits for merits, _ in runs]), [key for _, key in runs])


def _run(job: Job, seed: int) -> tuple[Floats, str]:
    if job.mode in ("alone", "landscapes"):
        problem = cast(OneRate, make_problem(job.problem))
        policy = AdaptiveZooming().with_constants(**job.setting.changes)
        run = replay_policy(problem, policy, seed, budgets=BUDGETS)
        return np.stack(run[1:]), _key(run.rates.tobytes())
    merits = np.full((len(MERITS), len(BUDGETS)), np.nan)
    at = np.array(BUDGETS) - 1
    if job.mode == "several parameters":
        sampler = rival(job.setting.sampler)
        study = run_study(make_problem(job.problem), sampler, "none", seed, n_trials=BUDGETS[-1])
        merits[:2] = with_nothing_as_worst(
            np.stack([study.best_regret[at], study.recommended_regret[at]])
        )
        return merits, _key("".join(study.params).encode())
    simulated = simulate(
        Simulation(job.problem, job.setting.sampler, "none", N_WORKERS, seed, BUDGETS[-1])
    )[1]
    merits[0] = with_nothing_as_worst(simulated.best_regret)[at]
    return merits, _key(simulated.best_regret.tobytes())


def _key(content: bytes) -> str:
    return f"{zlib.crc32(content):08x}"


_COLUMNS = ("mode", "constant", "factor", "problem", "fingerprint", "seed", "trials")
_FIGURES = tuple(f"{merit}_{budget}" for merit in MERITS for budget in BUDGETS)


def write_outcomes(outcomes: Outcomes, path: Path) -> None:
    """One row per run; the file appears whole or not at all."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *_FIGURES])
    for job, outcome in outcomes.items():
        labels = [job.mode, *job.setting, job.problem, fingerprint(job.problem)]
        for seed, (merits, key) in enumerate(zip(*outcome)):
            figures = ["" if np.isnan(x) else f"{x:.5g}" for x in merits.ravel()]
            writer.writerow([*labels, seed, key, *figures])
    path.parent.mkdir(parents=True, exist_ok=True)
    # mtime=0: equal rows make equal files.
    write_whole(path, gzip.compress(text.getvalue().encode(), compresslevel=6, mtime=0))


def read_outcomes(path: Path) -> Outcomes:
    """The saved runs that this checkout's code and tables would give again.

    Raises:
        UserError: If the file is damaged.
    """
    if not path.exists():
        return {}
    found: dict[tuple[str, Setting, str], list[tuple[Floats, str]]] = {}
    try:
        with gzip.open(path, "rt", newline="") as stream:
            for labels, merits in _rows(stream):
                mode, constant, factor, problem, made_by, seed, key = labels
                if not _is_current(made_by, problem):
                    continue
                runs = found.setdefault((mode, Setting(constant, float(factor)), problem), [])
                if int(seed) != len(runs):
                    raise ValueError(f"seed {seed} of {problem} is out of its order")
                runs.append((merits, key))
    except (ValueError, EOFError, OSError) as error:
        raise UserError(
            f"{path} cannot be read as sensitivity rows: {error}; delete it."
        ) from error
    return {
        Job(*labels, len(runs)): Outcome(np.array([m for m, _ in runs]), [key for _, key in runs])
        for labels, runs in found.items()
    }


def _rows(stream: Iterable[str]) -> Iterator[tuple[list[str], Floats]]:
    reader = csv.reader(stream)
    if next(reader, None) != [*_COLUMNS, *_FIGURES]:
        raise ValueError(f"its columns are not {', '.join([*_COLUMNS, *_FIGURES])}")
    shape = (len(MERITS), len(BUDGETS))
    for row in reader:
        figures = [float(x) if x else np.nan for x in row[len(_COLUMNS) :]]
        yield row[: len(_COLUMNS)], np.array(figures).reshape(shape)


def _is_current(made_by: str, problem: str) -> bool:
    try:
        return made_by == fingerprint(problem)
    except UserError:  # its table is gone
        return False


def fingerprint(problem: str) -> str:
    """Changes when the sampler's code or the problem's table does."""
    return _key(json.dumps(fingerprint_of(Cell(problem, "zooming", "none"))).encode())


def first_seeds(outcome: Outcome, n_seeds: int) -> Outcome:
    """The outcome of the first so many seeds."""
    return Outcome(outcome.merits[:n_seeds], outcome.trials[:n_seeds])
