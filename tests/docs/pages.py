"""A page of documentation in Markdown: its blocks of code, run as a reader would, and its links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import COMMANDS as BENCHMARKS

ROOT = Path(__file__).parents[2]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
COMMANDS = {
    "optuna-zooming": ("recommend", "report"),
    "python -m optuna_zooming": ("recommend", "report"),
    "python -m benchmarks": (*BENCHMARKS, "--help"),
}
# Between what two blocks print.
END = "\N{BLACK SQUARE} end of block"


@dataclass(frozen=True)
class Block:
    """Text between fences, and the language that is named behind the first one."""

    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """A page. Its ``python`` blocks run one after the other, in one process.

    A ``py`` block needs what is not installed here, and only has to be Python. A block without a
    language that comes right after a ``python`` one shows what that prints.
    """

    path: Path

    @property
    def text(self) -> str:
        """All of it."""
        return self.path.read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        """Those of every language, in order."""
        found = re.findall(r"^```(.*)\n([\s\S]*?)^```$", self.text, re.MULTILINE)
        return [Block(language, text) for language, text in found]

    def of_language(self, language: str) -> list[str]:
        """The texts of the blocks in one language."""
        return [block.text for block in self.blocks if block.language == language]

    @property
    def links(self) -> list[str]:
        """Where links and pictures lead, without those to the web."""
        prose = re.sub(r"^```.*\n[\s\S]*?^```$", "", self.text, flags=re.MULTILINE)
        return re.findall(r"\]\((?!https?:)([^)]+)\)", prose)

    @property
    def outputs(self) -> dict[int, str]:
        """By the number of a ``python`` block, what the page says that it prints."""
        found = {}
        number = -1
        for before, block in zip([Block("", ""), *self.blocks], self.blocks):
            number += before.language == "python"
            if before.language == "python" and block.language == "":
                found[number] = block.text
        return found

    def printed(self, folder: Path) -> list[str]:
        """What each ``python`` block prints, run in a folder with warnings as errors."""
        script = folder / f"{self.path.stem}.py"
        parts = [f"{text}\nprint({END!r}, flush=True)\n" for text in self.of_language("python")]
        script.write_text("\n".join(parts), encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-W", "error", script],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.split(f"{END}\n")[:-1]

    def check_code(self, folder: Path) -> None:
        """Every block runs and prints what the page says; what cannot run here compiles."""
        for text in self.of_language("py"):
            compile(text, str(self.path), "exec")
        printed = self.printed(folder)
        assert {number: printed[number] for number in self.outputs} == self.outputs

    def check_links(self) -> None:
        """Every link leads to a file of the repository, and to no place inside it."""
        missing = [link for link in self.links if not (self.path.parent / link).exists()]
        assert missing == []

    def check_shell(self) -> None:
        """The commands and extras of shell blocks, and of the prose, are some that there are."""
        for extra in re.findall(r"(?:\.|optuna-zooming)\[([\w,]+)\]", self.text):
            for name in extra.split(","):
                assert f"\n{name} = [" in PYPROJECT
        for text in self.of_language("sh"):
            for command, known in COMMANDS.items():
                for argument in re.findall(rf"{command} ([\w-]+)", text):
                    assert argument in known, text
