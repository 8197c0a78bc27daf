"""Small studies in files, made by Optuna as users make them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from pathlib import Path

import optuna
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

Objective = Callable[[optuna.Trial], float]


def one_rate(trial: optuna.Trial) -> float:
    """A loss that is least at a rate of 0.1."""
    return (math.log10(trial.suggest_float("lr", 1e-5, 10.0, log=True)) + 1.0) ** 2


def sqlite(path: Path) -> RDBStorage:
    """A new database in a file."""
    return RDBStorage(f"sqlite:///{path}")


def journal(path: Path) -> JournalStorage:
    """A new journal in a file."""
    return JournalStorage(JournalFileBackend(str(path)))


def tuned(
    storage: BaseStorage, name: str = "lr", objective: Objective = one_rate, n_trials: int = 6
) -> optuna.Study:
    """A study that TPE made in a storage, which is closed again."""
    study = optuna.create_study(
        study_name=name, storage=storage, sampler=optuna.samplers.TPESampler(seed=0)
    )
    study.optimize(objective, n_trials=n_trials)
    if isinstance(storage, RDBStorage):
        storage.engine.dispose()
    return study


def contents(folder: Path) -> dict[str, str]:
    """Every file of a folder with a hash of what is in it."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
