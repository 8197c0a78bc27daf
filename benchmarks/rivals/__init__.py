"""Rivals that have no Optuna sampler of their own, one module each."""
