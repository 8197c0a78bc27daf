"""Command line of the benchmarks: pick the command, parse its flags, call it, exit.

A command's module is imported only once the command is chosen, so that ``quickstart`` runs
without torch and ``--help`` runs without anything.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

from benchmarks.errors import UserError

EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


@dataclass(frozen=True)
class Command:
    """One command of the suite.

    Attributes:
        module: Module with ``add_arguments(parser)`` and ``main(args) -> int``.
        summary: One line for ``--help``.
        kept: What is on disk when the command is interrupted.
        extra: The extra that installs what the module imports.
    """

    module: str
    summary: str
    kept: str
    extra: str = "benchmarks"


COMMANDS = {
    "quickstart": Command(
        module="benchmarks.commands.quickstart",
        summary="tune the learning rate of a network on scikit-learn's digits, under a minute",
        kept="Finished trials are in the study's storage; the same command continues there.",
        extra="quickstart",
    ),
    "record": Command(
        module="benchmarks.commands.record",
        summary="train a grid of learning rates and write the learning curves as a table",
        kept="Finished parts of the table are kept; the same command continues there.",
    ),
    "compare": Command(
        module="benchmarks.commands.compare",
        summary="run every sampler on the recorded tables and save the raw rows",
        kept="Finished runs are saved as rows; the same command continues there.",
    ),
    "report": Command(
        module="benchmarks.commands.report",
        summary="turn saved rows into the tables and figures that README.md shows",
        kept="Saved rows are untouched; the same command starts the report again.",
    ),
    "live": Command(
        module="benchmarks.commands.live",
        summary="run samplers with training inside the objective, pruning and storage on",
        kept="Finished trials and rows are saved; the same command continues there.",
    ),
    "parallel": Command(
        module="benchmarks.commands.parallel",
        summary="simulate workers side by side: time to a target, duplicate proposals",
        kept="Nothing is kept; run the command again.",
    ),
    "deaths": Command(
        module="benchmarks.commands.deaths",
        summary="simulate workers that die in mid-trial: regret by the share of dead trials",
        kept="Nothing is kept; run the command again.",
    ),
    "storages": Command(
        module="benchmarks.commands.storages",
        summary="measure throughput and duplicate proposals of processes on each storage",
        kept="Nothing is kept; run the command again.",
    ),
    "sensitivity": Command(
        module="benchmarks.commands.sensitivity",
        summary="halve and double every constant of the policy on the tuning tasks",
        kept="Finished runs are saved as rows; the same command continues there.",
    ),
    "calibration": Command(
        module="benchmarks.commands.calibration",
        summary="check how often the recommendation's interval holds the true mean",
        kept="Finished runs are saved as rows; the same command continues there.",
    ),
    "overhead": Command(
        module="benchmarks.commands.overhead",
        summary="measure the time each sampler itself takes per trial",
        kept="Nothing is kept; run the command again.",
    ),
    "throughput": Command(
        module="benchmarks.commands.throughput",
        summary="measure batched training against one model at a time",
        kept="Nothing is kept; run the command again.",
    ),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = COMMANDS[_parse_command_name(arguments[:1])]
    try:
        module = _load(command)
        parser = argparse.ArgumentParser(
            prog=f"python -m benchmarks {arguments[0]}",
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # A flag cut short must not silently become another one.
            allow_abbrev=False,
        )
        module.add_arguments(parser)
        return int(module.main(parser.parse_args(arguments[1:])))
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print(f"\nInterrupted. {command.kept}", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parse_command_name(arguments: Sequence[str]) -> str:
    width = max(map(len, COMMANDS))
    summaries = [f"  {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="commands:\n" + "\n".join(summaries),
        epilog="Flags of one command: python -m benchmarks <command> --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="command")
    return str(parser.parse_args(arguments).command)


def _load(command: Command) -> ModuleType:
    try:
        return importlib.import_module(command.module)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("benchmarks", "optuna_zooming"):
            raise  # a defect of this checkout, not a missing dependency
        raise UserError(
            f"this command needs {missing}, which is not installed; "
            f'run pip install ".[{command.extra}]" in the checkout.'
        ) from error


if __name__ == "__main__":
    sys.exit(main())
