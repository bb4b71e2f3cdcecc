"""The card of two scenarios: every setting that differs, in plain words, and nothing else."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulation.calendar import Event, levers_on
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario
from simulation.scenario_file import ScenarioTable, TermsTable
from simulation.vocabulary import Party

from .. import language

NOTHING = "nothing happens"
A, B = "A", "B"
_ENGLISH = language.load("en")


@dataclass(frozen=True)
class Entry:
    """One difference between two scenarios.

    Attributes
    ----------
    key : str
        The setting, as `Scenario.difference` names it.
    heading : str
        What differs, in words.
    meaning, unit, decided_by : str
        As declared; empty where there is none.
    a, b : object
        Value in each world, None where a world has none (an event that does not happen).
    told_a, told_b : str
        The same for reading.
    why : str
        Reason that the scenario gives for an event.
    """

    key: str
    heading: str
    meaning: str
    unit: str
    decided_by: str
    a: Any
    b: Any
    told_a: str
    told_b: str
    why: str = ""


def card(first: Scenario, second: Scenario) -> list[Entry]:
    """Return one entry for each setting that differs between two scenarios, events in order of date.

    Parameters
    ----------
    first, second : Scenario
        Worlds A and B.
    """
    return [_entry(first, second, *difference) for difference in Scenario.difference(first, second)]


def card_text(first: Scenario, second: Scenario, names: tuple[str, str], wrap) -> str:
    """Return the card as text.

    Parameters
    ----------
    first, second : Scenario
        Worlds A and B.
    names : tuple of str
        What to call them.
    wrap : callable
        From a paragraph to its lines, indented.
    """
    entries = card(first, second)
    lines = [f"{A}  {names[0]}: {first.title}", f"{B}  {names[1]}: {second.title}", ""]
    if not entries:
        return "\n".join([*lines, "Nothing that decides results differs."])
    things = "thing differs" if len(entries) == 1 else "things differ"
    lines.append(f"{len(entries)} {things}; all else is the same.")
    for entry in entries:
        lines += ["", entry.heading]
        lines += [wrap(entry.meaning)] if entry.meaning else []
        if NOTHING in (entry.told_a, entry.told_b):
            only, told = (B, entry.told_b) if entry.told_a == NOTHING else (A, entry.told_a)
            lines.append(wrap(f"In {only} only{': ' + told if told else '.'}"))
        else:
            lines += [f"  {A}  {entry.told_a}", f"  {B}  {entry.told_b}"]
        lines += [wrap(f"Why: {entry.why}")] if entry.why else []
        lines += [wrap(f"Decided by: {entry.decided_by}")] if entry.decided_by else []
    return "\n".join(lines)


def event_text(event: Event) -> str:
    """Return the values of an event for reading, each with its unit; empty if it has none."""
    told = [f"shown is {plain_value(str(event.terms))}"] if event.terms.in_force else []
    for value in EVENT_KINDS[event.kind].values:
        name = value.name.replace("_", " ")
        if value.name not in event.values:
            told += [f"{name} by its yardstick"] if value.name in Party.names() else []
            continue
        unit = f" ({value.declared.unit})" if value.declared.bounds and value.declared.unit != name else ""
        told.append(f"{'' if name == 'value' else name + ' '}{plain_value(event.values[value.name])}{unit}")
    if event.until:
        told.append(f"until {_ENGLISH.date(event.until)}")
    return "; ".join(told)


def plain_value(value: Any) -> str:
    """Return a value for reading."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    if isinstance(value, datetime.date):
        return _ENGLISH.date(value)
    if isinstance(value, Iterable):
        return ", ".join(map(plain_value, value)) or "none"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _entry(first: Scenario, second: Scenario, key: str, a: Any, b: Any) -> Entry:
    section, _, name = key.partition(".")
    if section == "event":
        return _event_entry(key, (first, second), name)
    words = name.replace("_", " ")
    meaning = unit = decided_by = ""
    if section == "levers":
        lever = LEVERS[name]
        heading, meaning, unit, decided_by = f"{words}, whole run", lever.meaning, lever.unit, lever.controlled_by
    elif section == "parameters":
        heading, meaning, unit = f"assumption {words}", PARAMETERS[name].meaning, PARAMETERS[name].unit
    elif section == "agreement":
        heading, meaning = (
            f"agreement at the start, {words}",
            _sentence(TermsTable.model_fields[name].description or ""),
        )
    else:
        heading, meaning = key.replace("_", " "), _sentence(ScenarioTable.model_fields[key].description or "")
    told = [f"{plain_value(value)}{f' ({unit})' if unit and isinstance(value, float) else ''}" for value in (a, b)]
    # None here is a value (no end, no seed), not something that does not happen.
    values = [plain_value(value) if value is None else value for value in (a, b)]
    return Entry(key, _sentence(heading).rstrip("."), meaning, unit, decided_by, *values, *told)


def _event_entry(key: str, scenarios: tuple[Scenario, Scenario], name: str) -> Entry:
    sides = [next((e for e in each.events if f"{e.date}.{e.kind}" == name), None) for each in scenarios]
    event = next(side for side in sides if side)
    kind = EVENT_KINDS[event.kind]
    why = " ".join(dict.fromkeys(each.why for each in sides if each and each.why))
    heading = f"{_ENGLISH.date(event.date)}: {event.kind.replace('_', ' ')}"
    a, b = (side and str(side) for side in sides)
    told_a, told_b = (event_text(side) if side else _unchanged(each, event) for side, each in zip(sides, scenarios))
    return Entry(key, heading, kind.meaning, "", kind.controlled_by, a, b, told_a, told_b, why)


def _unchanged(scenario: Scenario, event: Event) -> str:
    """Return what a scenario without an event has on its date: the levers as they stand, or nothing."""
    levers = [value.lever for value in EVENT_KINDS[event.kind].values if value.lever]
    values = scenario.levers | levers_on(event.date, scenario.events)
    stands = [f"{'' if len(levers) == 1 else lever.replace('_', ' ') + ' '}{plain_value(values[lever])}"
              for lever in levers]  # fmt: skip
    return f"stays {'; '.join(stands)}" if stands else NOTHING


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
