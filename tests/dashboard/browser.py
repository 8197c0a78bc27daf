"""optuna-dashboard as a server, and a real browser that looks at it."""

from __future__ import annotations

import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.workers.server_process import HOST, AbsentError, Server, free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Debian's name first; then those of other systems.
_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def dashboard(storage: str) -> Iterator[Server]:
    """optuna-dashboard on a storage, in a process of its own; its address is that of its pages.

    Raises:
        AbsentError: If it is not installed or does not start.
    """
    program = shutil.which("optuna-dashboard", path=str(Path(sys.executable).parent))
    if program is None:
        raise AbsentError("optuna-dashboard is not installed beside Python.")
    port = free_port()
    address = f"http://{HOST}:{port}/dashboard"
    with tempfile.TemporaryDirectory() as folder:
        server = Server(
            address=address,
            command=[program, storage, "--host", HOST, "--port", str(port)],
            ask=lambda: urllib.request.urlopen(address, timeout=10).close(),
            log=Path(folder) / "dashboard.log",
        )
        with server:
            yield server


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window.

    Raises:
        AbsentError: If it, or playwright, is not installed.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise AbsentError('playwright is missing; run pip install ".[browser]".') from error
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise AbsentError("no Chromium is installed; on Debian run apt-get install chromium.")
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        # Root may not use the sandbox; a container's shared memory is small.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=options)
        stack.callback(browser.close)
        yield browser
