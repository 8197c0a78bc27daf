"""What optuna-dashboard finds in the storage: figures, the note, and their sizes."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState, create_trial

from optuna_zooming import ZoomingSampler
from optuna_zooming.dashboard import ZoomingDashboard
from optuna_zooming.dashboard._figures import drawn_params, figure_id
from optuna_zooming.dashboard._note import BEGIN, our_part
from tests.dashboard.shown import attributes, figures, note, wait_until_published

MOST_BYTES = 60_000
STRANGE = ["µ lr", "a:b/c", "", 'qu"ote\n', "x" * 500, "layers[0].size", "<script>", "\ud800"]


def _noisy(trial: optuna.Trial) -> float:
    return math.log10(trial.suggest_float("lr", 1e-5, 1, log=True)) ** 2 + random.gauss(0, 0.1)


def _published(
    study: optuna.Study, callback: ZoomingDashboard | None = None
) -> dict[str, dict[str, object]]:
    (callback or ZoomingDashboard())(study, study.trials[-1])
    wait_until_published(study)
    return figures(study)


@pytest.mark.parametrize("n_trials", [1, 30])
def test_figure_and_note_are_there(n_trials: int, tmp_path: Path) -> None:
    study = optuna.create_study(
        storage=f"sqlite:///{tmp_path}/study.db", sampler=ZoomingSampler(seed=0)
    )
    study.optimize(_noisy, n_trials=n_trials, callbacks=[ZoomingDashboard()])
    wait_until_published(study)
    (figure,) = figures(study).values()
    assert figure["data"]
    assert note(study) == f"{our_part(study)}\n"


def test_any_samplers_study_is_published() -> None:
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    study.optimize(_noisy, n_trials=12)
    assert set(_published(study)) == {"zooming-arms-lr"}


@pytest.mark.parametrize("state", [TrialState.PRUNED, TrialState.FAIL])
def test_studies_without_any_value_are_published(state: TrialState) -> None:
    study = optuna.create_study()
    distribution = optuna.distributions.FloatDistribution(0, 1)
    study.add_trials(
        [create_trial(state=state, params={"x": 0.5}, distributions={"x": distribution})] * 3
    )
    assert set(_published(study)) == {"zooming-arms-x"}
    assert "Nothing can be recommended yet" in note(study)


def test_choices_alone_are_published() -> None:
    study = optuna.create_study()
    study.optimize(lambda t: len(t.suggest_categorical("c", ["a", "bb", "ccc"])), n_trials=5)
    assert set(_published(study)) == {"zooming-arms-c"}


def test_parameters_that_do_not_vary_have_no_figure() -> None:
    study = optuna.create_study()
    study.optimize(lambda trial: trial.suggest_float("x", 1, 1), n_trials=2)
    assert _published(study) == {}
    assert BEGIN in note(study)


def test_of_many_parameters_four_are_drawn_learning_rates_first() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))

    def objective(trial: optuna.Trial) -> float:
        trial.suggest_categorical("optimizer", ["sgd", "adam"])
        total = sum(trial.suggest_float(f"x{i}", 0, 1) for i in range(28))
        return total + trial.suggest_float("lr", 1e-3, 1, log=True)

    study.optimize(objective, n_trials=20)
    assert drawn_params(study) == ["lr", "x0", "x1", "x2"]
    assert len(_published(study)) == 4


def test_the_parameters_that_are_asked_for_are_drawn() -> None:
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    study.optimize(lambda t: t.suggest_float("x", 0, 1) + t.suggest_float("y", 0, 1), n_trials=3)
    assert set(_published(study, ZoomingDashboard(param_names=["y", "y"]))) == {"zooming-arms-y"}


def test_one_that_no_trial_has_is_told_once_and_the_others_are_drawn(
    optuna_log: pytest.LogCaptureFixture,
) -> None:
    study = optuna.create_study()
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    callback = ZoomingDashboard(param_names=["learning_rate", "x"])
    for _ in range(2):
        assert set(_published(study, callback)) == {"zooming-arms-x"}
    (record,) = {each for each in optuna_log.records if "learning_rate" in each.getMessage()}
    assert "figure of parameter 'learning_rate'" in record.getMessage()


def test_names_of_figures_are_valid_and_never_the_same() -> None:
    is_valid = pytest.importorskip("optuna_dashboard._custom_plot_data").is_valid_graph_object_id
    ids = [figure_id(name) for name in [*STRANGE, "lr", "µ_lr", "_lr", "a_b_c"]]
    assert all(is_valid(each) and ":" not in each and len(each) < 100 for each in ids)
    assert len(set(ids)) == len(ids)
    assert figure_id("lr") == "zooming-arms-lr"


def test_strange_names_are_published(tmp_path: Path) -> None:
    study = optuna.create_study(storage=f"sqlite:///{tmp_path}/study.db")
    names = STRANGE[1:5]
    study.optimize(lambda trial: sum(trial.suggest_float(name, 0, 1) for name in names), n_trials=4)
    assert set(_published(study)) == {figure_id(name) for name in names}


def test_sizes_are_bounded_however_many_trials() -> None:
    study = optuna.create_study()
    distribution = optuna.distributions.FloatDistribution(1e-5, 1, log=True)
    chance = random.Random(0)
    trials = []
    for _ in range(2000):
        rate = 10 ** chance.uniform(-5, 0)
        value = math.log10(rate) ** 2 + chance.gauss(0, 1)
        trials.append(
            create_trial(value=value, params={"lr": rate}, distributions={"lr": distribution})
        )
    study.add_trials(trials)
    assert set(_published(study)) == {"zooming-arms-lr"}
    for key, value in attributes(study).items():
        assert len(json.dumps(value)) <= (4_000 if "note" in key else MOST_BYTES)


def test_what_else_was_saved_under_the_figures_name_does_not_spoil_it() -> None:
    plotly = pytest.importorskip("plotly.graph_objects")
    dashboard = pytest.importorskip("optuna_dashboard")
    study = optuna.create_study()
    study.optimize(_noisy, n_trials=3)
    large = plotly.Figure(plotly.Scatter(y=list(range(5000))))
    dashboard.save_plotly_graph_object(study, large, graph_object_id="zooming-arms-lr")
    assert "chunk" not in _published(study)["zooming-arms-lr"]
    assert len(figures(study)["zooming-arms-lr"]["data"]) > 1


@pytest.mark.parametrize("length", [0, 10, 2045, 5000])
def test_the_owners_note_survives(length: int) -> None:
    dashboard = pytest.importorskip("optuna_dashboard")
    study = optuna.create_study()
    words = ("All about this study. " * 300)[:length].strip()
    dashboard.save_note(study, words)
    for _ in range(3):
        study.optimize(_noisy, n_trials=1)
        _published(study)
        assert note(study).startswith(words)
        assert note(study).count(BEGIN) == 1
    # The owner goes on writing, before and after ours.
    dashboard.save_note(study, f"More. {note(study)} The end.")
    study.optimize(_noisy, n_trials=1)
    _published(study)
    assert note(study).startswith(f"More. {words}")
    assert note(study).endswith(" The end.")
    assert note(study).count(our_part(study)) == 1


def test_who_edits_the_note_meanwhile_can_save_it() -> None:
    study = optuna.create_study()
    versions = set()
    for _ in range(3):
        study.optimize(_noisy, n_trials=1)
        _published(study)
        versions.add(attributes(study)["dashboard:note_ver"])
    # The dashboard refuses whoever began to edit another version than the one that is stored.
    assert len(versions) == 1


def test_a_note_without_room_is_left_as_it_is(optuna_log: pytest.LogCaptureFixture) -> None:
    study = optuna.create_study()
    study._storage.set_study_system_attr(study._study_id, "dashboard:note_str:0", "a" * 60_000)
    study.optimize(_noisy, n_trials=1)
    assert set(_published(study)) == {"zooming-arms-lr"}
    assert attributes(study)["dashboard:note_str:0"] == "a" * 60_000
    assert "make it shorter" in optuna_log.text
