"""The oracle: the city, and one day in order (ODD 4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mesa import Model

from simulation.constants import Constants
from simulation.levers import Policy
from simulation.occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    Occurrence,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.population import Population
from simulation.randomness import uniform
from simulation.vocabulary import DAYS_PER_YEAR, OTHER_ARREST, Absence, Community, Vocabulary

from .advocacy import AdvocacyOrganization
from .city import CommunityState, District
from .crime import Crime
from .database import ArrestDatabase
from .government import Agreement, CityGovernment, Courts, DistrictAttorney, FederalGovernment
from .immigration import ImmigrationAgency
from .offending import Attempt
from .police import PoliceDepartment
from .records import ArrestRecord, BookingRecord, CrimeRecord, CutRecord, RemovalRecord, VoteRecord
from .resident import Candidate, Resident
from .survey import VictimizationSurvey

IN_ORDER = (Vote, FundingCut, Legalization, Announcement, EnforcementNews, PoliceScandal, Raid)
"""The order in which occurrences of one day take effect (ODD 4.1)."""


class Removal(NamedTuple):
    """A detention that ends in removal, and the days of return and of replacement by a newcomer."""

    person: Resident
    who: int
    back: int
    replaced: int


class Oracle(Model):
    """A city of residents, its police, its government and all others who act in it, one object each.

    Parameters
    ----------
    population : Population
        Who lives in the city.
    constants : Constants
        What initialization has solved (ODD 4.9).
    values : mapping of str to float
        Every parameter by its flat name.
    policies : list of (int, Policy)
        The rules and the day from which they hold; the first at day 0, days increasing.
    days : int
        Length of a whole run.
    seed : int
        Root seed of the keyed draws.
    occurrences : sequence of (int, Occurrence)
        What happens on given days: votes, funding cuts, raids and so on (ODD 4.1).
    share : float
        Share of the place's residents that is simulated; raids are sized for the whole place.

    Attributes
    ----------
    day : int
        The day being run or, between steps, the last one that was run; -1 before the first.
    policy : Policy
        The rules in force on that day, votes and funding cuts included.
    history : list of (int, Policy)
        The rules that were in force and the day from which they held; no two in a row are equal.
    survey : VictimizationSurvey
        What residents tell of the crimes that they suffered.
    crimes, bookings, arrests, removals, votes, cuts : list
        What happened, in order; see `records`.
    """

    def __init__(
        self,
        population: Population,
        constants: Constants,
        values: Mapping[str, float],
        policies: list[tuple[int, Policy]],
        days: int,
        seed: int,
        occurrences: Sequence[tuple[int, Occurrence]] = (),
        share: float = 1.0,
    ):
        super().__init__(rng=0)  # never used: every draw is keyed
        self.population = population
        self.constants = constants
        self.values = values
        self.policies = policies
        self.days = days
        self.root_seed = seed
        self.occurrences = occurrences
        self.share = share
        self.day = -1
        self.policy = policies[0][1]
        self.history: list[tuple[int, Policy]] = []
        self.raid_today: Raid | None = None

        self.crimes: list[CrimeRecord] = []
        self.bookings: list[BookingRecord] = []
        self.arrests: list[ArrestRecord] = []
        self.removals: list[RemovalRecord] = []
        self.votes: list[VoteRecord] = []
        self.cuts: list[CutRecord] = []
        self.visits = self.wasted_visits = 0
        self.prevented_by_jail = self.prevented_by_enforcement = self.replaced_for_enforcement = 0
        self.clipped_rates = 0

        self.candidates: list[Candidate] = []  # of today
        self.trust_kept, self.fear_kept = (0.5 ** (1.0 / values[f"{name}_half_life"]) for name in ("trust", "fear"))
        self.due_removals: dict[int, list[Removal]] = defaultdict(list)
        self.due_newcomers: dict[int, list[tuple[Resident, int]]] = defaultdict(list)
        self.broken_households: set[int] = set()

        self.database = ArrestDatabase(self)
        self.police = PoliceDepartment(self)
        self.agency = ImmigrationAgency(self)
        self.advocates = AdvocacyOrganization(self)
        self.city_government = CityGovernment(self)
        self.district_attorney = DistrictAttorney(self)
        self.courts = Courts(self)
        self.agreement = Agreement(self, (self.city_government, self.district_attorney, self.courts))
        self.federal_government = FederalGovernment(self)
        self.communities = [CommunityState(self, code) for code in Community]
        self.districts = [
            District(self, position, self.police.divisions[int(division)])
            for position, division in enumerate(constants.division)
        ]
        self.residents = self.settle_residents()
        self.survey = VictimizationSurvey(self)
        self.offending_units = [owner for district in self.districts for owner in district.offending_units]
        self.undocumented_at_start = [r for r in self.residents if r.is_undocumented]

    def settle_residents(self) -> list[Resident]:
        """Make all residents, in row order, and tie them to one another."""
        people = self.population
        residents = []
        for row in range(len(people)):
            district = self.districts[int(people.district[row])]
            resident = Resident(self, row, district, self.communities[int(people.community[row])])
            district.residents.append(resident)
            district.offending_units.extend([resident] * resident.row_offending_weight)
            residents.append(resident)
        households: dict[int, list[Resident]] = defaultdict(list)
        for resident in residents:
            households[int(people.household[resident.row])].append(resident)
        for resident in residents:
            members = households[int(people.household[resident.row])]
            resident.household_others = [member for member in members if member is not resident]
            resident.neighbors = [residents[row] for row in people.neighbors[resident.row] if row >= 0]
            resident.coworkers = [residents[row] for row in people.coworkers[resident.row] if row >= 0]
        return residents

    # ---- look-ups ------------------------------------------------------------------------------------

    def value(self, name: str, member: Vocabulary) -> float:
        """Return one value of a parameter table, such as `jail` for felonies."""
        return self.values[f"{name}.{member.label}"]

    def u(self, stream: int, who: int, occasion: int) -> float:
        """Return the keyed random number of ODD 3."""
        return float(uniform(self.root_seed, stream, who, occasion))

    # ---- one day (ODD 4) -----------------------------------------------------------------------------

    def step(self) -> None:
        """Run one day."""
        self.day += 1
        self.let_events_happen()
        self.turn_calendar()
        self.candidates.clear()
        self.agents_by_type[Resident].do("step")
        crimes = self.commit_crimes([c for c in self.candidates if c.code != OTHER_ARREST])
        for crime in crimes:
            crime.decide_reporting()
        for crime in crimes:
            self.police.investigate(crime)
            self.crimes.append(crime.as_record())
        self.police.work_the_day(crimes, [c for c in self.candidates if c.code == OTHER_ARREST])
        self.agency.work_the_day()
        self.spread_experience(crimes)
        self.police.end_day()
        for community in self.communities:
            community.observe()
        self.survey.observe()

    def run(self) -> None:
        """Run all days that are left."""
        while self.day < self.days - 1:
            self.step()

    # ---- policy and occurrences (ODD 4.1) ------------------------------------------------------------

    def policy_in_force(self) -> Policy:
        """Return today's rules: those of the scenario, less what votes have ended and cuts have taken."""
        policy = [policy for start, policy in self.policies if start <= self.day][-1]
        policy = self.agreement.terms_left(policy)
        return self.federal_government.budget_left(policy)

    def let_events_happen(self) -> None:
        """Put the day's policy in force, and let today's occurrences take effect in their order."""
        self.policy, self.raid_today = self.policy_in_force(), None
        today = [occurrence for day, occurrence in self.occurrences if day == self.day]
        for occurrence in sorted(today, key=lambda occurrence: IN_ORDER.index(type(occurrence))):
            self.take_effect(occurrence)
            self.policy = self.policy_in_force()
        if not self.history or self.history[-1][1] != self.policy:
            self.history.append((self.day, self.policy))

    def take_effect(self, occurrence: Occurrence) -> None:
        """Let an occurrence happen, each in the hands of whom it concerns."""
        match occurrence:
            case Vote():
                self.agreement.hold_vote(occurrence)
            case FundingCut():
                self.federal_government.cut_funding(occurrence)
            case Legalization():
                self.federal_government.legalize(occurrence.share)
            case Announcement():
                self.city_government.announce(occurrence)
            case EnforcementNews():
                for code in occurrence.communities:
                    self.communities[code].hear_of_enforcement(occurrence.size)
            case PoliceScandal():
                for code in occurrence.communities:
                    self.communities[code].hear_of_police_scandal(occurrence.size)
            case Raid():
                self.raid_today = occurrence  # which the agency carries out when its time of day comes

    # ---- calendar and candidates (ODD 4.1) -----------------------------------------------------------

    def turn_calendar(self) -> None:
        """Move people whose move falls due today, and draw candidates when a year block begins."""
        year, block_begins = self.day // DAYS_PER_YEAR, self.day % DAYS_PER_YEAR == 0
        for removal in self.due_removals.pop(self.day, []):
            self.carry_out(removal)
        for person, who in self.due_newcomers.pop(self.day, []):
            if person.who == who and person.absence is Absence.REMOVED:
                person.become_newcomer()
                if not block_begins:
                    person.draw_candidates(year, after=self.day)
        if block_begins:
            self.agents_by_type[Resident].do("draw_candidates", year, after=self.day - 1)

    def schedule_removal(self, person: Resident, end: int, back: int, replaced: int) -> None:
        """Let a detention end in removal on day `end` (ODD 4.6, step 5)."""
        self.due_removals[end].append(Removal(person, person.who, back, replaced))

    def carry_out(self, removal: Removal) -> None:
        """Remove a person from detention, until the earlier of return and replacement; on a tie, return."""
        person = removal.person
        if person.who != removal.who or person.absence is not Absence.DETAINED:
            return  # killed on the day of the arrest
        person.remove_from_city(min(removal.back, removal.replaced))
        if removal.replaced < removal.back:
            self.due_newcomers[removal.replaced].append((person, removal.who))
        household = int(self.population.household[person.row])
        is_first = household not in self.broken_households
        self.broken_households.add(household)
        self.removals.append(RemovalRecord(self.day, removal.who, is_first))

    # ---- crime (ODD 4.2) -----------------------------------------------------------------------------

    def commit_crimes(self, candidates: list[Candidate]) -> list[Crime]:
        """Return the crimes that happen today to victims who are present."""
        attempts = [Attempt(self, c) for c in candidates if self.residents[c.row].present]
        outcomes = [attempt.resolve() for attempt in attempts]
        return [crime for crime in outcomes if crime is not None]

    # ---- experience spreads (ODD 4.7) ----------------------------------------------------------------

    def spread_experience(self, crimes: list[Crime]) -> None:
        """Let what happened today change people, and then communities."""
        for crime in crimes:
            crime.spread_experience()
        self.police.spread_experience()
        self.agency.spread_fear()
        for community in self.communities:
            community.end_day()

    # ---- observation (ODD 4.8) -----------------------------------------------------------------------

    def absences(self) -> dict[Absence, int]:
        """Return how many rows are absent for each reason; NONE counts those at large."""
        counts = Counter(resident.absence_today for resident in self.residents)
        return {absence: counts[absence] for absence in Absence}
