"""``optuna-zooming report``: all that is known of a study, as one page."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import datetime, timezone
from pathlib import Path

from .._joint.kept import models_kept
from .page.contents import gathered
from .page.document import document
from .storages.addresses import masked
from .studies import read_study
from .whole_file import check_target, write_whole


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("report.html"),
        metavar="FILE",
        help="page to write (default %(default)s)",
    )


def run(args: Namespace) -> None:
    """Write the page, and print which file that is.

    Raises:
        UserError: If there is nothing to report, plotly is not installed, or the file cannot be
            written.
    """
    check_target(args.out)
    study = read_study(args.storage, args.study)
    when = datetime.now(timezone.utc)
    with models_kept():
        page = document(gathered(study), masked(args.storage), when)
    write_whole(args.out, page)
    print(args.out)
