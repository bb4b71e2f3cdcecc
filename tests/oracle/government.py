"""The three owners of the database and their votes; the federal government (ODD 4.1, 5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mesa import Agent

from simulation.levers import Policy
from simulation.occurrences import Announcement, FundingCut, Vote
from simulation.randomness import INJUNCTION, LEGALIZATION
from simulation.vocabulary import DAYS_PER_YEAR, FOREVER, Community, Party, Yardstick

from .records import CrimeRecord, CutRecord, VoteRecord

if TYPE_CHECKING:
    from .model import Oracle


ENDED = {
    "shows_arrestee": False,
    "shows_victim": False,
    "shows_witness": False,
    "shows_country_of_birth": False,
    "shows_immigration_status": False,
    "real_time": False,
    "after_disposition": False,
}
"""The terms of an agreement that a vote has ended (ODD 4.1)."""


class DatabaseOwner(Agent):
    """One of the three owners of the arrest database, who vote on the agreement to show it."""

    party: Party

    @property
    def yardstick(self) -> Yardstick:
        """What the owner judges the agreement by."""
        return Yardstick(getattr(self.model.policy, f"{self.party.label}_yardstick"))

    @property
    def threshold(self) -> float:
        """The value of the yardstick above which the owner votes to end the agreement."""
        return getattr(self.model.policy, f"{self.party.label}_threshold")

    def measure(self) -> float | None:
        """Return the value of the owner's yardstick today; None where it is undefined."""
        if self.yardstick is Yardstick.REPORTING_GAP:
            return self.reporting_gap()
        if self.yardstick is Yardstick.VICTIMIZATION_RISE:
            return self.victimization_rise()
        return self.budget_kept()

    def votes_to_end(self, instruction: bool | None) -> bool:
        """Vote as the event says or, where it says nothing, by the yardstick; undefined means to keep."""
        if instruction is not None:
            return instruction
        value = self.measure()
        return value is not None and value > self.threshold

    # ---- yardsticks ----------------------------------------------------------------------------------

    def crimes_of_days(self, first: int, last: int) -> list[CrimeRecord]:
        """Return the crimes that happened from one day to another, both included."""
        return [crime for crime in self.model.crimes if first <= crime.day <= last]

    def reporting_gap(self) -> float | None:
        """Reported per 100 crimes of the last year: victims without immigrant ties, minus all others."""
        without_ties, others = [], []
        for crime in self.crimes_of_days(self.model.day - DAYS_PER_YEAR, self.model.day - 1):
            community = self.model.residents[crime.victim_row].community.code
            (without_ties if community is Community.NO_IMMIGRANT_TIES else others).append(crime)
        if not without_ties or not others:
            return None
        return self.reported_per_hundred(without_ties) - self.reported_per_hundred(others)

    @staticmethod
    def reported_per_hundred(crimes: list[CrimeRecord]) -> float:
        """Return how many of a hundred crimes were reported."""
        return 100.0 * sum(crime.reported for crime in crimes) / len(crimes)

    def victimization_rise(self) -> float | None:
        """Crimes of the last 365 days relative to the 365 days before, as a percent change."""
        today = self.model.day
        before = len(self.crimes_of_days(today - 2 * DAYS_PER_YEAR, today - DAYS_PER_YEAR - 1))
        if today < 2 * DAYS_PER_YEAR or before == 0:
            return None
        return 100.0 * (len(self.crimes_of_days(today - DAYS_PER_YEAR, today - 1)) - before) / before

    def budget_kept(self) -> float:
        """The percent of the police budget expected to be left after the cuts of today and later."""
        kept = 100.0
        for day, occurrence in self.model.occurrences:
            if isinstance(occurrence, FundingCut) and day >= self.model.day:
                kept *= 1.0 - occurrence.share * (1.0 - occurrence.injunction)
        return kept


class CityGovernment(DatabaseOwner):
    """The mayor and the council; they also speak to the city."""

    party = Party.CITY

    def announce(self, announcement: Announcement) -> None:
        """Tell communities what is really shared; part of what they hear is believed (ODD 4.1)."""
        weight = self.model.values["announcement_effect"] * announcement.reach
        for code in announcement.communities:
            community = self.model.communities[code]
            community.belief += weight * (community.actual_sharing - community.belief)


class DistrictAttorney(DatabaseOwner):
    """The prosecutor, whose files are in the database."""

    party = Party.DISTRICT_ATTORNEY


class Courts(DatabaseOwner):
    """The county courts, whose files are in the database."""

    party = Party.COURTS


class Agreement:
    """The agreement by which the owners show the database to the immigration agency, until they end it."""

    def __init__(self, model: Oracle, owners: Sequence[DatabaseOwner]):
        self.model = model
        self.owners = owners
        self.ended: list[tuple[int, int]] = []  # first day ended, first day of the next agreement

    def terms_left(self, policy: Policy) -> Policy:
        """Return the policy without the agreement where a vote has ended it for today (ODD 4.1)."""
        if any(first <= self.model.day < next_agreement for first, next_agreement in self.ended):
            return policy._replace(**ENDED)
        return policy

    def hold_vote(self, vote: Vote) -> None:
        """Let the owners vote, if there is anything to end; two of three end the agreement (ODD 4.1)."""
        if not self.model.database.shows_anything:
            return
        values = tuple(owner.measure() for owner in self.owners)
        votes = tuple(owner.votes_to_end(vote.votes[owner.party]) for owner in self.owners)
        ended = sum(votes) >= 2
        if ended:
            self.ended.append((vote.ends, vote.until))
        self.model.votes.append(VoteRecord(self.model.day, votes, ended, values))


class FederalGovernment(Agent):
    """The federal government, which can cut the funds of the police and make residents lawful."""

    def cut_funding(self, cut: FundingCut) -> None:
        """Cut the police budget for good or, where a court blocks the cut, until it decides (ODD 4.1)."""
        if cut.unless_sharing and self.model.database.shows_anything:
            return
        today = self.model.day
        blocked = self.model.u(INJUNCTION, 0, today) < cut.injunction
        end = max(today, cut.decided) if blocked else FOREVER
        self.model.cuts.append(CutRecord(today, end, cut.share, blocked))

    def budget_left(self, policy: Policy) -> Policy:
        """Return the policy with the police budget that the cuts in force today leave (ODD 4.1)."""
        for cut in self.model.cuts:
            if cut.start <= self.model.day < cut.end:
                policy = policy._replace(police_budget=policy.police_budget * (1.0 - cut.share))
        return policy

    def legalize(self, share: float) -> None:
        """Make a share of the undocumented residents lawful, those in jail among them (ODD 4.1)."""
        for resident in self.model.residents:
            if resident.is_undocumented and not resident.in_custody_or_gone:
                u = resident.draws(self.model.day)
                if u(LEGALIZATION) < share:
                    resident.become_lawful()
