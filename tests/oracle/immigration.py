"""The immigration agency: transfers, leads, visits and arrests (ODD 4.5, 4.6, 4.7)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from mesa import Agent

from simulation.occurrences import Raid
from simulation.randomness import (
    CAPACITY,
    COLLATERAL_ARREST,
    DETAINER,
    DETENTION_TERM,
    FINGERPRINT_MATCH,
    LEAD_SUCCESS,
    NEWCOMER_DELAY,
    OPERATION_PLACE,
    OTHER_LEAD,
    PRISON_TRANSFER,
    RAID_TARGET,
    REMOVAL,
    RETURN_DELAY,
)
from simulation.vocabulary import DAYS_PER_YEAR, FOREVER, Channel, Detainers, Role

from .arithmetic import Draws, delay, pick
from .records import ArrestRecord
from .resident import Resident

if TYPE_CHECKING:
    from .model import Oracle

POLICE_DATA_LEADS = (Channel.DATABASE, Channel.FINGERPRINT)
SUCCESS = {
    Channel.DATABASE: "lead_success",
    Channel.FINGERPRINT: "lead_success",
    Channel.OTHER_LEAD: "other_lead_success",
    Channel.RAID: "raid_success",
}
"""The parameter that is the chance of an arrest in a visit, by the lead's channel."""


class Transfer(NamedTuple):
    """A person whom a jail (custody) or a state prison (prison) hands over on the day of release."""

    person: Resident
    who: int
    channel: Channel


class Lead(NamedTuple):
    """A person to look for.

    One that arrives late (`late_role`) needs an agreement that shows this role on that day; one that arrives after
    disposition needs also, on that day, to meet the priority.
    """

    person: Resident
    who: int
    channel: Channel
    workable: int
    late_role: Role | None = None
    after_disposition: bool = False


class Visit(NamedTuple):
    """A visit made today, and whether the person looked for was arrested."""

    person: Resident
    at_work: bool
    target_arrested: bool


class AgencyArrest(NamedTuple):
    """An arrest made today."""

    person: Resident
    from_police_data: bool
    in_raid: bool


