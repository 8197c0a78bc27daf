"""The Gaussian process over all parameters, and what its hyperparameters are."""
