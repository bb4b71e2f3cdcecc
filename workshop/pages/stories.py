"""The view `stories`: crimes that went another way in the other world, one at a time, and why."""

from collections.abc import Iterator
from pathlib import Path

import solara

from experiments.stories.chances import decisions, people_in
from experiments.stories.records import KINDS, Chance, Values
from experiments.stories.stories import StoryBook, story_book
from experiments.stories.text import counts_texts, headline, paragraphs, reasons_text, rules_texts
from experiments.stories.words import compared, upper

from ..components import Button, Choice, Details, Download, Text
from .answers import PAIRS, PairPicker, Trouble, use_answer

STYLE = Path(__file__).parent / "stories.css"
STORIES = 12
"""Of each kind, clearest first."""


@solara.component
def Stories(session):
    """Pick a pair of worlds, a kind of difference, and read."""
    lang, question = session.lang, session.asked.value or session.question.value
    replicate = session.choose("pair", PAIRS)
    key = (question, replicate, lang.code)
    answer = use_answer(lambda away: told(session, *key), key)
    solara.Style(STYLE)
    Text(lang.t("stories_view.title"), "h1")
    Text(lang.t("stories_view.lead"), "p", "lead")
    Text(lang.t("compare.not"), "p", "hint", "lead")
    with Details(lang.t("stories_view.how")):
        Text(lang.t("stories.legend"))
    with solara.Div(classes=["columns"]):
        kind = session.choose("story", KINDS)
        options = {name: lang.t(f"stories_view.kind.{name}") for name in KINDS}
        Choice(lang.t("stories_view.kinds"), kind, options, lambda name: session.show("story", name))
        PairPicker(session)
    if answer.refused is not None:
        Trouble(session, answer)
    elif answer.value is None or answer.key != key:
        Text(lang.t("stories_view.waiting"), "p", "quiet")
    else:
        Book(session, answer.value, kind)


@solara.component
def Book(session, book: StoryBook, kind: str):
    """The stories of one kind, one at a time."""
    lang, told_of = session.lang, book.stories[kind]
    at, set_at = solara.use_state(0)
    solara.use_effect(lambda: set_at(0), [book, kind])
    position = min(at, len(told_of) - 1)
    for text in (*counts_texts(lang, book), reasons_text(lang, book, kind)):
        Text(upper(text))
    if told_of:
        with solara.Div(classes=["story"]):
            Story(session, told_of[position], position, len(told_of))
            begin, end = position == 0, position == len(told_of) - 1
            back, on = (lang.t(f"stories_view.{key}") for key in ("back", "on"))
            with solara.Div(classes=["turn"]):
                Button(label=back, disabled=begin, event_click=lambda *_: set_at(position - 1))
                Button(label=on, kind="primary", disabled=end, event_click=lambda *_: set_at(position + 1))
    with Details(lang.t("stories_view.rules")):
        for text in rules_texts(lang, book):
            Text(text)
    Download(lang.t("stories_view.download"), lang.t("share.making"), lambda: ("stories.md", book.markdown().encode()))


@solara.component
def Story(session, story, position: int, number: int):
    """What differs about a crime, the chain of cause, and the people whose histories can be read."""
    lang = session.lang
    Text(lang.t("stories_view.which", at=lang.n(position + 1, 0), all=lang.n(number, 0)), "p", "quiet")
    Text(headline(lang, story), "h2")
    _Chances(
        decisions=[
            {"who": upper(decision.what), "draw": decision.draw, "a": decision.a, "b": decision.b,
             "said": compared(lang, Chance(decision.draw, Values(decision.a, decision.b, decision.b)))}
            for decision in decisions(lang, story)
        ],
        words={key: lang.t(f"stories_view.chances.{key}") for key in ("title", "about")},
    )  # fmt: skip
    with solara.Div(classes=["chain"], attributes={"role": "list"}):
        for part in paragraphs(lang, story):
            link = Text(upper(part.removeprefix("- ")))
            solara.Div(classes=["link"], attributes={"role": "listitem"}, children=[link])
    with solara.Div(classes=["turn"]):
        for who, row in people_in(lang, story):
            Button(
                label=lang.t("stories_view.history", who=who, row=lang.n(row, 0)),
                event_click=lambda *_, row=row: look_at(session, row),
            )  # fmt: skip


@solara.component_vue("chances.vue")
def _Chances(decisions=(), words=None):
    """The chance of each decision in both worlds, and the draw that is the same in both."""


def look_at(session, row: int) -> None:
    """Open the history of a resident."""
    session.shown.value = {**session.shown.value, "city": "people", "city_row": str(row)}
    session.view.set("city")


def told(session, question, replicate: str, code: str) -> Iterator[StoryBook]:
    """Yield the stories of one pair of worlds."""
    a, b = question.scenarios(session.limits)
    root_seed = question.settings.root_seed
    yield session.worlds.ask(story_book, (a, b), int(replicate), STORIES, KINDS, code, root_seed)
