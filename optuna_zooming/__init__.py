"""Zooming for Lipschitz bandits as an Optuna sampler."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._policy.adaptive import AdaptiveZooming
from ._policy.textbook import TextbookZooming
from .pruner import ZoomingPruner
from .sampler import ZoomingSampler

if TYPE_CHECKING:
    from . import visualization
    from .dashboard import ZoomingDashboard
    from .explanation import Explanation, explain
    from .inspection import Arm, active_arms, recommended_arm
    from .recommendation import RecommendedParams, recommended_params
    from .stopping import StopWhenSure

__version__ = "0.2.0"
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
    "visualization",
]

# Name -> the module that has it. What a study runs with is imported at once; what is asked of it
# afterwards takes as long to import again, and is imported when it is first named.
_WHEN_NAMED = {
    "Arm": "inspection",
    "Explanation": "explanation",
    "RecommendedParams": "recommendation",
    "StopWhenSure": "stopping",
    "ZoomingDashboard": "dashboard",
    "active_arms": "inspection",
    "explain": "explanation",
    "recommended_arm": "inspection",
    "recommended_params": "recommendation",
}

# Type checkers shall not take it that every name exists.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """A name that has not been imported yet (PEP 562)."""
        if name == "visualization":
            return import_module(f".{name}", __name__)
        if name not in _WHEN_NAMED:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        # From now on it is found without asking here.
        found = globals()[name] = getattr(import_module(f".{_WHEN_NAMED[name]}", __name__), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
