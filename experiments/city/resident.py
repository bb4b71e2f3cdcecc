"""One resident's history in two worlds: what happened to them and close to them, and how trust and dread moved."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.outcomes import TRUST_CENTER, TRUST_SCALE
from simulation.scenario import Scenario
from simulation.today import BYSTANDER_1, VICTIM
from simulation.vocabulary import Absence, Channel, CrimeType

from ..stories.facts import resident
from ..stories.person import event_key
from ..stories.records import Resident
from ..stories.status import BY_LAW
from ..stories.world import (
    COWORKER,
    CRIME,
    HOUSEHOLD,
    ICE_ARREST,
    NEIGHBOR,
    POLICE_ARREST,
    SCANDAL,
    VISIT,
    World,
    kept_world,
)

SELF = "self"
RELATIONS = {HOUSEHOLD: "household", NEIGHBOR: "neighbor", COWORKER: "coworker"}
"""To whom it happened, besides the resident."""
KINDS = {
    CRIME: "crime",
    POLICE_ARREST: "police_arrest",
    ICE_ARREST: "immigration_arrest",
    VISIT: "visit",
    SCANDAL: "scandal",
}
NEWS, ANNOUNCEMENT, GRANT, NEWCOMER = "news", "announcement", "status", "newcomer"
TABLES = {POLICE_ARREST: "bookings", ICE_ARREST: "ice_arrests", VISIT: "visits"}


class Event(NamedTuple):
    """Something that happened to a resident, or close enough to move their trust or fear.

    Attributes
    ----------
    kind : str
        Of `KINDS`, or `news`, `announcement`, `status` or `newcomer`.
    relations : tuple of str
        To whom: `self`, `household`, `neighbor`, `coworker`; for a crime `victim` or `witness`; else empty.
    facts : dict
        How it went, by kind.
    fear, trust : float
        What it added to own fear and to trust (index points); 0 where it only bears on all of a community.
    trust_before, trust_after, dread_before, dread_after : float
        Of the resident, on the mornings around it.
    """

    kind: str
    relations: tuple[str, ...]
    facts: dict[str, Any]
    fear: float
    trust: float
    trust_before: float
    trust_after: float
    dread_before: float
    dread_after: float


class Entry(NamedTuple):
    """A day on which something happened to a resident, in world A, in world B, or in both alike or differently."""

    day: int
    a: Event | None
    b: Event | None


class ResidentHistory(NamedTuple):
    """One resident in both worlds.

    Attributes
    ----------
    who : Resident
        At the run's end.
    district : int
    entries : tuple of Entry
        In order.
    days : int array, shape (F,)
    trust, dread : float array, shape (2, F)
        In A and B, on the morning of each of the days: an index of which 50 is the average, and 0 to 1.
    away : tuple of two tuples of (str, int, int)
        Why not in the city, from which day and to before which, in A and B.
    """

    who: Resident
    district: int
    entries: tuple[Entry, ...]
    days: np.ndarray
    trust: np.ndarray
    dread: np.ndarray
    away: tuple[tuple[tuple[str, int, int], ...], ...]


def resident_history(a: Scenario, b: Scenario, seed: int, row: int, step: int = 7) -> ResidentHistory:
    """Tell what one resident went through in both worlds of a pair.

    Parameters
    ----------
    a, b : Scenario
        With the same people under one seed.
    seed : int
    row : int
        Which resident.
    step : int
        Days from one point of `trust` and `dread` to the next.

    Raises
    ------
    InputError
        If there is no such resident.
    """
    worlds = kept_world(a, seed), kept_world(b, seed)
    residents = len(worlds[0].population)
    if not 0 <= row < residents:
        raise InputError(f"resident {row:,}: must be from 0 to {residents - 1:,}")
    lives = [_events(world, row) for world in worlds]
    entries = tuple(
        Entry(key[1], *(life.get(key) for life in lives))
        for key in sorted(set().union(*lives), key=lambda k: (k[1], str(k)))
    )
    felt = [_felt(world, row) for world in worlds]
    days = np.append(np.arange(0, a.days, step), a.days)
    return ResidentHistory(
        resident(worlds, row, a.days),
        int(worlds[0].population.district[row]),
        entries,
        days,
        np.array([trust[days] for trust, _ in felt]),
        np.array([dread[days] for _, dread in felt]),
        tuple(_away(world, row) for world in worlds),
    )


def _felt(world: World, row: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the resident's trust (index) and dread on every morning of the run; shape (T + 1,)."""
    days = np.arange(world.scenario.days + 1)
    trust, _, dread = world.feelings(np.full(len(days), row), days)
    return TRUST_CENTER + TRUST_SCALE * trust, dread


