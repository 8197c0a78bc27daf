"""Pictures of few colours: smaller files in which thin lines keep their colours."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.reports.drawing.palette import save_with_palette


def test_a_thin_line_keeps_its_colour_beside_a_large_shaded_area(tmp_path: Path) -> None:
    picture = np.full((200, 200, 3), 255, dtype=np.uint8)
    # Many shades of blue, and a line of one pixel.
    picture[:, :180] = np.linspace((0, 0, 60), (200, 200, 255), 180).astype(np.uint8)
    picture[100] = (209, 73, 91)
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "PNG")
    path = tmp_path / "small.png"
    save_with_palette(stream.getvalue(), path, n_colors=32)
    with Image.open(path) as image:
        assert len(image.getcolors() or []) <= 32
        found = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(found[100] - (209, 73, 91)).max() <= 8
    assert np.abs(found - picture).max() <= 16
