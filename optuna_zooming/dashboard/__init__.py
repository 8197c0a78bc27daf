"""What is known of a running study, kept up to date in optuna-dashboard.

The dashboard is optional: ``pip install "optuna-zooming[dashboard]"``.
"""

from ._callback import ZoomingDashboard

__all__ = ["ZoomingDashboard"]
