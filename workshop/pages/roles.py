"""Role cards: who people may be for the length of a workshop, in neutral words."""

import solara

from experiments.language import Language

from ..papers import role_cards


@solara.component_vue("cards.vue")
def _Cards(cards=(), decides="", asks="", nothing="", print_label="", limits=""):
    """See `RoleCards`."""


def RoleCards(lang: Language):
    """One card for each role, to read and to print."""
    return _Cards(
        cards=[card._asdict() for card in role_cards(lang)],
        decides=lang.t("workshop.decides"),
        asks=lang.t("workshop.asks"),
        nothing=lang.t("workshop.decides_nothing"),
        print_label=lang.t("workshop.print"),
        limits=lang.t("workshop.card_limits"),
    )
