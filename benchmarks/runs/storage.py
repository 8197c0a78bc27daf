"""A study on disk from what stands at the command line: a file's path or a storage URL."""

from __future__ import annotations

from pathlib import Path

import optuna
from optuna.exceptions import StorageInternalError
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.errors import UserError


def storage_url(storage: str) -> str:
    """The storage URL of a path to an SQLite file; a URL is returned as it is.

    Raises:
        UserError: If the file's folder does not exist.
    """
    if "://" in storage:
        return storage
    path = Path(storage).expanduser()
    if not path.parent.is_dir():
        raise UserError(f"--storage {storage}: there is no folder {path.parent}; create it first.")
    if path.is_dir():
        raise UserError(f"--storage {storage}: this is a folder; name a file in it.")
    return f"sqlite:///{path}"


def open_study(
    storage: str,
    study_name: str,
    *,
    sampler: BaseSampler,
    pruner: BasePruner,
) -> optuna.Study:
    """Create the maximising study ``study_name`` in ``storage``, or continue it."""
    try:
        return optuna.create_study(
            storage=storage_url(storage),
            study_name=study_name,
            sampler=sampler,
            pruner=pruner,
            direction="maximize",
            load_if_exists=True,
        )
    except (ImportError, SQLAlchemyError, StorageInternalError) as error:
        raise UserError(
            f"--storage {storage} cannot be opened as a database ({error.__cause__ or error}); "
            "name a new file or one that Optuna wrote."
        ) from error
