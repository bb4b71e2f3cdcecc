"""Named viewpoints: the levers and assumptions that somebody holds to be right, applied to whatever is compared."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import tomli_w

from experiments.designs.factors import check
from simulation import __version__
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.validation import unknown

from .question import Question

MOST = 20
"""Viewpoints that one visitor can keep."""
LONGEST_NAME = 60
FORMAT = "two-claims-viewpoints"
_TABLES = {"levers_a": LEVERS, "levers_b": LEVERS, "assumptions": PARAMETERS}


@dataclass(frozen=True)
class Viewpoint:
    """What is set on top of the scenarios.

    Attributes
    ----------
    name : str
    levers_a, levers_b : tuple of (str, value)
        Levers changed in each world.
    assumptions : tuple of (str, float)
        Assumptions changed in both.
    """

    name: str
    levers_a: tuple[tuple[str, Any], ...] = ()
    levers_b: tuple[tuple[str, Any], ...] = ()
    assumptions: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, question: Question, name: str) -> "Viewpoint":
        """Return the viewpoint that a question is asked from.

        Raises
        ------
        InputError
            If the name is empty or too long.
        """
        return cls(check_name(name), question.a.levers, question.b.levers, question.settings.parameters)

    @property
    def changes(self) -> int:
        """Number of things that are set."""
        return len({*self.levers_a, *self.levers_b}) + len(self.assumptions)

    def ask(self, question: Question) -> Question:
        """Return the question as it is asked from this viewpoint: the scenarios stay."""
        return replace(
            question,
            a=replace(question.a, levers=self.levers_a),
            b=replace(question.b, levers=self.levers_b),
            settings=replace(question.settings, parameters=self.assumptions),
        )


def kept(viewpoints: Iterable[Viewpoint], *others: Viewpoint) -> tuple[Viewpoint, ...]:
    """Return viewpoints with others added; one of a name takes the place of the one before.

    Raises
    ------
    InputError
        If there are more than one visitor can keep.
    """
    found = {each.name: each for each in (*viewpoints, *others)}
    if len(found) > MOST:
        raise InputError(f"there are {len(found)} viewpoints; at most {MOST} can be kept")
    return tuple(found.values())


def check_name(name: Any) -> str:
    """Return a name without spaces around it, or refuse it."""
    text = " ".join(str(name).split()) if isinstance(name, str) else ""
    if not 1 <= len(text) <= LONGEST_NAME:
        raise InputError(f"name = {str(name)[:LONGEST_NAME]!r}: must have from 1 to {LONGEST_NAME} letters")
    return text


def to_toml(viewpoints: Iterable[Viewpoint]) -> str:
    """Return viewpoints as the text of a file."""
    tables = [{"name": each.name} | {key: dict(getattr(each, key)) for key in _TABLES} for each in viewpoints]
    return tomli_w.dumps({"format": FORMAT, "version": __version__, "viewpoint": tables})


def from_toml(text: str) -> tuple[Viewpoint, ...]:
    """Read viewpoints from the text of a file, and check every name and value.

    Raises
    ------
    InputError
        One line that names what is wrong.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of no TOML; also of a number that is too long
        raise InputError(f"not a TOML file: {str(error).splitlines()[0]}") from None
    tables = content.get("viewpoint")
    if content.get("format") != FORMAT or not isinstance(tables, list):
        raise InputError(f'not a file of viewpoints: it must say format = "{FORMAT}" and have [[viewpoint]] tables')
    return kept(map(_read, tables))


def _read(table: Any) -> Viewpoint:
    if not isinstance(table, dict):
        raise InputError("viewpoint: must be a table")
    name = check_name(table.get("name"))
    for key in table:
        if key not in ("name", *_TABLES):
            raise InputError(f"viewpoint {name!r}: {unknown('key', str(key)[:40], ('name', *_TABLES))}")
    return Viewpoint(name, **{key: _values(name, key, table.get(key, {})) for key in _TABLES})


def _values(name: str, key: str, values: Any) -> tuple[tuple[str, Any], ...]:
    where = f"viewpoint {name!r}, {key}"
    if not isinstance(values, Mapping):
        raise InputError(f"{where}: must be a table")
    for each in values:
        if each not in _TABLES[key]:
            raise InputError(f"{where}: {unknown('name', str(each)[:60], _TABLES[key])}")
    return tuple(sorted((each, check(each, value, f"{where}.{each}")) for each, value in values.items()))
