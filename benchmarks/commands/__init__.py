"""One module for each command of ``python -m benchmarks``; those about workers in a folder."""
