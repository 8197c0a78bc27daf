"""The folders of the benchmarks: imports point one way, and no folder has too many modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORDER = (
    "training",
    "recording",
    "problems",
    "rivals",
    "runs",
    "workers",
    "reports",
    "sensitivity",
    "ablation",
    "stopping",
    "commands",
)
"""Each folder imports from those before it, and from the modules beside them."""
MOST_MODULES = 14


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _files(module: str) -> list[Path]:
    """Where a module's code is: nowhere if it is a name in another one."""
    place = ROOT.joinpath(*module.split("."))
    return [path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()]


def imported(path: Path) -> Iterator[str]:
    """Modules, and names in them, that a file imports anywhere, all as absolute names."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *((node.module,) if node.module else ())))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def loaded_by(module: str, *, within: str) -> set[str]:
    """The module, and all in the same package that it loads, however indirectly."""
    found: set[str] = set()
    waiting = {module}
    while waiting:
        name = waiting.pop()
        # A name in a module stands for the module.
        for each in (name, name.rpartition(".")[0]):
            if each.startswith(f"{within}.") and each not in found and _files(each):
                found.add(each)
                waiting |= {name for path in _files(each) for name in imported(path)}
    return found


def test_every_folder_has_its_place() -> None:
    folders = {path.parent.name for path in (ROOT / "benchmarks").glob("*/*.py")}
    assert folders <= set(ORDER)


def _ours(path: Path) -> list[str]:
    """The folders, and modules beside them, from which a file imports."""
    names = [name.split(".") for name in imported(path)]
    return [name[1] for name in names if name[0] == "benchmarks" and len(name) > 1]


@pytest.mark.parametrize("folder", ORDER)
def test_a_folder_imports_from_those_before_it(folder: str) -> None:
    allowed = {*ORDER[: ORDER.index(folder) + 1], "errors", "paths", "progress", "whole_files"}
    wrong = {
        f"{path.relative_to(ROOT)} imports from {name}"
        for path in (ROOT / "benchmarks" / folder).rglob("*.py")
        for name in _ours(path)
        if name not in allowed
    }
    assert wrong == set()


def test_the_modules_beside_the_folders_import_none_of_them() -> None:
    found = {name for path in (ROOT / "benchmarks").glob("*.py") for name in _ours(path)}
    assert found.isdisjoint(ORDER)


@pytest.mark.parametrize("tree", ["optuna_zooming", "benchmarks", "tests"])
def test_no_folder_has_too_many_modules(tree: str) -> None:
    crowded = {}
    for folder in (path for path in [ROOT / tree, *(ROOT / tree).rglob("*")] if path.is_dir()):
        modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        if len(modules) > MOST_MODULES:
            crowded[str(folder.relative_to(ROOT))] = len(modules)
    assert crowded == {}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("import benchmarks.runs.rows", ["benchmarks.runs.rows"]),
        ("from benchmarks import runs", ["benchmarks.runs"]),
        ("from . import rows", ["benchmarks.rivals.rows"]),
        (
            "from ..runs.rows import Run, Cell",
            ["benchmarks.runs.rows.Run", "benchmarks.runs.rows.Cell"],
        ),
        ("def f():\n    from .. import runs", ["benchmarks.runs"]),
    ],
)
def test_every_way_to_import_is_seen(
    line: str, names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.benchmarks.test_imports.ROOT", tmp_path)
    path = tmp_path / "benchmarks" / "rivals" / "probe.py"
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert list(imported(path)) == names
