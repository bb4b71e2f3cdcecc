"""What a design file may say: its keys, their types and ranges, and which keys go with which method."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulation import scenario_file
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.scenario_file import LARGEST_SEED, SIMPLE_KEYS
from simulation.validation import ABSENT, flatten, nearest, one_line, read_toml, show, unknown

from ..storage import columns
from .factors import Factor, make_factor

MOST_POINTS = 999_999
MOST_SEEDS = 1_000_000
MOST_LEVELS = 1000
MOST_RUNS = 10_000_000
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True)
class Method:
    """How points are chosen: the keys that it needs, and those that it takes with what they are without being given."""

    meaning: str
    needs: tuple[str, ...] = ()
    takes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys that belong to it."""
        return *self.needs, *self.takes


_DECLARED = {
    "grid": Method("every combination of the values of all factors", takes={"levels": 5}),
    "list": Method("the combinations that a table gives, and no others", takes={"file": None, "combinations": None}),
    "latin_hypercube": Method("points spread evenly over the priors of all factors", needs=("points",)),
    "sobol": Method("points for Sobol indices: shares of variance", ("points",), {"second_order": False}),
    "morris": Method("trajectories that move factor by factor: a screening", takes={"trajectories": 10, "levels": 4}),
    "one_at_a_time": Method("each factor at several values while all others stay", takes={"levels": 5, "center": None}),
    "fixed": Method("the scenarios as they are: one point, no factors"),
}  # fmt: skip
METHODS: Mapping[str, Method] = MappingProxyType(_DECLARED)
"""All methods by name."""

OF_METHODS = tuple(dict.fromkeys(key for method in METHODS.values() for key in method.keys))
WITHOUT_FACTORS = ("list", "fixed")
"""Methods for which a design has no [factors]."""
SPACED = ("grid", "one_at_a_time")
"""Methods that turn priors into evenly spaced values."""


