"""What stands in place of a view while a room has not predicted yet."""

from collections.abc import Callable

import solara

from ..components import Button, Text
from ..seat import Seat

ALWAYS = "workshop"
"""The view that is never hidden."""


@solara.component
def Veiled(session, view: Callable):
    """Show a view, unless its results are hidden from this visitor."""
    lang, seat = session.lang, session.part(Seat)
    if session.view.value == ALWAYS or not seat.hides_results:
        view(session)
        return
    Text(lang.t("workshop.hidden_title"), "h1")
    Text(lang.t("workshop.hidden"))
    with solara.Div(classes=["buttons"]):
        Button(
            label=lang.t("workshop.back_to_workshop"), kind="primary",
            event_click=lambda *_: session.view.set(ALWAYS),
        )  # fmt: skip
        if seat.is_facilitator:
            Button(label=lang.t("workshop.show_anyway"), event_click=lambda *_: seat.shows_anyway.set(True))
