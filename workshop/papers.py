"""The papers of a workshop: the facilitator's guide, role cards and prediction sheets, from the texts of the page."""

from typing import NamedTuple

from experiments.exhibits.words import capitalized
from experiments.language import Language
from experiments.report.blocks import Points, Section, Table, Terms, Text
from simulation.levers import LEVERS

from .agenda import AGENDAS, ROLES
from .predictions import CONFIDENCES, DIRECTIONS

POINTS = range(1, 7)
"""Numbers of the points of advice."""


class RoleCard(NamedTuple):
    """What is on the card of a role.

    Attributes
    ----------
    id, title, who : str
    levers : list of str
        What its holder decides about; empty for those who may only persuade.
    questions : list of str
    """

    id: str
    title: str
    who: str
    levers: list[str]
    questions: list[str]


def role_cards(lang: Language) -> list[RoleCard]:
    """Return the card of every role."""
    return [
        RoleCard(
            role,
            lang.t(f"workshop.role.{role}.title"),
            lang.t(f"workshop.role.{role}.who"),
            [capitalized(lang.lever(name).label) for name, each in LEVERS.items() if each.controlled_by in parties],
            [lang.t(f"workshop.role.{role}.ask_{number}") for number in (1, 2)],
        )
        for role, parties in ROLES.items()
    ]


def prediction_sheet(lang: Language) -> list[tuple[str, list[str]]]:
    """Return the questions of a sheet, each with the answers to tick; none where a line is to be written on."""
    directions = [capitalized(lang.t(f"workshop.direction_{each}")) for each in DIRECTIONS]
    confidences = [lang.t(f"workshop.confidence_{each}") for each in CONFIDENCES]
    return [
        (lang.t("guide.sheet_a"), []),
        (lang.t("guide.sheet_b"), []),
        (lang.t("workshop.outcome"), []),
        (lang.t("workshop.direction"), directions),
        (lang.t("workshop.size"), []),
        (lang.t("workshop.confidence"), confidences),
        (lang.t("workshop.name"), []),
    ]


def guide(lang: Language) -> list[Section]:
    """Return the facilitator's guide without cards and sheets."""
    return [
        Section("before", lang.t("guide.before"), [Points([lang.t(f"guide.before_{n}") for n in POINTS])]),
        Section("leading", lang.t("guide.leading"), [Points([lang.t(f"guide.leading_{n}") for n in POINTS])]),
        Section("agenda", lang.t("workshop.agenda"), [_agenda(lang, minutes) for minutes in AGENDAS]),
        Section("steps", lang.t("guide.steps"), [_step(lang, name) for name in _steps()]),
        Section("paper", lang.t("guide.paper"), [Text(lang.t("guide.paper_text"))]),
    ]


def make_papers(lang: Language) -> bytes:
    """Return guide, cards and sheets as one PDF to print, tagged for screen readers."""
    from experiments.report import pdf

    cards = {
        "heading": lang.t("workshop.roles"), "note": lang.t("workshop.card_limits"),
        "decides": lang.t("workshop.decides"), "nothing": lang.t("workshop.decides_nothing"),
        "asks": lang.t("workshop.asks"), "items": [card._asdict() for card in role_cards(lang)],
    }  # fmt: skip
    sheet = {
        "heading": lang.t("guide.sheet"), "hint": lang.t("workshop.confidence_hint"),
        "questions": [{"asked": asked, "answers": answers} for asked, answers in prediction_sheet(lang)],
    }  # fmt: skip
    lead = [Text(lang.t("guide.lead"))]
    data = pdf.document_data(
        lang.t("guide.title"), lang.t("report.caution"), lang, lead, guide(lang), cards=cards, sheet=sheet
    )
    return pdf.compile_pdf("papers", data, {})


def _steps() -> list[str]:
    """Return the names of all steps, in the order of the longest workshop."""
    return [step.name for step in AGENDAS[max(AGENDAS)]]


def _agenda(lang: Language, minutes: int) -> Table:
    rows = [
        (
            lang.t(f"workshop.step.{step.name}.title"),
            lang.n(step.minutes, 0),
            lang.t(f"shell.view_{step.view}") if step.view else "",
        )
        for step in AGENDAS[minutes]
    ]
    headers = (lang.t("guide.column_step"), lang.t("guide.column_minutes"), lang.t("guide.column_view"))
    return Table(lang.t("workshop.minutes", minutes=minutes), headers, rows, (False, True, False))


def _step(lang: Language, name: str) -> Terms:
    said = [
        (lang.t("guide.everybody"), lang.t(f"workshop.step.{name}.everybody")),
        (lang.t("workshop.for_facilitator"), lang.t(f"workshop.step.{name}.facilitator")),
    ]
    return Terms(said, lang.t(f"workshop.step.{name}.title"))
