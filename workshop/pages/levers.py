"""The view `levers`: what decision-makers choose, what is assumed, and what that changes."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import solara

from experiments import language
from experiments.designs.factors import check
from experiments.exhibits import outcome_finding
from experiments.exhibits.words import capitalized
from experiments.language import Language
from simulation.errors import InputError
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.scenario import Scenario

from ..components import Button, Choice, Text
from ..notice import Notice
from ..question import Question, Side, load
from .assumptions import Assumptions
from .card import Card
from .compare import GROUPS, Announced, key_of, measure_of
from .controls import Controls, control
from .sides import loaded
from .viewpoints import Viewpoints

STYLE = Path(__file__).parent / "levers.css"
SIDES = {"both": "ab", "a": "a", "b": "b"}
"""Which worlds a change is made in."""


@solara.component
def Levers(session):
    """Controls on one side; on the other what they do."""
    lang = session.lang
    solara.Style(STYLE)
    Text(lang.t("levers.title"), "h1")
    Text(lang.t("levers.lead"), "p", "lead")
    Text(lang.t("compare.not"), "p", "hint", "lead")
    with solara.Div(classes=["effect"]):
        Effect(session)
    with solara.Div(classes=["split"]):
        with solara.Div():
            LeverControls(session)
            Assumptions(session)
        with solara.Div(classes=["beside"]):
            Card(session)
            Viewpoints(session)


@solara.component
def Effect(session):
    """What the worlds say now, or that they have not been run since the last change."""
    lang, pair = session.lang, session.pair.value
    key = key_of(measure_of(session), session.choose("group", GROUPS))
    finding = lang.t("compare.first") if pair is None else outcome_finding(pair, lang, key)
    with solara.Div(classes=["outdated"] if session.is_stale else []):
        Text(finding, "p", "finding")
    Announced(session, key)
    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("levers.figures"), event_click=lambda *_: session.view.set("compare"))
        if session.is_stale:
            Text(lang.t("shell.stale"), "span", "note", "caution")
            if session.progress.value is None:
                Button(label=lang.t("shell.run"), kind="primary", event_click=lambda *_: session.run())


@solara.component
def LeverControls(session):
    """One control for each lever, by who controls it."""
    lang, question = session.lang, session.question.value
    chosen = session.choose("side", SIDES)
    sides = {side: lang.t(f"levers.side_{side}") for side in SIDES}
    Text(lang.t("levers.levers"), "h2")
    Choice(lang.t("levers.change_in"), chosen, sides, lambda side: session.show("side", side))
    values = solara.use_memo(lambda: lever_values(question, SIDES[chosen], lang), [question, chosen, lang])
    Controls(
        lang,
        lever_groups(lang.code),
        values,
        searchable=False,
        on_set=lambda name, value: try_to(session, lambda: with_lever(question, SIDES[chosen], name, value)),
        on_reset=lambda name: session.set_question(with_lever(question, SIDES[chosen], name, None)),
    )
    restored = replace(question, a=replace(question.a, levers=()), b=replace(question.b, levers=()))
    with solara.Div(classes=["buttons"]):
        Button(
            label=lang.t("levers.defaults"), disabled=restored == question,
            event_click=lambda *_: session.set_question(restored),
        )  # fmt: skip


def try_to(session, change) -> None:
    """Set the changed question, or say why it is refused."""
    try:
        session.set_question(change())
    except InputError as error:
        session.trouble.set(Notice.of("levers.refused", reason=error))


def with_lever(question: Question, letters: str, name: str, value: Any) -> Question:
    """Return the question with a lever set in some worlds, or given back to their scenarios (None).

    Raises
    ------
    InputError
        If there is no such lever or it cannot have the value.
    """
    if value is not None:
        value = check(name, value, name)
    for letter in letters:
        side: Side = getattr(question, letter)
        own = loaded(side, question.settings).levers[name]
        question = replace(question, **{letter: side.with_lever(name, None if value == own else value)})
    return question


def lever_values(question: Question, letters: str, lang: Language) -> dict[str, dict[str, Any]]:
    """Return what the controls of levers show, of the first of some worlds; what is worth a note is said in words."""
    worlds = {letter: load(getattr(question, letter), question.settings) for letter in "ab"}
    found = {}
    for name in LEVERS:
        a, b = (worlds[letter].levers[name] for letter in "ab")
        notes = [] if a == b else [lang.t("levers.differs", a=told(name, a, lang), b=told(name, b, lang))]
        for letter, scenario in worlds.items():
            notes += calendar_notes(letter.upper(), scenario, name, lang)
        changed = any(name in dict(getattr(question, letter).levers) for letter in letters)
        found[name] = {"value": worlds[letters[0]].levers[name], "changed": changed, "note": " ".join(notes)}
    return found


def calendar_notes(letter: str, scenario: Scenario, name: str, lang: Language) -> list[str]:
    """Say on which days the calendar of a world sets a lever, whatever stands for the whole run."""
    notes = []
    for event in scenario.events:
        for value in EVENT_KINDS[event.kind].values:
            if value.lever == name and value.name in event.values:
                said = {"letter": letter, "date": lang.date(event.date)}
                said["value"] = told(name, event.values[value.name], lang)
                key = "calendar_until" if event.until else "calendar"
                notes.append(lang.t(f"levers.{key}", **said, until=lang.date(event.until) if event.until else ""))
    return notes


def told(name: str, value: Any, lang: Language) -> str:
    """Return the value of a lever for reading."""
    choices = lang.lever(name).choices
    return choices[value] if choices else lang.n(value)


@cache
def lever_groups(code: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the controls of all levers under who controls them, in the order of their declarations."""
    lang = language.load(code)
    groups: dict[str, list] = {}
    for name, declared in LEVERS.items():
        heading = capitalized(lang.party(declared.controlled_by))
        groups.setdefault(heading, []).append(control(declared, lang.lever(name), lang))
    return list(groups.items())
