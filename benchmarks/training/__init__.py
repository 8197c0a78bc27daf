"""Data sets, networks and optimisers: many learning rates trained at once."""
