"""Files for figures: what is refused beforehand, with the remedy, and what is written."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path

import plotly.graph_objects as go
import pytest
from PIL import Image

from benchmarks.errors import UserError
from benchmarks.reports.drawing.figure_file import check_figure_file, write_figure


def test_a_page_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "figure.html"
    for _ in range(2):  # anew, and in the place of an old one
        check_figure_file(path)
        write_figure(go.Figure(), path)
    assert "plotly" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("figure.jpeg2000", r"must end in .html, .png, .svg or .pdf, got"),
        ("figure", "must end in .html"),
        ("absent/figure.html", "there is no folder .*absent; create it first"),
        ("folder.html", "this is a folder; name a file in it"),
        ("file/figure.html", "there is no folder .*file"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_refused(
    name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=message):
        check_figure_file(tmp_path / name)


def test_a_folder_of_others_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not by its mode: root may write everywhere.
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != tmp_path)
    with pytest.raises(UserError, match="cannot be written; name a file in another folder"):
        check_figure_file(tmp_path / "figure.html")


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_an_image_needs_what_draws_it(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def to_image(figure: go.Figure, format: str) -> bytes:
        asked.append(format)
        raise ValueError("no Kaleido here,\nand more")

    monkeypatch.setattr(go.Figure, "to_image", to_image)
    message = (
        rf"cannot draw \{ending} files here \(no Kaleido here\); give a file ending in .html, "
    )
    with pytest.raises(UserError, match=message + "or pip install kaleido"):
        check_figure_file(tmp_path / f"figure{ending}")
    assert asked == [ending[1:]]


@pytest.mark.parametrize("ending", [".png", ".svg"])
def test_an_image_is_on_white(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []

    def written(figure: go.Figure, path: Path, **size: int) -> None:
        pages.append(figure.layout.paper_bgcolor)

    monkeypatch.setattr(go.Figure, "write_image", written)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    clear = go.Figure(layout={"paper_bgcolor": "rgba(0, 0, 0, 0)"})
    write_figure(clear, tmp_path / f"figure{ending}")
    assert pages == ["white"]
    assert clear.layout.paper_bgcolor == "rgba(0, 0, 0, 0)"


def test_a_png_has_a_palette_where_pillow_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(figure: go.Figure, format: str, **size: int) -> bytes:
        stream = io.BytesIO()
        Image.effect_noise((90, 48), 100).convert("RGBA").save(stream, format)
        return stream.getvalue()

    def written(figure: go.Figure, path: Path, **size: int) -> None:
        path.write_bytes(drawn(figure, "png"))

    monkeypatch.setattr(go.Figure, "to_image", drawn)
    monkeypatch.setattr(go.Figure, "write_image", written)
    path = tmp_path / "figure.png"
    modes = []
    for found in (True, None):
        monkeypatch.setattr(importlib.util, "find_spec", lambda name, found=found: found)
        write_figure(go.Figure(), path)
        with Image.open(path) as image:
            assert image.size == (90, 48)
            modes.append(image.mode)
    assert modes == ["P", "RGBA"]
