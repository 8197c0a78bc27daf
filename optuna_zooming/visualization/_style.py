"""How figures look: colours, and the symbols of what they show.

Colours are of Okabe and Ito's palette, which colour-blind readers tell apart, and a grey; each has
enough contrast on a white page and on a nearly black one. Symbols differ as well, for print.
"""

from __future__ import annotations

from typing import NamedTuple

GREY, BLUE, GREEN, VERMILLION, PURPLE = "#777777", "#0072b2", "#009e73", "#d55e00", "#cc79a7"
# Opacities of what lies behind: grid lines, the band of the mean, balls.
GRID, BAND, BALL = 0.25, 0.18, 0.22


class _Marker(NamedTuple):
    """A kind of mark.

    Attributes:
        name: In the legend.
        symbol: Plotly's; ``-open`` ones are not filled.
        drawn_as: Matplotlib's.
        color: In hexadecimal digits.
        size: In pixels.
        prominent: Whether it stays so where there are many trials.
    """

    name: str
    symbol: str
    drawn_as: str
    color: str
    size: float
    prominent: bool = False

    @property
    def filled(self) -> bool:
        """Whether it is more than an outline."""
        return not self.symbol.endswith("-open")


MEAN = _Marker("estimated mean, 95 % band", "", "", BLUE, 0)
COMPLETE = _Marker("complete", "circle", "o", GREY, 8)
PRUNED = _Marker("pruned, with its last report", "diamond-open", "D", GREY, 8)
RUNNING = _Marker("running", "triangle-right-open", ">", PURPLE, 11, prominent=True)
DIVERGED = _Marker("diverged", "x-thin", "x", VERMILLION, 8, prominent=True)
FAILED = _Marker("failed", "square-open", "s", VERMILLION, 8, prominent=True)
OFF_SCALE = _Marker("off the scale", "triangle-down", "v", GREY, 9)
ARM = _Marker("arms: mean, 95 % interval, ball", "square", "s", BLUE, 6)
BEST = _Marker("best trial", "star-open", "*", VERMILLION, 14, prominent=True)
RECOMMENDED = _Marker("recommended", "circle-open", "o", GREEN, 18, prominent=True)
SO_FAR = _Marker("recommended so far", "", "", GREEN, 0)
ITS_BALL = _Marker("its confidence ball", "", "", GREEN, 0)

OF_OUTCOME = {
    "complete": COMPLETE,
    "pruned": PRUNED,
    "running": RUNNING,
    "diverged": DIVERGED,
    "failed": FAILED,
}

# (up to so many trials, opacity, size as a share): many of them are small and translucent.
_CROWDS = ((60, 0.9, 1.0), (300, 0.6, 0.75), (1000, 0.45, 0.6), (None, 0.4, 0.5))


def _faded(marker: _Marker, n_trials: int, others_vary: bool) -> tuple[float, float]:
    """(opacity, size as a share) of the marks of trials, of which there are so many.

    Where they differ in other parameters as well, they are only what the estimate rests on.
    """
    opacity, size = next(
        (opacity, size) for most, opacity, size in _CROWDS if most is None or n_trials <= most
    )
    if others_vary:
        opacity, size = 0.7 * opacity, 0.75 * size
    if marker.prominent:
        opacity, size = max(opacity, 0.6), max(size, 0.7)
    return opacity, size


def _translucent(color: str, opacity: float) -> str:
    """Plotly's notation of a colour in hexadecimal digits."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"
