"""Scenarios: a place, a period, who may see what and when, and what is assumed about the world.

A scenario is a baseline, or a baseline and named differences, in a TOML file (`scenarios/README.md`).
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import tomli_w

from . import agreement, calendar, levers, parameters
from .agreement import Terms
from .calendar import Event
from .errors import InputError
from .levers import Policy
from .occurrences import Occurrence
from .scenario_file import ScenarioTable, as_file, parse, read_chain, shipped_names

DEFAULTS = {"scale": 1.0, "population_seed": None, "collection_days": 30}
"""What a baseline that does not say has; `outcomes_from` is the start."""

OWN = ("title", "description", "sources", "group", "expected")
"""What a scenario says of itself; never inherited."""

REQUIRED = ("place", "start", "years", "agreement")
"""What a baseline must say."""


class Settled(dict):
    """A dictionary that refuses changes: a change would escape the checks of the scenario file."""

    def _refuse(self, *_: Any, **__: Any) -> None:
        raise TypeError("a scenario does not change; load it again with overrides")

    # A dictionary that cannot be changed is none to a type checker, and that is its purpose.
    __setitem__ = __delitem__ = __ior__ = _refuse  # type: ignore[assignment]
    update = pop = popitem = clear = setdefault = _refuse  # type: ignore[assignment]

    def __reduce__(self):
        return (Settled, (dict(self),))


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One scenario, complete and checked; make it with `Scenario.load`.

    Attributes
    ----------
    name : str
        The file's name without its ending.
    title, description : str
        For people.
    sources : tuple of str
        Evidence ids or citations.
    group : str
        Heading under which it is listed.
    expected : tuple of str
        Patterns expected before running.
    place : str
        Name of a shipped place, or the full path of a place file.
    start : date
        Day 0.
    years : float
        Length of the run; whole years go from date to date, a fraction is that share of 365 days.
    scale : float
        Share of the place's residents that is simulated, above 0 and at most 1.
    population_seed : int or None
        Seed of the synthetic residents; None for the run's own seed.
    outcomes_from : date
        First day that outcomes are measured on.
    collection_days : int
        Days from one snapshot to the next.
    agreement : Terms
        What the immigration agency may see at the start.
    events : tuple of Event
        Dated policy events, in order.
    levers : dict
        A value for every declared lever.
    parameters : dict of float
        A value for every declared parameter.
    """

    name: str
    title: str
    description: str
    sources: tuple[str, ...]
    group: str
    expected: tuple[str, ...]
    place: str
    start: datetime.date
    years: float
    scale: float
    population_seed: int | None
    outcomes_from: datetime.date
    collection_days: int
    agreement: Terms
    events: tuple[Event, ...]
    levers: dict[str, Any]
    parameters: dict[str, float]

    PLAIN: ClassVar = (
        "place",
        "start",
        "years",
        "scale",
        "population_seed",
        "outcomes_from",
        "collection_days",
    )

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of the scenarios that come with the package."""
        return shipped_names()

    @classmethod
    def load(cls, name_or_path: str | Path, overrides: Mapping[str, Any] | None = None) -> "Scenario":
        """Read a scenario, everything it extends, and check it as a whole.

        Parameters
        ----------
        name_or_path : str or path
            A shipped name (`Scenario.names()`) or the path of a file.
        overrides : mapping, optional
            Values that replace the file's, checked like the file: `{"scale": 0.1, "levers.capacity": 2}`.
            A lever or parameter may be named without its section.

        Raises
        ------
        InputError
            One line: file, key, value, what is allowed and the nearest valid name.
        """
        chain = read_chain(name_or_path)
        _, path, label = chain[-1]
        merged, terms, events = _merge(chain)
        if overrides:
            table = parse(as_file(overrides), "overrides")
            _inherit(merged, table)
            terms = _revised(terms, table, "overrides")
            if table.place is not None:
                merged["place"] = _resolve_place(table.place, Path())
            label += " with overrides"
        terms = _require(merged, terms, chain[0][2])
        end = _end(merged["start"], merged["years"], label)
        merged.setdefault("outcomes_from", merged["start"])
        _check_outcomes_from(merged["outcomes_from"], merged["start"], end, merged["years"], label)
        scenario = cls(
            name=path.stem,
            title=merged.pop("title", path.stem.replace("-", " ").capitalize()),
            agreement=terms,
            events=calendar.schedule(terms, events, merged["start"], end, label),
            levers=Settled({n: lever.default for n, lever in levers.LEVERS.items()} | merged.pop("levers")),
            parameters=Settled(parameters.defaults() | merged.pop("parameters")),
            **{"description": "", "sources": (), "group": "", "expected": (), **DEFAULTS, **merged},
        )
        calendar.check_districts(scenario.events, _district_ids(_load_place(scenario.place, label)), label)
        return scenario

    @property
    def end(self) -> datetime.date:
        """The day after the last."""
        return _end(self.start, self.years, self.name)

    @cached_property
    def days(self) -> int:
        """Number of days of the run."""
        return (self.end - self.start).days

    def policies(self) -> list[tuple[int, Policy]]:
        """Return (day from which it holds, policy), the first at day 0, all within the run; consecutive ones differ."""
        merged = calendar.policies(self.agreement, self.events, self.levers, self.start)
        return [(day, policy) for day, policy in merged if day < self.days]

    def occurrences(self) -> list[tuple[int, Occurrence]]:
        """Return what happens on single days (day, occurrence): votes, cuts, raids, news and the like."""
        if not self.events:
            return []
        districts = _district_ids(_load_place(self.place, self.name))
        return calendar.list_occurrences(self.events, self.start, self.parameters, districts)

    def settings(self) -> dict[str, Any]:
        """Return everything that decides results, with dotted names; titles and reasons are left out."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in self.PLAIN}
        plain |= {f"agreement.{name}": getattr(self.agreement, name) for name in Terms.__dataclass_fields__}
        plain |= {f"event.{event.date}.{event.kind}": str(event) for event in self.events}
        plain |= {f"levers.{name}": value for name, value in self.levers.items()}
        return plain | {f"parameters.{name}": value for name, value in self.parameters.items()}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of everything that decides results, the content of the place included (hexadecimal)."""
        settings = self.settings()
        settings["place"] = _load_place(self.place, self.name).fingerprint
        return hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode()).hexdigest()

    def to_toml(self) -> str:
        """Return the scenario as a file that extends nothing, gives every value, and loads to the same."""
        table: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "sources": list(self.sources),
            "expected": list(self.expected),
        }
        if self.group:
            table["group"] = self.group
        table |= {name: value for name in self.PLAIN if (value := getattr(self, name)) is not None}
        table["agreement"] = self.agreement.to_table()
        table["levers"] = dict(self.levers)
        table["parameters"] = _nest(self.parameters)
        if self.events:
            table["event"] = [event.to_table() for event in self.events]
        return tomli_w.dumps(table)

    @staticmethod
    def difference(a: "Scenario", b: "Scenario") -> list[tuple[str, Any, Any]]:
        """Return the settings that differ: (key, value in `a`, value in `b`); None where one has none."""
        ours, theirs = a.settings(), b.settings()
        keys = [*ours, *(key for key in theirs if key not in ours)]
        return [(k, ours.get(k), theirs.get(k)) for k in keys if ours.get(k) != theirs.get(k)]


def _merge(chain: list[tuple[ScenarioTable, Path, str]]) -> tuple[dict[str, Any], Terms | None, list[tuple]]:
    """Return the values, the agreement at the start and the events that a chain of files gives."""
    merged: dict[str, Any] = {"levers": {}, "parameters": {}}
    terms: Terms | None = None
    events: list[tuple] = []
    for table, path, label in chain:
        for own in OWN:
            merged.pop(own, None)
        _inherit(merged, table)
        if table.place is not None:
            merged["place"] = _resolve_place(table.place, path.parent)
        terms = _revised(terms, table, label)
        for event in table.event or ():
            named = {name: getattr(event, name) for name in ("date", "kind", "until", "why")}
            terms_named = None if event.terms is None else event.terms.model_dump(exclude_unset=True)
            events.append(({**named, "values": Settled(event.model_extra or {})}, terms_named))
    return merged, terms, events


def _inherit(merged: dict[str, Any], table: ScenarioTable) -> None:
    """Put what a file says over what it inherits."""
    given = table.model_dump(exclude_unset=True, exclude={"extends", "place", "agreement", "event"})
    for section in ("levers", "parameters"):
        merged[section] = merged[section] | given.pop(section, {})
    if "description" in given:
        given["description"] = " ".join(given["description"].split())
    merged.update(given)


def _revised(terms: Terms | None, table: ScenarioTable, label: str) -> Terms | None:
    if table.agreement is None:
        return terms
    named = table.agreement.model_dump(exclude_unset=True)
    return agreement.revise(terms or agreement.NO_AGREEMENT, named, f"{label}: agreement")


def _resolve_place(place: str, folder: Path) -> str:
    """Return a shipped place's name as it is, and a path in full."""
    if place.endswith(".toml") or "/" in place or "\\" in place:
        return str((folder / place).resolve())
    return place


