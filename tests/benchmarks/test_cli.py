"""The command line: choices, exit codes, and what it says when interrupted."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from types import ModuleType

import pytest

from benchmarks.__main__ import (
    COMMANDS,
    EXIT_INTERRUPTED,
    EXIT_USER_ERROR,
    GROUPS,
    Command,
    main,
)
from benchmarks.errors import UserError


def _install_command(
    monkeypatch: pytest.MonkeyPatch, outcome: BaseException, extra: str = "plot"
) -> None:
    """Add a command ``probe`` whose ``main`` raises ``outcome``."""
    module = ModuleType("benchmarks.commands.probe")

    def raise_outcome(args: argparse.Namespace) -> int:
        raise outcome

    module.__dict__.update(add_arguments=lambda parser: None, main=raise_outcome)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    command = Command("a probe", "Rows 1 to 3 are kept.", extra=extra)
    monkeypatch.setitem(COMMANDS, "probe", command)


def test_unknown_command_names_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["quickstrat"])
    message = capsys.readouterr().err
    assert all(name in message for name in COMMANDS)


def test_unknown_flag_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["quickstart", "--trails", "3"])
    message = capsys.readouterr().err
    assert "--trails" in message
    assert "--trials" in message


def test_abbreviated_flag_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["quickstart", "--tri", "3"])
    assert "--tri" in capsys.readouterr().err


def test_user_error_exits_2_with_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _install_command(monkeypatch, UserError("there is no table 'x'."))
    assert main(["probe"]) == EXIT_USER_ERROR
    assert capsys.readouterr().err == "error: there is no table 'x'.\n"


def test_interruption_exits_130_and_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _install_command(monkeypatch, KeyboardInterrupt())
    assert main(["probe"]) == EXIT_INTERRUPTED
    assert "Rows 1 to 3 are kept." in capsys.readouterr().err


def _of_optuna() -> ImportError:
    """Optuna's own error, which says that a sampler's module cannot be imported."""
    error = ImportError("Tried to import 'absent' but failed.")
    error.__cause__ = ModuleNotFoundError("No module named 'absent'", name="absent")
    return error


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'absent.part'", name="absent.part"),
        PackageNotFoundError("absent"),
        _of_optuna(),
    ],
    ids=["module", "distribution", "optuna"],
)
def test_whatever_is_not_installed_the_extra_is_named(
    error: ImportError, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _install_command(monkeypatch, error)
    assert main(["probe"]) == EXIT_USER_ERROR
    assert capsys.readouterr().err == (
        "error: this command needs absent, which is not installed; "
        'run pip install ".[plot]" in the checkout.\n'
    )


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'benchmarks.x'", name="benchmarks.x"),
        ImportError("cannot import name 'x' from 'numpy'"),
    ],
    ids=["a module of ours", "a name"],
)
def test_a_defect_is_not_taken_for_a_missing_package(
    error: ImportError, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install_command(monkeypatch, error)
    with pytest.raises(type(error)):
        main(["probe"])


def test_help_lists_every_command_under_its_group(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    printed = capsys.readouterr().out.splitlines()
    for title, commands in GROUPS.items():
        start = printed.index(f"{title}:") + 1
        lines = printed[start : start + len(commands)]
        assert [line.split()[0] for line in lines] == list(commands)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    assert f"python -m benchmarks {name}" in capsys.readouterr().out


def _loaded_by(script: str) -> set[str]:
    """What is imported in the end, of those that take their time."""
    heavy = {"matplotlib", "numpy", "optuna", "plotly", "scipy", "sklearn", "torch"}
    command = [sys.executable, "-c", f"import sys; {script}; print(*sys.modules)"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return heavy & set(done.stdout.split())


def test_help_loads_nothing_heavy() -> None:
    script = "from benchmarks.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert _loaded_by(f"exec({script!r})") == set()


def test_the_quickstart_needs_no_torch() -> None:
    loaded = _loaded_by("import benchmarks.commands.quickstart")
    assert "optuna" in loaded
    assert loaded.isdisjoint({"matplotlib", "torch"})
