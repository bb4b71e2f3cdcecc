"""The view `workshop`: a room with an agenda, in which people predict before they see."""

from pathlib import Path

import solara

from ..agenda import AGENDAS
from ..components import Button, Choice, Text
from ..components.files import unanswered
from ..seat import Seat
from .facilitator import Facilitator
from .participant import Participant
from .roles import RoleCards

STYLE = Path(__file__).parent / "workshop.css"


@solara.component_vue("keeper.vue")
def _Keeper(kept=None, event_told=unanswered):
    """Keep in the browser's tab which place in which room is this visitor's, and tell it once."""


@solara.component_vue("join.vue")
def _Join(label="", hint="", button="", event_join=unanswered):
    """A box for the code of a room."""


@solara.component
def Workshop(session):
    """Open or join a room; in it, what facilitator and participants see."""
    lang, seat = session.lang, session.part(Seat)
    solara.Style(STYLE)

    def told(kept: dict) -> None:
        if seat.room.value is None and session.room.value:
            seat.join(session.room.value, kept if isinstance(kept, dict) else None)

    _Keeper(kept=seat.kept, event_told=told)
    Text(lang.t("workshop.title"), "h1")
    with solara.Div():  # always there: what comes and goes before a form would take its entries along
        if seat.trouble.value:
            Text(lang.t(seat.trouble.value), "p", "note", "caution")
    if seat.state is not None:
        view = Facilitator if seat.is_facilitator else Participant
        view(session)
    else:
        Entrance(session)


@solara.component
def Entrance(session):
    """What a workshop is, and how one opens or joins a room."""
    lang, seat = session.lang, session.part(Seat)
    minutes, set_minutes = solara.use_state("90")
    if seat.room.value is not None:
        Text(lang.t("workshop.closed"), "p", "note")
        with solara.Div(classes=["buttons"]):
            Button(label=lang.t("workshop.understood"), event_click=lambda *_: seat.leave())
        return
    Text(lang.t("workshop.lead"), "p", "lead")
    with solara.Div(classes=["columns"]):
        with solara.Div():
            Text(lang.t("workshop.participant"), "h2")
            _Join(
                label=lang.t("workshop.code"), hint=lang.t("workshop.code_hint"), button=lang.t("workshop.join"),
                event_join=seat.join,
            )  # fmt: skip
        with solara.Div():
            Text(lang.t("workshop.facilitator"), "h2")
            options = {str(each): lang.t("workshop.minutes", minutes=lang.n(each, 0)) for each in AGENDAS}
            Choice(lang.t("workshop.length"), minutes, options, set_minutes)
            with solara.Div(classes=["buttons"]):
                Button(label=lang.t("workshop.open"), kind="primary", event_click=lambda *_: seat.open(int(minutes)))
            Text(lang.t("workshop.open_hint"), "p", "hint")
    Text(lang.t("workshop.roles"), "h2")
    RoleCards(lang)