def _require(merged: Mapping[str, Any], terms: Terms | None, baseline: str) -> Terms:
    """Refuse a scenario that lacks what a baseline must say; return its agreement."""
    for key in REQUIRED:
        if key not in merged and not (key == "agreement" and terms is not None):
            meaning = ScenarioTable.model_fields[key].description
            raise InputError(f"{baseline}: missing key '{key}' ({meaning}); or name a scenario that this one extends")
    assert terms is not None  # the agreement is required
    return terms


def _end(start: datetime.date, years: float, label: str) -> datetime.date:
    """Return the day after the last day of a run: whole years by date, the rest as a share of 365 days."""
    whole = int(years)
    extra = datetime.timedelta(days=round(365 * (years - whole)))
    try:
        day = 28 if (start.month, start.day) == (2, 29) and whole else start.day
        end = datetime.date(start.year + whole, start.month, day) + extra
    except (ValueError, OverflowError):
        raise InputError(f"{label}: years = {years:g}: the run would end after the year 9999") from None
    if end <= start:
        raise InputError(f"{label}: years = {years:g}: must be at least one day (0.003 years)")
    return end


def _check_outcomes_from(day, start, end, years, label) -> None:
    if not start <= day < end:
        last = end - datetime.timedelta(days=1)
        raise InputError(
            f"{label}: outcomes_from = {day}: outside the run, whose days are {start} to {last} "
            f"(years = {years:g}); lengthen years or set outcomes_from within it"
        )


def _district_ids(place) -> list[str]:
    return [str(district.id) for district in place.districts]


def _load_place(place: str, label: str):
    from .place import Place  # late: numpy

    try:
        return Place.load(place)
    except InputError as error:
        raise InputError(f"{label}: place = {place!r}: {error}") from None


def _nest(values: Mapping[str, float]) -> dict[str, Any]:
    """Return values with dotted names as nested tables, the plain ones first."""
    nested: dict[str, Any] = {name: value for name, value in values.items() if "." not in name}
    for name, value in values.items():
        table, dot, member = name.partition(".")
        if dot:
            nested.setdefault(table, {})[member] = value
    return nested