class ImmigrationAgency(Agent):
    """U.S. Immigration and Customs Enforcement in the city."""

    def __init__(self, model: Oracle):
        super().__init__(model)
        self.due_transfers: dict[int, list[Transfer]] = defaultdict(list)
        self.due_leads: dict[int, list[Lead]] = defaultdict(list)
        self.stack: list[Lead] = []  # the newest on top, at the end
        self.arrests_today: list[AgencyArrest] = []
        self.visits_today: list[Visit] = []

    # ---- what the agency sees (ODD 4.5) --------------------------------------------------------------

    def consider_booking(self, person: Resident, u: Draws, in_state_prison: bool) -> None:
        """Make of a booking a custody transfer, a prison transfer, a lead, or nothing."""
        removable, wanted = person.is_removable, person.meets_priority
        shown = self.model.database.shows(Role.ARRESTEE, person)
        by_data = shown and not self.model.policy.after_disposition
        by_print = (
            self.model.policy.fingerprint_checks
            and removable
            and u(FINGERPRINT_MATCH) < self.model.values["fingerprint_match"]
        )
        if shown and self.model.policy.after_disposition and not in_state_prison:
            self.expect_record_after_disposition(person)
        if in_state_prison:
            if removable and u(PRISON_TRANSFER) < self.model.values["prison_transfer"]:
                self.schedule_transfer(person, Channel.PRISON)
        elif wanted and removable and (by_data or by_print) and self.city_hands_over(u):
            self.schedule_transfer(person, Channel.CUSTODY)
        elif wanted and by_data:
            self.add_database_lead(Role.ARRESTEE, person)
        elif wanted and by_print:
            self.add_lead(Lead(person, person.who, Channel.FINGERPRINT, self.release_day(person)))

    def city_hands_over(self, u: Draws) -> bool:
        """Whether the city holds the person for the agency, by its detainer rule."""
        rule = Detainers(self.model.policy.detainers)
        return u(DETAINER) < self.model.value("detainer_compliance", rule)

    def release_day(self, person: Resident) -> int:
        """Return the day on which the person is free: today, or when the jail term ends."""
        return max(self.model.day, person.until)

    def schedule_transfer(self, person: Resident, channel: Channel) -> None:
        """Let a transfer fall due at release."""
        self.due_transfers[self.release_day(person)].append(Transfer(person, person.who, channel))

    @property
    def batch_delay(self) -> int:
        """Days that records of today wait for a batch: none with real-time access."""
        return 0 if self.model.policy.real_time else round(self.model.values["batch_delay"])

    def add_database_lead(self, role: Role, person: Resident) -> None:
        """Make a lead of a database entry; without real-time access it comes in a later batch."""
        release, who = self.release_day(person), person.who
        if self.model.policy.real_time:
            self.add_lead(Lead(person, who, Channel.DATABASE, release))
        else:
            self.add_lead(Lead(person, who, Channel.DATABASE, release + self.batch_delay, late_role=role))

    def expect_record_after_disposition(self, person: Resident) -> None:
        """Let the record of a booking arrive once the case is decided and the person free (ODD 4.5)."""
        disposition = self.model.day + round(self.model.values["disposition_delay"])
        arrival = max(self.release_day(person), disposition) + self.batch_delay
        self.add_lead(Lead(person, person.who, Channel.DATABASE, arrival, Role.ARRESTEE, after_disposition=True))

    def add_lead(self, lead: Lead) -> None:
        """Keep a lead until it is workable."""
        self.due_leads[lead.workable].append(lead)

    # ---- a day's work (ODD 4.6) ----------------------------------------------------------------------

    def work_the_day(self) -> None:
        """Take transfers, work police-data leads, then other leads; raid if today is the day of a raid."""
        self.take_transfers()
        unused = self.work_police_data_leads()
        self.work_other_leads(unused)
        if self.model.raid_today is not None:
            self.raid(self.model.raid_today)

    def take_transfers(self) -> None:
        """Arrest those handed over today (ODD 4.6, step 1)."""
        due = self.due_transfers.pop(self.model.day, [])
        for transfer in sorted(due, key=lambda transfer: (transfer.person.row, transfer.channel)):
            person = transfer.person
            same_person = person.who == transfer.who
            if same_person and person.is_removable and not person.in_custody_or_gone:
                self.arrest(person, transfer.channel, transfer.channel is Channel.CUSTODY, in_raid=False)

    def work_police_data_leads(self) -> int:
        """Work leads, the newest first, and return how many visits are left (ODD 4.6, step 2)."""
        self.receive_leads()
        visits_left = self.capacity("database_visits", 0.0, ordinal=0)
        while visits_left > 0 and self.stack:
            lead = self.stack.pop()
            if self.model.day - lead.workable > self.model.values["lead_shelf_life"]:
                self.stack.clear()
            elif lead.person.present and lead.person.who == lead.who:
                self.visit(lead.person, lead.channel, self.tries_workplace(lead.person))
                visits_left -= 1
        return visits_left

    def receive_leads(self) -> None:
        """Put on the stack what becomes workable today, one lead per person (ODD 4.5)."""
        due = [lead for lead in self.due_leads.pop(self.model.day, []) if self.reaches_agency(lead)]
        people_put = set()
        for lead in sorted(due, key=lambda lead: (lead.person.row, lead.channel)):
            if lead.who not in people_put:
                people_put.add(lead.who)
                self.stack.append(lead)

    def reaches_agency(self, lead: Lead) -> bool:
        """Whether a lead reaches the agency: a late one only if the agreement shows the entry now."""
        if lead.after_disposition and not lead.person.meets_priority:
            return False
        return lead.late_role is None or self.model.database.shows(lead.late_role, lead.person)

    def capacity(self, kind: str, more: float, ordinal: int) -> int:
        """Return today's visits of a kind; a keyed draw decides about the fraction of a visit."""
        millions = float(self.model.population.expected_size) / 1e6
        mean = self.model.policy.capacity * self.model.values[kind] * millions + more
        return math.floor(mean + self.model.u(CAPACITY, ordinal, self.model.day))

    def work_other_leads(self, unused: int) -> None:
        """Work leads that the city does not control, with part of the capacity left (ODD 4.6, step 3)."""
        undocumented = self.model.undocumented_at_start
        visits = self.capacity("other_visits", self.model.policy.substitution * unused, ordinal=1)
        for a in range(visits if undocumented else 0):
            person = undocumented[pick(self.model.u(OTHER_LEAD, a, self.model.day), len(undocumented))]
            if self.is_worth_a_visit(person):
                self.visit(person, Channel.OTHER_LEAD, self.tries_workplace(person))

    @staticmethod
    def is_worth_a_visit(person: Resident) -> bool:
        """Whether somebody once undocumented still is, is there today and meets the priority (ODD 4.6, step 3)."""
        return person.present and person.is_undocumented and person.meets_priority

    def raid(self, raid: Raid) -> None:
        """Look for many people on one day, all at home or all at work (ODD 4.6, step 3)."""
        pool = [r for r in self.model.undocumented_at_start if raid.district in (None, r.district.position)]
        targets = math.floor(raid.size * self.model.share + self.model.u(CAPACITY, 2, self.model.day))
        for a in range(targets if pool else 0):
            person = pool[pick(self.model.u(RAID_TARGET, a, self.model.day), len(pool))]
            if self.is_worth_a_visit(person):
                self.visit(person, Channel.RAID, raid.at_work)

    def tries_workplace(self, person: Resident) -> bool:
        """Whether a lead is worked at the workplace, if there is one (ODD 4.6, step 4)."""
        return person.draws(self.model.day)(OPERATION_PLACE) < self.model.values["workplace_share"]

    def visit(self, person: Resident, channel: Channel, at_work: bool) -> None:
        """Look for a person at home or at work; others met there may be arrested too (ODD 4.6, step 4)."""
        at_work = at_work and len(person.coworkers) > 0
        from_police_data, in_raid = channel in POLICE_DATA_LEADS, channel is Channel.RAID
        success = self.model.values[SUCCESS[channel]]
        found = person.is_removable and person.draws(self.model.day)(LEAD_SUCCESS) < success
        self.model.visits += 1
        if not person.is_removable:
            self.model.wasted_visits += 1
        if found:
            self.arrest(person, channel, from_police_data, in_raid)
        for other in self.people_around(person, at_work):
            if other.present and other.is_removable and other.meets_priority:
                chance = other.draws(self.model.day)(COLLATERAL_ARREST)
                if chance < self.model.values["collateral_arrest"]:
                    self.arrest(other, Channel.COLLATERAL, from_police_data, in_raid)
        self.visits_today.append(Visit(person, at_work, found))

    @staticmethod
    def people_around(person: Resident, at_work: bool) -> list[Resident]:
        """Return those who can be met: co-workers; or the household, then neighbors."""
        return person.coworkers if at_work else person.household_others + person.neighbors

    def arrest(self, person: Resident, channel: Channel, from_police_data: bool, in_raid: bool) -> None:
        """Arrest and detain a person; detention ends in removal or in release (ODD 4.6, step 5)."""
        day, values, u = self.model.day, self.model.values, person.draws(self.model.day)
        record = ArrestRecord(day, person.who, int(channel), int(person.criminality), from_police_data, in_raid)
        self.model.arrests.append(record)
        self.arrests_today.append(AgencyArrest(person, from_police_data, in_raid))
        end = day + delay(values["detention_term"], u(DETENTION_TERM))
        person.detain(end)
        if u(REMOVAL) < values["removal"]:
            back = self.day_after(end, values["return_rate"], u(RETURN_DELAY))
            newcomers = values["replacement_migration"] * self.model.policy.migration
            replaced = self.day_after(end, newcomers, u(NEWCOMER_DELAY))
            self.model.schedule_removal(person, end, back, replaced)

    @staticmethod
    def day_after(start: int, yearly_rate: float, u: float) -> int:
        """Return the day of something that happens at a yearly rate from a day on; never at rate 0."""
        return start + delay(DAYS_PER_YEAR / yearly_rate, u) if yearly_rate > 0.0 else FOREVER

    # ---- experience (ODD 4.7) ------------------------------------------------------------------------

    def spread_fear(self) -> None:
        """Let arrests, then visits that missed their target, be felt around (ODD 4.7, steps 3 and 4)."""
        for arrest in self.arrests_today:
            self.frighten_after_arrest(arrest)
        for visit in self.visits_today:
            if not visit.target_arrested:
                self.frighten_after_visit(visit)
        self.arrests_today, self.visits_today = [], []

    def frighten_after_arrest(self, arrest: AgencyArrest) -> None:
        """Household and ties feel fear; if police data led to the arrest they trust the police less."""
        person, values = arrest.person, self.model.values
        ties = person.neighbors + person.coworkers
        for member in person.household_others:
            member.gain_fear(values["fear_household"])
        for tie in ties:
            tie.gain_fear(values["fear_tie"])
        if arrest.in_raid:
            person.community.raid_arrests_today += 1
        else:
            person.community.arrests_today += 1
        if arrest.from_police_data:
            person.community.police_data_arrests_today += 1
            for other in person.household_others + ties:
                other.lose_trust(values["trust_ice"])

    def frighten_after_visit(self, visit: Visit) -> None:
        """Those who could have been met feel part of the fear of an arrest."""
        person, values = visit.person, self.model.values
        weight = values["unsuccessful_visit_weight"]
        for member in [] if visit.at_work else person.household_others:
            member.gain_fear(weight * values["fear_household"])
        for tie in person.coworkers if visit.at_work else person.neighbors:
            tie.gain_fear(weight * values["fear_tie"])
