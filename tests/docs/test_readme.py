"""README.md's code runs, its links resolve, and what it says of commands is so.

Its code may use what the benchmarks need, PyTorch and scikit-learn among it.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.pages import ROOT, Page

README = Page(ROOT / "README.md")


def test_code_runs_and_prints_such_an_answer_as_it_shows(tmp_path: Path) -> None:
    assert list(README.outputs) == [0]
    # Training rounds otherwise on another processor, and the rates that are tried follow. Lines
    # are broken where a page is.
    for text in README.outputs[0], README.printed(tmp_path)[0]:
        said = " ".join(text.split())
        rate, accuracy = re.findall(r"^Use lr = (\S+): expected value (\S+) \(95 %: ", said)[0]
        assert 0.1 < float(rate) < 1
        assert 0.9 < float(accuracy) < 0.95
        assert " Why: " in said
        assert " 15 trials: 15 complete. " in said


def test_links_lead_to_files() -> None:
    README.check_links()


def test_commands_and_extras_are_some_that_there_are() -> None:
    README.check_shell()


def test_check_script_runs_the_test_command_of_the_readme() -> None:
    (test_command,) = [text.strip() for text in README.of_language("sh") if "pytest" in text]
    assert f"\n{test_command}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
