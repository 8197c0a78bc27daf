"""Make README.md's picture of the dashboard: ``python -m tests.dashboard.screenshot --help``.

Publishes the study first, so any study will do; the one in README.md is the quickstart's.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

import optuna
from PIL import Image

from optuna_zooming import ZoomingDashboard
from tests.dashboard.browser import chromium, dashboard
from tests.dashboard.shown import wait_until_published

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, MARGIN = 1200, 16
N_COLORS = 128
# Between two pages.
GAP, GREY = 6, (200, 200, 200)
# Long enough for what the dashboard animates.
STILL_MS = 3000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("storage", help="URL of the storage, sqlite:///quickstart.db for example")
    parser.add_argument("picture", type=Path, help="PNG to write")
    parser.add_argument("--study", default="quickstart", help="its name (default %(default)s)")
    args = parser.parse_args()
    study = optuna.load_study(study_name=args.study, storage=args.storage)
    ZoomingDashboard()(study, study.trials[-1])
    wait_until_published(study)
    with dashboard(args.storage) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 900})
        url = f"{server.address}/studies/{study._study_id}"
        pictures = [_note(page, url), _figures(page, url)]
    _write(pictures, args.picture)
    print(f"{args.picture}: {args.picture.stat().st_size:,} bytes")


def _note(page: Page, url: str) -> Image.Image:
    """The page's head, and the note down to its last line."""
    page.goto(f"{url}/note")
    last = page.locator(".MuiCardContent-root p").last
    last.wait_for()
    page.wait_for_timeout(STILL_MS)
    box = last.bounding_box()
    assert box is not None
    return _shot(page, 0, box["y"] + box["height"] + MARGIN)


def _figures(page: Page, url: str) -> Image.Image:
    """The rows of our figures, with whatever the dashboard puts beside them."""
    page.goto(url)
    figures = page.locator('[id^="user-defined-plot:zooming-"]')
    figures.first.locator(".point").first.wait_for(state="attached")
    page.wait_for_timeout(STILL_MS)
    boxes = [box for figure in figures.all() if (box := figure.bounding_box()) is not None]
    top = min(box["y"] for box in boxes) - MARGIN
    return _shot(page, top, max(box["y"] + box["height"] for box in boxes))


def _shot(page: Page, top: float, bottom: float) -> Image.Image:
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    return shot.convert("RGB").crop((0, int(top), WIDTH, int(bottom)))


def _write(pictures: list[Image.Image], path: Path) -> None:
    """One below the other, with few colours: a picture of some tens of kilobytes."""
    height = sum(each.height + GAP for each in pictures) - GAP
    whole = Image.new("RGB", (WIDTH, height), GREY)
    top = 0
    for each in pictures:
        whole.paste(each, (0, top))
        top += each.height + GAP
    # Rare colours count too: a star is small.
    method = Image.Quantize.MAXCOVERAGE
    whole.quantize(N_COLORS, method, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
