"""The recipes of docs/recipes run with the real libraries, and find what they say they find."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import optuna
import pytest

from optuna_zooming import recommended_params

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "recipes"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
NAMES = sorted(path.name for path in FOLDER.glob("*.py"))

CHANCE, GOOD = 0.1, 0.8  # accuracies on ten digits


class Promise(NamedTuple):
    """What a recipe prints and leaves.

    Attributes:
        found: The range in which each recommended value is sensible: decades around the optimum.
        n_trials: Trials of each study that is explained, in their order.
        pruned: Whether trials are stopped early.
        leaves: What it leaves in the current folder, by its own docstring.
    """

    found: dict[str, tuple[float, float]]
    n_trials: list[int]
    pruned: bool
    leaves: set[str]


PROMISES = {
    "pytorch.py": Promise({"lr": (3e-3, 0.5)}, [15], True, set()),
    "lightning_trainer.py": Promise({"learning_rate": (1e-3, 0.2)}, [15], True, set()),
    "huggingface.py": Promise(
        {"learning_rate": (1e-4, 1e-2)}, [10], True, {"huggingface.db", "trainer_output"}
    ),
    "keras_model.py": Promise({"learning_rate": (1e-3, 0.2)}, [15], True, set()),
    "scikit_learn.py": Promise(
        {"svc__C": (1, 1e3), "svc__gamma": (1e-4, 0.1)}, [25, 25], False, set()
    ),
    "ray_tune.py": Promise({"lr": (5e-4, 0.2)}, [12], False, {"ray_tune.db"}),
}
STUDIES = {"huggingface.py": "huggingface.db", "ray_tune.py": "ray_tune.db"}


def _imported(name: str) -> set[str]:
    """The packages that a recipe imports, the standard library's left out."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found - set(sys.stdlib_module_names)


def _skip_where_missing(name: str) -> None:
    if os.environ.get("REQUIRE_RECIPES"):
        return
    # What has been imported is there; optuna_integration then hides where it came from.
    sought = sorted(_imported(name) - set(sys.modules))
    missing = [each for each in sought if importlib.util.find_spec(each) is None]
    if missing:
        (needs,) = re.findall(rf"\[{name}\].*`(pip install .*)`", INDEX)
        pytest.skip(f"{', '.join(missing)} missing: {needs}")


class Run(NamedTuple):
    """What a recipe printed, and the folder in which it ran."""

    name: str
    printed: str
    complained: str
    folder: Path


@pytest.fixture(scope="module", params=NAMES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Each recipe once, as a user runs it: in a folder and a home of its own."""
    name: str = request.param
    _skip_where_missing(name)
    folder, home = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("home")
    result = subprocess.run(
        [sys.executable, FOLDER / name],
        cwd=folder,
        # Ray phones home otherwise, and writes its results there.
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "RAY_USAGE_STATS_ENABLED": "0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Run(name, result.stdout, result.stderr, folder)


def test_finds_sensible_values(run: Run) -> None:
    answers = re.findall(r"^Use (.*): expected value (\S+) \(95 %: .*\)\.$", run.printed, re.M)
    promise = PROMISES[run.name]
    assert len(answers) == len(promise.n_trials)
    for params, value in answers:
        used = {name: float(number) for name, number in re.findall(r"(\w+) = ([^\s,]+)", params)}
        assert used.keys() == promise.found.keys()
        for name, (low, high) in promise.found.items():
            assert low <= used[name] <= high
        assert GOOD < float(value) <= 1 + CHANCE


def test_makes_its_trials_and_prunes_where_it_says(run: Run) -> None:
    promise = PROMISES[run.name]
    counts = re.findall(r"^(\d+) trials: (\d+) complete(?:, (\d+) pruned)?\.", run.printed, re.M)
    assert [int(n) for n, _, _ in counts] == promise.n_trials
    assert all((int(pruned or 0) > 0) == promise.pruned for _, _, pruned in counts)
    assert all(int(complete) >= int(n) // 5 for n, complete, _ in counts)


def test_ends_with_what_to_use_or_what_came_of_it(run: Run) -> None:
    last = run.printed.strip().splitlines()[-1]
    accuracies = re.findall(r"ccuracy.*: (0\.\d+)$", run.printed, re.M)
    answer = re.search(r"Use \w+ = (\S+?):", run.printed)
    if accuracies:
        assert min(map(float, accuracies)) > GOOD
    else:
        assert answer is not None
        assert re.search(rf"\b(lr|learning_rate)={re.escape(answer[1])}\b", last)


def test_leaves_what_it_says_and_complains_of_nothing_of_ours(run: Run) -> None:
    assert {path.name for path in run.folder.iterdir()} == PROMISES[run.name].leaves
    says = ast.get_docstring(ast.parse((FOLDER / run.name).read_text(encoding="utf-8"))) or ""
    assert all(left in says for left in PROMISES[run.name].leaves)
    # Neither a message of our logger nor a warning from our code.
    assert "[W " not in run.complained
    assert "optuna_zooming" not in run.complained


@pytest.mark.parametrize("run", sorted(STUDIES), indirect=True)
def test_the_study_that_it_leaves_can_be_asked(run: Run) -> None:
    storage = f"sqlite:///{run.folder / STUDIES[run.name]}"
    study = optuna.load_study(study_name="digits", storage=storage)
    assert [len(study.trials)] == PROMISES[run.name].n_trials
    assert all(trial.intermediate_values for trial in study.trials)
    for name, value in recommended_params(study).params.items():
        assert f"Use {name} = {value:.3g}:" in run.printed
    command = [sys.executable, "-m", "optuna_zooming", "recommend", storage]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert float(told) == list(recommended_params(study).params.values())[0]


@pytest.mark.parametrize("name", NAMES)
def test_is_short_and_in_the_index(name: str) -> None:
    source = (FOLDER / name).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60
    (needs,) = re.findall(rf"^\| \[{name}\]\({name}\) \| .* \| `(pip install .*)` \|$", INDEX, re.M)
    assert needs in source


def test_the_index_names_the_recipes_that_there_are() -> None:
    assert sorted(re.findall(r"\]\((\w+\.py)\)", INDEX)) == NAMES == sorted(PROMISES)


def test_no_recipe_stands_in_the_way_of_what_a_recipe_imports() -> None:
    """Python looks beside a program first: lightning.py would be imported by itself."""
    imported = set().union(*map(_imported, NAMES)) | set(sys.stdlib_module_names)
    assert not imported & {name.removesuffix(".py") for name in NAMES}


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)", INDEX))
def test_link_leads_to_a_file(link: str) -> None:
    assert (FOLDER / link).is_file()
