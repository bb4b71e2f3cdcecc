"""One visitor's state: what is asked, what is shown, and the thread that runs the worlds in between."""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import solara

from experiments import language
from experiments.exhibits.exhibit import Look
from experiments.exhibits.pair import Pair
from simulation import __version__
from simulation.errors import InputError
from simulation.randomness import replicate_seed

from . import link
from .limits import Limits
from .question import Question
from .worlds import Worlds

log = logging.getLogger("workshop")

FIRST_PAIRS = 6
"""Pairs behind the first picture: the fewest that give a verdict, and one."""
SETTLE_SECONDS = 0.15
"""How long a change waits for the next one before worlds are run."""
REDRAW_SECONDS = 1.5
NARROW_PIXELS = 640


@dataclass(frozen=True)
class Progress:
    """How far the ensemble is."""

    done: int
    wanted: int
    seconds_left: float | None


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
    trouble : Reactive of str or None
        A plain message, in the visitor's language.
    view, code, theme : Reactive of str
        The page shown, the language, and `auto`, `light` or `dark`.
    screen : Reactive of Screen
    automatic : Reactive of bool
        Whether a change runs the worlds at once.
    """

    def __init__(self, worlds: Worlds, limits: Limits, query: str = "", preferred: str = "en"):
        self.worlds, self.limits = worlds, limits
        self._generation, self._lock = 0, threading.Lock()
        opened, trouble = link.Opened(Question(), link.VIEWS[0], None, None), None
        try:
            opened = link.open_query(query, limits)
        except InputError as error:
            trouble = error
        code = opened.language if opened.language in language.CODES else preferred
        self.code = solara.reactive(code)
        self.view = solara.reactive(opened.view)
        self.room = solara.reactive(opened.room)
        self.theme = solara.reactive("auto")
        self.screen = solara.reactive(Screen())
        self.automatic = solara.reactive(True)
        self.question = solara.reactive(opened.question)
        self.asked: solara.Reactive[Question | None] = solara.reactive(None)
        self.pair: solara.Reactive[Pair | None] = solara.reactive(None)
        self.progress: solara.Reactive[Progress | None] = solara.reactive(None)
        self.trouble: solara.Reactive[str | None] = solara.reactive(None)
        if trouble is not None:
            self.trouble.value = self.lang.t("shell.bad_link", reason=str(trouble))
        elif opened.version not in (None, __version__):
            self.trouble.value = self.lang.t("shell.older_link", then=opened.version[:20], now=__version__)

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
        return link.make_query(self.question.value, self.view.value, self.code.value, self.room.value)

    @cached_property
    def standard(self) -> Question:
        """What the page opens with."""
        return Question()

    def set_question(self, question: Question) -> None:
        """Take a change of the controls; run its worlds if that is automatic."""
        if question == self.question.value:
            return
        self.question.value = question
        if self.automatic.value:
            self.run()

    def run(self) -> None:
        """Run the worlds of the question in the background; what ran before for another question is left off."""
        with self._lock:
            self._generation += 1
            generation = self._generation
        self.trouble.value = None
        self.progress.value = Progress(0, self.question.value.settings.pairs, None)
        threading.Thread(target=self._guarded, args=(generation, self.question.value), daemon=True).start()

    def cancel(self) -> None:
        """Stop running worlds; those that are done stay."""
        with self._lock:
            self._generation += 1
        self.progress.value = None

    def close(self) -> None:
        """Forget everything; called when the visitor has left."""
        self.cancel()
        self.pair.value = None

    def _guarded(self, generation: int, question: Question) -> None:
        """Whatever goes wrong with the worlds is a plain banner, and the page stays usable."""

        def turned_away() -> bool:
            return self._generation != generation

        try:
            self._fill(question, turned_away)
        except InputError as error:
            self._tell(turned_away, self.lang.t("shell.cannot_compare", reason=str(error)))
        except Exception:
            log.exception("a visitor's worlds failed")
            self._tell(turned_away, self.lang.t("shell.fault"))

    def _tell(self, turned_away: Callable[[], bool], text: str) -> None:
        if not turned_away():
            self.progress.value = None
            self.trouble.value = text

    def _fill(self, question: Question, turned_away: Callable[[], bool]) -> None:
        """Run pair after pair and show them: the first few as soon as they are there, then now and then."""
        time.sleep(SETTLE_SECONDS)
        if turned_away():
            return
        scenarios = question.scenarios(self.limits)
        settings, runs, failed = question.settings, {}, []
        wanted, started, drawn = settings.pairs, time.monotonic(), 0.0
        seeds = [replicate_seed(settings.root_seed, number) for number in range(1, wanted + 1)]
        for position, answer in self.worlds.run_pairs(scenarios, seeds, turned_away):
            if isinstance(answer, Exception):
                failed.append(answer)
            else:
                runs[position + 1] = answer
            done, now = len(runs) + len(failed), time.monotonic()
            shown = runs if done == wanted else _from_the_first(runs)
            enough = len(shown) >= min(FIRST_PAIRS, wanted) and now - drawn > REDRAW_SECONDS
            if not turned_away() and (enough or done == wanted) and shown:
                pair = Pair.from_runs(*scenarios, settings.root_seed, dict(sorted(shown.items())), len(failed))
                self.asked.value, self.pair.value, drawn = question, pair, now
            if not turned_away():
                left = (now - started) / done * (wanted - done)
                self.progress.value = Progress(done, wanted, left) if done < wanted else None
        if failed and not turned_away():
            log.error("%d of %d pairs failed: %r", len(failed), wanted, failed[0])
            self._tell(turned_away, self.lang.t("shell.failed", failed=len(failed), wanted=wanted))


def _from_the_first(runs: dict[int, tuple]) -> dict[int, tuple]:
    """Return the runs 1, 2, 3 ... up to the first gap: what a command with fewer seeds would show."""
    return {number: runs[number] for number in itertools.takewhile(runs.__contains__, itertools.count(1))}
