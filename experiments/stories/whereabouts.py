"""Who is in the city on which day, and since when somebody lives there (ODD 2, 4.1, 4.5 and 4.6).

All of it is rebuilt from the bookings, immigration arrests and crimes that a run recorded, and from keyed draws.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulation.compilation import plain
from simulation.randomness import (
    DETENTION_TERM,
    JAIL,
    JAIL_TERM,
    NEWCOMER_DELAY,
    REMOVAL,
    RETURN_DELAY,
    identity,
    uniform,
)
from simulation.submodels.arithmetic import delay
from simulation.submodels.enforcement import newcomer_delay, removal_end
from simulation.vocabulary import FOREVER, Absence, CrimeType

from .check import require


class Span(NamedTuple):
    """A time away.

    Why (an `Absence`), from which day's end (a removal: its start), the first day back, and the immigration arrest or
    booking that it came from (index in that table).
    """

    reason: int
    start: int
    until: int
    index: int  # type: ignore[assignment]  # hides the method of tuples, which nobody wants of a span


class Whereabouts:
    """Times away, and newcomers, of one world.

    Parameters
    ----------
    world : World
        Its tables of events are read.
    """

    def __init__(self, world):
        self._world, self._rules, self._seed = world, world.rules, world.seed
        self._arrivals = self._find_arrivals()

    def generation(self, row: int, day: int) -> int:
        """Return how many newcomers have taken a row by the morning of a day."""
        keys = self._arrivals
        return int(np.searchsorted(keys, _at(row, day), "right") - np.searchsorted(keys, _at(row, 0)))

    def since(self, rows, days) -> np.ndarray:
        """Return the day on which the holder of each row on each day moved in, -1 if there from the start."""
        if not len(self._arrivals):
            return np.full(len(rows), -1)
        last = np.searchsorted(self._arrivals, _at(rows, days), "right") - 1
        arrival = self._arrivals[np.maximum(last, 0)]
        return np.where((last >= 0) & (arrival >> 32 == rows), arrival & 0xFFFFFFFF, -1)

    def away(self, row: int, day: int, has_moved: bool = True) -> Span | None:
        """Return why a resident is not in the city on a day, or None.

        Parameters
        ----------
        row, day : int
        has_moved : bool
            Whether the removals that fall due that day have been carried out; they come after the day's occurrences.
        """
        last = None
        for span in self.spans(row):
            is_known = span.start <= day if span.reason == Absence.REMOVED and has_moved else span.start < day
            last = span if is_known else last
        return last if last is not None and last.until > day else None

    def arrivals(self, row: int) -> list[int]:
        """Return the days on which newcomers took a row."""
        first, end = np.searchsorted(self._arrivals, (_at(row, 0), _at(row + 1, 0)))
        return (self._arrivals[first:end] & 0xFFFFFFFF).tolist()

    def spans(self, row: int) -> Iterator[Span]:
        """Yield the times away of a row, in the order in which they came about."""
        world = self._world
        events = [(int(world.days[kind][i]), stage, int(i))
                  for stage, kind in enumerate(("bookings", "ice_arrests", "crimes"))
                  for i in world.events_of(kind, row)]  # fmt: skip
        until = 0
        for day, stage, i in sorted(events):
            if stage == 0:
                term = self._jail_term(i)
                if term:
                    until = max(until, day + term)
                    yield Span(Absence.JAILED, day, until, i)
            elif stage == 1:
                end, back, _ = self._detention(i)
                until = back
                yield Span(Absence.DETAINED, day, end, i)
                if back > end and not self._is_killed(row, day):
                    yield Span(Absence.REMOVED, end, back, i)
            elif world.crimes["crime_type"][i] == CrimeType.HOMICIDE:
                until = FOREVER
                yield Span(Absence.KILLED, day, until, i)

    def _jail_term(self, booking: int) -> int:
        """Return the days in jail that follow from a booking; 0 for none."""
        bookings = self._world.bookings
        who, occasion, grade = (int(bookings[name][booking]) for name in ("who", "occasion", "grade"))
        if uniform(self._seed, JAIL, who, occasion) >= self._rules["jail"][grade]:
            return 0
        return delay(uniform(self._seed, JAIL_TERM, who, occasion), self._rules["jail_term"][grade])

    def _detention(self, arrest: int) -> tuple[int, int, bool]:
        """Return the end of a detention, the day the row is filled again, and whether by a newcomer.

        Newcomers come at the rate of the day of the arrest.
        """
        arrests, rules, seed = self._world.arrests, self._rules, self._seed
        day = int(self._world.days["ice_arrests"][arrest])
        who = identity(int(arrests["row"][arrest]), int(arrests["generation"][arrest]))
        end = day + delay(uniform(seed, DETENTION_TERM, who, day), rules["detention_term"])
        if uniform(seed, REMOVAL, who, day) >= rules["removal"]:
            return end, end, False
        back, is_newcomer = removal_end(
            end,
            rules["return_delay"],
            uniform(seed, RETURN_DELAY, who, day),
            plain(newcomer_delay)(rules["newcomer_delay"], self._world.levers["migration"][day]),
            uniform(seed, NEWCOMER_DELAY, who, day),
        )
        return end, back, is_newcomer

    def _is_killed(self, row: int, day: int) -> bool:
        world = self._world
        return bool((world.crimes["crime_type"][world.positions("crimes", row, day)] == CrimeType.HOMICIDE).any())

    def _find_arrivals(self) -> np.ndarray:
        """Return when newcomers took which row, as sorted keys."""
        world, keys = self._world, []
        for i, row in enumerate(world.arrests["row"].tolist()):
            _, back, is_newcomer = self._detention(i)
            if is_newcomer and back < world.scenario.days and not self._is_killed(row, world.days["ice_arrests"][i]):
                keys.append(_at(row, back))
        rows = np.array(keys, np.int64) >> 32
        counted = np.bincount(rows, minlength=len(world.population))
        require(counted == world.engine.residents["generation"], "newcomers")
        return np.sort(np.array(keys, np.int64))


def _at(row, day):
    """Return a key that sorts by row and then by day."""
    return (np.asarray(row, np.int64) << 32) + day
