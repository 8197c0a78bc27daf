"""Ctrl-C on a running comparison, with real processes and a real signal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.runs.rows import read_runs

# A shell's background job would have SIGINT ignored.
START = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "from benchmarks.__main__ import main;"
    "raise SystemExit(main())"
)
ROOT = Path(__file__).parents[3]
# Thirty problems with twenty seeds.
N_STUDIES = 600


def test_ctrl_c_keeps_what_is_finished_and_drops_the_rest(tmp_path: Path) -> None:
    command = [sys.executable, "-c", START, "compare", "--problems", "noise", "--samplers", "tpe"]
    command += ["--seeds", "20", "--jobs", "2", "--out", str(tmp_path / "results")]
    log = tmp_path / "log"
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=ROOT, stderr=stream, stdout=stream)
    raw = tmp_path / "results" / "raw"
    deadline = time.monotonic() + 60
    while not list(raw.glob("*.gz")):
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130
    assert "Interrupted" in log.read_text()
    kept = sum(len(read_runs(path)[2]) for path in raw.iterdir())
    assert 0 < kept < N_STUDIES // 2
