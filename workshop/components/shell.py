"""The frame around every view: bar, banner, progress."""

from collections.abc import Callable
from typing import NamedTuple

import solara

from experiments import language
from experiments.exhibits.words import share_of_residents
from experiments.language import Language
from simulation.place import Place
from simulation.scenario import Scenario

from ..link import VIEWS
from ..seat import Seat
from .files import unanswered

WORKSHOP, OF_ROOM = "workshop", "shell.behind_room"
"""The view that shows a room's result, and the key of how its worlds are said."""


@solara.component_vue("address.vue")
def Address(query="", language="en", title="", theme="auto", event_screen: Callable = unanswered):
    """Keep the address bar, the page's language and its title in step with the state; tell what screen this is."""


@solara.component_vue("topbar.vue")
def _TopBar(
    words=None, views=(), view="", languages=(), language="", themes=(), theme="",
    event_choose_view: Callable = unanswered, event_choose_language: Callable = unanswered,
    event_choose_theme: Callable = unanswered,
):  # fmt: skip
    """See `TopBar`."""


@solara.component_vue("waiting.vue")
def _Waiting(
    text="", done=0, wanted=0, stale=False, automatic=True, words=None,
    event_cancel: Callable = unanswered, event_run: Callable = unanswered,
    event_choose_automatic: Callable = unanswered,
):  # fmt: skip
    """See `Waiting`."""


@solara.component_vue("banner.vue")
def Banner(text: str = "", close_label: str = "", event_close: Callable = unanswered):
    """A plain message that cannot be overlooked."""


def TopBar(session):
    """Name, views, language and theme."""
    lang = session.lang
    return _TopBar(
        words={key: lang.t(f"shell.{key}") for key in ("title", "skip", "pages", "language", "theme")},
        views=[{"id": view, "label": lang.t(f"shell.view_{view}")} for view in VIEWS],
        view=session.view.value,
        languages=[{"id": code, "label": language.load(code).name} for code in language.CODES],
        language=session.code.value,
        themes=[{"id": theme, "label": lang.t(f"shell.theme_{theme}")} for theme in ("auto", "light", "dark")],
        theme=session.theme.value,
        event_choose_view=lambda view: view in VIEWS and session.view.set(view),
        event_choose_language=lambda code: code in language.CODES and session.code.set(code),
        event_choose_theme=lambda theme: theme in ("auto", "light", "dark") and session.theme.set(theme),
    )


@solara.component
def Waiting(session):
    """Say how many worlds are behind the picture, whether it is out of date, and how long the rest takes."""
    lang, behind = session.lang, _behind(session)
    progress = None if behind and behind.key == OF_ROOM else session.progress.value  # a room's result is complete
    words = {key: lang.t(f"shell.{key}") for key in ("progress", "cancel", "run", "automatic")}
    if session.trouble.value:
        Banner(
            text=session.trouble.value.told(lang),
            close_label=lang.t("shell.close"),
            event_close=lambda *_: session.trouble.set(None),
        )
    _Waiting(
        text=" ".join(_said(lang, progress, behind, session.is_stale)),
        done=progress.done if progress else 0,
        wanted=progress.wanted if progress else 0,
        stale=session.is_stale,
        automatic=session.automatic.value,
        words=words,
        event_cancel=lambda *_: session.cancel(),
        event_run=lambda *_: session.run(),
        event_choose_automatic=session.automatic.set,
    )


def size_warning(lang: Language, scenario: Scenario) -> str:
    """Say when so few residents are simulated that it bends the effects of sharing; empty if it does not."""
    smallest = Place.load(scenario.place).smallest_scale
    if scenario.scale >= smallest:
        return ""
    return lang.t("shell.small_scale", share=share_of_residents(scenario, lang), least=lang.percent(100 * smallest))


class _Behind(NamedTuple):
    """What is behind that which is shown: how to say it, how many pairs of worlds, and the first of their scenarios."""

    key: str
    pairs: int
    scenario: Scenario


def _behind(session) -> _Behind | None:
    """Return the worlds behind what is shown; in a workshop those of the room, which are not the visitor's own."""
    seat, pair = session.part(Seat), session.pair.value
    if session.view.value == WORKSHOP and seat.state is not None:
        answer = seat.state.round and seat.state.round.answer
        if answer:
            return _Behind(OF_ROOM, answer.n, answer.a)
        if not seat.is_facilitator:
            return None
    return pair and _Behind("shell.behind", pair.n, pair.a)


def _said(lang, progress, behind: _Behind | None, stale: bool):
    if behind is not None:
        yield lang.t(behind.key, pairs=lang.n(behind.pairs, 0))
    if stale:
        yield lang.t("shell.stale")
    if behind is not None and progress is None and not stale:
        yield size_warning(lang, behind.scenario)
    if progress is not None:
        yield lang.t("shell.running", done=lang.n(progress.done, 0), wanted=lang.n(progress.wanted, 0))
        if progress.seconds_left is not None:
            yield lang.t("shell.left", seconds=lang.n(max(1, round(progress.seconds_left)), 0))
