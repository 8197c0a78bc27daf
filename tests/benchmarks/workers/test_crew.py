"""Crews: what is told of a worker that fails."""

from __future__ import annotations

import pytest

from benchmarks.workers.crew import Crew, meet


def test_the_error_of_a_worker_is_told_not_that_others_waited() -> None:
    with Crew(3, threads=True) as crew, pytest.raises(ZeroDivisionError):
        crew.each(_fail_at_zero, [2, 1, 0])


def _fail_at_zero(number: int) -> float:
    if number > 0:
        meet()
    return 1 / number
