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
    "_text",
    "_arrays",
    "_history",
    "_estimates",
    "_evidence",
    "_joint",
    "_policy",
    "_study",
    "_checks",
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


def _modules_after(script: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{script}\nimport sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = _modules_after("import optuna_zooming") - _modules_after("import optuna")
    heavy = {"torch", "plotly", "scipy", "sklearn", "matplotlib", "pandas", "multiprocessing"}
    assert not heavy & {name.partition(".")[0] for name in loaded}
    # Nor what is asked of a study, or shown of it, afterwards.
    own = {name.split(".")[1] for name in loaded if name.startswith("optuna_zooming.")}
    later = PARTS[PARTS.index("inspection") : PARTS.index("__init__")]
    assert "sampler" in own
    assert not own & set(later)


def test_the_command_s_help_does_without_databases() -> None:
    asked = (
        "import contextlib\n"
        "from optuna_zooming.__main__ import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(None): main(['--help'])"
    )
    assert "sqlalchemy" not in _modules_after(asked)


@pytest.mark.parametrize("name", optuna_zooming.__all__)
def test_a_name_is_there_when_it_is_first_named(name: str) -> None:
    # In a process where nothing has named it before.
    asked = f"import optuna_zooming; optuna_zooming.{name}; from optuna_zooming import {name}"
    assert "optuna_zooming" in _modules_after(asked)


def test_all_public_names_are_listed_and_a_star_imports_them() -> None:
    assert set(optuna_zooming.__all__) <= set(dir(optuna_zooming))
    found: dict[str, object] = {}
    exec("from optuna_zooming import *", found)
    assert found.keys() >= set(optuna_zooming.__all__)


def test_an_unknown_name_is_an_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="'optuna_zooming' has no attribute 'ZoomSampler'"):
        optuna_zooming.ZoomSampler  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'ZoomSampler'"):
        exec("from optuna_zooming import ZoomSampler")


def test_type_checkers_are_told_of_the_same_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    told = {
        alias.name: node.module or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level > 0
        for alias in node.names
    }
    assert told.keys() == set(optuna_zooming.__all__)
    assert optuna_zooming._WHEN_NAMED.items() <= told.items()
