"""The card of two scenarios in a language: every setting that differs, in plain words, and nothing else."""

import datetime
from typing import Any, NamedTuple

from simulation.calendar import Event, levers_on
from simulation.events import EVENT_KINDS, Value
from simulation.levers import LEVERS
from simulation.scenario import Scenario
from simulation.vocabulary import Community, Party

from ..exhibits.words import capitalized
from ..language import Language, Words


class Entry(NamedTuple):
    """One thing that differs.

    Attributes
    ----------
    heading : str
    meaning : str
        What it is; empty where the heading says it.
    sides : tuple of str
        What it is in A and in B, in sentences.
    after : tuple of str
        Why, and who decides it.
    """

    heading: str
    meaning: str
    sides: tuple[str, ...]
    after: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """All that is said of it."""
        return [line for line in (self.meaning, *self.sides, *self.after) if line]


def card(a: Scenario, b: Scenario, language: Language) -> list[tuple[str, list[str]]]:
    """Return what differs between two scenarios that can be compared: a heading and lines for each thing.

    Parameters
    ----------
    a, b : Scenario
        Worlds A and B.
    language : Language
    """
    return [(entry.heading, entry.lines) for entry in differing(a, b, language)]


def differing(a: Scenario, b: Scenario, language: Language) -> list[Entry]:
    """Return what differs between two scenarios that can be compared.

    Terms of the agreement are one thing; levers, assumptions and events are one each, events in order of date.
    """
    entries: dict[str, Entry] = {}
    for key, first, second in Scenario.difference(a, b):
        section, _, name = key.partition(".")
        if section == "agreement":
            entries[section] = _agreement(a, b, language)
        elif section == "event":
            entries[key] = _event(a, b, name, language)
        elif section == "levers":
            entry = _setting("whole_run", language.lever(name), first, second, language)
            entries[key] = entry._replace(after=(_decided_by(LEVERS[name].controlled_by, language),))
        elif section == "parameters":
            entries[key] = _setting("assumption", language.parameter(name), first, second, language)
    return list(entries.values())


def _agreement(a: Scenario, b: Scenario, language: Language) -> Entry:
    sides = tuple(_side(letter, language.terms(each.agreement), language) for letter, each in (("A", a), ("B", b)))
    return Entry(language.t("report.card.agreement"), "", sides)


def _setting(kind: str, words: Words, first: Any, second: Any, language: Language) -> Entry:
    """Return a lever or an assumption, with both values."""
    values = [_with_unit(value, words, language) for value in (first, second)]
    heading = capitalized(language.t(f"report.card.{kind}", name=words.label))
    return Entry(heading, words.meaning, tuple(_side(*side, language) for side in zip("AB", values)))


def _event(a: Scenario, b: Scenario, name: str, language: Language) -> Entry:
    """Return an event that one world has and the other has not, or has otherwise."""
    sides = [next((e for e in each.events if f"{e.date}.{e.kind}" == name), None) for each in (a, b)]
    event = next(side for side in sides if side)
    words = language.event(event.kind)
    heading = language.t("report.card.event", date=language.date(event.date), name=words.label)
    told = [side and _told(side, language) for side in sides]
    stands = [None if side else _stands(each, event, language) for side, each in zip(sides, (a, b))]
    reasons = dict.fromkeys(language.why(side.why) for side in sides if side and side.why)
    after = (
        *([language.t("report.card.why", why=" ".join(reasons))] if reasons else []),
        _decided_by(EVENT_KINDS[event.kind].controlled_by, language),
    )
    if None in sides and not any(stands):
        letter, said = ("B", told[1]) if sides[0] is None else ("A", told[0])
        only = language.t("report.card.only_told" if said else "report.card.only", letter=letter, told=said)
        return Entry(heading, words.meaning, (only,), after)
    lines = []
    for letter, said, kept in zip("AB", told, stands):
        key, value = ("stays", kept) if said is None else ("side", said)
        lines.append(language.t(f"report.card.{key}", letter=letter, value=value))
    return Entry(heading, words.meaning, tuple(lines), after)


def _told(event: Event, language: Language) -> str:
    """Return the values of an event; empty if it has none."""
    told = [language.t("report.card.shown", terms=language.terms(event.terms))] if event.terms.in_force else []
    for value in EVENT_KINDS[event.kind].values:
        words = language.event_value(event.kind, value.name)
        if value.name in event.values:
            told.append(_valued(value, words, event.values[value.name], language))
        elif value.name in Party.names():
            told.append(language.t("report.card.by_yardstick", name=words.label))
    if event.until:
        told.append(language.t("report.card.until", date=language.date(event.until)))
    return "; ".join(told)


def _stands(scenario: Scenario, event: Event, language: Language) -> str:
    """Return the levers of an event as they stand on its date in a scenario without it; empty if it sets none."""
    values = scenario.levers | levers_on(event.date, scenario.events)
    return "; ".join(
        _valued(value, language.event_value(event.kind, value.name), values[value.lever], language)
        for value in EVENT_KINDS[event.kind].values
        if value.lever
    )


def _valued(value: Value, words: Words, given: Any, language: Language) -> str:
    """Return one value of an event, with its name where the kind has several."""
    said = _with_unit(given, words, language)
    return said if value.name == "value" else language.t("report.card.value", name=words.label, value=said)


def _with_unit(value: Any, words: Words, language: Language) -> str:
    said = _plain(value, words, language)
    is_number = isinstance(value, float | int) and not isinstance(value, bool)
    if not is_number or words.unit in ("", words.label):
        return said
    return language.t("report.card.with_unit", value=said, unit=words.unit)


def _plain(value: Any, words: Words, language: Language) -> str:
    if isinstance(value, datetime.date):
        return language.date(value)
    if value == Community.names():
        return language.t("exhibits.everybody")
    if isinstance(value, tuple):
        return language.join(words.choices[name] for name in value)
    if isinstance(value, str | bool):
        return words.choices.get(value, str(value))
    return language.n(float(value))


def _decided_by(who: str, language: Language) -> str:
    return language.t("report.card.decided_by", who=language.party(who))


def _side(letter: str, value: str, language: Language) -> str:
    return language.t("report.card.side", letter=letter, value=value)
