"""The page as one HTML document."""

from __future__ import annotations

import html
from datetime import datetime
from importlib.resources import files
from string import Template

from optuna.study import StudyDirection

from ..._text import counted, listed
from .answer import answer, value_name
from .arms import arms_table
from .contents import Contents, ParameterArms
from .elements import Markup, element, joined
from .figures import figures_of
from .trials import other_trials

# Figures of more parameters would be too much for a browser.
MOST_DRAWN = 8


def document(contents: Contents, where: str, when: datetime) -> str:
    """The whole document.

    Args:
        contents: What it says.
        where: The study's storage, as it may be shown.
        when: The study was read.

    Raises:
        UserError: If plotly is not installed.
    """
    return Template(_resource("page.html")).substitute(
        title=html.escape(contents.study.study_name),
        style=_resource("style.css"),
        facts=html.escape(_facts(contents, where, when)),
        answer=answer(contents),
        contents=_links(contents),
        parameters=joined(_parameters(contents)),
        trials=other_trials(contents),
    )


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _facts(contents: Contents, where: str, when: datetime) -> str:
    study = contents.study
    aim = "maximised" if study.direction == StudyDirection.MAXIMIZE else "minimised"
    trials = counted(len(study.get_trials(deepcopy=False)), "trial")
    return f"{value_name(contents)}, {aim} · {trials} · {where} · read {when:%Y-%m-%d %H:%M %Z}"


def _links(contents: Contents) -> Markup:
    if len(contents.varying) < 2:
        return Markup()
    links = [
        element("a", name, href=f"#parameter-{number}")
        for number, name in enumerate(contents.names)
    ]
    return element("nav", *links, element("a", "other trials", href="#trials"))


def _parameters(contents: Contents) -> list[Markup]:
    drawn = contents.names[:MOST_DRAWN]
    figures = list(figures_of(contents.study, drawn))
    sections = []
    for number, parameter in enumerate(contents.varying):
        own = figures[number] if number < len(figures) else []
        sections.append(_parameter(number, parameter, own, len(contents.varying) > 1))
    left = contents.names[MOST_DRAWN:]
    if left:
        told = f"Figures are drawn of the first {MOST_DRAWN} parameters; not of {listed(left)}."
        sections.append(element("p", told))
    return sections


def _parameter(
    number: int, parameter: ParameterArms, figures: list[Markup], others_vary: bool
) -> Markup:
    return element(
        "section",
        element("h2", parameter.name),
        *figures,
        arms_table(parameter, others_vary),
        id=f"parameter-{number}",
    )
