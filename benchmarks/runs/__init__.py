"""Studies run and their rows saved: (problem, sampler, pruner, seed) -> rows."""
