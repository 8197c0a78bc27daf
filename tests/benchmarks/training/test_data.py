"""Data comes whole or with a clear error, and is split the same way everywhere."""

from __future__ import annotations

import gzip
import hashlib
import io
import pickle
import struct
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from benchmarks.errors import UserError
from benchmarks.training.datasets import image_files
from benchmarks.training.datasets.fetch import BLOCK, RemoteFile, fetch
from benchmarks.training.datasets.image_files import (
    FOLDER_VARIABLE,
    VALIDATION_SIZES,
    load_data,
    load_test,
)

FIRST_TRAINING_IMAGES = {
    "mnist": [36401, 31462, 2783, 41106],
    "cifar10": [3406, 48176, 49089, 37165],
}
"""Their numbers in the official files."""
CONTENT = np.random.default_rng(0).bytes(32 * BLOCK)


class Server(ThreadingHTTPServer):
    """Serves ``files`` on loopback and closes a connection after ``bytes_until_cut`` bytes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {"file.bin": CONTENT}
        self.bytes_until_cut: int | None = None
        self.supports_ranges = True
        self.ranges_asked: list[str | None] = []

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges_asked.append(asked)
        content = self.server.files.get(self.path[1:])
        if content is None:
            self.send_error(404)
            return
        start = 0
        if asked is not None and self.server.supports_ranges:
            start = int(asked[len("bytes=") : -1])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][: self.server.bytes_until_cut])

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def remote(server: Server, content: bytes = CONTENT, name: str = "file.bin") -> RemoteFile:
    return RemoteFile(name, server.url(name), hashlib.md5(content).hexdigest())


def test_a_file_is_downloaded_once(server: Server, tmp_path: Path) -> None:
    for _ in range(2):
        assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None]


def test_a_corrupted_file_fails_its_checksum_and_is_not_kept(
    server: Server, tmp_path: Path
) -> None:
    server.files["file.bin"] = CONTENT[:-1] + b"x"
    with pytest.raises(UserError, match="file.bin fails its checksum, expected MD5 .*nothing was"):
        fetch(remote(server), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_cut_connection_is_resumed(server: Server, tmp_path: Path) -> None:
    server.bytes_until_cut = len(CONTENT) // 2
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None, f"bytes={len(CONTENT) // 2}-"]


def test_a_connection_cut_again_and_again_goes_on_at_the_next_call(
    server: Server, tmp_path: Path
) -> None:
    server.bytes_until_cut = len(CONTENT) // 4
    with pytest.raises(UserError, match="run the command again to go on where it stopped"):
        fetch(remote(server), tmp_path)
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked[-1] == f"bytes={3 * len(CONTENT) // 4}-"


def test_a_server_without_ranges_starts_over(server: Server, tmp_path: Path) -> None:
    server.supports_ranges = False
    (tmp_path / "file.bin.partial").write_bytes(b"an earlier start")
    assert fetch(remote(server), tmp_path).read_bytes() == CONTENT


def test_a_missing_file_is_named(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere.bin: 404.*--data-dir or OPTUNA_ZOOMING_DATA"):
        fetch(remote(server, name="nowhere.bin"), tmp_path)


def test_without_network_the_remedy_is_named(server: Server, tmp_path: Path) -> None:
    unreachable = remote(server)
    server.shutdown()
    server.server_close()
    with pytest.raises(UserError, match=r"cannot download http.*--data-dir or OPTUNA_ZOOMING_DATA"):
        fetch(unreachable, tmp_path)


def numbered_images(shape: tuple[int, ...], first: int) -> np.ndarray:
    """uint8 images that all differ: the first four pixels hold a running number."""
    images = np.zeros((shape[0], int(np.prod(shape[1:]))), np.uint8)
    numbers = np.arange(first, first + shape[0], dtype="<u4")
    images[:, :4] = numbers.view(np.uint8).reshape(-1, 4)
    return images.reshape(shape)


def numbers(images: np.ndarray) -> np.ndarray:
    first_pixels = images.reshape(len(images), -1)[:, :4]
    return np.ascontiguousarray(first_pixels).view("<u4").ravel()


@pytest.fixture
def local_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, n_train, shape in (("mnist", 60_000, (2, 2)), ("cifar10", 50_000, (2, 2, 3))):
        np.savez(
            folder / f"{name}.npz",
            x_train=numbered_images((n_train, *shape), 0),
            y_train=np.arange(n_train) % 10,
            x_test=numbered_images((10_000, *shape), n_train),
            y_test=np.arange(10_000) % 10,
        )
    return folder


@pytest.mark.parametrize(("name", "n_train"), [("mnist", 50_000), ("cifar10", 45_000)])
def test_the_split_is_fixed_disjoint_and_complete(
    local_folder: Path, name: str, n_train: int
) -> None:
    dataset, test = load_data(name, folder=local_folder), load_test(name, folder=local_folder)
    parts = [dataset.train, dataset.validation, test]
    assert [len(part) for part in parts] == [n_train, VALIDATION_SIZES[name], 10_000]
    everything = np.concatenate([numbers(part.images) for part in parts])
    assert len(np.unique(everything)) == len(everything)
    again = load_data(name, folder=local_folder)
    np.testing.assert_array_equal(again.train.images, dataset.train.images)
    # The permutation itself is part of every recorded table: a numpy that drew another one would
    # silently mix training and validation images of old and new tables.
    assert numbers(dataset.train.images)[:4].tolist() == FIRST_TRAINING_IMAGES[name]
    np.testing.assert_array_equal(dataset.train.labels, numbers(dataset.train.images) % 10)


def test_a_subset_is_the_head_of_the_whole(local_folder: Path) -> None:
    whole = load_data("mnist", folder=local_folder)
    part = load_data("mnist", folder=local_folder, n_train=100, n_validation=50)
    np.testing.assert_array_equal(part.train.images, whole.train.images[:100])
    np.testing.assert_array_equal(part.validation.labels, whole.validation.labels[:50])


def test_digits_need_no_download() -> None:
    dataset = load_data("digits")
    assert (len(dataset.train), len(dataset.validation)) == (1000, 500)
    assert len(load_test("digits")) == 297
    assert set(dataset.train.labels) == set(range(10))


def test_the_local_folder_comes_first_by_option_and_by_variable(
    local_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "local mnist.npz" in load_data("mnist", folder=local_folder).provenance
    monkeypatch.setenv(FOLDER_VARIABLE, str(local_folder))
    assert "JPEG re-encoding" in load_data("cifar10").provenance


def test_a_local_folder_without_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"has no mnist.npz; put it there, or leave --data-dir"):
        load_data("mnist", folder=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"name": "svhn"}, r"data must be one of \['cifar10', 'digits', 'mnist'\], got 'svhn'"),
        ({"name": "digits", "n_train": 5000}, "n_train must be between 1 and 1000, got 5000"),
        ({"name": "digits", "n_validation": 0}, "n_validation must be between 1 and 500, got 0"),
    ],
)
def test_impossible_requests_are_refused(arguments: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        load_data(**arguments)  # type: ignore[arg-type]


def idx(array: np.ndarray) -> bytes:
    """The format of the official MNIST files."""
    header = struct.pack(f">4B{array.ndim}i", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def serve(server: Server, files: dict[str, bytes]) -> tuple[RemoteFile, ...]:
    server.files = files
    return tuple(remote(server, content, name) for name, content in files.items())


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_files, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)


@pytest.mark.usefixtures("empty_cache")
def test_mnist_as_downloaded_equals_the_local_copy(
    server: Server, local_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with np.load(local_folder / "mnist.npz") as local:
        files = {
            f"{key}.gz": idx(local[key].astype(np.uint8))
            for key in ("x_train", "y_train", "x_test", "y_test")
        }
    monkeypatch.setattr(image_files, "MNIST_FILES", serve(server, files))
    downloaded, copied = load_data("mnist"), load_data("mnist", folder=local_folder)
    np.testing.assert_array_equal(downloaded.train.images, copied.train.images)
    np.testing.assert_array_equal(downloaded.validation.labels, copied.validation.labels)
    own_test, copied_test = load_test("mnist"), load_test("mnist", folder=local_folder)
    np.testing.assert_array_equal(own_test.images, copied_test.images)
    assert len(server.ranges_asked) == 4


@pytest.mark.usefixtures("empty_cache")
def test_cifar10_as_downloaded_is_split_like_the_local_copy(
    server: Server, local_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = numbered_images((60_000, 3, 32, 32), 0).reshape(60_000, -1)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=1) as tar:
        names = [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]
        for number, name in enumerate(names):
            rows = slice(10_000 * number, 10_000 * (number + 1))
            batch = {b"data": images[rows], b"labels": [i % 10 for i in range(10_000)]}
            content = pickle.dumps(batch)
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    (file,) = serve(server, {"cifar.tar.gz": archive.getvalue()})
    monkeypatch.setattr(image_files, "CIFAR10_FILE", file)
    downloaded, copied = load_data("cifar10"), load_data("cifar10", folder=local_folder)
    assert downloaded.train.images.shape == (45_000, 32, 32, 3)
    found = numbers(downloaded.train.images.transpose(0, 3, 1, 2))
    np.testing.assert_array_equal(found, numbers(copied.train.images))
    np.testing.assert_array_equal(downloaded.train.labels, copied.train.labels)
    assert "JPEG" not in downloaded.provenance
