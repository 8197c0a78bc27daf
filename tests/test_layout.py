"""Imports point one way through the folders, and using the sampler loads nothing heavy."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import optuna_zooming

PACKAGE = Path(__file__).parents[1] / "optuna_zooming"
# Each part may import from those before it.
PARTS = (
    "_logging",
    "_arrays",
    "_history",
    "_estimates",
    "_evidence",
    "_joint",
    "_policy",
    "_study",
    "_text",
    "_arm",
    "sampler",
    "pruner",
    "inspection",
    "recommendation",
    "visualization",
    "explanation",
    "stopping",
    "dashboard",
    "_command_line",
    "__init__",
    "__main__",
)
THIRD_PARTY = {"numpy", "optuna", "plotly", "scipy", "torch", "sklearn", "matplotlib", "pandas"}
PURE = ("_arrays", "_history", "_estimates", "_evidence", "_policy", "_joint")
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def _part(module: str) -> str:
    return module.split("/")[0].removesuffix(".py")


def _imports(module: str) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node


def _third_party(module: str) -> set[str]:
    names = {
        alias.name
        for node in _imports(module)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        node.module or ""
        for node in _imports(module)
        if isinstance(node, ast.ImportFrom) and node.level == 0
    }
    return {name.partition(".")[0] for name in names} & THIRD_PARTY


def _own_parts(module: str) -> set[str]:
    """The parts of the package from which a module imports."""
    found = set()
    for node in _imports(module):
        if isinstance(node, ast.ImportFrom) and node.level > 0:
            folders = module.split("/")[:-1]
            target = [*folders[: len(folders) - node.level + 1], *(node.module or "").split(".")]
            found.add(target[0] or "__init__")
    return found


def test_every_module_belongs_to_a_part() -> None:
    assert {_part(module) for module in MODULES} == set(PARTS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    allowed = PARTS[: PARTS.index(_part(module)) + 1]
    assert _own_parts(module) <= set(allowed)


@pytest.mark.parametrize("module", MODULES)
def test_the_core_knows_numpy_the_model_scipy_the_figures_what_draws_them(module: str) -> None:
    allowed = {"numpy"}
    if _part(module) not in PURE:
        allowed.add("optuna")
    if _part(module) == "visualization":
        drawn_by_matplotlib = module.startswith("visualization/matplotlib/")
        allowed.add("matplotlib" if drawn_by_matplotlib else "plotly")
    if _part(module) == "dashboard":
        allowed.add("plotly")
    if _part(module) == "_joint":
        allowed.add("scipy")
    assert _third_party(module) <= allowed


def test_what_is_public_has_no_underscore_and_the_rest_has() -> None:
    public = {_part(module) for module in MODULES if not module.startswith("_")}
    assert public == {
        "sampler",
        "pruner",
        "inspection",
        "recommendation",
        "visualization",
        "explanation",
        "stopping",
        "dashboard",
    }
    assert all(hasattr(optuna_zooming, name) for name in optuna_zooming.__all__)


def test_a_vendored_copy_works_under_another_name(tmp_path: Path) -> None:
    unused = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "vendor" / "zooming", ignore=unused)
    script = (
        "import sys; sys.modules['optuna_zooming'] = None\n"
        "import optuna\n"
        "from vendor.zooming import ZoomingSampler, ZoomingPruner, recommended_arm\n"
        "from vendor.zooming.visualization import plot_arms\n"
        "study = optuna.create_study(sampler=ZoomingSampler(seed=0), pruner=ZoomingPruner())\n"
        "study.optimize(lambda t: (t.suggest_float('x', 0, 1) - 0.3) ** 2, n_trials=8)\n"
        "print(recommended_arm(study, 'x').value)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert float(re.findall(r"[\d.]+", result.stdout)[-1]) == pytest.approx(0.3, abs=0.1)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = {"torch", "plotly", "scipy", "sklearn", "matplotlib", "optuna_zooming.visualization"}
    script = f"import sys, optuna_zooming; print(*{heavy} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == []
