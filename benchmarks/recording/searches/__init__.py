"""Searches recorded: configurations trained for real, the surrogate fitted to them, its best."""
