"""What a scenario file may say: its keys, their types and ranges, and the chain of files it extends."""

import datetime
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .agreement import PRESETS
from .errors import InputError
from .events import EVENT_KINDS, check_event, check_value
from .levers import LEVERS
from .parameters import PARAMETERS
from .validation import ABSENT, flatten, nearest, number, one_line, read_toml, show, unknown
from .vocabulary import Field as DatabaseField
from .vocabulary import Role

LARGEST_SEED = 2**63 - 1
Text = Annotated[str, Field(min_length=1)]


class _Table(BaseModel):
    """A table that knows all its keys and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class TermsTable(_Table):
    """`[agreement]`, or the `terms` of an event."""

    preset: Literal[tuple(PRESETS)] = Field(ABSENT, description="terms by name")
    roles: tuple[Literal[Role.names()], ...] = Field(ABSENT, strict=False, description="whose records are shown")
    fields: tuple[Literal[DatabaseField.names()], ...] = Field(
        ABSENT, strict=False, description="which fields of a record are shown"
    )
    real_time: bool = Field(ABSENT, description="whether records are seen on the day they are made")
    after_disposition: bool = Field(
        ABSENT, description="whether records of arrestees are seen only after their case is disposed of"
    )
    ends: datetime.date = Field(ABSENT, description="first day on which it no longer holds")


class EventTable(_Table):
    """One `[[event]]`; the values of its kind are checked by their declarations in `simulation.events`."""

    model_config = ConfigDict(extra="allow")

    date: datetime.date = Field(description="first day on which it holds")
    kind: Literal[tuple(EVENT_KINDS)] = Field(description="what happens")
    until: datetime.date = Field(ABSENT, description="first day on which it no longer holds")
    terms: TermsTable = Field(ABSENT, description="what the agreement shows from then on")
    why: str = Field("", description="the reason, in a sentence")


class ScenarioTable(_Table):
    """A whole scenario file; a key that is not given is inherited."""

    extends: Text = Field(ABSENT, description="the scenario that this one differs from: a shipped name or a path")
    title: Text = Field(ABSENT, description="a short name for tables and figures")
    description: str = Field(ABSENT, description="one neutral paragraph")
    sources: tuple[Text, ...] = Field(ABSENT, strict=False, description="evidence ids or citations")
    group: Text = Field(ABSENT, description="heading under which it is listed")
    expected: tuple[Text, ...] = Field(ABSENT, strict=False, description="patterns expected before running")
    place: Text = Field(ABSENT, description="the city that is simulated")
    start: datetime.date = Field(ABSENT, description="first day of the run")
    years: float = Field(ABSENT, gt=0, le=100, description="length of the run in years")
    scale: float = Field(ABSENT, gt=0, le=1, description="share of the city's residents that is simulated")
    population_seed: int = Field(
        ABSENT,
        ge=0,
        le=LARGEST_SEED,
        description="seed of the synthetic residents; without it, the run's own seed",
    )
    outcomes_from: datetime.date = Field(ABSENT, description="first day that outcomes are measured on")
    collection_days: int = Field(ABSENT, ge=1, le=3650, description="days from one snapshot to the next")
    agreement: TermsTable = Field(ABSENT, description="what the immigration agency may see at the start")
    event: tuple[EventTable, ...] = Field(ABSENT, strict=False, description="dated policy events")
    levers: dict[str, Any] = Field(default_factory=dict, description="choices that stand for the whole run")
    parameters: dict[str, Any] = Field(default_factory=dict, description="values of declared parameters")


SIMPLE_KEYS = tuple(
    name for name in ScenarioTable.model_fields if name not in ("extends", "agreement", "event", "levers", "parameters")
)
"""Keys that hold one value each."""


def shipped_names() -> tuple[str, ...]:
    """Return the names of the scenarios that come with the package."""
    files = resources.files("scenarios").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def locate(name_or_path: str | Path, folder: Path | None = None) -> tuple[Path, str]:
    """Return the file of a scenario, and what to call it in messages.

    Parameters
    ----------
    name_or_path : str or path
        A shipped name, or the path of a file (recognized by its ending or a slash).
    folder : path, optional
        What a relative path starts from; the current folder by default.

    Raises
    ------
    InputError
        If there is no such scenario.
    """
    text = str(name_or_path)
    path = (folder or Path()) / text
    if isinstance(name_or_path, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
        if path.is_file():
            return path, str(path)
        guess = nearest(Path(text).stem, shipped_names())
        hint = f"; did you mean the shipped scenario '{guess}'?" if guess else _shipped_hint()
        raise InputError(f"{path}: no such file{hint}")
    if text in shipped_names():
        return Path(str(resources.files("scenarios") / f"{text}.toml")), text
    if Path(f"{path}.toml").is_file():
        raise InputError(f"unknown scenario '{text}'; for the file here write {text}.toml")
    guess = nearest(text, shipped_names())
    raise InputError(f"unknown scenario {show(text)}" + (f"; did you mean '{guess}'?" if guess else _shipped_hint()))


def read_chain(name_or_path: str | Path) -> list[tuple[ScenarioTable, Path, str]]:
    """Return a scenario's file and all that it extends: (content, path, label), the baseline first.

    Raises
    ------
    InputError
        If a file is missing, not valid, or extends itself in the end.
    """
    path, label = locate(name_or_path)
    chain: list[tuple[ScenarioTable, Path, str]] = []
    seen: list[Path] = []
    while True:
        table = parse(read_toml(path), label)
        chain.insert(0, (table, path, label))
        seen.append(path.resolve())
        if table.extends is None:
            return chain
        try:
            path, base = locate(table.extends, path.parent)
        except InputError as error:
            raise InputError(f"{label}: extends = {show(table.extends)}: {error}") from None
        if path.resolve() in seen:
            raise InputError(f"{label}: extends = {show(table.extends)}: a cycle, for that file extends this one")
        label = base


def parse(content: Mapping[str, Any], label: str) -> ScenarioTable:
    """Return the content of one file, checked key by key.

    Raises
    ------
    InputError
        For an unknown key, a wrong type or a value out of range; one line.
    """
    try:
        table = ScenarioTable.model_validate(content)
    except ValidationError as error:
        raise InputError(one_line(error, label, ScenarioTable)) from None
    if table.extends is not None and table.place is not None:
        raise InputError(
            f"{label}: place = {show(table.place)}: only a baseline, which extends nothing, names the place"
        )
    for event in table.event or ():
        where = f"{label}: event {event.kind} of {event.date}"
        kind = EVENT_KINDS[event.kind]
        event.__pydantic_extra__.update(check_event(kind, event.__pydantic_extra__, where))
        for key, belongs in (("terms", kind.agreement), ("until", kind.lasting)):
            if getattr(event, key) is not None and not belongs:
                raise InputError(f"{where}: {key} does not belong to an event of this kind")
    levers = dict(table.levers)
    for name, value in levers.items():
        levers[name] = check_lever(name, value, label)
    parameters: dict[str, float] = {}
    for name, value in flatten(table.parameters):
        if name in parameters:
            raise InputError(f"{label}: parameters.{name}: given twice")
        parameters[name] = check_parameter(name, value, label)
    return table.model_copy(update={"levers": levers, "parameters": parameters})


def check_parameter(name: str, value: Any, label: str) -> float:
    """Return the value of a declared parameter, or refuse it in one line."""
    if name not in PARAMETERS:
        members = [each for each in PARAMETERS if each.startswith(f"{name}.")]
        if members:
            raise InputError(f"{label}: parameters.{name} is a table; write {members[0]} = {show(value)} and so on")
        raise InputError(f"{label}: [parameters]: {_unknown_value('parameter', name, PARAMETERS, LEVERS, 'levers')}")
    declared = PARAMETERS[name]
    return number(f"{label}: parameters.{name}", value, declared.bounds, declared.unit, declared.meaning)


def check_lever(name: str, value: Any, label: str) -> Any:
    """Return the value of a declared lever, or refuse it in one line."""
    if name not in LEVERS:
        raise InputError(f"{label}: [levers]: {_unknown_value('lever', name, LEVERS, PARAMETERS, 'parameters')}")
    return check_value(LEVERS[name], value, f"{label}: levers.{name}")


def as_file(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return overrides as the content of a file; a lever's or parameter's bare name is enough.

    Raises
    ------
    InputError
        For a key that is unknown or cannot be overridden, or one given twice.
    """
    content: dict[str, Any] = {"agreement": {}, "levers": {}, "parameters": {}}
    settings = [f"agreement.{name}" for name in TermsTable.model_fields]
    known = [*SIMPLE_KEYS, *settings, *LEVERS, *PARAMETERS]
    for key, value in flatten(overrides):
        section, _, name = key.partition(".")
        if key in SIMPLE_KEYS:
            place, name = content, key
        elif section in content and section not in SIMPLE_KEYS:
            place = content[section]
        elif key in LEVERS or key in PARAMETERS or any(each.startswith(f"{key}.") for each in PARAMETERS):
            place, name = content["levers" if key in LEVERS else "parameters"], key
        elif key in ("extends", "event"):
            raise InputError(f"overrides: {key} cannot be overridden; write a scenario file that extends the other")
        else:
            raise InputError(f"overrides: {unknown('key', key, known)}")
        if name in place:
            raise InputError(f"overrides: {name} is given twice")
        place[name] = value
    if not content["agreement"]:
        del content["agreement"]
    return content


def _unknown_value(kind: str, name: str, names: Iterable[str], others: Iterable[str], section: str) -> str:
    if name in others:
        return f"{show(name)} is not a {kind}; it belongs in [{section}]"
    return unknown(kind, name, names)


def _shipped_hint() -> str:
    return f" (shipped: {', '.join(shipped_names())})"
