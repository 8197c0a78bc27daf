"""The first screen: what to use, how sure that is, and what to do next."""

from __future__ import annotations

from optuna.distributions import BaseDistribution, CategoricalDistribution

from ..._text import doubt, short
from ...recommendation import RecommendedParams
from .contents import Contents
from .elements import Markup, element, joined, row, table

# So many values are shown large; the table below has them all.
_MOST_LARGE = 6


def answer(contents: Contents) -> Markup:
    """The recommendation as numbers and in words."""
    found = contents.explanation
    parts = []
    if found.recommended is not None:
        parts += [_figures(contents, found.recommended)]
    # The advice is the last of them.
    words = [element("p", text) for text in found.paragraphs[:-1]]
    words.append(element("p", found.advice, class_=f"next {found.next_step}"))
    parts.append(element("div", *words, class_="words"))
    if found.recommended is not None and found.recommended.params:
        parts.append(_values(contents, found.recommended))
    return joined(parts)


def _figures(contents: Contents, recommended: RecommendedParams) -> Markup:
    """Large: each value, and what to expect of them."""
    names = [name for name in contents.names if name in recommended.params]
    cards = [_card(name, short(recommended.params[name])) for name in names[:_MOST_LARGE]]
    expected = f"expected {value_name(contents)}"
    sure = doubt(recommended.interval)
    cards.append(_card(expected, short(recommended.mean), sure, class_="card expected"))
    return element("dl", *cards, class_="cards")


def _card(name: str, value: str, note: str = "", class_: str = "card") -> Markup:
    small = [element("dd", note, class_="note")] if note else []
    return element("div", element("dt", name), element("dd", value), *small, class_=class_)


def value_name(contents: Contents) -> str:
    """What the objective is called."""
    names = contents.study.metric_names
    return names[0] if names else "value"


def _values(contents: Contents, recommended: RecommendedParams) -> Markup:
    """Every parameter in full, to be copied."""
    rows = []
    for name, value in recommended.params.items():
        text = value if isinstance(value, str) else repr(value)
        rows.append(row([name, element("code", text), _range(contents.ranges[name])]))
    caption = f"Recommended in full (trial {recommended.number})"
    return table(caption, ["parameter", "value", "range"], rows)


def _range(distribution: BaseDistribution) -> str:
    if isinstance(distribution, CategoricalDistribution):
        return f"one of {', '.join(map(str, distribution.choices))}"
    low, high = getattr(distribution, "low", None), getattr(distribution, "high", None)
    if low == high:
        return "fixed"
    scale = ", logarithmic" if getattr(distribution, "log", False) else ""
    return f"{short(low)} to {short(high)}{scale}"
