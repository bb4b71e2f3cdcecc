"""Synthetic counties and cities: worlds of one place file each, under levers that start on the county's own date."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from simulation.calendar import Event, schedule
from simulation.scenario import Scenario

FOLDER = files("experiments.validation")
BASE = str(FOLDER / "counties.toml")

CAPACITY: Mapping[str, float] = MappingProxyType({"few": 0.4, "some": 1.0, "many": 2.2})
"""Kinds of counties, and the agency's capacity there: about in proportion to undocumented residents."""

MIX = ("few", "some", "few", "some", "many")
"""Kinds in the numbers that give the country's shares: of residents, 17% Hispanic and 6% noncitizens."""

NEWS_ONLY: Mapping[str, Any] = MappingProxyType({"fingerprint_checks": True, "detainers": "judicial_warrant"})
"""Levers of a city after 2013 that honors few detainers: prints are checked everywhere by then."""


def county(kind: str, draw: Mapping[str, Any], *events: Event, **settings: Any) -> Scenario:
    """Return a county of a kind at a point of the parameters, with its own events.

    Parameters
    ----------
    kind : str
        `few`, `some` or `many` immigrants.
    draw : mapping
        Parameters (and levers) that differ from their defaults; they win over `settings`.
    *events : Event
        What happens, in any order.
    **settings
        Further keys of the scenario file, such as `start`, `years`, `scale`, and levers.
    """
    given = {"place": str(FOLDER / "places" / f"county-{kind}.toml"), "capacity": CAPACITY[kind]}
    return with_events(_load(BASE, tuple({**given, **settings, **draw}.items())), *events)


def philadelphia(name: str, draw: Mapping[str, Any], **settings: Any) -> Scenario:
    """Return a scenario of the library at a point of the parameters."""
    return _load(name, tuple({**settings, **draw}.items()))


@lru_cache(maxsize=64)
def _load(name: str, overrides: tuple) -> Scenario:
    """Load and check a scenario once for all counties that only differ in their events and seeds."""
    return Scenario.load(name, overrides=dict(overrides))


def event(date: datetime.date, kind: str, **values: Any) -> Event:
    """Return an event as a scenario file would have it, all values given."""
    return Event(date=date, kind=kind, values=MappingProxyType(values))


def with_events(scenario: Scenario, *events: Event) -> Scenario:
    """Return a scenario with events added, checked as those of a file are."""
    if not events:
        return scenario
    named = [({"date": e.date, "kind": e.kind, "until": e.until, "why": e.why, "values": e.values}, None)
             for e in events]  # fmt: skip
    events = schedule(scenario.agreement, named, scenario.start, scenario.end, scenario.name)
    return replace(scenario, events=scenario.events + events)


def quarter_start(year: int, quarter: int) -> datetime.date:
    """Return the first day of a quarter; quarters beyond the fourth are of later years."""
    return datetime.date(year + (quarter - 1) // 4, 3 * ((quarter - 1) % 4) + 1, 1)
