"""One visitor's state: what is asked, what is shown, and the thread that runs the worlds in between."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import solara

from experiments import language
from experiments.exhibits.exhibit import Look
from experiments.exhibits.pair import Pair
from simulation import __version__
from simulation.errors import InputError

from . import link
from .ensemble import Progress, grow
from .limits import Limits
from .notice import Notice
from .question import Question
from .viewpoints import Viewpoint
from .worlds import Worlds

log = logging.getLogger("workshop")

SETTLE_SECONDS = 0.15
"""How long a change waits for the next one before worlds are run."""
NARROW_PIXELS = 640
Part = TypeVar("Part")


@dataclass(frozen=True)
class Screen:
    """What the browser says of itself."""

    width: int = 1200
    dark: bool = False
    still: bool = False
    """Whether the visitor prefers reduced motion."""
    origin: str = ""
    """Address of the page as this visitor reaches it."""


class Session:
    """Everything that one visitor sees and has set; nothing of it is shared.

    Attributes
    ----------
    question : Reactive of Question
        What the controls say.
    asked : Reactive of Question or None
        What `pair` answers, or is on the way to.
    pair : Reactive of Pair or None
        The worlds that are shown.
    progress : Reactive of Progress or None
        While worlds are run.
    trouble : Reactive of Notice or None
    view, code, theme : Reactive of str
        The page shown, the language, and `auto`, `light` or `dark`.
    shown : Reactive of dict of str to str
        What the views show of the question, such as the measure; part of the link.
    viewpoints : Reactive of tuple of Viewpoint
        Levers and assumptions that the visitor has saved under names.
    screen : Reactive of Screen
    automatic : Reactive of bool
        Whether a change runs the worlds at once.
    """

    def __init__(self, worlds: Worlds, limits: Limits, query: str = "", preferred: str = "en"):
        self.worlds, self.limits = worlds, limits
        self._generation, self._stopped, self._lock = 0, 0, threading.Lock()
        self._parts: dict[Callable, Any] = {}
        opened, trouble = link.Opened(Question(), link.VIEWS[0], None, None), None
        try:
            opened = link.open_query(query, limits)
        except InputError as error:
            trouble = error
        code = opened.language if opened.language in language.CODES else preferred
        self.code = solara.reactive(code)
        self.view = solara.reactive(opened.view)
        self.room = solara.reactive(opened.room)
        self.shown = solara.reactive(dict(opened.shown))
        self.theme = solara.reactive("auto")
        self.screen = solara.reactive(Screen())
        self.automatic = solara.reactive(True)
        self.question = solara.reactive(opened.question)
        self.viewpoints: solara.Reactive[tuple[Viewpoint, ...]] = solara.reactive(())
        self.asked: solara.Reactive[Question | None] = solara.reactive(None)
        self.pair: solara.Reactive[Pair | None] = solara.reactive(None)
        self.progress: solara.Reactive[Progress | None] = solara.reactive(None)
        self.trouble: solara.Reactive[Notice | None] = solara.reactive(None)
        if trouble is not None:
            self.trouble.value = Notice.of("shell.bad_link", reason=trouble)
        elif opened.version not in (None, __version__):
            self.trouble.value = Notice.of("shell.older_link", then=opened.version[:20], now=__version__)

    @property
    def lang(self) -> language.Language:
        """The visitor's language."""
        return language.load(self.code.value)

    @property
    def theme_shown(self) -> str:
        """`light` or `dark`, as the page is drawn."""
        return self.theme.value if self.theme.value != "auto" else ("dark" if self.screen.value.dark else "light")

    @property
    def look(self) -> Look:
        """How exhibits are drawn for this visitor."""
        width = "narrow" if self.screen.value.width < NARROW_PIXELS else "wide"
        return Look(self.lang, self.theme_shown, width)

    @property
    def is_stale(self) -> bool:
        """Whether what is shown answers another question than the one that is set."""
        return self.pair.value is not None and self.asked.value != self.question.value

    @property
    def query(self) -> str:
        """The query of the link that opens what this visitor sees."""
        shown = tuple(sorted(self.shown.value.items()))
        return link.make_query(self.question.value, self.view.value, self.code.value, self.room.value, shown)

    @cached_property
    def standard(self) -> Question:
        """What the page opens with."""
        return Question()

    def choose(self, name: str, allowed: Collection[str]) -> str:
        """Return what a view shows, or the first that is allowed where nothing or something else is set."""
        value = self.shown.value.get(name)
        return value if value in allowed else next(iter(allowed))

    def show(self, name: str, value: str) -> None:
        """Set what a view shows."""
        self.shown.value = {**self.shown.value, name: value}

    def part(self, kind: Callable[["Session"], Part]) -> Part:
        """Return what a view keeps of this visitor; made when it is first asked for, closed with the session."""
        with self._lock:
            if kind not in self._parts:
                self._parts[kind] = kind(self)
            return self._parts[kind]

    def set_question(self, question: Question) -> None:
        """Take a change of the controls; run its worlds if that is automatic."""
        if question == self.question.value:
            return
        self.question.value, self.trouble.value = question, None
        if self.automatic.value:
            self.run()

    def run(self) -> None:
        """Run the worlds of the question in the background; what ran before for another question is left off."""
        with self._lock:
            self._generation += 1
            generation = self._generation
        self.progress.value = Progress(0, self.question.value.settings.pairs, None)
        threading.Thread(target=self._guarded, args=(generation, self.question.value), daemon=True).start()

    def cancel(self) -> None:
        """Stop running worlds; those that are done are shown."""
        with self._lock:
            self._stopped = self._generation
        self.progress.value = None

    def close(self) -> None:
        """Forget everything; called when the visitor has left."""
        with self._lock:
            self._generation += 1
            parts = tuple(self._parts.values())
        self.pair.value = None
        for part in parts:
            part.close()

    def _guarded(self, generation: int, question: Question) -> None:
        """Whatever goes wrong with the worlds is a plain banner, and the page stays usable."""
        try:
            self._fill(question, generation)
        except InputError as error:
            self._tell(generation, Notice.of("shell.cannot_compare", reason=error))
        except Exception:
            log.exception("a visitor's worlds failed")
            self._tell(generation, Notice("shell.fault"))

    def _tell(self, generation: int, notice: Notice) -> None:
        if not self._is_old(generation):
            self.progress.value = None
            self.trouble.value = notice

    def _fill(self, question: Question, generation: int) -> None:
        """Run pair after pair and show them: the first few as soon as they are there, then now and then."""
        time.sleep(SETTLE_SECONDS)
        if self._is_old(generation):
            return

        def cancelled() -> bool:
            return self._is_old(generation) or self._stopped == generation

        growth = None
        for growth in grow(self.worlds, question, self.limits, cancelled):
            if self._is_old(generation):
                return
            if growth.pair is not None:
                self.asked.value, self.pair.value = question, growth.pair
            progress = growth.progress
            self.progress.value = None if cancelled() or progress.done == progress.wanted else progress
        if growth is not None and growth.failures:
            failed, wanted = len(growth.failures), growth.progress.wanted
            log.error("%d of %d pairs failed: %r", failed, wanted, growth.failures[0])
            self._tell(generation, Notice.of("shell.failed", failed=failed, wanted=wanted))

    def _is_old(self, generation: int) -> bool:
        """Whether another question was asked since."""
        return self._generation != generation
