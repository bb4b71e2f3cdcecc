"""Figures: an exhibit with its words, its data table, and downloads of exactly what is shown."""

from collections.abc import Callable, Hashable

import solara

from experiments.exhibits.exhibit import Exhibit, Look
from experiments.exhibits.pair import Pair
from experiments.language import Language

from .files import deliver, unanswered
from .parts import parts
from .studio import Drawn, Easel, Studio, Wish, look_key, pair_key

_studio = Studio(kept=96)


@solara.component_vue("figure.vue")
def RawFigure(
    title="", message="", caption="", svg="", columns=(), rows=(), kinds=(), words=None, file=None,
    event_download: Callable = unanswered,
):  # fmt: skip
    """See `Shown`."""


@solara.component
def Figure(exhibit: Exhibit, lang: Language):
    """An exhibit that is there already."""
    Shown(solara.use_memo(lambda: Drawn.of(exhibit, lang), [exhibit]), lang)


@solara.component
def Shown(drawn: Drawn, lang: Language):
    """An exhibit that is drawn."""
    file, set_file = solara.use_state(None)
    exhibit = drawn.exhibit

    def make(kind: str) -> tuple[str, bytes]:
        # A file leaves the page, so title, message and caption go with the picture.
        content = {"csv": exhibit.csv, "svg": lambda: exhibit.svg(framed=True).encode(), "png": exhibit.png}[kind]()
        return f"{exhibit.name}.{kind}", content

    RawFigure(
        title=exhibit.title, message=exhibit.message, caption=exhibit.caption,
        svg=drawn.svg, columns=drawn.columns, rows=drawn.rows,
        kinds=["csv", "svg", "png"],
        words={"table": lang.t("shell.table"), "download": lang.t("shell.download")},
        file=file, components=parts("data-table", "file-taker"),
        event_download=lambda kind: deliver(lambda: make(kind), set_file),
    )  # fmt: skip


@solara.component
def LiveFigure(session, name: str, make: Callable[[Pair, Look], Exhibit], *options: Hashable):
    """An exhibit of the session's pair. It is drawn beside the page, which shows the one before until then.

    Parameters
    ----------
    session : Session
    name : str
        Tells the exhibits of the page apart.
    make : callable
        `make(pair, look)`; whatever else it depends on is in `options`.
    """
    pair, look, lang = session.pair.value, session.look, session.lang
    drawn, set_drawn = solara.use_state(None)
    is_faulty, set_faulty = solara.use_state(False)

    def show(found: Drawn | None) -> None:
        set_faulty(found is None)
        if found is not None:
            set_drawn(found)

    easel = solara.use_memo(lambda: Easel(_studio, show), [])
    key = pair and (name, options, pair_key(pair), look_key(look))
    solara.use_effect(lambda: pair and easel.ask(Wish(key, lambda: make(pair, look), lang)), [key])
    solara.use_effect(lambda: easel.leave, [])
    if is_faulty:
        solara.HTML(tag="p", unsafe_innerHTML=lang.t("shell.not_drawn"), classes=["note", "caution"])
    if drawn is not None:
        Shown(drawn, lang)
    elif not is_faulty:
        solara.HTML(tag="p", unsafe_innerHTML=lang.t("shell.drawing"), classes=["awaited"])
