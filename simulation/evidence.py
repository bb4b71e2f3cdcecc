"""The evidence that ships with the project: what a source id stands for.

`scenarios/evidence/evidence.toml` holds findings of research, by id; every other file there holds facts about a
city, by `CITY:SECTION.KEY`, `CITY:timeline.DATE` or `CITY:district.ID`, where CITY is the file's name.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from .errors import InputError
from .parameters import ASSUMPTION
from .validation import unknown

_FINDINGS = "evidence"
"""Name of the file of findings; the others are of cities."""
_LISTS = {"timeline": ("date", "event"), "district": ("id", "name")}
"""Lists of facts: what names an entry, and what says what it is about."""


@dataclass(frozen=True)
class Evidence:
    """One finding or fact.

    Attributes
    ----------
    id : str
        What a `source` names.
    quantity : str
        What was measured or happened.
    value : number, text or list
        Number, list or text; None for an event.
    unit, years, citation, confidence, note : str
        As far as known; empty otherwise. `confidence` is `read` or `verified` (in a source), `derived`,
        `recalled` (from memory) or `missing`.
    entry : mapping
        Everything the file says.
    """

    id: str
    quantity: str
    value: Any
    unit: str
    years: str
    citation: str
    confidence: str
    note: str
    entry: Mapping[str, object]


def evidence(identifier: str) -> Evidence:
    """Return the entry that a source id stands for.

    Raises
    ------
    InputError
        If nothing has this id.
    """
    known = all_evidence()
    if identifier not in known:
        raise InputError(unknown("source", identifier, (ASSUMPTION, *known)))
    return known[identifier]


@lru_cache(maxsize=1)
def all_evidence() -> Mapping[str, Evidence]:
    """Return every entry by id: findings first, then the facts of one city after the other."""
    contents = {
        path.name.removesuffix(".toml"): tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((files("scenarios") / "evidence").iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    }
    findings = _findings(contents.pop(_FINDINGS))
    facts = (entry for city, content in contents.items() for entry in _facts(city, content))
    return MappingProxyType({entry.id: entry for entry in (*findings, *facts)})


def _findings(content: dict) -> Iterator[Evidence]:
    for entry in content["evidence"]:
        yield _entry(entry["id"], entry["quantity"], entry["citation"], entry.get("years", ""), entry)


def _facts(city: str, content: dict) -> Iterator[Evidence]:
    for section, facts in content.items():
        if section in _LISTS:
            name, about = _LISTS[section]
            named = [(str(fact[name]), fact[about], fact) for fact in facts]
        else:
            named = [(key, key.replace("_", " "), fact) for key, fact in facts.items()]
        for key, quantity, fact in named:
            yield _entry(f"{city}:{section}.{key}", quantity, fact["source"], fact.get("year", ""), fact)


def _entry(identifier: str, quantity: str, citation: str, years: str, entry: dict) -> Evidence:
    return Evidence(
        id=identifier,
        quantity=quantity,
        value=entry.get("value"),
        unit=entry.get("unit", ""),
        years=str(years),
        citation=citation,
        confidence=entry["confidence"],
        note=entry.get("note", ""),
        entry=MappingProxyType(entry),
    )
