"""What is published of a study, and how it stands in the storage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from optuna.storages import BaseStorage, InMemoryStorage, RDBStorage
from optuna.storages._cached_storage import _CachedStorage
from optuna.study import Study

from .._joint.kept import models_kept
from .._study.snapshot import snapshot
from ._note import chunks_with, our_part

# Where optuna-dashboard looks for figures and notes, in chunks that it joins by number. It makes
# them of 2,045 characters each; whatever it reads between two writes is torn. Ours are written
# whole, as one chunk: storages write one attribute at a time completely or not at all.
_FIGURE = "dashboard:plot_data:{figure}:{chunk}"
_NOTE = "dashboard:note_str:{chunk}"
_NOTE_VERSION = "dashboard:note_ver"
# MySQL's TEXT, of which Optuna's columns are, holds 65,535.
MOST_BYTES = 60_000


class Options(NamedTuple):
    """What a callback was told.

    every: Seconds between two publications.
    param_names: Whose arms are drawn; ``None``: of those that vary.
    """

    every: float
    param_names: tuple[str, ...] | None


def unpublishable(study: Study) -> str | None:
    """Why nothing of the study can be published, with the remedy; ``None`` if all is well."""
    if len(study.directions) > 1:
        return f"it has {len(study.directions)} objectives, and arms are ranked by one."
    storage = study._storage
    backend = storage._backend if isinstance(storage, _CachedStorage) else storage
    if isinstance(backend, RDBStorage) and backend.engine.url.database in (None, "", ":memory:"):
        return (
            "no other thread sees an SQLite database in memory: use a file, or no storage at all."
        )
    try:
        import plotly.graph_objects  # noqa: F401
    except ImportError:
        return 'plotly is missing; run pip install "optuna-zooming[dashboard]".'
    return None


def keeps_everything(storage: BaseStorage) -> bool:
    """Whether a storage may keep what was overwritten, as journals do."""
    return not isinstance(storage, (_CachedStorage, RDBStorage, InMemoryStorage))


class Publication(NamedTuple):
    """What there is to say of a study.

    figures: Name in the dashboard -> figure as JSON.
    note: Our part of the study's note; ``None`` if it could not be made.
    failures: What could not be made, and why.
    """

    figures: dict[str, str]
    note: str | None
    failures: list[tuple[str, Exception]]


def made_of(study: Study, options: Options) -> Publication:
    """Draw and write, which takes its time; nothing is stored yet.

    Raises:
        Exception: Whatever the storage raises.
    """
    # Not at the top: whoever imports the package need not draw.
    from ._figures import arms_figure, drawn_params, figure_id

    # Workers go on meanwhile, and all that is said here shall be of the same trials.
    seen = snapshot(study)
    made = Publication({}, None, [])
    names = options.param_names
    with models_kept():
        for name in drawn_params(seen) if names is None else names:
            try:
                made.figures[figure_id(name)] = arms_figure(seen, name, MOST_BYTES)
            except Exception as error:
                made.failures.append((f"the figure of parameter {name!r}", error))
        try:
            return made._replace(note=our_part(seen))
        except Exception as error:
            made.failures.append(("the note", error))
    return made


def attributes_of(made: Publication, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What to store, besides what is stored already.

    Args:
        made: The publication; a note for which there is no room is added to its failures.
        stored: The study's system attributes, as new as can be: the note's owner may just have
            written something.
    """
    attributes: dict[str, Any] = {}
    for name, figure in made.figures.items():
        attributes.update(_figure(name, figure, stored))
    if made.note is not None:
        try:
            attributes.update(_note(made.note, stored))
        except ValueError as error:
            made.failures.append(("the note", error))
    return {key: value for key, value in attributes.items() if stored.get(key) != value}


def _figure(name: str, figure: str, stored: Mapping[str, Any]) -> dict[str, str]:
    attributes, chunk = {_FIGURE.format(figure=name, chunk=0): figure}, 1
    # Whatever else was ever saved under this name.
    while (key := _FIGURE.format(figure=name, chunk=chunk)) in stored:
        attributes[key] = ""
        chunk += 1
    return attributes


def _note(ours: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    chunks: list[str] = []
    while (key := _NOTE.format(chunk=len(chunks))) in stored:
        chunks.append(stored[key])
    changed = chunks_with(ours, chunks)
    for chunk in changed.values():
        if len(json.dumps(chunk)) > MOST_BYTES:
            raise ValueError(
                f"the study's note would take more than {MOST_BYTES} bytes; make it shorter."
            )
    # The version stays: the dashboard lets nobody save who began to edit another one, and who
    # edits a running study's note would lose each time. It shows the new text nevertheless.
    version = {} if _NOTE_VERSION in stored else {_NOTE_VERSION: 1}
    return {**{_NOTE.format(chunk=i): chunk for i, chunk in changed.items()}, **version}
