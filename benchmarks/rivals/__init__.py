"""Samplers and pruners under comparison, by name; adapters for those that Optuna lacks."""
