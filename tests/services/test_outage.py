"""Servers that go away under load and come back: the same sampler objects work on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from benchmarks.workers.server_process import Server
from tests.services.promises import Witness, check_study
from tests.services.requirement import wait_until
from tests.services.storages import Place
from tests.services.workers.crew import Crew
from tests.services.workers.worker import work

N_WORKERS, N_TRIALS = 4, 9
RESTART_AT = (8, 20)

pytestmark = pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")


# Breaking off all transactions, and a crash with recovery.
@pytest.mark.parametrize("way", ["end", "crash"])
@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_samplers_outlive_restarts_of_postgresql(
    place: Place, postgres: Server, way: Literal["end", "crash"], tmp_path: Path
) -> None:
    how = postgres.end if way == "end" else postgres.crash
    _work_through(place, lambda: postgres.restart(how), tmp_path)


@pytest.mark.parametrize("place", ["journal-redis"], indirect=True)
def test_samplers_outlive_crashes_of_redis(
    place: Place, redis_server: Server, tmp_path: Path
) -> None:
    _work_through(place, lambda: redis_server.restart(redis_server.crash), tmp_path)


@pytest.mark.parametrize("place", ["grpc"], indirect=True)
def test_samplers_outlive_crashes_of_the_grpc_proxy(
    place: Place, grpc_proxy: Server, tmp_path: Path
) -> None:
    _work_through(place, lambda: grpc_proxy.restart(grpc_proxy.crash), tmp_path)


def _work_through(place: Place, restart: Callable[[], None], folder: Path) -> None:
    with place.study() as study, Crew(folder) as crew:
        witness = Witness(study, place.outages)
        for _ in range(N_WORKERS):
            crew.start(work, place, N_TRIALS, True)
        for count in RESTART_AT:
            crew.wait_for_told(count, meanwhile=witness.look)
            restart()
            wait_until(witness.look)
        crew.finish(meanwhile=witness.look)
        assert len(crew.told()) == N_WORKERS * N_TRIALS
        check_study(place, crew.told(), witness)
