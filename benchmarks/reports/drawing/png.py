"""Matplotlib figures as small PNG files."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.reports.drawing.palette import save_with_palette

DPI = 120
N_COLORS = 64


def save_png(figure: Figure, path: Path) -> None:
    """Write the figure with a palette of N_COLORS colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, bbox_inches="tight")
    save_with_palette(drawn.getvalue(), path, n_colors=N_COLORS)
