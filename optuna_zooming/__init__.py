"""Zooming for Lipschitz bandits as an Optuna sampler."""

from optuna_zooming.adaptive import AdaptiveZooming
from optuna_zooming.inspection import Arm, active_arms, recommended_arm
from optuna_zooming.pruner import ZoomingPruner
from optuna_zooming.sampler import ZoomingSampler
from optuna_zooming.textbook import TextbookZooming

__version__ = "0.1.0"
__all__ = [
    "AdaptiveZooming",
    "Arm",
    "TextbookZooming",
    "ZoomingPruner",
    "ZoomingSampler",
    "active_arms",
    "recommended_arm",
]
