"""A plotly figure in a file of the user's choice, refused before the work that leads to it."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import plotly.graph_objects as go

from benchmarks.errors import UserError

PAGE = ".html"
PNG = ".png"
IMAGES = (PNG, ".svg", ".pdf")
SIZE = {"width": 900, "height": 480, "scale": 2}
# A study's figures have six, on white and on the bands, and their smoothed edges.
N_COLORS = 32


def check_figure_file(path: Path) -> None:
    """Make sure that ``write_figure`` will succeed.

    Raises:
        UserError: If the file cannot be written here; the message names the remedy.
    """
    if path.suffix not in (PAGE, *IMAGES):
        endings = f"{', '.join((PAGE, *IMAGES[:-1]))} or {IMAGES[-1]}"
        raise UserError(f"--figure must end in {endings}, got {path}.")
    folder = path.parent
    if not folder.is_dir():
        raise UserError(f"--figure {path}: there is no folder {folder}; create it first.")
    if path.is_dir():
        raise UserError(f"--figure {path}: this is a folder; name a file in it.")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise UserError(f"--figure {path} cannot be written; name a file in another folder.")
    if path.suffix != PAGE:
        _check_images(path)


def write_figure(figure: go.Figure, path: Path) -> None:
    """A page to look into, or an image, on white even if the figure has no background."""
    if path.suffix == PAGE:
        figure.write_html(path)
        return
    figure = go.Figure(figure).update_layout(paper_bgcolor="white")
    if path.suffix == PNG and importlib.util.find_spec("PIL"):
        # Pillow is not needed to draw: without it the file is the same picture, only larger.
        from benchmarks.reports.drawing.palette import save_with_palette

        save_with_palette(figure.to_image("png", **SIZE), path, n_colors=N_COLORS)
    else:
        figure.write_image(path, **SIZE)


def _check_images(path: Path) -> None:
    try:
        # Installed is not enough: kaleido draws with a browser.
        go.Figure().to_image(path.suffix[1:])
    except Exception as error:  # kaleido's, the browser's and plotly's own
        reason = str(error).strip().partition("\n")[0].rstrip(",.:")
        raise UserError(
            f"--figure {path}: plotly cannot draw {path.suffix} files here ({reason}); give a file "
            f"ending in {PAGE}, or pip install kaleido, which needs Chrome."
        ) from error
