"""What griffe2md is told about our docstrings, so that api.md reads well as plain Markdown.

Roles become code, and types and attributes plain text: the links that griffe2md would make of them
lead nowhere in a file that no documentation tool processes any further.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":\w+:`~?([^`]+)`")
BLOCK = re.compile(r"::$", re.MULTILINE)
INTRODUCTION = """\
For whoever looks up a name, an argument or an error; what to do with all of it, the
[other pages](README.md) say. This page is made of the docstrings, by
`griffe2md optuna_zooming -o docs/api.md`.

"""


class PlainMarkdown(griffe.Extension):
    """Rewrites the docstrings of the package, once all of it is loaded."""

    def on_object(self, *, obj: griffe.Object, loader: griffe.GriffeLoader, **kwargs: Any) -> None:
        """Called for every module, class, function and attribute."""
        if isinstance(obj, griffe.Function) and obj.name == "__init__":
            obj.returns = None
        if obj.docstring is None:
            return
        obj.docstring.value = BLOCK.sub(":", ROLE.sub(r"``\1``", obj.docstring.value))
        obj.docstring.parsed[:] = [_without_links(section) for section in obj.docstring.parsed]

    def on_package(self, *, pkg: griffe.Module, loader: griffe.GriffeLoader, **kwargs: Any) -> None:
        """Called for every package, ours among them."""
        if pkg.name == "optuna_zooming" and pkg.docstring is not None:
            pkg.docstring.value = INTRODUCTION + pkg.docstring.value


def _without_links(section: griffe.DocstringSection) -> griffe.DocstringSection:
    """A section of a docstring whose types are strings; of attributes, as if of parameters."""
    if not isinstance(section.value, list):
        return section
    for element in section.value:
        if getattr(element, "annotation", None) is not None:
            element.annotation = str(element.annotation)
    if section.kind is griffe.DocstringSectionKind.attributes:
        return griffe.DocstringSectionParameters(section.value, title="Attributes:")
    return section
