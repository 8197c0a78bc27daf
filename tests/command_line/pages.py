"""A report as a browser's parser sees it."""

from __future__ import annotations

from html.parser import HTMLParser

# Attributes with which a page loads something.
_LOADING = {"src", "srcset", "href", "data", "poster", "action"}


class Page(HTMLParser):
    """What a page holds.

    Attributes:
        tables: Caption -> rows of the body, as texts.
        loads: Everything that it would fetch, or lead to, beyond itself.
        scripts: The contents of its scripts.
        ids: Of all elements.
        text: What is to be read, without scripts and styles.
    """

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.loads: list[str] = []
        self.scripts: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.tags: set[str] = set()
        self._open: list[str] = []
        self._caption = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in {"meta", "link", "img", "br", "hr"}:
            return
        self._open.append(tag)
        for name, value in attrs:
            if name in _LOADING and not (value or "").startswith("#"):
                self.loads.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value or "")
        if tag == "script":
            self.scripts.append("")
        if tag == "caption":
            self._caption = ""
        if "tbody" in self._open and tag == "tr":
            self.tables.setdefault(self._caption, []).append([])
        if tag == "td":
            self.tables[self._caption][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            self.scripts[-1] += data
        elif "style" not in self._open:
            self.text += data
        if "caption" in self._open:
            self._caption += data
        if "td" in self._open:
            self.tables[self._caption][-1][-1] += data
