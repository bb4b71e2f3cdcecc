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
    Shown(solara.use_memo(lambda: Drawn.of(exhibit, lang), [exhibit]), lang, lambda: exhibit)


@solara.component
def Shown(drawn: Drawn, lang: Language, exhibit: Callable[[], Exhibit]):
    """An exhibit that is drawn; `exhibit` returns it, for files."""
    file, set_file = solara.use_state(None)

    def make(kind: str) -> tuple[str, bytes]:
        # A file leaves the page, so title, message and caption go with the picture.
        made = exhibit()
        content = {"csv": made.csv, "svg": lambda: made.svg(framed=True).encode(), "png": made.png}[kind]()
        return f"{made.name}.{kind}", content

    RawFigure(
        title=drawn.title, message=drawn.message, caption=drawn.caption,
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
    shown, set_shown = solara.use_state(None)
    is_faulty, set_faulty = solara.use_state(False)

    def show(drawn: Drawn | None, wish: Wish | None) -> None:
        set_faulty(drawn is None)
        if drawn is not None:
            set_shown((drawn, wish))

    easel = solara.use_memo(lambda: Easel(_studio, show), [])
    key = pair and (name, options, pair_key(pair), look_key(look))
    solara.use_effect(lambda: pair and easel.ask(Wish(key, lambda: make(pair, look), lang)), [key])
    solara.use_effect(lambda: easel.leave, [])
    if is_faulty:
        solara.HTML(tag="p", unsafe_innerHTML=lang.t("shell.not_drawn"), classes=["note", "caution"])
    if shown is not None:
        drawn, wish = shown
        Shown(drawn, wish.lang, wish.make)
    elif not is_faulty:
        solara.HTML(tag="p", unsafe_innerHTML=lang.t("shell.drawing"), classes=["awaited"])