def _events(world: World, row: int) -> dict[tuple, Event]:
    """Return everything that happened, by an identity that is the same in both worlds."""
    trust, dread = _felt(world, row)
    last = world.scenario.days

    def event(day, kind, relations, facts, fear=0.0, moved=0.0, at_once=False) -> Event:
        before, after = (max(0, day - 1), day) if at_once else (day, min(day + 1, last))
        return Event(
            kind,
            tuple(relations),
            facts,
            fear,
            moved,
            *map(float, (trust[before], trust[after], dread[before], dread[after])),
        )

    found = {}
    for key, near in _near(world, row).items():
        facts = {CRIME: _crime, POLICE_ARREST: _booking, ICE_ARREST: _arrest, VISIT: _visit}[key[0]](
            world, near.index, row
        )
        found[key] = event(key[1], KINDS[key[0]], near.relations, facts, near.fear, near.trust)
    for day, kind, facts, moved in _of_community(world, row):
        found[(kind, day)] = event(day, kind, (), facts, 0.0, moved, at_once=kind != NEWS or facts["arrests"] is None)
    if row in world.statuses.grants:
        grant = world.statuses.grants[row]
        found[(GRANT, grant.day)] = event(grant.day, GRANT, (SELF,), {"by_law": grant.crime == BY_LAW}, at_once=True)
    for day in world.whereabouts.arrivals(row):
        found[(NEWCOMER, day)] = event(day, NEWCOMER, (SELF,), {}, at_once=True)
    return found


@dataclass
class _Near:
    """An event at a resident or near them: its place in its table, to whom it happened, what it added."""

    index: int
    relations: list[str] = field(default_factory=list)
    fear: float = 0.0
    trust: float = 0.0


def _near(world: World, row: int) -> dict[tuple, _Near]:
    """Return what happened to a resident or near them, by event key."""
    near: dict[tuple, _Near] = {}

    def at(kind: int, index: int) -> _Near:
        return near.setdefault(event_key(world, kind, index), _Near(index))

    for index in world.events_of("crimes", row).tolist():
        at(CRIME, index).relations.append("victim")
    for index in np.flatnonzero((world.crimes["bystander"] == row).any(axis=1)).tolist():
        at(CRIME, index).relations.append("witness")
    for kind, table in TABLES.items():
        for index in world.events_of(table, row).tolist():
            if kind != VISIT or not world.visits["success"][index]:  # a visit that succeeds is an arrest
                at(kind, index).relations.append(SELF)
    for touch in world.touches_of(row):
        entry, relation = at(int(touch["kind"]), int(touch["index"])), RELATIONS.get(int(touch["relation"]))
        if relation:
            entry.relations.append(relation)
        entry.fear += float(touch["fear"])
        entry.trust += TRUST_SCALE * float(touch["trust"])
    return near


def _crime(world: World, index: int, row: int) -> dict[str, Any]:
    """Return how a crime went, seen from a person at it."""
    crime = world.crimes[index]
    party = VICTIM if crime["victim"] == row else BYSTANDER_1 + int(np.flatnonzero(crime["bystander"] == row)[0])
    return {
        "crime_type": CrimeType(crime["crime_type"]).label,
        "called": bool(crime["calls"][party]),
        "reported": bool(crime["reported"]),
        "handled": bool(crime["handled"]),
        "cooperated": bool(crime["cooperates"][party]),
        "solved": bool(crime["solved"] or crime["on_view"]),
    }


def _booking(world: World, index: int, row: int) -> dict[str, Any]:
    code = int(world.bookings["code"][index])
    return {"charge": CrimeType(code).label if code < len(CrimeType) else "other"}


def _arrest(world: World, index: int, row: int) -> dict[str, Any]:
    arrest = world.arrests[index]
    return {
        "channel": Channel(arrest["channel"]).label,
        "from_data": bool(arrest["from_data"]),
        "in_raid": bool(arrest["in_raid"]),
    }


def _visit(world: World, index: int, row: int) -> dict[str, Any]:
    visit = world.visits[index]
    return {"at_work": bool(visit["at_work"]), "channel": Channel(visit["channel"]).label}


def _of_community(world: World, row: int):
    """Yield what reached everybody in a resident's community: day, kind, facts, trust added (index points)."""
    community, days = int(world.population.community[row]), world.scenario.days
    for day, lost, _ in world.climate.scandals(community, days):
        yield day, KINDS[SCANDAL], {}, -TRUST_SCALE * lost
    if world.statuses.classes(np.array([row]), np.array([0]))[0] == 0:
        return  # outside immigrant communities nobody has anything to dread
    for day in world.climate.announcements(community, days):
        yield day, ANNOUNCEMENT, {}, 0.0
    for news in world.climate.news(community, days):
        yield news.day, NEWS, {"arrests": news.arrests}, 0.0


def _away(world: World, row: int) -> tuple[tuple[str, int, int], ...]:
    """Return why and when whoever held a row was not in the city."""
    end = world.scenario.days
    spans = (span for span in world.whereabouts.spans(row) if span.start < end)
    return tuple((Absence(span.reason).label, span.start, min(span.until, end)) for span in spans)
