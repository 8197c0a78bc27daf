"""The study that a command is about, read once and then held in memory."""

from __future__ import annotations

import warnings

import optuna
from optuna.exceptions import StorageInternalError
from optuna.storages import BaseStorage, InMemoryStorage
from optuna.study import Study

from .._text import did_you_mean, listed
from .errors import UserError
from .storages.addresses import masked
from .storages.opening import opened


def read_study(address: str, name: str | None) -> Study:
    """A copy in memory of a study in a storage, as it is at this moment.

    All that a command says is then about the same trials, while others go on with the study.

    Args:
        address: URL or file of the storage.
        name: Of the study; ``None`` takes the only one.

    Raises:
        UserError: If the storage cannot be read, there is no such study, several to choose from,
            or it has several objectives or no trials.
    """
    with warnings.catch_warnings():
        # What Optuna and drivers warn of is nothing that whoever reads a study could change.
        warnings.simplefilter("ignore")
        try:
            with opened(address) as storage:
                study = _copy(storage, _name(storage, name, masked(address)))
        except UserError:
            raise
        except Exception as error:
            # Each driver has errors of its own, and a file may hold anything.
            raise UserError(f"{masked(address)} cannot be read: {_reason(error)}") from error
    if not study.get_trials(deepcopy=False):
        raise UserError(f"study {study.study_name!r} has no trials yet.")
    return study


def parameter_names(study: Study) -> list[str]:
    """All parameters that any trial has, in order of appearance."""
    trials = study.get_trials(deepcopy=False)
    return list(dict.fromkeys(name for trial in trials for name in trial.params))


def _name(storage: BaseStorage, name: str | None, shown: str) -> str:
    names = [each.study_name for each in storage.get_all_studies()]
    if not names:
        raise UserError(f"{shown} holds no study.")
    if name is None:
        if len(names) > 1:
            raise UserError(
                f"{shown} holds {len(names)} studies; choose one with --study: {listed(names)}."
            )
        return names[0]
    if name not in names:
        raise UserError(
            f"{shown} holds no study {name!r}.{did_you_mean(name, names)} "
            f"There {'are' if len(names) > 1 else 'is'} {listed(names)}."
        )
    return name


def _copy(storage: BaseStorage, name: str) -> Study:
    study_id = storage.get_study_id_from_name(name)
    directions = storage.get_study_directions(study_id)
    if len(directions) > 1:
        raise UserError(
            f"study {name!r} has {len(directions)} objectives; "
            "recommendations exist for a single one."
        )
    copy = InMemoryStorage()
    copy_id = copy.create_new_study(directions, name)
    for key, value in storage.get_study_system_attrs(study_id).items():
        copy.set_study_system_attr(copy_id, key, value)
    trials = storage.get_all_trials(study_id, deepcopy=False)
    for trial in trials:
        # Not Study.add_trial, which refuses an enqueued value outside of its range.
        copy.create_new_trial(copy_id, template_trial=trial)
    for copied, trial in zip(copy.get_all_trials(copy_id, deepcopy=False), trials):
        # Rows deleted by hand leave gaps.
        copied.number = trial.number
    return optuna.load_study(study_name=name, storage=copy)


def _reason(error: BaseException) -> str:
    """What a driver says, without what others wrap around it."""
    while isinstance(error, StorageInternalError) and error.__cause__ is not None:
        error = error.__cause__
    error = getattr(error, "orig", None) or error
    said = masked(" ".join(str(error).split()))
    # The message of a KeyError and the like makes no sense by itself.
    told = isinstance(error, OSError) or type(error).__module__ != "builtins"
    return said if said and told else f"{type(error).__name__} {said}".strip()
