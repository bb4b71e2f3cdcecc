"""Which two worlds are compared, and how they are run."""

import math
import re
from dataclasses import replace
from functools import cache

import solara

from experiments.cli.scenario import GROUPS
from experiments.language import Language
from simulation.errors import InputError
from simulation.place import Place
from simulation.scenario import Scenario

from ..components import Button, Details, Refused, Select, Slider, Text, Upload
from ..limits import Limits
from ..notice import Notice
from ..question import OWN, Question, Settings, Side, load

LARGEST_SEED = 2**53 - 1
"""A browser knows no greater whole number."""
SMALLEST_SCALE = 0.005


@solara.component
def Sides(session):
    """The two worlds, and a button that changes them over."""
    lang, question = session.lang, session.question.value

    def swap(*_):
        session.set_question(replace(question, a=question.b, b=question.a))

    with solara.Div(classes=["columns", "sides"]):
        SidePicker(session, "a")
        SidePicker(session, "b")
    with solara.Div(classes=["buttons"]):
        Button(label=lang.t("compare.swap"), event_click=swap)


@solara.component
def SidePicker(session, letter: str):
    """Choose one world from the library, or give a file of one's own."""
    lang, question = session.lang, session.question.value
    refused, set_refused = solara.use_state(None)
    side: Side = getattr(question, letter)

    def choose(name: str) -> None:
        if name in Scenario.names():
            set_refused(None)
            session.set_question(replace(question, **{letter: Side(name)}))

    def give(file: dict) -> None:
        own = Side(OWN, own=str(file["text"]))
        try:
            changed = replace(question, **{letter: own})
            changed.scenarios(session.limits)
        except InputError as error:
            set_refused(Notice.of("compare.refused", file=str(file["name"])[:60], reason=error))
        else:
            set_refused(None)
            session.set_question(changed)

    name = letter.upper()
    with solara.Div(classes=[f"side-{letter}"]):
        Select(lang.t("compare.world", letter=name), side.scenario, library(lang, side, question), choose)
        short, rest = first_sentence(description(lang, side))
        Text(short, "p", "wide-only")
        with solara.Div():  # its place stays, so that what follows is not made anew
            if side.levers:
                changed = lang.join(lang.lever(lever).label for lever, _ in side.levers)
                Text(lang.t("compare.changed", levers=changed), "p", "note")
                restored = replace(question, **{letter: replace(side, levers=())})
                with solara.Div(classes=["buttons"]):
                    Button(label=lang.t("compare.back"), event_click=lambda *_: session.set_question(restored))
                    Button(label=lang.t("compare.levers"), event_click=lambda *_: session.view.set("levers"))
        with Details(lang.t("compare.more", letter=name)):
            Text(short, "p", "narrow-only")
            if rest:
                Text(rest)
            if expected := lang.scenario_expected(side.scenario):
                _Expected(heading=lang.t("compare.expected"), items=list(expected))
                home = place_of(replace(question, a=side, settings=Settings()))
                if home.name != place_of(question).name:
                    Text(lang.t("compare.expected_for", place=home.title), "p", "note")
            Upload(
                label=lang.t("compare.own", letter=name), accept=".toml", hint=lang.t("compare.own_hint"),
                most_bytes=session.limits.file_bytes, event_give=give,
                refusal=lang.t("compare.too_large", most=lang.n(session.limits.file_bytes, 0)),
            )  # fmt: skip
            if refused:
                Refused(text=refused.told(lang))


@solara.component
def RunSettings(session):
    """In which city, how many pairs, how large a share of it, with which luck."""
    lang, limits = session.lang, session.limits
    settings: Settings = session.question.value.settings
    place = solara.use_memo(lambda: place_of(session.question.value), [session.question.value])
    residents = float(place.residents.sum())

    def change(name: str, value) -> None:
        question: Question = session.question.value
        session.set_question(replace(question, settings=replace(question.settings, **{name: value})))

    def move(name: str) -> None:
        if name in Place.names():
            session.set_question(moved(session.question.value, name, limits))

    largest = largest_share(place, limits)
    with Details(lang.t("compare.run.title")), solara.Div(classes=["columns"]):
        Select(lang.t("compare.run.place"), place.name, places(place), move, hint=lang.t("compare.run.place_hint"))
        Slider(
            lang, lang.t("compare.run.pairs"), settings.pairs, 1, limits.pairs, lambda n: change("pairs", int(n)),
            hint=lang.t("compare.run.pairs_hint"), whole=True,
        )  # fmt: skip
        Slider(
            lang, lang.t("compare.run.scale"), settings.scale, SMALLEST_SCALE, largest,
            lambda share: change("scale", float(share)), unit=lang.t("compare.run.share"),
            hint=lang.t("compare.run.scale_hint", residents=lang.n(round(residents * settings.scale), 0)),
        )  # fmt: skip
        Slider(
            lang, lang.t("compare.run.seed"), settings.root_seed, 0, LARGEST_SEED,
            lambda n: change("root_seed", int(n)), hint=lang.t("compare.run.seed_hint"), whole=True, boxed=True,
        )  # fmt: skip


@solara.component_vue("expected.vue")
def _Expected(heading="", items=()):
    """Sentences under a heading."""


def library(lang: Language, side: Side, question: Question) -> list[tuple[str, dict[str, str]]]:
    """Return the scenarios to choose from under their headings; a visitor's own is among them while it is chosen."""
    found: dict[str, dict[str, str]] = {}
    if side.own:
        title = loaded(side, question.settings).title
        found[lang.t("compare.own_group")] = {OWN: title}
    for name in shipped():
        found.setdefault(lang.scenario_group(name), {})[name] = lang.scenario(name).label
    return list(found.items())


@cache
def shipped() -> tuple[str, ...]:
    """Return the names of the library in its order."""
    groups = {name: Scenario.load(name).group for name in Scenario.names()}
    return tuple(sorted(groups, key=lambda name: (GROUPS.index(groups[name]), name)))


def loaded(side: Side, settings: Settings) -> Scenario:
    """Return the scenario of a side without its changed levers."""
    return load(replace(side, levers=()), settings)


def description(lang: Language, side: Side) -> str:
    """Return what a side's scenario says of itself."""
    return lang.scenario(side.scenario).meaning if not side.own else loaded(side, Settings()).description


def first_sentence(text: str) -> tuple[str, str]:
    """Return the first sentence of a text, and the rest."""
    found = re.match(r"(.+?(?<!U\.S)[.?!]) +(?=[^a-z])(.+)", text, re.DOTALL)
    return found.groups() if found else (text, "")


def place_of(question: Question) -> Place:
    """Return the city in which both worlds lie."""
    return Place.load(loaded(question.a, replace(question.settings, parameters=())).place)


def places(present: Place) -> dict[str, str]:
    """Return the titles of the cities to choose from, by name; that of the scenarios is among them in any case."""
    return {present.name: present.title} | {name: Place.load(name).title for name in Place.names()}


def largest_share(place: Place, limits: Limits) -> float:
    """Return the largest share of a city's residents that the page simulates; rounded down, so that it is allowed."""
    return min(1.0, math.floor(1000 * limits.residents / float(place.residents.sum())) / 1000)


def moved(question: Question, name: str, limits: Limits) -> Question:
    """Return a question asked of another city, at no larger a share than the page simulates there."""
    scale = min(question.settings.scale, largest_share(Place.load(name), limits))
    return replace(question, settings=replace(question.settings, place=name, scale=scale))
