"""Workers killed at random moments, while others go on."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.services.promises import Witness, check_study
from tests.services.storages import Place
from tests.services.workers.crew import Crew
from tests.services.workers.worker import work

N_SURVIVORS = 5


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_killed_workers_take_nothing_with_them(place: Place, tmp_path: Path) -> None:
    chance = random.Random(4)
    with place.study() as study, Crew(tmp_path) as crew:
        witness = Witness(study)
        # Those to be killed would never stop of their own accord.
        victims = [crew.start(work, place, 100, False) for _ in range(3)]
        for _ in range(N_SURVIVORS):
            crew.start(work, place, 4, False)
        for count, victim in zip(sorted(chance.sample(range(5, 20), len(victims))), victims):
            crew.wait_for_told(count, meanwhile=witness.look)
            time.sleep(chance.uniform(0, 0.1))
            crew.kill(victim)
        crew.finish(meanwhile=witness.look)
        assert len(crew.told()) >= N_SURVIVORS * 4
        check_study(place, crew.told(), witness)
