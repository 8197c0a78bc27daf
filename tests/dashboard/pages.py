"""What a reader sees on the dashboard's pages."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tests.services.requirement import DEADLINE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

Color = Sequence[float]


class _Page:
    """A page of the dashboard, opened once."""

    def __init__(self, browser: Browser, url: str, scheme: str) -> None:
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": 1200, "height": 900},
        )
        context.set_default_timeout(DEADLINE * 1000)
        self._page = context.new_page()
        self._page.goto(url)
        self._page.evaluate("window.isTheFirst = true")

    def is_still_the_first(self) -> bool:
        """Whether the page was never loaded anew."""
        return bool(self._page.evaluate("window.isTheFirst === true"))


class StudyPage(_Page):
    """The page of a study, with its figures."""

    def __init__(self, browser: Browser, url: str, figure_id: str, scheme: str) -> None:
        super().__init__(browser, url, scheme)
        # By attribute: the colon in it is no CSS.
        self._figure = self._page.locator(f'[id="user-defined-plot:{figure_id}"]')
        self._figure.locator(".scatterlayer .point").first.wait_for(state="attached")

    def legend(self) -> list[str]:
        """What the legend names."""
        return self._figure.locator(".legendtext").all_text_contents()

    def title(self) -> str:
        """The figure's title."""
        return str(self._figure.locator(".gtitle").text_content())

    def n_marks(self) -> int:
        """How many marks are drawn: trials, arms and what is recommended."""
        return self._figure.locator(".scatterlayer .point").count()

    def least_contrast(self) -> float:
        """The contrast of the figure's faintest text with what is behind it, as WCAG has it."""
        background = _background(self._figure)
        colors: list[list[float]] = self._figure.locator("text").evaluate_all(_COLORS)
        assert colors
        return min(_contrast(_over(color, background), background) for color in colors)

    def brightness(self) -> float:
        """How bright the figure's background is: 0 black, 1 white."""
        return _luminance(_background(self._figure))


class NotePage(_Page):
    """The page with a study's note."""

    def __init__(self, browser: Browser, url: str, scheme: str) -> None:
        super().__init__(browser, f"{url}/note", scheme)
        self._card = self._page.locator(".MuiCardContent-root").first
        self._card.wait_for()

    def paragraphs(self) -> list[str]:
        """The note's headings and paragraphs as they are read."""
        return self._card.locator("h1, h2, h3, p, li").all_inner_texts()


# Red, green, blue and opacity of each text that is there.
_COLORS = """texts => texts.filter(text => text.textContent.trim()).map(text => {
    const style = getComputedStyle(text);
    const [red, green, blue] = style.fill.match(/[\\d.]+/g).map(Number);
    return [red, green, blue, Number(style.fillOpacity) * Number(style.opacity)];
})"""


def _background(figure: Locator) -> Color:
    """The colour that most of the figure's pixels have."""
    from PIL import Image

    with Image.open(io.BytesIO(figure.screenshot())) as shot:
        colors = Counter(_pixels(shot.convert("RGB").tobytes()))
    return colors.most_common(1)[0][0]


def _pixels(data: bytes) -> Iterator[tuple[int, int, int]]:
    return zip(data[::3], data[1::3], data[2::3])


def _over(color: Color, background: Color) -> Color:
    *rgb, opacity = color
    return [opacity * own + (1 - opacity) * under for own, under in zip(rgb, background)]


def _contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    """WCAG's relative luminance."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in color[:3])
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))
