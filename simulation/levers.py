"""Every policy lever of a scenario, declared once, and the policy that a day is run under.

A *lever* is what a decision-maker chooses; what nobody knows is a parameter (`simulation.parameters`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from .parameters import ASSUMPTION, FIXED, Prior, uniform
from .vocabulary import Detainers, Priorities


@dataclass(frozen=True)
class Lever:
    """One declared lever: either `choices` (words), or a number within `bounds`, or a yes or no."""

    name: str
    default: object
    unit: str
    meaning: str
    controlled_by: str
    source: tuple[str, ...]
    choices: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    prior: Prior = FIXED


_DECLARED = (
    Lever(
        "detainers", "judicial_warrant", "rule",
        "When the city holds a person for the immigration agency.",
        "city", ("philadelphia:timeline.2016-01-04",), choices=Detainers.names(),
    ),
    Lever(
        "fingerprint_checks", True, "yes or no",
        "Fingerprints taken at booking are checked against immigration records.",
        "federal government", ("gjw-sc-transfers",),
    ),
    Lever(
        "priorities", "everyone_foreign_born", "rule",
        "Whom the immigration agency will arrest.",
        "immigration agency", ("philadelphia:timeline.2017-01-25",), choices=Priorities.names(),
    ),
    Lever(
        "capacity", 1.0, "multiple of the usual capacity",
        "How many leads the immigration agency can work.",
        "immigration agency", (ASSUMPTION,), bounds=(0.0, 20.0), prior=uniform(0.5, 2.0),
    ),
    Lever(
        "substitution", 0.2, "share",
        "Share of capacity unused on police-data leads that goes to other leads.",
        "immigration agency", ("hausman-deportations",), bounds=(0.0, 1.0), prior=uniform(0.0, 0.9),
    ),
)  # fmt: skip

LEVERS: Mapping[str, Lever] = MappingProxyType({lever.name: lever for lever in _DECLARED})
"""All declared levers by name."""


class Policy(NamedTuple):
    """The rules in force on one day, as the engine reads them."""

    shows_arrestee: bool
    shows_victim: bool
    shows_witness: bool
    shows_country_of_birth: bool
    shows_immigration_status: bool
    real_time: bool
    detainers: int
    fingerprint_checks: bool
    priorities: int
    capacity: float
    substitution: float
