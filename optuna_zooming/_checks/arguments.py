"""Errors about arguments that several functions share: the rule, the value and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._text import did_you_mean, listed

# What a study has and what is mistaken for one has not; a wrapper around a study is one, too.
_OF_A_STUDY = ("directions", "get_trials")


def check_study(
    study: Any, caller: str, remedy: str = "use optuna.visualization.plot_pareto_front"
) -> None:
    """Whether it is a study, and of a single objective.

    Args:
        study: What a user gave.
        caller: What the user called.
        remedy: Where there are several objectives.

    Raises:
        TypeError: If it is no study.
        ValueError: If it has several objectives.
    """
    if not all(hasattr(study, name) for name in _OF_A_STUDY):
        # Its type, since the URL of a storage may hold a password.
        given = "None" if study is None else f"a {type(study).__name__}"
        raise TypeError(f"study must be an Optuna study, got {given}: {_instead_of(study)}.")
    if len(study.directions) > 1:
        raise ValueError(
            f"{caller} needs a study with a single objective, but it has "
            f"{len(study.directions)}: {remedy}."
        )


def _instead_of(given: Any) -> str:
    if isinstance(given, str):
        return "load it with optuna.load_study(study_name=..., storage=...)"
    if given is None:
        return "give what optuna.create_study returned; study.optimize returns nothing"
    return "give what optuna.create_study or optuna.load_study returned"


def check_policy(policy: Any) -> None:
    """Whether it is a policy.

    Raises:
        TypeError: If it is none; a class is none either.
    """
    if isinstance(policy, type) or not callable(getattr(policy, "propose", None)):
        raise TypeError(
            "policy must be None, AdaptiveZooming() or TextbookZooming(horizon=...), "
            f"got {policy!r}."
        )


def check_param_name(param_name: Any) -> None:
    """Whether it may be the name of a parameter.

    Raises:
        TypeError: If it is no text.
    """
    if not isinstance(param_name, str):
        raise TypeError(
            f"param_name must be the name of one parameter, such as 'lr', got {param_name!r}."
        )


def unknown_parameter(param_name: str, known: Iterable[str]) -> ValueError:
    """The error for a parameter that no trial of a study has.

    Args:
        param_name: Its name.
        known: The names that there are.
    """
    names = sorted(known)
    if not names:
        return ValueError(
            f"No trial of the study has a parameter {param_name!r}, or any: "
            "run study.optimize first."
        )
    return ValueError(
        f"No trial of the study has a parameter {param_name!r}."
        f"{did_you_mean(param_name, names)} It has {listed(names)}."
    )
