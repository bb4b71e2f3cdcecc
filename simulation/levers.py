"""Every policy lever of a scenario, declared once, and the policy that a day is run under.

A *lever* is what a decision-maker chooses; what nobody knows is a parameter (`simulation.parameters`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from .parameters import ASSUMPTION, FIXED, Prior, uniform
from .vocabulary import Detainers, Priorities, Yardstick


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


SHARE = (0.0, 1.0)


def _votes(party: str, yardstick: str, threshold: float, who: str) -> tuple[Lever, Lever]:
    """Return the two levers by which an owner of the arrest database votes where its vote is not given."""
    return (
        Lever(
            f"{party}_yardstick", yardstick, "rule",
            f"Yardstick of the {who} before a vote on the agreement.",
            who, (ASSUMPTION,), choices=Yardstick.names(),
        ),
        Lever(
            f"{party}_threshold", threshold, "unit of the yardstick",
            f"Value of the yardstick above which the vote of the {who} is to end the agreement.",
            who, (ASSUMPTION,), bounds=(-100.0, 100.0), prior=uniform(threshold - 10.0, min(100.0, threshold + 10.0)),
        ),
    )  # fmt: skip


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
    Lever(
        "courthouse_operations", 0.0, "share of court days",
        "How often the immigration agency operates at courthouses, which deters witnesses from attending.",
        "immigration agency", ("aclu-judges-interrupted-cases",), bounds=SHARE, prior=uniform(0.0, 1.0),
    ),
    Lever(
        "victim_shield", False, "yes or no",
        "Records of victims and witnesses are shown to nobody outside, whatever the terms of the agreement.",
        "city", ("philadelphia:timeline.2010-07-16",),
    ),
    Lever(
        "victim_protection", 0.0, "share",
        "Share of undocumented victims of violent crime who cooperate that get lawful status with their household.",
        "police and federal government", ("adaa-sanctuary-vawa",), bounds=SHARE, prior=uniform(0.0, 1.0),
    ),
    Lever(
        "publicity", 1.0, "share of residents per month",
        "Residents who learn by themselves of a change in the rules: at 1 all, at once, at 0 nobody.",
        "city", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.0, 1.0),
    ),
    Lever(
        "police_budget", 1.0, "multiple of the usual budget",
        "Money of the police, on which the number of detectives depends.",
        "city", (ASSUMPTION,), bounds=(0.1, 3.0), prior=uniform(0.8, 1.2),
    ),
    Lever(
        "detectives", 1.0, "multiple of the usual number",
        "Detectives among whom open cases are shared, at the usual budget.",
        "city", (ASSUMPTION,), bounds=(0.1, 5.0), prior=uniform(0.8, 1.2),
    ),
    Lever(
        "migration", 1.0, "multiple of the usual rate",
        "How fast newcomers take the place of removed residents.",
        "federal government", (ASSUMPTION,), bounds=(0.0, 10.0), prior=uniform(0.0, 2.0),
    ),
    Lever(
        "outreach_reach", 0.0, "share of a community per month",
        "Residents whom advocates tell what is shared.",
        "advocacy organization", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.0, 0.5),
    ),
    Lever(
        "outreach_accuracy", 1.0, "share",
        "How far what advocates say about sharing is true.",
        "advocacy organization", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.5, 1.0),
    ),
    Lever(
        "outreach_slant", 1.0, "share of contacts said to be shared",
        "What advocates say where it is not true: 1 that everything is shared, 0 that nothing is.",
        "advocacy organization", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.0, 1.0),
    ),
    Lever(
        "accompaniment", 0.0, "share of victims",
        "Victims with whom an advocate goes to the police.",
        "advocacy organization", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.0, 0.5),
    ),
    Lever(
        "raid_alerts", 0.0, "share",
        "How far advocates spread the news of raids.",
        "advocacy organization", (ASSUMPTION,), bounds=SHARE, prior=uniform(0.0, 1.0),
    ),
    *_votes("city", "reporting_gap", 1.0, "city"),
    *_votes("district_attorney", "victimization_rise", 0.0, "district attorney"),
    *_votes("courts", "budget_kept", 99.5, "courts"),
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
    after_disposition: bool = False
    victim_protection: float = 0.0
    courthouse_operations: float = 0.0
    publicity: float = 1.0
    police_budget: float = 1.0
    detectives: float = 1.0
    migration: float = 1.0
    outreach_reach: float = 0.0
    outreach_accuracy: float = 1.0
    outreach_slant: float = 1.0
    accompaniment: float = 0.0
    raid_alerts: float = 0.0
    city_yardstick: int = int(Yardstick.REPORTING_GAP)
    city_threshold: float = 1.0
    district_attorney_yardstick: int = int(Yardstick.VICTIMIZATION_RISE)
    district_attorney_threshold: float = 0.0
    courts_yardstick: int = int(Yardstick.BUDGET_KEPT)
    courts_threshold: float = 99.5

    @property
    def shows_anything(self) -> bool:
        """Whether the immigration agency sees anything of the arrest database."""
        roles = self.shows_arrestee or self.shows_victim or self.shows_witness
        return bool(roles and (self.shows_country_of_birth or self.shows_immigration_status))

    def without_agreement(self) -> "Policy":
        """Return the same rules with no agreement in force."""
        nothing = dict.fromkeys(self._fields[:5], False)
        return self._replace(**nothing, real_time=False, after_disposition=False)
