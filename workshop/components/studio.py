"""Draws the exhibits of all visitors in turn, beside the page, and keeps the last ones."""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from experiments.exhibits.exhibit import Exhibit, Look
from experiments.exhibits.pair import Pair
from experiments.language import Language

log = logging.getLogger("workshop")


class Drawn(NamedTuple):
    """An exhibit as the page takes it: words, picture, and its table as the language writes it.

    It holds nothing of the worlds that it was drawn from, so that keeping it costs little.
    """

    title: str
    message: str
    caption: str
    svg: str
    columns: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, exhibit: Exhibit, lang: Language) -> "Drawn":
        """Draw an exhibit."""
        table = exhibit.table
        columns = [str(column) for column in table.columns]
        rows = [[cell_text(cell, lang) for cell in row] for row in table.itertuples(index=False)]
        return cls(exhibit.title, exhibit.message, exhibit.caption, exhibit.svg(), columns, rows)


class Wish(NamedTuple):
    """A picture that somebody wants: everything that it is made of, as a name, and how it is made."""

    key: Hashable
    make: Callable[[], Exhibit]
    lang: Language


class Turns:
    """A lock that is given to those who wait in the order in which they came."""

    def __init__(self):
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def __enter__(self):
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        mine.wait()

    def __exit__(self, *_):
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


class Studio:
    """Draws one picture at a time: more at once would only take turns on the interpreter, and hold up the page.

    A picture is kept under everything that it is made of, so that nobody is shown what they could not make themselves.

    Parameters
    ----------
    kept : int
        Most pictures that are kept.
    """

    def __init__(self, kept: int):
        self._kept = kept
        self._drawn: OrderedDict[Hashable, Drawn] = OrderedDict()
        self._turns, self._lock = Turns(), threading.Lock()

    def find(self, key: Hashable) -> Drawn | None:
        """Return what was drawn under a key."""
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
            return self._drawn.get(key)

    def draw(self, choose: Callable[[], Wish | None]) -> tuple[Drawn, Wish] | None:
        """Wait for a turn, choose what to draw, and draw it; None if nothing is wanted any more."""
        with self._turns:
            wish = choose()
            if wish is None:
                return None
            found = self.find(wish.key)
            if found is None:
                found = Drawn.of(wish.make(), wish.lang)
                self._keep(wish.key, found)
            return found, wish

    def _keep(self, key: Hashable, drawn: Drawn) -> None:
        with self._lock:
            self._drawn[key] = drawn
            while len(self._drawn) > self._kept:
                self._drawn.popitem(last=False)


class Easel:
    """One figure of one visitor: when its turn comes, what was asked for last is drawn.

    Parameters
    ----------
    studio : Studio
    show : callable
        Gets each picture and the wish that it fulfills; None and None for one that could not be drawn.
    """

    def __init__(self, studio: Studio, show: Callable[[Drawn | None, Wish | None], None]):
        self._studio, self._show = studio, show
        self._wish: Wish | None = None
        self._is_busy, self._lock = False, threading.Lock()

    def ask(self, wish: Wish) -> None:
        """Ask for a picture in place of any that is still waited for."""
        found = self._studio.find(wish.key)
        with self._lock:
            self._wish = None if found else wish
            begin = not found and not self._is_busy
            self._is_busy = self._is_busy or begin
        if found:
            self._show(found, wish)
        if begin:
            threading.Thread(target=self._work, daemon=True).start()

    def leave(self) -> None:
        """Want nothing any more, not even what is being drawn."""
        with self._lock:
            self._wish, self._show = None, lambda *_: None

    def _work(self) -> None:
        while True:
            try:
                drawn = self._studio.draw(self._choose)
            except Exception:
                log.exception("a figure could not be drawn")
                self._show(None, None)
                continue
            if drawn is not None:
                self._show(*drawn)
            elif self._is_done():
                return

    def _is_done(self) -> bool:
        with self._lock:
            self._is_busy = self._wish is not None
            return not self._is_busy

    def _choose(self) -> Wish | None:
        with self._lock:
            wish, self._wish = self._wish, None
            return wish


def pair_key(pair: Pair) -> tuple[Any, ...]:
    """Return everything that a picture of a pair is made of, as a name."""
    worlds = tuple((each.fingerprint, each.name, each.title) for each in (pair.a, pair.b))
    return (*worlds, pair.root_seed, pair.replicates, pair.failed)


def look_key(look: Look) -> tuple[str, str, str]:
    """Return a look as a name."""
    return look.language.code, look.theme, look.width


def cell_text(cell: Any, lang: Language) -> str:
    """Return a cell of a table as the language writes it."""
    if isinstance(cell, bool | str):
        return str(cell)
    if hasattr(cell, "year"):
        return lang.date(cell, "iso")
    number = float(cell)
    if number == int(number) if number == number and abs(number) < 1e15 else False:
        return lang.n(number, 0)
    return lang.n(number, 3)
