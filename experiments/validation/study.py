"""What every natural experiment is made of: worlds, the panel that is observed in them, and estimates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from simulation.randomness import replicate_seed
from simulation.scenario import Scenario
from simulation.world import run

from .quantities import QUANTITIES, STUDY_OF

ROOT_SEED = 2018
"""All worlds of a study have seeds that follow from it and the number of the unit, the same at every draw."""


MANY, SHARE_AT_MANY = 5, 0.4
"""With more draws than this, each gets this share of the counties and cities."""


class World(NamedTuple):
    """One world to run, and what the panel shall say of it: unit, kind, cohort and the like."""

    scenario: Scenario
    seed: int
    labels: Mapping[str, Any]


class Estimate(NamedTuple):
    """One estimated quantity with its 95% interval."""

    pattern: str
    quantity: str
    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Size:
    """How large studies are, relative to the size they were planned for.

    Attributes
    ----------
    units : float
        Share of the planned counties or cities.
    people : float
        Share of the planned residents of each.
    """

    units: float = 1.0
    people: float = 1.0

    def count(self, planned: int, multiple: int = 1) -> int:
        """Return how many counties or cities there are: at least two of each sort, a multiple of so many."""
        return multiple * max(2, round(planned * self.units / multiple))

    def for_draws(self, draws: int) -> "Size":
        """Return the size at each of many draws: fewer units, since draws differ more than their units do."""
        return replace(self, units=self.units * SHARE_AT_MANY) if draws > MANY else self

    def scale(self, planned: float) -> float:
        """Return the share of a place's residents that is simulated."""
        return planned * self.people


FULL = Size()

STUDIES = tuple(dict.fromkeys(STUDY_OF.values()))
"""All studies, in the order of their first pattern."""

PATTERNS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {study: tuple(pattern for pattern, of in STUDY_OF.items() if of == study) for study in STUDIES}
)


def module(study: str) -> ModuleType:
    """Return the module of a study, which has `worlds`, `panel`, `estimate`, and `paired` where it is cheap."""
    return import_module(f"experiments.validation.studies.{study}")


def seed_of(unit: int) -> int:
    """Return the seed of a county or city, the same for all draws and for both worlds of a pair."""
    return replicate_seed(ROOT_SEED, unit + 1)


def simulate(worlds: Iterable[World]) -> Iterator[tuple[World, Any]]:
    """Run worlds one after the other; each result can be forgotten when the next is asked for."""
    for world in worlds:
        yield world, run(world.scenario, world.seed)


def replicate(study: str, draw: Mapping[str, Any], size: Size = FULL) -> list[Estimate]:
    """Run a study at a point of the parameters and return its estimates, one for each declared quantity.

    Parameters
    ----------
    study : str
        One of `STUDIES`.
    draw : mapping
        Parameters that differ from their defaults.
    size : Size
    """
    found = module(study)
    estimates = found.estimate(found.panel(simulate(found.worlds(draw, size))))
    declared = {(pattern, name) for pattern in PATTERNS_OF[study] for name in QUANTITIES[pattern]}
    if {(e.pattern, e.quantity) for e in estimates} != declared:
        raise ValueError(f"study {study} does not estimate what it declares")
    return estimates


def estimate_of(pattern: str, quantity: str, value: float, low: float, high: float) -> Estimate:
    """Return an estimate with the unit that is declared for its quantity."""
    return Estimate(pattern, quantity, float(value), float(low), float(high), QUANTITIES[pattern][quantity])
