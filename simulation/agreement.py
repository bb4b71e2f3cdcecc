"""The access agreement: what the immigration agency may see of the arrest database, and when (MODEL.md 5.4).

An agreement has *terms* (roles, fields, real time, a day it ends). Dated events start, revise or end
it; between events nothing changes, and an event holds from its own date on.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .errors import InputError
from .levers import Policy
from .vocabulary import Detainers, Field, Priorities, Role


@dataclass(frozen=True)
class Terms:
    """What an agreement lets the immigration agency see; no roles means that no agreement is in force.

    Attributes
    ----------
    roles : tuple of str
        Labels of `Role`: whose records are shown.
    fields : tuple of str
        Labels of `Field`: which columns of them.
    real_time : bool
        Whether a record is seen on the day it is made, and not in batches.
    ends : date, optional
        First day on which the agreement no longer holds.
    """

    roles: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    real_time: bool = False
    ends: datetime.date | None = None

    @property
    def in_force(self) -> bool:
        """Whether anything is shown."""
        return bool(self.roles)

    def to_table(self) -> dict[str, Any]:
        """Return the terms as a scenario file writes them."""
        table: dict[str, Any] = {"roles": list(self.roles), "fields": list(self.fields)}
        if self.in_force:
            table["real_time"] = self.real_time
        if self.ends is not None:
            table["ends"] = self.ends
        return table

    def __str__(self) -> str:
        if not self.in_force:
            return "nothing shown"
        text = f"{' and '.join(self.fields)} of every {', '.join(self.roles)}"
        text += ", in real time" if self.real_time else ", in batches"
        return text + (f", until {self.ends}" if self.ends else "")


NO_AGREEMENT = Terms()

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "agreement-2008": {"roles": Role.names(), "fields": Field.names(), "real_time": True},
        "agreement-2009": {"roles": ("arrestee",), "fields": ("country_of_birth",), "real_time": True},
        "none": {"roles": (), "fields": ()},
    }
)
"""Terms that can be given by name."""

EVENT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "agreement_starts": "An agreement with these terms comes into force.",
        "agreement_revised": "The terms named here change; the others stay.",
        "agreement_ends": "The immigration agency no longer sees the arrest database.",
    }
)
"""What a dated event of a scenario can be."""


@dataclass(frozen=True)
class Event:
    """One dated change of the agreement, with the full terms in force from its date on."""

    date: datetime.date
    kind: str
    terms: Terms = NO_AGREEMENT
    why: str = ""

    def to_table(self) -> dict[str, Any]:
        """Return the event as a scenario file writes it."""
        table: dict[str, Any] = {"date": self.date, "kind": self.kind}
        if self.terms.in_force:
            table["terms"] = self.terms.to_table()
        if self.why:
            table["why"] = self.why
        return table

    def __str__(self) -> str:
        return f"{self.kind} ({self.terms})" if self.terms.in_force else self.kind


def revise(current: Terms, table: Mapping[str, Any], where: str) -> Terms:
    """Return the terms after the changes that a table names; what it does not name stays.

    Parameters
    ----------
    current : Terms
        The terms before.
    table : mapping
        Any of `preset`, `roles`, `fields`, `real_time`, `ends`, already of the right types.
        A preset sets roles, fields and real time; keys beside it change it further.
    where : str
        File and key, for the error.

    Raises
    ------
    InputError
        If a name is given twice, or only one of roles and fields is empty.
    """
    named = {**PRESETS.get(table.get("preset", ""), {}), **table}
    roles = _once(named.get("roles", current.roles), Role.names(), f"{where}.roles")
    fields = _once(named.get("fields", current.fields), Field.names(), f"{where}.fields")
    if bool(roles) != bool(fields):
        empty, full = ("fields", "roles") if roles else ("roles", "fields")
        raise InputError(
            f'{where}.{empty}: must not be empty while {full} are given (for no agreement: preset = "none")'
        )
    if not roles:
        if table.get("ends") is not None:
            raise InputError(f"{where}.ends = {table['ends']}: no agreement is in force that could end")
        return NO_AGREEMENT
    unless_named = current.real_time if current.in_force else True
    return Terms(roles, fields, named.get("real_time", unless_named), named.get("ends", current.ends))


def schedule(
    agreement: Terms,
    events: Iterable[tuple[datetime.date, str, Mapping[str, Any] | None, str]],
    start: datetime.date,
    end: datetime.date,
    where: str,
) -> tuple[Event, ...]:
    """Return the events in order of date, each with the full terms that it leaves in force.

    Parameters
    ----------
    agreement : Terms
        The terms at the start.
    events : iterable of (date, kind, terms or None, why)
        As written, in any order.
    start, end : date
        The run; `end` is the day after the last.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        If an event or an end lies outside the run, two share a date, periods overlap, or what is to be
        revised or ended is not in force.
    """
    _check_end(agreement, start, end, f"{where}: agreement")
    current, scheduled = agreement, []
    for date, kind, table, why in sorted(events, key=lambda event: event[0]):
        key = f"{where}: event {kind} of {date}"
        if not start <= date < end:
            raise InputError(f"{key}: outside the run, whose days are {start} to {end - _ONE_DAY}")
        if scheduled and scheduled[-1].date == date:
            raise InputError(f"{key}: there is already an event on that date ({scheduled[-1].kind})")
        if current.ends is not None and current.ends <= date:
            current = NO_AGREEMENT
        current = _apply(current, kind, table, key)
        _check_end(current, date, end, f"{key}: terms")
        scheduled.append(Event(date, kind, current, why))
    return tuple(scheduled)


def policies(
    agreement: Terms, events: Iterable[Event], levers: Mapping[str, Any], start: datetime.date
) -> list[tuple[int, Policy]]:
    """Return the policies of a run: (day from which it holds, policy), without repetitions.

    Parameters
    ----------
    agreement, events, start
        As from `schedule`.
    levers : mapping
        A value for every lever.
    """
    steps: dict[datetime.date, Terms] = {}
    for date, terms in [(start, agreement), *((event.date, event.terms) for event in events)]:
        # An end that lies after this change was agreed before it and no longer counts.
        steps = {day: before for day, before in steps.items() if day < date}
        steps[date] = terms
        if terms.ends is not None:
            steps[terms.ends] = NO_AGREEMENT
    merged: list[tuple[int, Policy]] = []
    for date, terms in sorted(steps.items()):
        policy = _policy(terms, levers)
        if not merged or merged[-1][1] != policy:
            merged.append(((date - start).days, policy))
    return merged


_ONE_DAY = datetime.timedelta(days=1)


def _apply(current: Terms, kind: str, table: Mapping[str, Any] | None, key: str) -> Terms:
    """Return the terms after one event."""
    if kind == "agreement_ends":
        if table:
            raise InputError(f"{key}: terms do not belong to the end of an agreement")
        if not current.in_force:
            raise InputError(f"{key}: no agreement is in force on that date")
        return NO_AGREEMENT
    if not table:
        raise InputError(f'{key}: needs terms, such as terms = {{ preset = "agreement-2009" }}')
    if kind == "agreement_starts" and current.in_force:
        raise InputError(f"{key}: overlaps the agreement that is in force ({current}); revise or end that one")
    if kind == "agreement_revised" and not current.in_force:
        raise InputError(f"{key}: no agreement is in force on that date; start one with agreement_starts")
    revised = revise(current, table, f"{key}: terms")
    if not revised.in_force:
        raise InputError(f"{key}: terms that show nothing; use agreement_ends")
    return revised


def _check_end(terms: Terms, begins: datetime.date, end: datetime.date, where: str) -> None:
    if terms.ends is not None and not begins < terms.ends < end:
        raise InputError(
            f"{where}.ends = {terms.ends}: must lie after {begins} and within the run (to {end - _ONE_DAY})"
        )


def _once(names: Iterable[str], order: tuple[str, ...], where: str) -> tuple[str, ...]:
    """Return names in the order of their vocabulary, refusing one that is given twice."""
    names = tuple(names)
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: '{name}' is given twice")
    return tuple(name for name in order if name in names)


def _policy(terms: Terms, levers: Mapping[str, Any]) -> Policy:
    return Policy(
        shows_arrestee="arrestee" in terms.roles,
        shows_victim="victim" in terms.roles,
        shows_witness="witness" in terms.roles,
        shows_country_of_birth="country_of_birth" in terms.fields,
        shows_immigration_status="immigration_status" in terms.fields,
        real_time=terms.real_time,
        detainers=int(Detainers[levers["detainers"].upper()]),
        fingerprint_checks=levers["fingerprint_checks"],
        priorities=int(Priorities[levers["priorities"].upper()]),
        capacity=levers["capacity"],
        substitution=levers["substitution"],
    )
