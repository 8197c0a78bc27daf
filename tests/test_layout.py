"""Imports point one way, and using the sampler loads nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "optuna_zooming"
# Between Optuna and the core; every other module is the core: numpy and each other.
ADAPTERS = {
    "__init__",
    "axis",
    "columns",
    "complete",
    "inspection",
    "logs",
    "proposals",
    "pruner",
    "reports",
    "rows",
    "sampler",
    "trial_log",
    "visualization",
}
THIRD_PARTY = {"optuna", "plotly", "torch", "scipy", "sklearn", "matplotlib", "pandas"}
CORE = sorted({path.stem for path in PACKAGE.glob("*.py")} - ADAPTERS)


def _imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_policies_belong_to_the_core() -> None:
    assert {"arms", "textbook", "adaptive", "rewards"} <= set(CORE)


@pytest.mark.parametrize("name", CORE)
def test_core_module_imports_numpy_and_core_only(name: str) -> None:
    imported = set(_imported_modules(PACKAGE / f"{name}.py"))
    assert {module.partition(".")[0] for module in imported}.isdisjoint(THIRD_PARTY)
    assert imported.isdisjoint(f"optuna_zooming.{adapter}" for adapter in ADAPTERS)


def test_only_visualization_mentions_plotly() -> None:
    importers = {
        path.name
        for path in PACKAGE.glob("*.py")
        if any(module.startswith("plotly") for module in _imported_modules(path))
    }
    assert importers == {"visualization.py"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = (
        "import sys, optuna_zooming;"
        "print(*{'torch', 'plotly', 'scipy', 'sklearn', 'matplotlib'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert result.stdout.split() == []
