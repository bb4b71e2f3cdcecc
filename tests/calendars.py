"""Scenarios with dated events, for tests of the calendar: written as files, loaded, and run in a busy town."""

import datetime
import tempfile
from pathlib import Path

import tomli_w

from simulation.engine import Engine
from simulation.events import EVENT_KINDS
from simulation.population import synthesize
from simulation.scenario import Scenario
from tests.worlds import BUSY

START, END = datetime.date(2016, 1, 1), datetime.date(2018, 1, 1)
"""The two years of the scenarios made here; END is the day after the last."""

BASELINE = {
    "title": "Calendar",
    "place": "riverton",
    "start": START,
    "years": 2,
    "agreement": {"preset": "agreement-2009"},
}


def on(day):
    """Return the date of a day of the run."""
    return START + datetime.timedelta(days=day)


def event(kind, day=0, **values):
    """Return an event on a day of the run, as a file writes it."""
    return {"date": on(day), "kind": kind, **values}


def load(*events, **content):
    """Write a scenario with these events and load it; `content` replaces keys of the baseline above."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.toml"
        path.write_text(tomli_w.dumps(BASELINE | content | {"event": list(events)}), encoding="utf-8", newline="")
        return Scenario.load(path)


def make_town(scenario, seed=3, scale=0.3, people=1):
    """Return an engine that runs a scenario's calendar in a town of much crime, and keeps its events."""
    return Engine(
        BUSY,
        synthesize(BUSY, scale, people),
        scenario.parameters,
        scenario.policies(),
        scenario.days,
        seed,
        record_events=True,
        occurrences=scenario.occurrences(),
    )


def run_town(scenario, day, **named):
    """Return an engine that has run a scenario's calendar up to a day."""
    engine = make_town(scenario, **named)
    engine.advance_to(day)
    return engine


def examples(declared):
    """Return two different allowed values of what a lever or an event's value declares, the first not the default."""
    if declared.bounds is not None:
        low, high = declared.bounds
        return low + 0.25 * (high - low), high
    if declared.choices:
        return declared.choices[-1], declared.choices[-2]
    if getattr(declared, "names", ()):
        return [declared.names[0]], list(declared.names[1:3])
    wanted = getattr(declared, "type", bool)
    if wanted is bool:
        return not declared.default, declared.default
    return {datetime.date: (on(200), on(201)), str: ("1", "2")}[wanted]


def example(kind, day=40, **values):
    """Return a valid event of a kind that changes something, all its values given; after `before(kind)`."""
    given = {value.name: examples(value.declared)[0] for value in EVENT_KINDS[kind].values}
    if kind in ("agreement_starts", "agreement_revised"):
        given["terms"] = {"preset": "agreement-2008", "real_time": False}
    return event(kind, day, **given | values)


def before(kind):
    """Return what a file must say for an event of a kind to be possible, and to change something."""
    return {"agreement": {"preset": "none" if kind == "agreement_starts" else "agreement-2008"}}
