"""Searches for hyperparameters of real trainings: spaces, data, trainings."""
