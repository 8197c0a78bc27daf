"""Where the suite keeps its files in a checkout."""

from __future__ import annotations

from pathlib import Path

BENCHMARKS = Path(__file__).parent
ROOT = BENCHMARKS.parent
TABLES = BENCHMARKS / "tables"
RESULTS = BENCHMARKS / "results"
