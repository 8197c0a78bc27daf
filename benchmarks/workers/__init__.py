"""Several workers at once: simulated on a clock, or processes on real storages."""
