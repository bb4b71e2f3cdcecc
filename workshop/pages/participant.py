"""What a participant of a room sees on a phone: the step, the form, and after the reveal what came of it."""

import solara

from ..components import Button, Text
from ..seat import Seat
from .predicting import Form, question_of
from .revealed import Revealed
from .roles import RoleCards


@solara.component
def Participant(session):
    """One thing at a time."""
    lang, seat = session.lang, session.part(Seat)
    state, step = seat.state, seat.state.step
    Text(lang.t("workshop.in_room", code=seat.room.value.code), "p", "hint")
    Text(lang.t(f"workshop.step.{step.name}.title"), "h2")
    Text(lang.t(f"workshop.step.{step.name}.everybody"), "p", "everybody")
    if step.name == "roles":
        RoleCards(lang)
    done = state.round
    if done is None:
        Text(lang.t("workshop.wait"), "p", "note")
    elif done.answer is None:
        Text(question_of(lang, done, session.limits), "p", "everybody")
        Form(session, done)
    else:
        Revealed(session, done)
    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("workshop.leave"), event_click=lambda *_: seat.leave())
