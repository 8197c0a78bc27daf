"""Trainings of a whole grid, written as tables of learning curves."""
