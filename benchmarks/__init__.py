"""Benchmarks of optuna_zooming on real learning curves; run ``python -m benchmarks --help``."""
