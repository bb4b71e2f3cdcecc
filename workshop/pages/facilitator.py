"""What the facilitator of a room sees: the agenda with its clock, the rounds of predictions, and their files."""

import solara

from experiments.exhibits.words import scenario_title, unit_of_level, with_unit
from simulation.errors import InputError

from ..agenda import PREDICT, REVEAL
from ..components import Button, Details, Download, Select, Text
from ..components.files import unanswered
from ..rooms import Answer, Round
from ..seat import Seat
from ..takeaway import predictions_csv, predictions_json
from .card import Card
from .levers import STYLE as CARD_STYLE
from .predicting import Form, question_of, round_measures
from .revealed import Revealed
from .roles import RoleCards
from .share import qr_code

REACHABLE = "twoclaims app --host 0.0.0.0"
"""Starts the page so that phones in the same network reach it."""


@solara.component_vue("clock.vue")
def _Clock(left=0.0, runs=False, turn=0, label="", over_label="", said_last="", said_over=""):
    """A clock that counts down in the browser."""


@solara.component_vue("agenda.vue")
def _Agenda(label="", steps=(), position=0, event_choose=unanswered):
    """The steps; a click goes to one."""


@solara.component
def Facilitator(session):
    """The whole workshop, to be shown on the projector."""
    lang, seat = session.lang, session.part(Seat)
    state, step = seat.state, seat.state.step
    Invitation(session)
    with solara.Div(classes=["workshop"]):
        with solara.Div(classes=["steps"]):
            steps = [
                lang.t("workshop.step_minutes", title=lang.t(f"workshop.step.{each.name}.title"), minutes=each.minutes)
                for each in state.agenda
            ]
            _Agenda(
                label=lang.t("workshop.agenda"), steps=steps, position=state.position,
                event_choose=lambda position: seat.steer("go_to", position),
            )  # fmt: skip
        with solara.Div(classes=["now"]):
            Now(session)
            if step.name == "roles":
                RoleCards(lang)
            if step.name == "question":
                solara.Style(CARD_STYLE)
                Card(session)
            if step.name in PREDICT or state.is_predicting:
                Rounds(session)
            elif step.name in REVEAL and state.round is not None:
                Revealed(session, state.round)
            if step.name == "closing":
                Ending(session)


@solara.component
def Invitation(session):
    """How people join: address, code and QR code."""
    lang, seat = session.lang, session.part(Seat)
    origin = session.screen.value.origin
    link = f"{origin}/?view=workshop&room={seat.room.value.code}"
    with solara.Div(classes=["invitation"]):
        Text(lang.t("workshop.invitation", address=origin.partition("//")[2]), "p", "address-line")
        Text(seat.room.value.code, "p", "code")
        Text(lang.t("workshop.present", people=lang.n(len(seat.state.seats), 0)), "p", "present")
        with Details(lang.t("workshop.qr")):
            solara.HTML(unsafe_innerHTML=qr_code(link, lang.t("workshop.qr")))
            Text(link, "p", "hint")
        if any(name in origin for name in ("//127.", "//localhost", "//[::1]")):
            Text(lang.t("workshop.local"), "p", "note", "caution")
            Text(REACHABLE, "p", "command-line")


@solara.component
def Now(session):
    """The step that the room is at: what everybody does, what the facilitator does, and the clock."""
    lang, seat = session.lang, session.part(Seat)
    room, state = seat.room.value, seat.state
    step, runs = state.step, state.started is not None
    Text(lang.t(f"workshop.step.{step.name}.title"), "h2")
    with solara.Div(classes=["clock-row"]):
        _Clock(
            left=room.seconds_left, runs=runs, turn=state.version, label=lang.t("workshop.time_left"),
            over_label=lang.t("workshop.time_over"), said_last=lang.t("workshop.last_minute"),
            said_over=lang.t("workshop.time_is_up"),
        )  # fmt: skip
        label = "workshop.stop_clock" if runs else "workshop.start_clock"
        Button(label=lang.t(label), event_click=lambda *_: seat.steer("run_clock", not runs))
        Button(
            label=lang.t("workshop.back"), disabled=state.position == 0,
            event_click=lambda *_: seat.steer("go_to", state.position - 1),
        )  # fmt: skip
        Button(
            label=lang.t("workshop.next"), kind="primary", disabled=state.position == len(state.agenda) - 1,
            event_click=lambda *_: seat.steer("go_to", state.position + 1),
        )  # fmt: skip
    Text(lang.t(f"workshop.step.{step.name}.everybody"), "p", "everybody")
    with Details(lang.t("workshop.for_facilitator")):
        Text(lang.t(f"workshop.step.{step.name}.facilitator"))
    if step.view:
        view = lang.t(f"shell.view_{step.view}")
        with solara.Div(classes=["buttons"]):
            Button(label=lang.t("workshop.go", view=view), event_click=lambda *_: session.view.set(step.view))


