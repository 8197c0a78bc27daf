"""The public names of the package optuna-zooming, which pip installs."""

try:
    from optuna_zooming import active_arms
    from optuna_zooming import AdaptiveZooming
    from optuna_zooming import Arm
    from optuna_zooming import explain
    from optuna_zooming import Explanation
    from optuna_zooming import recommended_arm
    from optuna_zooming import recommended_params
    from optuna_zooming import RecommendedParams
    from optuna_zooming import StopWhenSure
    from optuna_zooming import TextbookZooming
    from optuna_zooming import visualization
    from optuna_zooming import ZoomingDashboard
    from optuna_zooming import ZoomingPruner
    from optuna_zooming import ZoomingSampler
except ImportError as error:
    raise ImportError(
        f"samplers/zooming needs the package optuna-zooming, 0.2 or newer ({error}): "
        'run pip install "optuna-zooming>=0.2".'
    ) from error


__all__ = [
    "active_arms",
    "AdaptiveZooming",
    "Arm",
    "explain",
    "Explanation",
    "recommended_arm",
    "recommended_params",
    "RecommendedParams",
    "StopWhenSure",
    "TextbookZooming",
    "visualization",
    "ZoomingDashboard",
    "ZoomingPruner",
    "ZoomingSampler",
]
