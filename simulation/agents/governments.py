"""City, district attorney, courts and federal government as Mesa agents (MODEL.md 2 and 5.8, ODD 2 and 4.1).

They show what `simulation.government` has decided; the rules of a vote are in `simulation.submodels.governance`.
"""

import math

import mesa

from ..government import Cut
from ..levers import LEVERS
from ..occurrences import FundingCut
from ..submodels.governance import votes_to_end
from ..vocabulary import Party, Yardstick


class Owner(mesa.Agent):
    """Show one of the three owners of the arrest database, who vote on the agreement.

    Attributes
    ----------
    party : Party
        Which.
    """

    party: Party

    @property
    def yardstick(self) -> Yardstick:
        """What the owner looks at before a vote whose outcome the calendar does not give."""
        return Yardstick(getattr(self.model.policy, f"{self.party.label}_yardstick"))

    @property
    def threshold(self) -> float:
        """Value of the yardstick above which the owner votes to end the agreement, in its unit."""
        return getattr(self.model.policy, f"{self.party.label}_threshold")

    @property
    def sees(self) -> float:
        """What the yardstick shows this morning; NaN where it is undefined."""
        return float(self.model.engine.government.yardstick(self.model.day, self.yardstick))

    @property
    def would_end(self) -> bool:
        """Whether the owner would vote today to end the agreement."""
        return bool(votes_to_end(self.sees, self.threshold))

    @property
    def votes(self) -> dict[int, bool]:
        """Whether the owner voted to end the agreement, by day of the vote."""
        return {vote.day: vote.votes[self.party] for vote in self.model.engine.government.votes}


class CityGovernment(Owner):
    """Show the city government: an owner of the database, which also decides on detainers, shield and budget."""

    party = Party.CITY

    @property
    def levers(self) -> dict[str, object]:
        """The city's own levers and their values today, as `Policy` holds them."""
        return levers_of("city", self.model.policy)


class DistrictAttorney(Owner):
    """Show the district attorney, an owner of the database."""

    party = Party.DISTRICT_ATTORNEY


class Courts(Owner):
    """Show the courts: an owner of the database; a federal court may block a funding cut."""

    party = Party.COURTS

    @property
    def blocked_cuts(self) -> list[Cut]:
        """Funding cuts that a court blocked or will block on the day of its decision."""
        return [cut for cut in self.model.engine.government.cuts if cut.blocked]


class FederalGovernment(mesa.Agent):
    """Show the federal government, which may cut the city's funding."""

    @property
    def threats(self) -> list[tuple[int, FundingCut]]:
        """Funding cuts of today or later, by day."""
        return [(day, cut) for day, cut in self.model.engine.government.threats if day >= self.model.day]

    @property
    def cuts(self) -> list[Cut]:
        """Funding cuts in force today."""
        return [cut for cut in self.model.engine.government.cuts if cut.start <= self.model.day < cut.end]

    @property
    def share_cut(self) -> float:
        """Share of the police budget that is withheld today, 0 to 1."""
        return 1.0 - math.prod(1.0 - cut.share for cut in self.cuts)

    @property
    def levers(self) -> dict[str, object]:
        """The federal government's own levers and their values today, as `Policy` holds them."""
        return levers_of("federal government", self.model.policy)


def levers_of(who: str, policy) -> dict[str, object]:
    """Return the levers that somebody controls and their values, as `Policy` holds them.

    Parameters
    ----------
    who : str
        As the levers' `controlled_by`.
    policy : Policy
    """
    values = policy._asdict()
    return {name: values[name] for name, lever in LEVERS.items() if lever.controlled_by == who and name in values}
