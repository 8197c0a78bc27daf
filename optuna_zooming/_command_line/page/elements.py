"""HTML elements from texts: whatever a study's names hold, it is no markup here."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence


class Markup(str):
    """HTML that is finished; any other text is escaped where it is put into an element."""

    __slots__ = ()


def element(tag: str, *inner: str, **attributes: str) -> Markup:
    """An element with these contents; ``class_`` is the attribute ``class``."""
    told = "".join(
        f' {name.rstrip("_")}="{html.escape(value)}"' for name, value in attributes.items()
    )
    return Markup(f"<{tag}{told}>{joined(inner)}</{tag}>")


def joined(parts: Iterable[str]) -> Markup:
    """Parts one after the other."""
    return Markup("".join(p if isinstance(p, Markup) else html.escape(p) for p in parts))


def table(caption: str, head: Sequence[str], rows: Iterable[Markup]) -> Markup:
    """A table that scrolls where it is larger than the page has room for."""
    titles = element("tr", *(element("th", title, scope="col") for title in head))
    body = element("tbody", *rows)
    whole = element("table", element("caption", caption), element("thead", titles), body)
    return element("div", whole, class_="scroll", tabindex="0")


def row(cells: Iterable[str], **attributes: str) -> Markup:
    """A row of a table."""
    return element("tr", *(element("td", cell) for cell in cells), **attributes)