@solara.component
def Rounds(session):
    """Ask for predictions, see how many are in, and reveal."""
    lang, seat = session.lang, session.part(Seat)
    state = seat.state
    if not state.is_predicting:
        Ask(session)
        return
    done: Round = state.round
    Text(question_of(lang, done, session.limits), "p", "everybody")
    counted = lang.t("workshop.predicted", people=lang.n(len(done.predictions), 0))
    waited = lang.t("workshop.waited_for", people=lang.n(state.waited_for, 0)) if state.waited_for else ""
    with solara.Div(attributes={"role": "status", "aria-live": "polite"}):
        Text(f"{counted} {waited}".strip(), "p", "counted")
    Reveal(session, done)
    with Details(lang.t("workshop.shared_screen")):
        Form(session, done, shared_screen=True)


@solara.component
def Ask(session):
    """Choose what is to be predicted."""
    lang, seat, pair = session.lang, session.part(Seat), session.pair.value
    measures = round_measures(lang)
    key, set_key = solara.use_state(next(iter(measures)))
    question = session.question.value

    def begin(*_) -> None:
        level = None if pair is None or session.is_stale else pair.effect(key).mean_b
        seat.steer("begin_round", question, key, level)

    try:
        titles = [scenario_title(lang, scenario) for scenario in question.scenarios(session.limits)]
    except InputError as error:
        Text(lang.t("shell.cannot_compare", reason=lang.refusal(error)), "p", "note", "caution")
        return
    Text(lang.t("workshop.about", a=titles[0], b=titles[1]))
    meaning = lang.outcome(key).meaning
    Select(lang.t("workshop.outcome"), key, measures, set_key, hint=with_unit(meaning, unit_of_level(lang, key)))
    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("workshop.ask"), kind="primary", event_click=begin)
    Text(lang.t("workshop.ask_hint"), "p", "hint")


@solara.component
def Reveal(session, done: Round):
    """Buttons that show the result: when all predictions are in, or before that if the facilitator says so."""
    lang, seat, pair = session.lang, session.part(Seat), session.pair.value
    if session.question.value != done.question:
        Text(lang.t("workshop.other_question"), "p", "note", "caution")
        with solara.Div(classes=["buttons"]):
            Button(
                label=lang.t("workshop.set_back"), kind="primary",
                event_click=lambda *_: session.set_question(done.question),
            )  # fmt: skip
        return
    if pair is None or session.is_stale or session.progress.value is not None:
        Text(lang.t("workshop.not_run"), "p", "hint")
        if session.progress.value is None:
            with solara.Div(classes=["buttons"]):
                Button(label=lang.t("shell.run"), event_click=lambda *_: session.run())
        return
    everybody = bool(done.predictions) and not seat.state.waited_for

    def reveal(*_) -> None:
        seat.steer("reveal", Answer.of(pair, done.key))
        if seat.state.step.name in PREDICT:
            seat.steer("go_to", seat.state.position + 1)

    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("workshop.reveal"), kind="primary", disabled=not everybody, event_click=reveal)
        if not everybody:
            Button(label=lang.t("workshop.reveal_anyway"), event_click=reveal)


@solara.component
def Ending(session):
    """Files of all rounds, and the end of the room."""
    lang, seat = session.lang, session.part(Seat)
    rounds, code = seat.state.rounds, seat.room.value.code
    sure, set_sure = solara.use_state(False)
    if rounds:
        Text(lang.t("workshop.files"), "h3")
        with solara.Div(classes=["files"]):
            making = lang.t("share.making")
            Download(lang.t("workshop.csv"), making, lambda: (f"predictions-{code}.csv", predictions_csv(rounds, lang)))
            Download(lang.t("workshop.json"), making, lambda: (f"predictions-{code}.json", predictions_json(rounds)))
        for number, done in enumerate(rounds, 1):
            if done.answer is not None:
                if len(rounds) > 1:
                    Text(lang.t("workshop.round", number=number), "h3")
                Revealed(session, done)
    Text(lang.t("workshop.end"), "h3")
    Text(lang.t("workshop.end_hint"), "p", "hint")
    with solara.Div(classes=["buttons"]):
        if sure:
            Button(label=lang.t("workshop.end_sure"), kind="primary", event_click=lambda *_: seat.steer("close"))
            Button(label=lang.t("workshop.end_not"), event_click=lambda *_: set_sure(False))
        else:
            Button(label=lang.t("workshop.end_room"), event_click=lambda *_: set_sure(True))