class _Table(BaseModel):
    """A table that knows all its keys and converts nothing."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class FactorTable(_Table):
    """What a design says of one factor; nothing is enough."""

    low: float = Field(ABSENT, description="lowest value; up to `high` all are equally likely")
    high: float = Field(ABSENT, description="highest value")
    prior: Text = Field(ABSENT, description="a distribution: uniform, log_uniform, normal or beta, of two numbers")
    values: tuple[Any, ...] = Field(ABSENT, strict=False, min_length=1, description="the values it may take")
    levels: int = Field(
        ABSENT, ge=2, le=MOST_LEVELS, description="how many evenly spaced values (grid and one_at_a_time)"
    )


class DesignTable(_Table):
    """A whole design file."""

    title: Text = Field(ABSENT, description="a short name for tables and figures")
    description: str = Field("", description="the question, in a paragraph")
    scenarios: tuple[Text, ...] = Field(
        strict=False, min_length=1, description="shipped names or paths; an effect is the first minus another"
    )
    method: Literal[tuple(METHODS)] = Field(description="how points are chosen")
    points: int = Field(
        ABSENT, ge=2, le=MOST_POINTS, description="points of latin_hypercube; base samples of sobol, a power of two"
    )
    levels: int = Field(ABSENT, ge=2, le=MOST_LEVELS, description="values of each factor (grid, one_at_a_time, morris)")
    trajectories: int = Field(ABSENT, ge=2, le=MOST_POINTS, description="trajectories of morris")
    second_order: bool = Field(ABSENT, description="whether sobol estimates pairs of factors too")
    file: Text = Field(ABSENT, description="for list: a CSV file with one column per factor")
    combinations: dict[str, Any] = Field(ABSENT, description="for list, in place of file: each factor's values")
    center: dict[str, Any] = Field(
        ABSENT, description="for one_at_a_time: where the others stay; without it, at the values of the first scenario"
    )
    seeds: int = Field(5, ge=1, le=MOST_SEEDS, description="replicates of every point")
    root_seed: int = Field(1, ge=0, le=LARGEST_SEED, description="seed of the replicates and of the sample of points")
    scale: float = Field(ABSENT, gt=0, le=1, description="share of the city's residents that is simulated")
    years: float = Field(ABSENT, gt=0, le=100, description="length of the runs in years")
    outcomes: tuple[Text, ...] = Field((), strict=False, description="outcomes to keep; without it, all")
    series: tuple[Text, ...] = Field((), strict=False, description="metrics to keep month by month; without it, none")
    set: dict[str, Any] = Field(default_factory=dict, description="keys of the scenario file to set in all scenarios")
    factors: dict[str, Any] = Field(default_factory=dict, description="what is varied: parameters and levers")


KEYS = tuple(DesignTable.model_fields)
SCALARS = tuple(key for key in KEYS if key not in ("set", "factors", "combinations", "center"))
"""Keys that can be overridden one by one."""


def shipped_names() -> tuple[str, ...]:
    """Return the names of the designs that come with the package."""
    files = (resources.files("experiments") / "designs").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def locate(name_or_path: str | Path) -> tuple[Path, str]:
    """Return the file of a design, and what to call it in messages.

    Raises
    ------
    InputError
        If there is no such design; with the nearest shipped name.
    """
    text = str(name_or_path)
    path = Path(text)
    if isinstance(name_or_path, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
        if path.is_file():
            return path, str(path)
        guess = nearest(path.stem, shipped_names())
        hint = f"; did you mean the shipped design '{guess}'?" if guess else _shipped_hint()
        raise InputError(f"{path}: no such file{hint}")
    if text in shipped_names():
        return Path(str(resources.files("experiments") / "designs" / f"{text}.toml")), text
    if Path(f"{text}.toml").is_file():
        raise InputError(f"unknown design {show(text)}; for the file here write {text}.toml")
    guess = nearest(text, shipped_names())
    hint = f"; did you mean '{guess}'?" if guess else ""
    raise InputError(f"unknown design {show(text)}{hint}{_shipped_hint()}")


def read(name_or_path: str | Path, overrides: Mapping[str, Any] | None = None) -> tuple[DesignTable, Path, str]:
    """Return the content of a design file, the file, and what to call it in messages.

    Parameters
    ----------
    name_or_path : str or path
    overrides : mapping, optional
        Keys of the design to replace; any other key is one of the scenario file and goes to `[set]`.

    Raises
    ------
    InputError
        One line, if there is no such file or a key of it is not right by itself.
    """
    path, label = locate(name_or_path)
    content = _resolved(read_toml(path), path.parent)
    if overrides:
        label += " with overrides"
        given, settings = _split(overrides, label)
        content |= _resolved(given, Path())
        _override_settings(content, settings)
    try:
        table = DesignTable.model_validate(content)
    except ValidationError as error:
        raise InputError(one_line(error, label, DesignTable)) from None
    _check_method(table, label)
    _check_names(table, label)
    return table, path, label


def read_settings(table: DesignTable, label: str, folder: Path) -> dict[str, Any]:
    """Return the overrides of all scenarios, with full names, each checked as in a scenario file."""
    where = f"{label}: [set]"
    try:
        content = scenario_file.as_file(table.set)
    except InputError as error:
        raise InputError(f"{where}: {str(error).removeprefix('overrides: ')}") from None
    for key in ("scale", "years"):
        if key in content:
            raise InputError(f"{where}: {key} belongs at the top of the design: {key} = {show(content[key])}")
    checked = scenario_file.parse(content, where)
    place = checked.place
    if place is not None and (place.endswith(".toml") or "/" in place or "\\" in place):
        content["place"] = str((folder / place).resolve())
    return dict(flatten(content))


def read_factors(table: DesignTable, label: str) -> tuple[Factor, ...]:
    """Return the factors, in the order of the file; those of a grid and of one_at_a_time with their values."""
    factors: dict[str, Factor] = {}
    follows_table = False
    for name, spec in _flatten_factors(table.factors):
        where = f"{label}: factors.{name}"
        if not isinstance(spec, Mapping):
            raise InputError(f"{where} = {show(spec)}: must be a table, such as {{}} or {{ low = 0, high = 1 }}")
        try:
            checked = FactorTable.model_validate(spec)
        except ValidationError as error:
            raise InputError(one_line(error, where, FactorTable)) from None
        said = checked.model_dump(exclude_unset=True)
        levels = said.pop("levels", None)
        factor = make_factor(name, label, **said)
        if factor.name in factors:
            raise InputError(f"{label}: factor {factor.name!r} is given twice")
        if levels is not None:
            _check_levels(factor, levels, table, where)
        elif factor.levels is None and table.method in SPACED:
            levels, follows_table = table.levels or METHODS[table.method].takes["levels"], True
        factors[factor.name] = Factor(factor.name, factor.kind, levels=factor.spaced(levels)) if levels else factor
    if table.method in SPACED and table.levels is not None and not follows_table:
        raise InputError(f"{label}: levels = {table.levels}: every factor has its values already; leave levels out")
    return tuple(factors.values())


def _check_levels(factor: Factor, levels: int, table: DesignTable, where: str) -> None:
    """Refuse a number of evenly spaced values where values cannot be, or need not be, spaced."""
    if factor.is_categorical:
        raise InputError(f"{where}.levels = {levels}: its values are words, or true and false; list them as values")
    if factor.levels is not None:
        raise InputError(f"{where}: give values or levels, not both")
    if table.method not in SPACED:
        raise InputError(f"{where}.levels = {levels}: only the methods {' and '.join(SPACED)} space values evenly")


def _flatten_factors(given: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return (name, what is said of it); `vulnerability.undocumented = {}` is a table in a table to TOML."""
    found: list[tuple[str, Any]] = []
    for key, value in given.items():
        name = f"{prefix}{key}"
        is_section = name in ("parameters", "levers") or _is_table(name.removeprefix("parameters."))
        if is_section and isinstance(value, Mapping) and value and all(isinstance(v, Mapping) for v in value.values()):
            found += _flatten_factors(value, f"{name}.")
        else:
            found.append((name, value))
    return found


