"""The immigration agency: transfers, leads, visits and arrests (ODD 4.5, 4.6, 4.7)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from mesa import Agent

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


class Transfer(NamedTuple):
    """A person whom a jail (custody) or a state prison (prison) hands over on the day of release."""

    person: Resident
    who: int
    channel: Channel


class Lead(NamedTuple):
    """A person to look for. `role` in a batch: the entry must still be shown when the batch arrives."""

    person: Resident
    who: int
    channel: Channel
    workable: int
    role_in_batch: Role | None = None


class Visit(NamedTuple):
    """A visit made today, and whether the person looked for was arrested."""

    person: Resident
    at_work: bool
    target_arrested: bool


class AgencyArrest(NamedTuple):
    """An arrest made today."""

    person: Resident
    from_police_data: bool


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
        by_data = self.model.database.shows(Role.ARRESTEE, person)
        by_print = (
            self.model.policy.fingerprint_checks
            and removable
            and u(FINGERPRINT_MATCH) < self.model.values["fingerprint_match"]
        )
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

    def add_database_lead(self, role: Role, person: Resident) -> None:
        """Make a lead of a database entry; without real-time access it comes in a later batch."""
        release, who = self.release_day(person), person.who
        if self.model.policy.real_time:
            self.add_lead(Lead(person, who, Channel.DATABASE, release))
        else:
            arrival = release + round(self.model.values["batch_delay"])
            self.add_lead(Lead(person, who, Channel.DATABASE, arrival, role_in_batch=role))

    def add_lead(self, lead: Lead) -> None:
        """Keep a lead until it is workable."""
        self.due_leads[lead.workable].append(lead)

    # ---- a day's work (ODD 4.6) ----------------------------------------------------------------------

    def work_the_day(self) -> None:
        """Take transfers, work police-data leads, then other leads."""
        self.take_transfers()
        unused = self.work_police_data_leads()
        self.work_other_leads(unused)

    def take_transfers(self) -> None:
        """Arrest those handed over today (ODD 4.6, step 1)."""
        due = self.due_transfers.pop(self.model.day, [])
        for transfer in sorted(due, key=lambda transfer: (transfer.person.row, transfer.channel)):
            person = transfer.person
            same_person = person.who == transfer.who
            if same_person and person.is_removable and not person.in_custody_or_gone:
                self.arrest(person, transfer.channel, transfer.channel is Channel.CUSTODY)

    def work_police_data_leads(self) -> int:
        """Work leads, the newest first, and return how many visits are left (ODD 4.6, step 2)."""
        self.receive_leads()
        visits_left = self.capacity("database_visits", 0.0, ordinal=0)
        while visits_left > 0 and self.stack:
            lead = self.stack.pop()
            if self.model.day - lead.workable > self.model.values["lead_shelf_life"]:
                self.stack.clear()
            elif lead.person.present and lead.person.who == lead.who:
                self.visit(lead.person, lead.channel)
                visits_left -= 1
        return visits_left

    def receive_leads(self) -> None:
        """Put on the stack what becomes workable today, one lead per person (ODD 4.5)."""
        due = [lead for lead in self.due_leads.pop(self.model.day, []) if self.still_shown(lead)]
        people_put = set()
        for lead in sorted(due, key=lambda lead: (lead.person.row, lead.channel)):
            if lead.who not in people_put:
                people_put.add(lead.who)
                self.stack.append(lead)

    def still_shown(self, lead: Lead) -> bool:
        """Whether a lead reaches the agency: one in a batch only if the agreement shows the entry now."""
        role = lead.role_in_batch
        return role is None or self.model.database.shows(role, lead.person)

    def capacity(self, kind: str, more: float, ordinal: int) -> int:
        """Return today's visits of a kind; a keyed draw decides about the fraction of a visit."""
        millions = float(self.model.population.expected_size) / 1e6
        mean = self.model.policy.capacity * self.model.values[kind] * millions + more
        return math.floor(mean + self.model.u(CAPACITY, ordinal, self.model.day))

    def work_other_leads(self, unused: int) -> None:
        """Work leads that the city does not control, with part of the capacity left (ODD 4.6, step 3)."""
        undocumented = self.model.undocumented
        visits = self.capacity("other_visits", self.model.policy.substitution * unused, ordinal=1)
        for a in range(visits if undocumented else 0):
            person = undocumented[pick(self.model.u(OTHER_LEAD, a, self.model.day), len(undocumented))]
            if person.present and person.meets_priority:
                self.visit(person, Channel.OTHER_LEAD)

    def visit(self, person: Resident, channel: Channel) -> None:
        """Look for a person at home or at work; others met there may be arrested too (ODD 4.6, step 4)."""
        u = person.draws(self.model.day)
        at_work = u(OPERATION_PLACE) < self.model.values["workplace_share"] and len(person.coworkers) > 0
        from_police_data = channel in POLICE_DATA_LEADS
        success = self.model.values["lead_success" if from_police_data else "other_lead_success"]
        found = person.is_removable and u(LEAD_SUCCESS) < success
        self.model.visits += 1
        if not person.is_removable:
            self.model.wasted_visits += 1
        if found:
            self.arrest(person, channel, from_police_data)
        for other in self.people_around(person, at_work):
            if other.present and other.is_removable and other.meets_priority:
                chance = other.draws(self.model.day)(COLLATERAL_ARREST)
                if chance < self.model.values["collateral_arrest"]:
                    self.arrest(other, Channel.COLLATERAL, from_police_data)
        self.visits_today.append(Visit(person, at_work, found))

    @staticmethod
    def people_around(person: Resident, at_work: bool) -> list[Resident]:
        """Return those who can be met: co-workers; or the household, then neighbors."""
        return person.coworkers if at_work else person.household_others + person.neighbors

    def arrest(self, person: Resident, channel: Channel, from_police_data: bool) -> None:
        """Arrest and detain a person; detention ends in removal or in release (ODD 4.6, step 5)."""
        day, values, u = self.model.day, self.model.values, person.draws(self.model.day)
        record = ArrestRecord(day, person.who, int(channel), int(person.criminality), from_police_data)
        self.model.arrests.append(record)
        self.arrests_today.append(AgencyArrest(person, from_police_data))
        end = day + delay(values["detention_term"], u(DETENTION_TERM))
        person.detain(end)
        if u(REMOVAL) < values["removal"]:
            back = self.day_after(end, values["return_rate"], u(RETURN_DELAY))
            replaced = self.day_after(end, values["replacement_migration"], u(NEWCOMER_DELAY))
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
