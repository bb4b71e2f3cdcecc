"""Draws the exhibits of all visitors in turn, beside the page, and keeps the last ones."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

from experiments.exhibits.exhibit import Exhibit, Look
from experiments.exhibits.pair import Pair
from experiments.language import Language


class Drawn(NamedTuple):
    """An exhibit as the page takes it: its picture, and its table as the language writes it."""

    exhibit: Exhibit
    svg: str
    columns: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, exhibit: Exhibit, lang: Language) -> "Drawn":
        """Draw an exhibit."""
        table = exhibit.table
        rows = [[cell_text(cell, lang) for cell in row] for row in table.itertuples(index=False)]
        return cls(exhibit, exhibit.svg(), [str(column) for column in table.columns], rows)


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
        self._turn, self._lock = threading.Semaphore(1), threading.Lock()

    def find(self, key: Hashable) -> Drawn | None:
        """Return what was drawn under a key."""
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
            return self._drawn.get(key)

    def draw(
        self, key: Hashable, make: Callable[[], Exhibit], lang: Language, cancelled: Callable[[], bool]
    ) -> Drawn | None:
        """Wait for a turn and draw; None if nobody wants it any more by then."""
        with self._turn:
            if cancelled():
                return None
            found = self.find(key)
            if found is None:
                found = Drawn.of(make(), lang)
                self._keep(key, found)
            return found

    def _keep(self, key: Hashable, drawn: Drawn) -> None:
        with self._lock:
            self._drawn[key] = drawn
            while len(self._drawn) > self._kept:
                self._drawn.popitem(last=False)


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
