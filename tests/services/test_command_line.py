"""The command line on servers: it reads studies there, and could not write if it tried."""

from __future__ import annotations

import pytest
from optuna.exceptions import StorageInternalError
from optuna.study import StudyDirection
from sqlalchemy import NullPool, create_engine, text

from benchmarks.workers.server_process import Server
from optuna_zooming.__main__ import main
from optuna_zooming._command_line.storages.opening import opened
from tests.services.storages import Place

pytestmark = pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")


@pytest.mark.parametrize("place", ["postgresql", "journal-redis"], indirect=True)
def test_a_study_on_a_server_is_read(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with place.study() as study:
        study.optimize(lambda trial: trial.suggest_float("lr", 0.0, 1.0), n_trials=4)
    capsys.readouterr()
    assert main(["recommend", place.address, "--study", place.study_name]) == 0
    assert 0.0 <= float(capsys.readouterr().out) <= 1.0
    assert main(["recommend", place.address, "--study", "another"]) == 2
    assert "holds no study 'another'" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_postgresql_itself_refuses_what_would_be_written(place: Place) -> None:
    with place.study():
        pass
    with opened(place.address) as storage, pytest.raises(StorageInternalError) as caught:
        storage.create_new_study([StudyDirection.MINIMIZE], "new")
    assert "read-only transaction" in str(caught.value.__cause__)


def test_a_database_without_studies_gets_no_tables(
    postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(postgres.address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("create database nothing"))
    empty = postgres.address.rpartition("/")[0] + "/nothing"
    assert main(["recommend", empty]) == 2
    assert "without Optuna's tables" in capsys.readouterr().err
    with create_engine(empty, poolclass=NullPool).connect() as connection:
        tables = "select count(*) from information_schema.tables where table_schema = 'public'"
        assert connection.execute(text(tables)).scalar() == 0


def test_a_wrong_database_is_told_in_one_line_without_the_password(
    postgres: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    where = postgres.address.partition("@")[2].rpartition("/")[0]
    assert main(["recommend", f"postgresql+psycopg2://postgres:hidden@{where}/absent"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert 'database "absent" does not exist' in line
    assert "hidden" not in line
