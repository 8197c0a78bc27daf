"""docs/optunahub: the folder for OptunaHub's registry loads there, and its pages are as it asks."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import optuna
import pytest
import yaml
from packaging.version import Version

import optuna_zooming

optunahub = pytest.importorskip("optunahub")

ROOT = Path(__file__).parents[2]
REGISTRY = ROOT / "docs" / "optunahub" / "package"
FOLDER = REGISTRY / "samplers" / "zooming"
_, FRONT_MATTER, TEXT = (FOLDER / "README.md").read_text(encoding="utf-8").split("---\n", 2)
EXAMPLES = {
    "example.py": (FOLDER / "example.py").read_text(encoding="utf-8"),
    "README.md": re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)[-1],
}


@pytest.fixture(scope="module")
def loaded() -> ModuleType:
    module: ModuleType = optunahub.load_local_module("samplers/zooming", registry_root=REGISTRY)
    return module


def test_it_has_the_public_names_of_the_package(loaded: ModuleType) -> None:
    names = {*optuna_zooming.__all__, "visualization"}
    assert set(loaded.__all__) == names
    assert all(getattr(loaded, name) is getattr(optuna_zooming, name) for name in names)


def test_its_sampler_proposes_what_the_package_proposes(loaded: ModuleType) -> None:
    assert _proposals(loaded) == _proposals(optuna_zooming)


def _proposals(module: Any) -> list[dict[str, Any]]:
    study = optuna.create_study(sampler=module.ZoomingSampler(seed=3))
    study.optimize(
        lambda t: (t.suggest_float("x", 0, 1) - 0.3) ** 2 + t.suggest_int("n", 1, 9), n_trials=14
    )
    return [trial.params for trial in study.trials]


def test_its_sampler_is_unpickled_where_the_registry_was_never_loaded(
    loaded: ModuleType, tmp_path: Path
) -> None:
    pickled = tmp_path / "sampler.pkl"
    pickled.write_bytes(pickle.dumps(loaded.ZoomingSampler(seed=7)))
    script = f"import pickle; print(repr(pickle.load(open({str(pickled)!r}, 'rb'))))"
    assert "seed=7" in _run(script).stdout


def test_without_the_package_the_error_names_the_remedy() -> None:
    script = (
        "import sys; sys.modules['optuna_zooming'] = None\n"
        "import optunahub\n"
        f"optunahub.load_local_module('samplers/zooming', registry_root={str(REGISTRY)!r})"
    )
    failed = _run(script)
    assert failed.returncode == 1
    assert 'pip install "optuna-zooming>=0.2"' in failed.stderr.splitlines()[-1]


@pytest.mark.parametrize("code", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_example_runs_from_the_registry(code: str, tmp_path: Path) -> None:
    # What has been downloaded once lies here, and is not downloaded again.
    cached = tmp_path / "github.com" / "optuna" / "optunahub-registry" / "main" / "package"
    shutil.copytree(REGISTRY, cached, ignore=shutil.ignore_patterns("__pycache__"))
    ran = _run(code, OPTUNAHUB_CACHE_HOME=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    (rate,) = re.findall(r"^Use lr = ([\d.]+):", ran.stdout)
    assert float(rate) == pytest.approx(0.5, abs=0.1)


def _run(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_front_matter_is_what_the_registry_reads() -> None:
    front = yaml.safe_load(FRONT_MATTER)
    texts, lists = ("author", "title", "description", "license"), ("tags", "optuna_versions")
    assert front.keys() == {*texts, *lists}
    assert all(isinstance(front[key], str) for key in texts)
    assert all(isinstance(entry, str) for key in lists for entry in front[key])
    # The registry takes no other license, and files samplers by this tag.
    assert front["license"] == "MIT License"
    assert "sampler" in front["tags"]


def test_the_oldest_optuna_named_is_the_oldest_that_the_package_takes() -> None:
    named = sorted(Version(version) for version in yaml.safe_load(FRONT_MATTER)["optuna_versions"])
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    dependencies = pyproject.split("\ndependencies = [")[1].split("]")[0]
    (oldest,) = re.findall(r'"optuna>=([\d.]+)"', dependencies)
    assert named[0] == Version(oldest)


def test_readme_has_the_sections_of_the_registry_and_names_all_there_is() -> None:
    sections = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    assert sections == ["Abstract", "APIs", "Installation", "Example", "Others"]
    functions = {name for name in optuna_zooming.__all__ if name not in ("Arm", "Explanation")}
    assert {name for name in functions if f"`{name}" not in TEXT} == {"RecommendedParams"}


def test_folder_has_what_the_registry_wants_and_nothing_large() -> None:
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.is_file()}
    assert files.keys() == {"LICENSE", "README.md", "__init__.py", "example.py", "requirements.txt"}
    assert (FOLDER / "LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")
    assert (FOLDER / "requirements.txt").read_text("utf-8") == "optuna-zooming>=0.2\n"
