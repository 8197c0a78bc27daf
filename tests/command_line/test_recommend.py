"""What ``recommend`` prints, for scripts."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import optuna
import pytest
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    distribution_to_json,
)
from optuna.trial import TrialState, create_trial

from optuna_zooming import recommended_params
from tests.command_line.conftest import Command
from tests.command_line.made_storages import journal, one_rate, sqlite, tuned


def _mixed(trial: optuna.Trial) -> float:
    layers = trial.suggest_int("layers", 1, 4)
    bias = trial.suggest_categorical("bias", [True, False])
    trial.suggest_categorical("optimizer", ["adam", "plain sgd"])
    trial.suggest_float("fixed", 3.0, 3.0)
    return one_rate(trial) + layers + bias


def test_a_single_parameter_is_printed_alone_with_all_of_its_digits(
    command: Command, tmp_path: Path
) -> None:
    study = tuned(sqlite(tmp_path / "study.db"))
    outcome = command("recommend", f"sqlite:///{tmp_path}/study.db")
    assert (outcome.code, outcome.err) == (0, "")
    (line,) = outcome.out.splitlines()
    assert float(line) == recommended_params(study).params["lr"]


def test_several_parameters_are_printed_one_a_line_those_that_never_vary_included(
    command: Command, tmp_path: Path
) -> None:
    study = tuned(journal(tmp_path / "journal.log"), objective=_mixed)
    outcome = command("recommend", tmp_path / "journal.log")
    expected = recommended_params(study).params
    printed = dict(line.split(" ", 1) for line in outcome.out.splitlines())
    assert list(printed) == list(expected)
    assert printed["optimizer"] == expected["optimizer"]
    assert printed["layers"] == str(expected["layers"])
    assert printed["bias"] == str(expected["bias"])
    assert (float(printed["lr"]), printed["fixed"]) == (expected["lr"], "3.0")


@pytest.mark.parametrize("name", ["lr", "layers", "bias", "optimizer", "fixed"])
def test_a_parameter_asked_for_is_printed_alone_as_the_combination_has_it(
    name: str, command: Command, tmp_path: Path
) -> None:
    study = tuned(journal(tmp_path / "journal.log"), objective=_mixed)
    outcome = command("recommend", tmp_path / "journal.log", "--param", name)
    assert outcome.out == f"{recommended_params(study).params[name]}\n"


def test_the_format_depends_on_the_parameters_not_on_which_of_them_vary(
    command: Command, tmp_path: Path
) -> None:
    def constant_beside(trial: optuna.Trial) -> float:
        trial.suggest_int("layers", 2, 2)
        return one_rate(trial)

    tuned(journal(tmp_path / "journal.log"), objective=constant_beside)
    outcome = command("recommend", tmp_path / "journal.log")
    assert [line.split()[0] for line in outcome.out.splitlines()] == ["layers", "lr"]


AWKWARD = ("learning rate", "", '"quoted"', "zwei\nZeilen", " in space ", "π")


def test_what_would_break_a_line_is_quoted_as_json_has_it(command: Command, tmp_path: Path) -> None:
    study = optuna.create_study(storage=journal(tmp_path / "journal.log"))
    params = {name: name for name in AWKWARD}
    kinds: dict[str, BaseDistribution] = dict.fromkeys(AWKWARD, CategoricalDistribution(AWKWARD))
    study.add_trial(create_trial(value=1.0, params=params, distributions=kinds))
    lines = command("recommend", tmp_path / "journal.log").out.splitlines()
    assert len(lines) == len(AWKWARD)
    told = []
    for line in lines:
        # A name ends at the first space, or at its closing quote; the value is all that follows.
        ends = json.JSONDecoder().raw_decode(line)[1] if line[0] == '"' else line.index(" ")
        told.append(tuple(_read(text) for text in (line[:ends], line[ends + 1 :])))
    assert told == [(name, name) for name in AWKWARD]
    assert lines[-1] == "π π"


def _read(text: str) -> str:
    return str(json.loads(text)) if text.startswith('"') else text


def test_a_text_asked_for_alone_is_printed_as_it_is(command: Command, tmp_path: Path) -> None:
    study = optuna.create_study(storage=journal(tmp_path / "journal.log"))
    kinds: dict[str, BaseDistribution] = {"opt": CategoricalDistribution(["plain sgd"])}
    study.add_trial(create_trial(value=1.0, params={"opt": "plain sgd"}, distributions=kinds))
    assert command("recommend", tmp_path / "journal.log").out == "plain sgd\n"


def test_a_parameter_that_the_recommended_combination_lacks_is_no_value(
    command: Command, tmp_path: Path
) -> None:
    study = optuna.create_study(storage=journal(tmp_path / "journal.log"))
    kernels = CategoricalDistribution(["linear", "rbf"])
    for value, kernel in [(0.0, "linear"), (9.0, "rbf")] * 4:
        study.add_trial(
            create_trial(
                value=value,
                params={"kernel": kernel, **({"gamma": 0.5} if kernel == "rbf" else {})},
                distributions={
                    "kernel": kernels,
                    **({"gamma": FloatDistribution(0, 1)} if kernel == "rbf" else {}),
                },
            )
        )
    refusal = command("recommend", tmp_path / "journal.log", "--param", "gamma").refusal()
    assert refusal == "the recommended combination has no 'gamma'; it is kernel=linear."


def test_an_unknown_parameter_is_answered_with_those_there_are(
    command: Command, tmp_path: Path
) -> None:
    tuned(journal(tmp_path / "journal.log"), objective=_mixed)
    refusal = command("recommend", tmp_path / "journal.log", "--param", "layer").refusal()
    assert refusal == (
        "study 'lr' has no parameter 'layer'. Did you mean 'layers'? "
        "It has 'layers', 'bias', 'optimizer', 'fixed', 'lr'."
    )


def test_a_study_without_anything_finite_has_no_value(command: Command, tmp_path: Path) -> None:
    study = optuna.create_study(storage=journal(tmp_path / "journal.log"), study_name="s")
    assert "study 's' has no trials" in command("recommend", tmp_path / "journal.log").refusal()
    study.ask({"lr": FloatDistribution(0, 1)})
    study.add_trial(
        create_trial(
            value=math.inf, params={"lr": 0.5}, distributions={"lr": FloatDistribution(0, 1)}
        )
    )
    study.add_trial(create_trial(state=TrialState.FAIL))
    refusal = command("recommend", tmp_path / "journal.log").refusal()
    assert "none of the 3 trials of study 's' is complete with a finite value" in refusal


def test_trials_without_parameters_have_no_value(command: Command, tmp_path: Path) -> None:
    tuned(journal(tmp_path / "journal.log"), objective=lambda trial: 1.0)
    assert "no parameters" in command("recommend", tmp_path / "journal.log").refusal()


def test_several_objectives_are_refused(command: Command, tmp_path: Path) -> None:
    optuna.create_study(
        storage=journal(tmp_path / "journal.log"),
        study_name="two",
        directions=["minimize", "maximize"],
    )
    refusal = command("recommend", tmp_path / "journal.log").refusal()
    assert refusal.startswith("study 'two' has 2 objectives")


def test_it_serves_studies_with_reports_and_pruned_trials(command: Command, tmp_path: Path) -> None:
    """As Trainer.hyperparameter_search of Hugging Face makes them."""

    def reports(trial: optuna.Trial) -> float:
        final = one_rate(trial)
        for step in range(4):
            trial.report(final + 3.0 - step, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return final

    study = optuna.create_study(
        storage=journal(tmp_path / "journal.log"),
        sampler=optuna.samplers.TPESampler(seed=0),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=2),
    )
    study.optimize(reports, n_trials=25)
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE, TrialState.PRUNED}
    printed = float(command("recommend", tmp_path / "journal.log").out)
    assert printed == recommended_params(study).params["lr"]


def test_it_serves_studies_of_optunas_own_command_line(command: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/study.db"

    def optuna_says(*arguments: str) -> str:
        script = "from optuna.cli import main; main()"
        call = [sys.executable, "-W", "ignore", "-c", script, *arguments, "--storage", url]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout

    optuna_says("create-study", "--study-name", "asked")
    space = json.dumps({"lr": json.loads(distribution_to_json(FloatDistribution(0.1, 1)))})
    asked = optuna_says("ask", "--study-name", "asked", "--search-space", space, "--format", "json")
    (value,) = json.loads(asked)["params"].values()
    optuna_says("tell", "--study-name", "asked", "--trial-number", "0", "--values", "0.5")
    assert float(command("recommend", url).out) == value
