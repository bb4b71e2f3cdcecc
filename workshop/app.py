"""The page: what Solara opens for every visitor."""

import logging
from functools import cache
from pathlib import Path

import solara
import solara.lab

from experiments import language

from . import server
from .components.shell import Address, Banner, TopBar, Waiting
from .link import VIEWS
from .pages import PAGES
from .pages.veil import Veiled
from .session import Screen, Session
from .worlds import Worlds

log = logging.getLogger("workshop")

STYLE = Path(__file__).parent / "theme.css"

_visitors: set[str] = set()


@cache
def worlds() -> Worlds:
    """Return the worker processes of this page."""
    return Worlds(server.limits().kept_runs)


@solara.lab.on_kernel_start
def _count():
    """Count visitors, so that there can be a limit to them."""
    visitor = solara.get_kernel_id()
    _visitors.add(visitor)
    return lambda: _visitors.discard(visitor)


@solara.component
def Layout(children=()):
    """No frame of Solara's own around the page."""
    return solara.Div(children=list(children), classes=["room"])


@solara.component
def Page():
    """One visitor's page, or a plain message when too many are there already."""
    preferred = solara.use_memo(lambda: language.choose(_accepted_languages()), [])
    full = solara.use_memo(lambda: len(_visitors) > server.limits().sessions, [])
    solara.Style(STYLE)
    if full:
        Banner(text=language.load(preferred).t("shell.full", most=server.limits().sessions))
    else:
        Visitor(preferred)


@solara.component
def Visitor(preferred: str):
    """Make the session of one visitor, and end it when the visitor has left."""
    query = solara.use_router().search or ""
    session = solara.use_memo(lambda: Session(worlds(), server.limits(), query, preferred), [])

    def begin():
        session.run()
        return session.close

    solara.use_effect(begin, [])
    Room(session)


@solara.component
def Room(session: Session):
    """Bar, banner, progress and the view."""
    lang = session.lang
    Address(
        query=session.query,
        language=session.code.value,
        title=lang.t("shell.title"),
        theme=session.theme.value,
        event_screen=lambda told: session.screen.set(Screen(**told)),
    )
    TopBar(session)
    Waiting(session)
    with solara.Div(classes=["view"], attributes={"id": "view", "role": "main"}):
        View(session, session.view.value).key(session.view.value)


@solara.component
def View(session: Session, view: str):
    """One view; a fault in it is a plain banner, and the bar and the other views go on."""
    fault, _ = solara.use_exception()
    if fault is None:
        Veiled(session, PAGES[view])
    else:
        log.error("the view %s failed", view, exc_info=fault)
        Banner(text=session.lang.t("shell.fault"))


def _accepted_languages() -> str:
    headers = solara.lab.headers.value or {}
    return next(iter(headers.get("accept-language", [])), "")


assert set(PAGES) == set(VIEWS)
