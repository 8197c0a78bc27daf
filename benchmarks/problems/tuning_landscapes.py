"""Known optima in awkward places for tuning: the adversaries' shapes with optima of their own."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.problems import functions
from benchmarks.problems.synthetic import SyntheticProblem, even_optima

# Shape and noise of each; like the tasks for reporting, but for where the optimum lies.
SHAPES: dict[str, tuple[Callable[[float], functions.Landscape], float]] = {
    "two-peaks": (functions.two_peaks, 0.02),
    "narrow-peak": (functions.narrow_peak, 0.02),
    "cliff-beside": (functions.cliff_beside, 0.02),
    "flat-plateau": (functions.flat_plateau, 0.02),
    "noiseless": (functions.learning_rate_like, 0.0),
    "noisy": (functions.learning_rate_like, 0.1),
}


def tuning_landscapes() -> list[SyntheticProblem]:
    """Every shape with the optimum in six places, one in each part of the axis."""
    problems = []
    for name, (build, noise) in SHAPES.items():
        for variant, optimum in enumerate(even_optima(f"tuning-{name}")):
            problems.append(
                SyntheticProblem(
                    name=f"tuning-{name}/{variant}",
                    landscape=build(optimum),
                    optimum=optimum,
                    noise=noise,
                )
            )
    return problems
