"""Processes side by side on every storage: trials per second, and near-duplicate proposals.

The objective takes no time, so that the storage and the sampler are all that is measured. Servers
are started on loopback where their programs are found, or are given by URL; what is left out is
listed with the reason. Examples:
  python -m benchmarks storages
  python -m benchmarks storages --storages sqlite journal --processes 4 --samplers zooming
  python -m benchmarks storages --postgresql postgresql+psycopg2://me@host/db --redis redis://host
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Mapping, Sequence

import optuna

from benchmarks.commands.arguments import add_results, at_least
from benchmarks.errors import UserError
from benchmarks.reports.pages.storages import NAMES, storages_page
from benchmarks.rivals.samplers import select_samplers
from benchmarks.workers.places import PLACES, at_place
from benchmarks.workers.server_process import AbsentError
from benchmarks.workers.storage_load import Load, Plan, measure

BASELINE = "random"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--storages", nargs="+", choices=list(PLACES), default=list(PLACES))
    parser.add_argument("--postgresql", metavar="URL", help="a server that runs already")
    parser.add_argument("--redis", metavar="URL", help="a server that runs already")
    parser.add_argument(
        "--samplers", nargs="+", default=["zooming", "tpe"], metavar="NAME", help="beside random"
    )
    parser.add_argument(
        "--processes",
        nargs="+",
        type=at_least(1),
        default=[1, 8],
        metavar="N",
        help="the largest is also how many propose at once (default: 1 8)",
    )
    parser.add_argument(
        "--trials", type=at_least(1), default=80, help="of all processes together, in a study"
    )
    parser.add_argument("--repeats", type=at_least(1), default=3, help="studies for a throughput")
    parser.add_argument(
        "--rounds", type=at_least(1), default=3, help="studies for a number of near-duplicates"
    )
    add_results(parser, of="operators.md")


def main(args: argparse.Namespace) -> int:
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    started = time.monotonic()
    plan = Plan(
        list(dict.fromkeys([BASELINE, *select_samplers(args.samplers)])),
        list(dict.fromkeys(args.processes)),
        args.trials,
        args.repeats,
        max(args.processes),
        args.rounds,
    )
    urls = {"postgresql": args.postgresql, "redis": args.redis}
    # Terminated, too, we end our servers.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        loads, absent = _measure_all(args.storages, urls, plan)
    finally:
        signal.signal(signal.SIGTERM, before)
    page = storages_page(plan, loads, absent, seconds=time.monotonic() - started)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "operators.md").write_text(page + "\n")
    print(page)
    return 0


def _measure_all(
    kinds: Sequence[str], urls: Mapping[str, str | None], plan: Plan
) -> tuple[dict[str, Load], dict[str, str]]:
    """What was measured on each storage, and why others are left out."""
    loads: dict[str, Load] = {}
    absent: dict[str, str] = {}
    for kind in dict.fromkeys(kinds):
        started, url = time.monotonic(), urls.get(kind)
        try:
            with at_place(kind, url) as place:
                loads[kind] = measure(place, plan)
        except AbsentError as error:
            absent[kind] = str(error)
        except Exception as error:  # each driver has errors of its own
            if url is not None:
                raise UserError(f"--{kind} {url}: {type(error).__name__}: {error}") from error
            absent[kind] = f"{type(error).__name__}: {error}"
        print(f"{NAMES[kind]}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    return loads, absent
