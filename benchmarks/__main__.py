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

from benchmarks.errors import NotInstalledError, UserError

EXIT_USER_ERROR = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells report it


@dataclass(frozen=True)
class Command:
    """One command: ``add_arguments(parser)`` and ``main(args) -> int`` of a module of its name.

    Attributes:
        summary: One line for ``--help``.
        kept: What is on disk when the command is interrupted.
        extra: The extra that installs what the module imports.
        package: Where the module is.
    """

    summary: str
    kept: str
    extra: str = "benchmarks"
    package: str = "benchmarks.commands"


ROWS = "Finished runs are saved as rows; the same command continues there."
NOTHING = "Nothing is kept; run the command again."
WORKERS = "benchmarks.commands.workers"

GROUPS = {
    "start here": {
        "quickstart": Command(
            "tune the learning rate of a network on scikit-learn's digits, under a minute",
            "Finished trials are in the study's storage; the same command continues there.",
            extra="quickstart",
        ),
    },
    "results": {
        "compare": Command("run every sampler on the recorded tables and save the raw rows", ROWS),
        "report": Command(
            "draw pages and figures from the compact results, or make these from saved rows",
            "Saved rows and results are untouched; run the command again.",
        ),
        "calibration": Command(
            "check how often 95 % intervals hold the true mean, without and with each pruner", ROWS
        ),
        "stopping": Command(
            "measure what rules that end a study save and cost, and how many trials one needs", ROWS
        ),
        "sensitivity": Command(
            "halve and double every constant of the policy on the tuning tasks", ROWS
        ),
        "ablation": Command("leave out each mechanism of the policy on the tuning tasks", ROWS),
    },
    "training": {
        "record": Command(
            "train a grid of learning rates and write the learning curves as a table",
            "Finished parts of the table are kept; the same command continues there.",
        ),
        "live": Command(
            "run samplers with training inside the objective, pruning and storage on",
            "Finished trials and rows are saved; the same command continues there.",
        ),
        "throughput": Command("measure batched training against one model at a time", NOTHING),
    },
    "many workers, and cost": {
        "parallel": Command(
            "simulate workers side by side: time to a target, duplicate proposals",
            NOTHING,
            package=WORKERS,
        ),
        "deaths": Command(
            "simulate workers that die in mid-trial: regret by the share of dead trials",
            NOTHING,
            package=WORKERS,
        ),
        "storages": Command(
            "measure throughput and duplicate proposals of processes on each storage",
            NOTHING,
            package=WORKERS,
        ),
        "overhead": Command(
            "measure the time each sampler itself takes per trial, or our import",
            NOTHING,
            package=WORKERS,
        ),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = _parse_command_name(arguments[:1])
    try:
        return _run(name, arguments[1:])
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except ImportError as error:
        missing = _missing_package(error)
        if missing is None:
            raise
        extra = error.extra if isinstance(error, NotInstalledError) else COMMANDS[name].extra
        print(
            f"error: this command needs {missing}, which is not installed; "
            f'run pip install ".[{extra}]" in the checkout.',
            file=sys.stderr,
        )
        return EXIT_USER_ERROR
    except KeyboardInterrupt:
        print(f"\nInterrupted. {COMMANDS[name].kept}", file=sys.stderr)
        return EXIT_INTERRUPTED


def _parse_command_name(arguments: Sequence[str]) -> str:
    width = max(map(len, COMMANDS))
    lines = []
    for title, commands in GROUPS.items():
        lines += ["", f"{title}:"]
        lines += [f"  {name:{width}}  {command.summary}" for name, command in commands.items()]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="\n".join(lines[1:]),
        epilog="Flags of one command: python -m benchmarks <command> --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=list(COMMANDS), metavar="command")
    return str(parser.parse_args(arguments).command)


def _run(name: str, arguments: Sequence[str]) -> int:
    module = importlib.import_module(f"{COMMANDS[name].package}.{name}")
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks {name}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # A flag cut short must not silently become another one.
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    return int(module.main(parser.parse_args(arguments)))


def _missing_package(error: BaseException | None) -> str | None:
    """What is not installed, if that is behind the error; Optuna has errors of its own for it."""
    while error is not None and not isinstance(error, ModuleNotFoundError):
        error = error.__cause__
    missing = ((error and error.name) or "").partition(".")[0]
    # Ours is not missing: a defect of this checkout.
    return missing if missing not in ("", "benchmarks", "optuna_zooming") else None


if __name__ == "__main__":
    sys.exit(main())
