"""The command line: choices, exit codes, and what it says when interrupted."""

from __future__ import annotations

import argparse
import subprocess
import sys
from types import ModuleType

import pytest

from benchmarks.__main__ import COMMANDS, EXIT_INTERRUPTED, EXIT_USER_ERROR, Command, main
from benchmarks.errors import UserError


def _install_command(monkeypatch: pytest.MonkeyPatch, outcome: BaseException) -> None:
    """Add a command ``probe`` whose ``main`` raises ``outcome``."""
    module = ModuleType("benchmarks_probe")

    def raise_outcome(args: argparse.Namespace) -> int:
        raise outcome

    module.__dict__.update(add_arguments=lambda parser: None, main=raise_outcome)
    monkeypatch.setitem(sys.modules, "benchmarks_probe", module)
    command = Command(module="benchmarks_probe", summary="a probe", kept="Rows 1 to 3 are kept.")
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


def test_missing_dependency_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = Command(module="no_such_module", summary="", kept="", extra="plot")
    monkeypatch.setitem(COMMANDS, "probe", command)
    assert main(["probe"]) == EXIT_USER_ERROR
    assert 'no_such_module, which is not installed; run pip install ".[plot]"' in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    assert f"python -m benchmarks {name}" in capsys.readouterr().out


def test_help_and_quickstart_need_no_torch() -> None:
    script = (
        "import sys, benchmarks.__main__, benchmarks.commands.quickstart;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
