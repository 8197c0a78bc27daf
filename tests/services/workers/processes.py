"""Real processes that start fast: forked from one that has imported Optuna and nothing else."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

# Only what is installed: the server that forks does not know pytest's path.
PRELOADED = ["optuna", "sqlalchemy.orm", "alembic.migration", "psycopg2", "redis", "pytest"]


def start_process(target: Callable[..., None], *args: Any) -> BaseProcess:
    """Run a function in a new process, which dies with this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=target, args=args, daemon=True)
    process.start()
    return process
