"""``optuna-zooming recommend``: the values to use, for scripts."""

from __future__ import annotations

import json
import math
from argparse import ArgumentParser, Namespace
from typing import Any

from optuna.study import Study
from optuna.trial import TrialState

from .._text import did_you_mean, listed
from ..recommendation import recommended_params
from .errors import UserError
from .studies import parameter_names, read_study


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--param",
        metavar="NAME",
        help="print the value of this parameter alone, as the recommended combination has it",
    )


def run(args: Namespace) -> None:
    """Print the recommended value alone, or one ``name value`` a line.

    Raises:
        UserError: If there is nothing to recommend, or no such parameter.
    """
    study = read_study(args.storage, args.study)
    names = parameter_names(study)
    if args.param is not None and args.param not in names:
        raise UserError(
            f"study {study.study_name!r} has no parameter {args.param!r}."
            f"{did_you_mean(args.param, names)} It has {listed(names) or 'none yet'}."
        )
    params = _recommended(study)
    if args.param is not None or len(names) == 1:
        print(_alone(params, args.param or names[0]))
        return
    for name, value in params.items():
        print(f"{_quoted(name, spaces=False)} {_quoted(_text(value), spaces=True)}")


def _recommended(study: Study) -> dict[str, Any]:
    trials = study.get_trials(deepcopy=False)
    values = [trial.value for trial in trials if trial.state == TrialState.COMPLETE]
    if not any(value is not None and math.isfinite(value) for value in values):
        raise UserError(
            f"none of the {len(trials)} trials of study {study.study_name!r} is complete with a "
            "finite value: wait for one, or narrow the ranges if every trial diverged."
        )
    params = recommended_params(study).params
    if not params:
        raise UserError(f"the best trials of study {study.study_name!r} have no parameters.")
    return params


def _alone(params: dict[str, Any], name: str) -> str:
    if name not in params:
        told = ", ".join(f"{other}={value}" for other, value in params.items())
        raise UserError(f"the recommended combination has no {name!r}; it is {told}.")
    return _text(params[name])


def _text(value: Any) -> str:
    """Text as it is; a number so that nothing of it is lost."""
    return value if isinstance(value, str) else repr(value)


def _quoted(text: str, *, spaces: bool) -> str:
    """As it is if it can be read back from a line of ``name value``, in JSON's notation if not."""
    plain = text.isprintable() and text == text.strip() and not text.startswith('"')
    if text and plain and (spaces or " " not in text):
        return text
    return json.dumps(text, ensure_ascii=False)
