"""Download a file once, with its checksum, and go on where a cut connection stopped."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests

from benchmarks.errors import UserError

ATTEMPTS = 3
BLOCK = 8192
"""Bytes."""
TIMEOUT = 30
"""Seconds without a byte after which a connection counts as cut."""


@dataclass(frozen=True)
class RemoteFile:
    """name: in the cache. md5: of the whole file, as its publisher states it."""

    name: str
    url: str
    md5: str


def cache_folder() -> Path:
    """Where downloads are kept, for example ``~/.cache/optuna_zooming``."""
    return Path(pooch.os_cache("optuna_zooming"))


def fetch(remote: RemoteFile, folder: Path) -> Path:
    """The path of ``remote`` in ``folder``, downloaded if it is not there already.

    Raises:
        UserError: If it cannot be reached, is cut short again and again, or fails its checksum.
    """
    try:
        path = pooch.retrieve(
            remote.url,
            known_hash=f"md5:{remote.md5}",
            fname=remote.name,
            path=folder,
            downloader=_download,
        )
    except requests.RequestException as error:
        raise UserError(
            f"cannot download {remote.url}: {error}; run the command again to go on where it "
            "stopped, or put the data into a folder and name it with --data-dir or "
            "OPTUNA_ZOOMING_DATA."
        ) from error
    except ValueError as error:
        raise UserError(
            f"{remote.url} fails its checksum, expected MD5 {remote.md5}; nothing was kept, run "
            "the command again or pass a good copy with --data-dir."
        ) from error
    return Path(path)


def fetch_all(remotes: Sequence[RemoteFile], folder: Path) -> list[Path]:
    """``fetch`` for each of several files."""
    return [fetch(remote, folder) for remote in remotes]


def _download(url: str, output_file: str, pooch_: object) -> None:
    """Pooch's downloader: what arrived before a cut is kept and only the rest is asked for."""
    # Pooch deletes its own temporary file on failure, so the resumable one lies beside it.
    partial = Path(output_file).with_name(url.rsplit("/", 1)[-1] + ".partial")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _download_rest(url, partial)
            break
        except requests.HTTPError:
            raise
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            if attempt == ATTEMPTS:
                raise
    os.replace(partial, output_file)


def _download_rest(url: str, partial: Path) -> None:
    start = partial.stat().st_size if partial.exists() else 0
    headers = {"Range": f"bytes={start}-"} if start else {}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            return  # The whole file had arrived; its checksum decides.
        response.raise_for_status()
        resumed = response.status_code == requests.codes.partial_content
        with partial.open("ab" if resumed else "wb") as stream:
            # A block that a cut leaves incomplete is lost, so blocks are small.
            for block in response.iter_content(BLOCK):
                stream.write(block)
