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
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import optuna

from benchmarks.commands.counts import at_least
from benchmarks.errors import UserError
from benchmarks.paths import RESULTS
from benchmarks.reports.provenance import made_by
from benchmarks.reports.tables import markdown
from benchmarks.rivals.samplers import select_samplers
from benchmarks.workers.places import PLACES, at_place
from benchmarks.workers.servers import LOCK_SECONDS, AbsentError
from benchmarks.workers.storage_load import AXES, SEEDS, Load, Plan, measure

BASELINE = "random"
NAMES = {
    "memory": "in memory, threads",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "journal": "journal file",
    "redis": "journal on Redis",
    "grpc": "gRPC proxy over SQLite",
}


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
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of operators.md")


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
    page = report(plan, loads, absent, seconds=time.monotonic() - started)
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


def report(
    plan: Plan,
    loads: Mapping[str, Load],
    absent: Mapping[str, str],
    *,
    seconds: float | None = None,
) -> str:
    """The page for those who run studies on many machines."""
    others = plan.samplers[1:]
    throughput = ["storage", "processes", *plan.samplers]
    throughput += [f"{name} to {BASELINE}" for name in others]
    near = ["storage", "sampler", *AXES]
    left_out = [f"{NAMES[kind]} is left out: {why}." for kind, why in absent.items()]
    return "\n\n".join(
        [
            "# Storages and workers",
            f"Processes on {os.cpu_count()} cores, servers on the same machine. SQLite's writers "
            f"wait up to {LOCK_SECONDS} s for each other. In memory, threads share one sampler.",
            *left_out,
            "## Throughput",
            f"Trials per second of all processes together, in a new study of {plan.n_trials} "
            f"trials with one learning rate and an objective that takes no time; median of "
            f"{plan.repeats}. Ratios are of studies run in turn, with the lowest and highest.",
            markdown(throughput, _throughput(plan, loads)),
            "## Near-duplicates",
            f"Of the first {plan.n_together} proposals of {plan.n_together} processes that ask at "
            "the same moment, those within 1 % of the axis of another (choices: the same one of "
            f"{plan.n_together}); mean over {plan.rounds} studies. Samplers with seeds: "
            f"{' / '.join(SEEDS)}.",
            markdown(near, _near(plan, loads)),
            "## How this was made",
            made_by("noise-1pct/0", seconds=seconds),
        ]
    )


def _throughput(plan: Plan, loads: Mapping[str, Load]) -> Iterator[list[str]]:
    for kind, load in loads.items():
        for n_workers in plan.crews:
            found = {name: np.array(load.per_second[name, n_workers]) for name in plan.samplers}
            rates = [_figure(float(np.median(each))) for each in found.values()]
            ratios = [found[name] / found[BASELINE] for name in plan.samplers[1:]]
            shown = [
                f"{np.median(each):.2f} <sub>{each.min():.2f} to {each.max():.2f}</sub>"
                for each in ratios
            ]
            yield [NAMES[kind], str(n_workers), *rates, *shown]


def _near(plan: Plan, loads: Mapping[str, Load]) -> Iterator[list[str]]:
    for kind, load in loads.items():
        for sampler in plan.samplers:
            yield [
                NAMES[kind],
                sampler,
                *(
                    " / ".join(_mean(load.near.get((sampler, axis, seeds))) for seeds in SEEDS)
                    for axis in AXES
                ),
            ]


def _figure(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.3g}"


def _mean(counts: list[int] | None) -> str:
    return "–" if counts is None else f"{np.mean(counts):.3g}"
