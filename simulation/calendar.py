"""The calendar of a scenario: its events in order, and what follows from them day by day.

Between events nothing changes, and an event holds from its own date on.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import occurrences
from .agreement import NO_AGREEMENT, Terms, change
from .errors import InputError
from .events import EVENT_KINDS
from .levers import Policy
from .occurrences import Occurrence
from .validation import unknown
from .vocabulary import FOREVER, Community, Detainers, Party, Priorities, Vocabulary, Yardstick

_ONE_DAY = datetime.timedelta(days=1)
_ORDER = {name: position for position, name in enumerate(EVENT_KINDS)}
END = "end"
"""A vote to end the agreement."""


@dataclass(frozen=True)
class Event:
    """One dated policy event.

    Attributes
    ----------
    date : date
        First day on which it holds, or the day on which it happens.
    kind : str
        Name of one of `EVENT_KINDS`.
    until : date, optional
        First day on which a lasting event no longer holds.
    terms : Terms
        Of an event of the agreement: the full terms in force from its date on.
    values : mapping
        The values of its kind, complete.
    why : str
        The reason, in a sentence.
    """

    date: datetime.date
    kind: str
    until: datetime.date | None = None
    terms: Terms = NO_AGREEMENT
    values: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    def to_table(self) -> dict[str, Any]:
        """Return the event as a scenario file writes it."""
        table: dict[str, Any] = {"date": self.date, "kind": self.kind}
        if self.terms.in_force:
            table["terms"] = self.terms.to_table()
        table |= {name: list(value) if isinstance(value, tuple) else value for name, value in self.values.items()}
        if self.until is not None:
            table["until"] = self.until
        if self.why:
            table["why"] = self.why
        return table

    def __str__(self) -> str:
        if self.terms.in_force:
            return f"{self.kind} ({self.terms})"
        told = [f"{name} {_told(value)}" for name, value in self.values.items()]
        return self.kind + (f" ({', '.join(told)})" if told else "") + (f", until {self.until}" if self.until else "")


def schedule(
    agreement: Terms,
    events: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]],
    start: datetime.date,
    end: datetime.date,
    where: str,
) -> tuple[Event, ...]:
    """Return the events in order of date, each with the full terms that it leaves in force.

    Parameters
    ----------
    agreement : Terms
        The terms at the start.
    events : iterable of (mapping, mapping or None)
        Each as written and checked by itself: the fields of `Event` without `terms`, and the terms; in any order.
    start, end : date
        The run; `end` is the day after the last.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        If an event or an end lies outside the run, events contradict one another, periods overlap, or what is to be
        revised, ended or voted on is not in force.
    """
    _check_end(agreement, start, end, f"{where}: agreement")
    current = agreement
    scheduled: list[Event] = []
    for named, table in sorted(events, key=lambda each: (each[0]["date"], _ORDER[each[0]["kind"]])):
        event = Event(**named)
        key = f"{where}: event {event.kind} of {event.date}"
        if not start <= event.date < end:
            raise InputError(f"{key}: outside the run, whose days are {start} to {end - _ONE_DAY}")
        if event.until is not None and not event.date < event.until <= end:
            raise InputError(f"{key}: until = {event.until}: must lie after {event.date} and at most at {end}")
        _check_others(event, scheduled, key)
        if current.ends is not None and current.ends <= event.date:
            current = NO_AGREEMENT
        if EVENT_KINDS[event.kind].agreement:
            current = change(current, event.kind, table, key)
            _check_end(current, event.date, end, f"{key}: terms")
            event = replace(event, terms=current)
        elif event.kind == "vote":
            current = _check_vote(event, current, end, key)
        elif event.kind == "funding_cut":
            _check_not_before(event, "decided", key)
        scheduled.append(event)
    return tuple(scheduled)


def policies(
    agreement: Terms, events: Iterable[Event], levers: Mapping[str, Any], start: datetime.date
) -> list[tuple[int, Policy]]:
    """Return the policies of a run: (day from which it holds, policy), without repetitions.

    What votes and courts decide during the run is not known yet and left out.

    Parameters
    ----------
    agreement, events, start
        As from `schedule`.
    levers : mapping
        A value for every lever.
    """
    events = list(events)
    terms = _terms_in_force(agreement, events, start)
    lasting = [event for event in events if EVENT_KINDS[event.kind].lasting]
    dates = {*terms, *(event.date for event in lasting), *(event.until for event in lasting if event.until)}
    merged: list[tuple[int, Policy]] = []
    for date in sorted(dates):
        in_force = next(terms[day] for day in sorted(terms, reverse=True) if day <= date)
        policy = make_policy(in_force, {**levers, **levers_on(date, lasting)})
        if not merged or merged[-1][1] != policy:
            merged.append(((date - start).days, policy))
    return merged


def list_occurrences(
    events: Iterable[Event], start: datetime.date, parameters: Mapping[str, float], districts: Sequence[str]
) -> list[tuple[int, Occurrence]]:
    """Return what happens on single days: (day, occurrence), in the order in which it takes effect.

    Parameters
    ----------
    events, start
        As from `schedule`.
    parameters : mapping
        `injunction_probability` counts where an event does not say.
    districts : sequence of str
        Ids of the place's districts.
    """
    events = list(events)
    return occurrences.in_order(
        ((event.date - start).days, _OCCURRENCES[event.kind](event, start, events, parameters, list(districts)))
        for event in events
        if event.kind in _OCCURRENCES
    )


def make_policy(terms: Terms, levers: Mapping[str, Any]) -> Policy:
    """Return the policy of an agreement and a value for every lever.

    A victim and witness shield hides these roles, whatever the terms.
    """
    roles = [role for role in terms.roles if role == "arrestee" or not levers["victim_shield"]]
    terms = terms if roles else NO_AGREEMENT
    yardsticks = {f"{party}_yardstick": Yardstick for party in Party.names()}
    codes: dict[str, type[Vocabulary]] = {"detainers": Detainers, "priorities": Priorities, **yardsticks}
    values: dict[str, Any] = {
        name: int(codes[name][value.upper()]) if name in codes else value for name, value in levers.items()
    }
    return Policy(
        shows_arrestee="arrestee" in roles,
        shows_victim="victim" in roles,
        shows_witness="witness" in roles,
        shows_country_of_birth="country_of_birth" in terms.fields,
        shows_immigration_status="immigration_status" in terms.fields,
        real_time=terms.real_time,
        after_disposition=terms.after_disposition,
        **{name: value for name, value in values.items() if name in Policy._fields},
    )


def check_districts(events: Iterable[Event], districts: Sequence[str], where: str) -> None:
    """Refuse an event in a district that the place does not have, in one line that begins with `where`."""
    for event in events:
        district = event.values.get("district")
        if district is not None and district not in districts:
            raise InputError(f"{where}: event {event.kind} of {event.date}: {unknown('district', district, districts)}")


def _vote(event, start, events, _, __) -> occurrences.Vote:
    ends = (event.values.get("ends", event.date) - start).days
    given = tuple(event.values[party] == END if party in event.values else None for party in Party.names())
    # Only the agreement in force at the vote is ended: the next one may start before `ends`, but not this morning.
    later = [other.date for other in events if other.kind == "agreement_starts" and other.date > event.date]
    return occurrences.Vote(given, ends, min([(date - start).days for date in later], default=FOREVER))


def _funding_cut(event, start, _, parameters, __) -> occurrences.FundingCut:
    injunction = event.values.get("injunction", parameters["injunction_probability"])
    decided = (event.values.get("decided", event.date) - start).days
    return occurrences.FundingCut(event.values["share"], injunction, decided, event.values["unless_sharing"])


def _raid(event, _, __, ___, districts) -> occurrences.Raid:
    values = event.values
    district = districts.index(values["district"]) if "district" in values else None
    return occurrences.Raid(values["size"], district, values["site"] == "workplace", values["reassurance"])


def _communities(event) -> tuple[int, ...]:
    return tuple(int(Community[name.upper()]) for name in event.values["communities"])


_OCCURRENCES: dict[str, Callable[..., Occurrence]] = {
    "vote": _vote,
    "funding_cut": _funding_cut,
    "legalization": lambda event, *_: occurrences.Legalization(event.values["share"]),
    "announcement": lambda event, *_: occurrences.Announcement(event.values["reach"], _communities(event)),
    "enforcement_news": lambda event, *_: occurrences.EnforcementNews(event.values["size"], _communities(event)),
    "police_scandal": lambda event, *_: occurrences.PoliceScandal(event.values["size"], _communities(event)),
    "raid": _raid,
}
"""By kind of event: from the event, the start, all events, the parameters and the districts to what happens."""


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "all" if value == Community.names() else " and ".join(value)
    # In full: two values that differ must read differently, for the fingerprint too.
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _terms_in_force(agreement: Terms, events: Iterable[Event], start: datetime.date) -> dict[datetime.date, Terms]:
    """Return the terms by the date from which they hold."""
    steps: dict[datetime.date, Terms] = {}
    changes = [(event.date, event.terms) for event in events if EVENT_KINDS[event.kind].agreement]
    for date, terms in [(start, agreement), *changes]:
        # An end that lies after this change was agreed before it and no longer counts.
        steps = {day: before for day, before in steps.items() if day < date}
        steps[date] = terms
        if terms.ends is not None:
            steps[terms.ends] = NO_AGREEMENT
    return steps


def levers_on(date: datetime.date, events: Iterable[Event]) -> dict[str, Any]:
    """Return the levers that events have set by a date; one that is over no longer counts.

    Parameters
    ----------
    date : date
    events : iterable of Event
        In order of date; those that set no lever are passed over.
    """
    levers: dict[str, Any] = {}
    for event in events:
        if not EVENT_KINDS[event.kind].lasting:
            continue
        if event.date <= date and (event.until is None or date < event.until):
            levers |= {value.lever: event.values[value.name] for value in EVENT_KINDS[event.kind].values}
    return levers


def _check_others(event: Event, scheduled: Iterable[Event], key: str) -> None:
    """Refuse an event that contradicts an earlier one."""
    kind = EVENT_KINDS[event.kind]
    for other in scheduled:
        same = other.kind == event.kind or (kind.agreement and EVENT_KINDS[other.kind].agreement)
        if same and other.date == event.date:
            raise InputError(f"{key}: there is already an event on that date ({other.kind})")
        if same and other.until is not None and event.date < other.until:
            raise InputError(f"{key}: overlaps the one of {other.date}, which holds until {other.until}")


def _check_vote(event: Event, current: Terms, end: datetime.date, key: str) -> Terms:
    """Refuse a vote on nothing; return the terms with their end, where the votes given are enough."""
    if not current.in_force:
        raise InputError(f"{key}: no agreement is in force on that date")
    _check_not_before(event, "ends", key)
    ends = event.values.get("ends", event.date)
    if ends >= end:
        raise InputError(f"{key}: ends = {ends}: outside the run, whose last day is {end - _ONE_DAY}")
    if [event.values.get(party) for party in Party.names()].count(END) < 2:
        return current
    return NO_AGREEMENT if ends == event.date else replace(current, ends=min(ends, current.ends or ends))


def _check_not_before(event: Event, name: str, key: str) -> None:
    if name in event.values and event.values[name] < event.date:
        raise InputError(f"{key}: {name} = {event.values[name]}: must not lie before the event")


def _check_end(terms: Terms, begins: datetime.date, end: datetime.date, where: str) -> None:
    if terms.ends is not None and not begins < terms.ends < end:
        raise InputError(
            f"{where}.ends = {terms.ends}: must lie after {begins} and within the run (to {end - _ONE_DAY})"
        )
