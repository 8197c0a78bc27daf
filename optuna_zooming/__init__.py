"""Zooming for Lipschitz bandits as an Optuna sampler."""

from ._policy.adaptive import AdaptiveZooming
from ._policy.textbook import TextbookZooming
from .dashboard import ZoomingDashboard
from .explanation import Explanation, explain
from .inspection import Arm, active_arms, recommended_arm
from .pruner import ZoomingPruner
from .recommendation import RecommendedParams, recommended_params
from .sampler import ZoomingSampler
from .stopping import StopWhenSure

__version__ = "0.1.0"
__all__ = [
    "AdaptiveZooming",
    "Arm",
    "Explanation",
    "RecommendedParams",
    "StopWhenSure",
    "TextbookZooming",
    "ZoomingDashboard",
    "ZoomingPruner",
    "ZoomingSampler",
    "active_arms",
    "explain",
    "recommended_arm",
    "recommended_params",
]
