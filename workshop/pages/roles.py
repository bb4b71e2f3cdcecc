"""Role cards: who people may be for the length of a workshop, in neutral words."""

import solara

from experiments.exhibits.words import capitalized
from experiments.language import Language
from simulation.levers import LEVERS

from ..agenda import ROLES


@solara.component_vue("cards.vue")
def _Cards(cards=(), decides="", asks="", nothing="", print_label="", limits=""):
    """See `RoleCards`."""


def RoleCards(lang: Language):
    """One card for each role, to read and to print."""
    return _Cards(
        cards=[_card(lang, role, parties) for role, parties in ROLES.items()],
        decides=lang.t("workshop.decides"),
        asks=lang.t("workshop.asks"),
        nothing=lang.t("workshop.decides_nothing"),
        print_label=lang.t("workshop.print"),
        limits=lang.t("workshop.card_limits"),
    )


def _card(lang: Language, role: str, parties: tuple[str, ...]) -> dict:
    levers = [capitalized(lang.lever(name).label) for name, each in LEVERS.items() if each.controlled_by in parties]
    return {
        "id": role,
        "title": lang.t(f"workshop.role.{role}.title"),
        "who": lang.t(f"workshop.role.{role}.who"),
        "levers": levers,
        "questions": [lang.t(f"workshop.role.{role}.ask_{number}") for number in (1, 2)],
    }
