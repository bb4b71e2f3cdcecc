"""English words of declared things, taken from their declarations, under the keys by which languages translate them."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from simulation.events import EVENT_KINDS, Value
from simulation.levers import LEVERS
from simulation.outcomes import OUTCOMES
from simulation.parameters import PARAMETERS
from simulation.scenario_file import shipped_names
from simulation.vocabulary import (
    Absence,
    ChargeGrade,
    Detainers,
    Field,
    LegalStatus,
    Party,
    Priorities,
    Role,
    Yardstick,
)  # fmt: skip

from .. import statistics
from ..claims import claims
from ..explanation.mechanisms import MECHANISMS
from ..rounding import spaced
from ..storage.columns import METRICS
from .files import flatten

WORDS = (Absence, ChargeGrade, Detainers, Field, Priorities, Role, Yardstick)
"""Vocabularies whose members are words; those of groups of outcomes are among the groups."""


def english() -> dict[str, str]:
    """Return the English text of every declared thing by its key; labels are names with spaces."""
    sources = (
        _outcomes, _levers, _events, _parameters, _claims, _scenarios, _metrics, _mechanisms, _words, _units, _parties,
    )  # fmt: skip
    return {key: text for source in sources for key, text in source()}


def _thing(key: str, name: str, meaning: str) -> Iterator[tuple[str, str]]:
    yield f"{key}.label", spaced(name)
    yield f"{key}.meaning", meaning


def _outcomes() -> Iterator[tuple[str, str]]:
    for name, outcome in OUTCOMES.items():
        yield from _thing(f"outcome.{name}", name, outcome.meaning)
        yield f"outcome_group.{outcome.group}", outcome.group
        for group in ("all", *outcome.groups, *LegalStatus.names()):
            yield f"group.{group}", spaced(group)


def _levers() -> Iterator[tuple[str, str]]:
    for name, lever in LEVERS.items():
        yield from _thing(f"lever.{name}", name, lever.meaning)


def _events() -> Iterator[tuple[str, str]]:
    for name, kind in EVENT_KINDS.items():
        yield from _thing(f"event.{name}", name, kind.meaning)
        for value in _own_values():
            if value in kind.values:
                yield from _thing(f"event.{name}.{value.name}", value.name, value.meaning)


def _own_values() -> list[Value]:
    """Return the values of events that set no lever, which has words of its own."""
    return [value for kind in EVENT_KINDS.values() for value in kind.values if not value.lever]


def _parameters() -> Iterator[tuple[str, str]]:
    for name, parameter in PARAMETERS.items():
        table, dot, member = name.partition(".")
        meaning = parameter.meaning.removesuffix(f": {spaced(member)}.") if dot else parameter.meaning
        yield from _thing(f"parameter.{table}", table, meaning)


def _claims() -> Iterator[tuple[str, str]]:
    for claim in claims.CLAIMS:
        yield f"claim.{claim.id}", claim.text
    for verdict in (*statistics.VERDICTS, *claims.VERDICTS):
        yield f"verdict.{verdict}", verdict


def _metrics() -> Iterator[tuple[str, str]]:
    for name, metric in METRICS.items():
        yield from _thing(f"metric.{name}", name, metric.description)


def _mechanisms() -> Iterator[tuple[str, str]]:
    for name, mechanism in MECHANISMS.items():
        yield from _thing(f"mechanism.{name}", name, mechanism.meaning)


def _words() -> Iterator[tuple[str, str]]:
    names = [name for vocabulary in WORDS for name in vocabulary.names()]
    chosen = [choice for value in _own_values() for choice in value.choices]
    for name in (*names, *chosen):
        yield f"word.{name}", spaced(name)


def _units() -> Iterator[tuple[str, str]]:
    declared: tuple[Any, ...] = (
        *OUTCOMES.values(),
        *LEVERS.values(),
        *PARAMETERS.values(),
        *_own_values(),
        *METRICS.values(),
    )
    for each in declared:
        yield f"unit.{each.unit}", each.unit


def _parties() -> Iterator[tuple[str, str]]:
    controllers = [lever.controlled_by for lever in LEVERS.values()]
    controllers += [kind.controlled_by for kind in EVENT_KINDS.values()]
    others = [outcome.better_for for outcome in OUTCOMES.values() if outcome.better_for]
    for name in (*map(spaced, Party.names()), *controllers, *others, *(claim.made_by for claim in claims.CLAIMS)):
        yield f"party.{name}", name


def _scenarios() -> Iterator[tuple[str, str]]:
    for name in shipped_names():
        file = scenario_file(name)
        yield from flatten({name: {key: file[key] for key in ("title", "description", "expected")}}, "scenario.")
        yield f"scenario_group.{file['group']}", file["group"]
        for event in file.get("event", ()):
            yield f"why.{event['why']}", event["why"]


@cache
def scenario_file(name: str) -> dict:
    """Return what the file of a shipped scenario says of itself, its description as one line."""
    text = (resources.files("scenarios") / f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return table | {"description": " ".join(table["description"].split())}