def _is_table(name: str) -> bool:
    """Whether parameters such as `vulnerability.undocumented` have this before the dot."""
    return any(each.startswith(f"{name}.") for each in PARAMETERS)


def _resolved(content: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return content in which paths are full: they start from the folder of the file that names them."""
    content = dict(content)
    scenarios = content.get("scenarios")
    if isinstance(scenarios, list | tuple):
        content["scenarios"] = [_full(each, folder) for each in scenarios]
    if isinstance(content.get("file"), str) and content["file"]:
        content["file"] = str((folder / content["file"]).resolve())
    return content


def _full(scenario: Any, folder: Path) -> Any:
    if isinstance(scenario, str) and (scenario.endswith(".toml") or "/" in scenario or "\\" in scenario):
        return str((folder / scenario).resolve())
    return scenario


def _split(overrides: Mapping[str, Any], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the overrides that are keys of a design, and those that are keys of a scenario file."""
    given: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    known = [*(key for key in SIMPLE_KEYS if key not in SCALARS), *LEVERS, *PARAMETERS]
    for key, value in flatten(overrides):
        first, _, rest = key.partition(".")
        if key in SCALARS:
            given[key] = value
        elif first == "set" and rest:
            settings[rest] = value
        elif first in ("factors", "combinations", "center"):
            raise InputError(f"{label}: {first} cannot be overridden; write a design file of your own")
        elif key in known or first in ("agreement", "levers", "parameters") or _is_table(key):
            settings[key] = value
        else:
            raise InputError(f"{label}: {unknown('key', key, [*SCALARS, *known])}")
    return given, settings


def _override_settings(content: dict[str, Any], settings: Mapping[str, Any]) -> None:
    """Put settings over those of the file, whichever way each is written."""
    if not settings or not isinstance(content.get("set", {}), Mapping):
        return
    bare = {_bare(key) for key in settings}
    kept = {key: value for key, value in flatten(content.get("set", {})) if _bare(key) not in bare}
    content["set"] = {**kept, **settings}


def _bare(key: str) -> str:
    section, _, name = key.partition(".")
    return name if section in ("levers", "parameters") else key


def _check_method(table: DesignTable, label: str) -> None:
    """Refuse keys that contradict the method, and the lack of one that it needs."""
    method, given = METHODS[table.method], table.model_fields_set
    for key in OF_METHODS:
        if key in given and key not in method.keys:
            others = [name for name, other in METHODS.items() if key in other.keys]
            takes = f"it takes {', '.join(method.keys)}" if method.keys else "it takes no numbers"
            raise InputError(f"{label}: {key}: not for method {table.method} ({takes}), but for {', '.join(others)}")
    for key in method.needs:
        if key not in given:
            raise InputError(f"{label}: missing key '{key}' ({DesignTable.model_fields[key].description})")
    if table.method in WITHOUT_FACTORS and table.factors:
        reason = "the columns of its table are the factors" if table.method == "list" else "nothing is varied"
        raise InputError(f"{label}: [factors]: not for method {table.method}: {reason}")
    if table.method not in WITHOUT_FACTORS and not table.factors:
        raise InputError(f"{label}: missing table [factors]: method {table.method} needs at least one factor")
    if table.method == "list" and (table.file is None) == (table.combinations is None):
        raise InputError(f"{label}: method list needs either file or combinations")
    if table.method == "sobol" and table.points & (table.points - 1):
        below = 1 << (table.points.bit_length() - 1)
        raise InputError(
            f"{label}: points = {table.points}: must be a power of two for method sobol, such as {below} or {2 * below}"
        )
    if table.method == "morris" and (table.levels or 0) % 2:
        even = table.levels + 1
        raise InputError(f"{label}: levels = {table.levels}: must be even for method morris, such as {even}")


def _check_names(table: DesignTable, label: str) -> None:
    """Refuse names that are given twice, and metrics that do not exist."""
    for key in ("scenarios", "outcomes", "series"):
        names = getattr(table, key)
        repeated = next((name for name in names if names.count(name) > 1), None)
        if repeated is not None:
            raise InputError(f"{label}: {key}: {show(repeated)} is given twice")
    for name in table.series:
        if name not in columns.METRICS:
            raise InputError(f"{label}: series: {unknown('metric', name, columns.METRICS)}")


def _shipped_hint() -> str:
    return f" (shipped: {', '.join(shipped_names())})"
