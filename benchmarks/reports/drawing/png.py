"""Matplotlib figures as small PNG files."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

DPI = 150
N_COLORS = 128


def save_png(figure: Figure, path: Path) -> None:
    """Write the figure with a palette of N_COLORS colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DPI, bbox_inches="tight")
    with Image.open(drawn) as image:
        # Not by frequency (median cut): thin lines are few pixels and would lose their colours.
        small = image.convert("RGB").quantize(
            N_COLORS, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
        small.save(path, optimize=True)
