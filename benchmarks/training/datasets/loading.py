"""Any data set by its name."""

from __future__ import annotations

from pathlib import Path

from benchmarks.training.datasets.image_files import VALIDATION_SIZES
from benchmarks.training.datasets.images import load_images
from benchmarks.training.datasets.loaded import Loaded
from benchmarks.training.datasets.pictures import PICTURES, load_picture
from benchmarks.training.datasets.tabular import TABLES, load_table
from benchmarks.training.datasets.text import load_text

TEXT = "python-"


def load_tensors(
    name: str,
    *,
    folder: Path | None = None,
    n_train: int | None = None,
    n_validation: int | None = None,
    shrink: int = 1,
    device: str = "cpu",
) -> Loaded:
    """Training and validation data, the same split on every machine.

    Args:
        name: Of images (``mnist``, ``mnist/5-9``), a table (``wine``), a picture (``china``), or
            ``python-`` and a package of the standard library, whose sources are the text.
        folder: Where to look for images first.
        n_train: Take only the first so many; by default all.
        n_validation: The same; by default the data set's own number.
        shrink: Of images: squares of that many pixels a side are averaged.
        device: Where the tensors go.

    Raises:
        ValueError: If the name is unknown or a subset is larger than what there is.
        UserError: If images are neither in the folder nor downloadable.
    """
    if name.partition("/")[0] in VALIDATION_SIZES:
        return load_images(
            name,
            folder=folder,
            n_train=n_train,
            n_validation=n_validation,
            shrink=shrink,
            device=device,
        )
    if name in TABLES:
        return load_table(name, n_train=n_train, n_validation=n_validation).to(device)
    if name in PICTURES:
        return load_picture(name, n_train=n_train, n_validation=n_validation).to(device)
    if name.startswith(TEXT):
        package = name[len(TEXT) :]
        return load_text(package, n_train=n_train, n_validation=n_validation).to(device)
    known = [*sorted(VALIDATION_SIZES), *TABLES, *PICTURES, f"{TEXT}PACKAGE"]
    raise ValueError(f"data must be one of {', '.join(known)}, got {name!r}.")
