"""MNIST, CIFAR-10 and scikit-learn's digits: where they come from and how they are split.

Samplers see training and validation images only. Both are cut from the official training set by
one fixed permutation; the official test set is loaded by ``load_test`` alone, for final reports.
"""

from __future__ import annotations

import gzip
import os
import pickle
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import UserError
from benchmarks.training.datasets.fetch import RemoteFile, cache_folder, fetch, fetch_all

FOLDER_VARIABLE = "OPTUNA_ZOOMING_DATA"
SPLIT_SEED = 2409_09783
VALIDATION_SIZES = {"digits": 500, "mnist": 10_000, "cifar10": 5_000}
DIGITS_TEST_SIZE = 297

MNIST_FILES = tuple(
    RemoteFile(name, f"https://ossci-datasets.s3.amazonaws.com/mnist/{name}", md5)
    for name, md5 in (
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    )
)
CIFAR10_FILE = RemoteFile(
    "cifar-10-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    "c58f30108f718f92721af3b95e74349a",
)

Images = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Split:
    """images: (n, height, width, channels) uint8. labels: (n,) int64, classes 0 to 9."""

    images: Images
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: NDArray[np.int64]) -> Split:
        """The named images, in that order."""
        return Split(self.images[indices], self.labels[indices])


@dataclass(frozen=True, eq=False)
class Dataset:
    """What samplers may see. provenance: one sentence for metadata and reports."""

    name: str
    train: Split
    validation: Split
    provenance: str


@dataclass(frozen=True, eq=False)
class _Source:
    """Both official halves, before our split."""

    train: Split
    test: Split
    provenance: str


def load_data(
    name: str,
    *,
    folder: Path | None = None,
    n_train: int | None = None,
    n_validation: int | None = None,
) -> Dataset:
    """Training and validation images, the same split on every machine.

    folder: searched first for ``<name>.npz``; by default what OPTUNA_ZOOMING_DATA names. Without
        one the data is downloaded and cached.
    n_train, n_validation: take only the first so many of each; by default all.

    Raises:
        ValueError: If ``name`` is unknown or a subset is larger than what there is.
        UserError: If the data is neither in the folder nor downloadable.
    """
    source = _load_source(name, folder)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(source.train))
    validation, train = np.split(order, [VALIDATION_SIZES[name]])
    return Dataset(
        name,
        source.train.take(_first(train, n_train, "n_train")),
        source.train.take(_first(validation, n_validation, "n_validation")),
        source.provenance,
    )


def load_test(name: str, *, folder: Path | None = None) -> Split:
    """The test set, for the final report of a finished comparison and nothing else."""
    return _load_source(name, folder).test


def _first(indices: NDArray[np.int64], count: int | None, argument: str) -> NDArray[np.int64]:
    if count is not None and not 1 <= count <= len(indices):
        raise ValueError(f"{argument} must be between 1 and {len(indices)}, got {count}.")
    return indices[:count]


def _load_source(name: str, folder: Path | None) -> _Source:
    if name not in _DOWNLOADS and name != "digits":
        raise ValueError(f"data must be one of {sorted(VALIDATION_SIZES)}, got {name!r}.")
    if name == "digits":
        return _digits()
    if folder is None and os.environ.get(FOLDER_VARIABLE):
        folder = Path(os.environ[FOLDER_VARIABLE])
    if folder is None:
        return _DOWNLOADS[name](cache_folder())
    return _local(name, folder)


def _local(name: str, folder: Path) -> _Source:
    path = folder / f"{name}.npz"
    if not path.exists():
        raise UserError(
            f"the data folder {folder} has no {path.name}; put it there, or leave --data-dir and "
            f"{FOLDER_VARIABLE} away to download it."
        )
    with np.load(path) as arrays:
        train = _split(arrays["x_train"], arrays["y_train"])
        test = _split(arrays["x_test"], arrays["y_test"])
    titles = {"mnist": "MNIST", "cifar10": "CIFAR-10 (JPEG re-encoding)"}
    return _Source(train, test, f"{titles[name]}, local {path.name}")


def _digits() -> _Source:
    # Imported here: the other data sets do without scikit-learn.
    from sklearn.datasets import load_digits

    digits = load_digits()
    everything = _split(digits.images.astype(np.uint8), digits.target)
    # Its images are sorted by writer; the permutation makes the test set a random part.
    order = np.random.default_rng(SPLIT_SEED).permutation(len(everything))
    test, train = np.split(order, [DIGITS_TEST_SIZE])
    return _Source(everything.take(train), everything.take(test), "digits, scikit-learn")


def _download_mnist(cache: Path) -> _Source:
    train_images, train_labels, test_images, test_labels = (
        _read_idx(path) for path in fetch_all(MNIST_FILES, cache)
    )
    return _Source(
        _split(train_images, train_labels),
        _split(test_images, test_labels),
        "MNIST, ossci-datasets.s3.amazonaws.com/mnist",
    )


def _read_idx(path: Path) -> Images:
    """IDX format: two zero bytes, type 8 (uint8), number of axes, then big-endian sizes."""
    content = gzip.decompress(path.read_bytes())
    n_axes = content[3]
    shape = np.frombuffer(content, ">i4", count=n_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * n_axes).reshape(shape)


def _download_cifar10(cache: Path) -> _Source:
    path = fetch(CIFAR10_FILE, cache)
    with tarfile.open(path) as archive:
        train = [_read_batch(archive, f"data_batch_{number}") for number in range(1, 6)]
        test = _read_batch(archive, "test_batch")
    return _Source(
        Split(
            np.concatenate([batch.images for batch in train]),
            np.concatenate([batch.labels for batch in train]),
        ),
        test,
        "CIFAR-10, www.cs.toronto.edu/~kriz",
    )


def _read_batch(archive: tarfile.TarFile, name: str) -> Split:
    stream = archive.extractfile(f"cifar-10-batches-py/{name}")
    assert stream is not None
    # A pickle can run code; the checksum has tied this one to its publisher.
    batch = pickle.load(stream, encoding="bytes")
    images = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return _split(images, np.array(batch[b"labels"]))


def _split(images: NDArray[np.generic], labels: NDArray[np.generic]) -> Split:
    if images.ndim == 3:
        images = images[..., np.newaxis]
    return Split(images.astype(np.uint8, copy=False), labels.astype(np.int64))


_DOWNLOADS: dict[str, Callable[[Path], _Source]] = {
    "mnist": _download_mnist,
    "cifar10": _download_cifar10,
}
