"""What a visitor compares: two sides, each a scenario with levers changed, under one set of assumptions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simulation.errors import InputError
from simulation.place import Place
from simulation.scenario import Scenario

from .limits import Limits

OWN = "own-file"
"""Name of a side whose scenario is a visitor's own file."""


@dataclass(frozen=True)
class Side:
    """One side: a scenario that ships or a visitor's own file, and the levers that were changed.

    Attributes
    ----------
    scenario : str
        Name of a shipped scenario, or `OWN`.
    levers : tuple of (str, value)
        Standing levers in place of the scenario's, in order of name.
    own : str
        Text of the visitor's scenario file, for `OWN`.
    """

    scenario: str
    levers: tuple[tuple[str, Any], ...] = ()
    own: str = ""

    def with_lever(self, name: str, value: Any) -> "Side":
        """Return the side with one lever set, or given back to its scenario (None)."""
        levers = {key: old for key, old in self.levers if key != name} | ({} if value is None else {name: value})
        return replace(self, levers=tuple(sorted(levers.items())))


@dataclass(frozen=True)
class Settings:
    """What both sides share.

    Attributes
    ----------
    pairs : int
        Pairs of worlds to run.
    scale : float
        Share of the city's residents that is simulated.
    root_seed : int
        Seed from which the seeds of all pairs are derived.
    parameters : tuple of (str, float)
        Assumptions in place of the scenarios', in order of name.
    place : str
        Name of a shipped place in which both worlds lie; empty for the scenarios' own.
    """

    pairs: int = 60
    scale: float = 0.02
    root_seed: int = 1
    parameters: tuple[tuple[str, float], ...] = ()
    place: str = ""

    def with_parameter(self, name: str, value: float | None) -> "Settings":
        """Return the settings with one assumption set, or given back to the scenarios (None)."""
        given = {key: old for key, old in self.parameters if key != name} | ({} if value is None else {name: value})
        return replace(self, parameters=tuple(sorted(given.items())))


@dataclass(frozen=True)
class Question:
    """Two sides and what they share; decides every number that is shown."""

    a: Side = field(default_factory=lambda: Side("agreement-renewed"))
    b: Side = field(default_factory=lambda: Side("agreement-ended"))
    settings: Settings = field(default_factory=Settings)

    def scenarios(self, limits: Limits) -> tuple[Scenario, Scenario]:
        """Load both sides, checked.

        Raises
        ------
        InputError
            One line, if a side is no valid scenario, the two cannot be compared, or a limit is passed.
        """
        from experiments.comparison.comparison import check_comparable

        check_settings(self.settings, limits)
        a, b = (load(side, self.settings) for side in (self.a, self.b))
        if a.name == b.name:
            b = replace(b, name=f"{b.name}-2")
        for scenario in (a, b):
            check_size(scenario, limits)
        check_comparable((a, b))
        return a, b


def load(side: Side, settings: Settings) -> Scenario:
    """Load one side."""
    overrides: dict[str, Any] = {"scale": settings.scale}
    overrides |= {f"levers.{name}": value for name, value in side.levers}
    overrides |= {f"parameters.{name}": value for name, value in settings.parameters}
    if settings.place:
        overrides["place"] = settings.place
    return _load(side.scenario, side.own, tuple(overrides.items()))


def check_settings(settings: Settings, limits: Limits) -> None:
    """Refuse a number of pairs or a seed beyond its range, and a place that does not ship."""
    if settings.place and settings.place not in Place.names():  # never a path: a link must not read files
        from simulation.validation import unknown

        raise InputError(unknown("place", settings.place[:60], Place.names()))
    if not 1 <= settings.pairs <= limits.pairs:
        raise InputError(f"pairs = {settings.pairs}: must be from 1 to {limits.pairs} on this page")
    if not 0 <= settings.root_seed < 2**63:
        raise InputError(f"seed = {settings.root_seed}: must be from 0 to {2**63 - 1}")


def check_size(scenario: Scenario, limits: Limits) -> None:
    """Refuse a world that is larger or longer than the page allows."""
    residents = scenario.scale * float(Place.load(scenario.place).residents.sum())
    if residents > limits.residents:
        raise InputError(
            f"scale = {scenario.scale:g}: about {residents:,.0f} residents; this page simulates at most "
            f"{limits.residents:,}; the command line has no such limit"
        )
    if scenario.years > limits.years:
        raise InputError(f"years = {scenario.years:g}: this page simulates at most {limits.years:g}")


@lru_cache(maxsize=64)
def _load(name: str, own: str, overrides: tuple) -> Scenario:
    if name != OWN:
        if name not in Scenario.names():  # never a path: a link must not read files of this machine
            from simulation.validation import unknown

            raise InputError(unknown("scenario", name, Scenario.names()))
        return Scenario.load(name, dict(overrides))
    check_own(own)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{OWN}.toml"
        path.write_text(own, encoding="utf-8")
        try:
            return Scenario.load(path, dict(overrides))
        except InputError as error:
            raise InputError(str(error).replace(str(path), f"{OWN}.toml")) from None


def check_own(text: str) -> Mapping[str, Any]:
    """Refuse a visitor's file that reaches for other files of this machine: it may only name what ships.

    Returns
    -------
    mapping
        The file's content.
    """
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of no TOML; also of a number that is too long
        raise InputError(f"{OWN}.toml: not a TOML file: {str(error).splitlines()[0]}") from None
    for key, allowed in (("extends", Scenario.names()), ("place", Place.names())):
        if key in content and content[key] not in allowed:
            raise InputError(f"{OWN}.toml: {key} = {str(content[key])[:60]!r}: must be one of {', '.join(allowed)}")
    return content
