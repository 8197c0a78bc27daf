"""The page on storages: throughput and near-duplicates of processes side by side."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import numpy as np

from benchmarks.reports.provenance import made_by
from benchmarks.reports.tables import markdown
from benchmarks.workers.servers import LOCK_SECONDS
from benchmarks.workers.storage_load import AXES, SEEDS, Load, Plan

NAMES = {
    "memory": "in memory, threads",
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "journal": "journal file",
    "redis": "journal on Redis",
    "grpc": "gRPC proxy over SQLite",
}


def storages_page(
    plan: Plan,
    loads: Mapping[str, Load],
    absent: Mapping[str, str],
    *,
    seconds: float | None = None,
) -> str:
    """The page for those who run studies on many machines."""
    baseline, *others = plan.samplers
    throughput = ["storage", "processes", *plan.samplers]
    throughput += [f"{name} to {baseline}" for name in others]
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
    baseline, *others = plan.samplers
    for kind, load in loads.items():
        for n_workers in plan.crews:
            found = {name: np.array(load.per_second[name, n_workers]) for name in plan.samplers}
            rates = [_figure(float(np.median(each))) for each in found.values()]
            ratios = [found[name] / found[baseline] for name in others]
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
