"""What can be asked of ``optuna-zooming``, and its help."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter

from . import recommend, report

_ABOUT = """\
Ask a study what to use. It may come from any sampler, and nothing is written to its storage.

STORAGE is a URL (sqlite:///study.db, postgresql://user@host/name, redis://host), or the path of an
SQLite file or of a journal file. --study may be left out where the storage holds a single study.
"""
_EXAMPLES = """\
examples:
  lr=$(optuna-zooming recommend sqlite:///study.db)
  optuna-zooming recommend journal.log --study mlp --param lr
  optuna-zooming report postgresql://me@host/optuna --study mlp --out mlp.html

exit codes: 0; 2 for a wrong request, with one line on stderr; 130 when interrupted.
"""
_RECOMMEND = """\
Print the recommended combination of parameters, as optuna_zooming.recommended_params has it.

Where the trials of the study have one parameter, its value is printed alone. Where they have
several, one "name value" is printed a line, those that never vary included, so that the format
does not depend on what the trials happened to be. --param prints one value alone. Numbers are
printed in full, text as it is. In lines, names with spaces and anything with line breaks stand
in JSON's quotes.
"""


_REPORT = """\
Write one HTML page that needs nothing else, and print its name: what to use, how sure that is and
what to do next, figures and arms of each parameter, and what diverged, failed, was pruned or still
runs. Needs plotly: pip install "optuna-zooming[plot]".
"""


def make_parser(version: str) -> ArgumentParser:
    """The parser; its result has ``run``, the command's function, and what that needs."""
    parser = ArgumentParser(
        prog="optuna-zooming",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module, told, summary in (
        ("recommend", recommend, _RECOMMEND, "print the recommended value, for scripts"),
        ("report", report, _REPORT, "write a page with figures, tables and advice"),
    ):
        command = commands.add_parser(
            name,
            help=summary,
            description=told,
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        _add_study(command)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def _add_study(parser: ArgumentParser) -> None:
    parser.add_argument(
        "storage", metavar="STORAGE", help="URL, or path of an SQLite file or a journal file"
    )
    parser.add_argument(
        "--study", "--study-name", metavar="NAME", help="which study, where there are several"
    )
