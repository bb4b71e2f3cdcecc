"""The police: investigation and booking (ODD 4.4, 4.5)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from mesa import Agent

from simulation.randomness import (
    ARREST_DELAY,
    CHARGE_GRADE,
    CONVICTION,
    JAIL,
    JAIL_TERM,
    ON_VIEW,
    SOLVED,
    STATE_PRISON,
    WRONG_PERSON,
    WRONGFUL_ARREST,
)
from simulation.vocabulary import CHARGED, CONVICTED, OTHER_ARREST, SERIOUS, ChargeGrade, CrimeType

from .arithmetic import Draws, delay, pick
from .crime import Crime
from .records import BookingRecord
from .resident import Candidate, Resident

if TYPE_CHECKING:
    from .model import Oracle

FELONIES = {
    CrimeType.HOMICIDE,
    CrimeType.RAPE,
    CrimeType.ROBBERY,
    CrimeType.AGGRAVATED_ASSAULT,
    CrimeType.BURGLARY,
    CrimeType.MOTOR_VEHICLE_THEFT,
}


class Division:
    """A division of the police and its caseload."""

    def __init__(self, model: Oracle, baseline_cases: float):
        self.model = model
        self.baseline_cases = baseline_cases
        self.open_cases = baseline_cases
        self.reported_today = 0

    @property
    def load(self) -> float:
        """How much today's caseload lowers the log-odds of solving (ODD 4.4)."""
        relative = (self.open_cases + 1.0) / (self.model.police.staff * (self.baseline_cases + 1.0))
        return self.model.values["load_effect"] * math.log(relative)

    def end_day(self) -> None:
        """Close old cases and open today's (ODD 4.4)."""
        kept = math.exp(-1.0 / self.model.values["case_duration"])
        self.open_cases = self.open_cases * kept + self.reported_today
        self.reported_today = 0


class DueArrest(NamedTuple):
    """An arrest for a crime that falls due, of one person of one generation, rightly or wrongly."""

    crime_identity: tuple[int, int, int]
    crime: Crime
    arrestee: Resident
    who: int
    is_right_person: bool


class Conviction(NamedTuple):
    """A conviction that falls due, of whoever was booked."""

    person: Resident
    who: int
    is_serious: bool


class PoliceDepartment(Agent):
    """The police of the city."""

    def __init__(self, model: Oracle):
        super().__init__(model)
        self.divisions = [Division(model, float(cases)) for cases in model.constants.baseline_cases]
        self.due_arrests: dict[int, list[DueArrest]] = defaultdict(list)
        self.due_convictions: dict[int, list[Conviction]] = defaultdict(list)
        self.booked_today: list[Resident] = []

    # ---- investigation (ODD 4.4) ---------------------------------------------------------------------

    @property
    def staff(self) -> float:
        """Detectives, as a multiple of their usual number, that policy and today's budget allow."""
        policy = self.model.policy
        return policy.detectives * policy.police_budget ** self.model.values["detective_elasticity"]

    def investigate(self, crime: Crime) -> None:
        """Try to solve a crime: a reported one by investigation, any other only on view."""
        division = crime.victim.district.division
        if crime.reported:
            division.reported_today += 1
            crime.solved = crime.u(SOLVED) < crime.p_solved(crime.cooperating, division.load)
            if crime.solved:
                self.schedule_arrest(crime)
        else:
            on_view = self.model.value("on_view", crime.type)
            crime.solved_on_view = crime.u(ON_VIEW) < on_view
            if crime.solved_on_view:
                self.add_arrest(self.model.day, crime, crime.offender, is_right_person=True)
        crime.teach_offenders(division.load)

    def schedule_arrest(self, crime: Crime) -> None:
        """Let the arrest for a solved crime fall due after a delay, sometimes of the wrong person."""
        values = self.model.values
        day = self.model.day + delay(values["arrest_delay"], crime.u(ARREST_DELAY))
        if crime.u(WRONGFUL_ARREST) < values["wrongful_arrest"]:
            residents = crime.victim.district.residents
            wrong_person = residents[pick(crime.u(WRONG_PERSON), len(residents))]
            self.add_arrest(day, crime, wrong_person, is_right_person=False)
        else:
            self.add_arrest(day, crime, crime.offender, is_right_person=True)

    def add_arrest(self, day: int, crime: Crime, arrestee: Resident | None, is_right_person: bool) -> None:
        """Note an arrest that falls due; that of an outsider books nobody."""
        if arrestee is not None:
            arrest = DueArrest(crime.identity, crime, arrestee, arrestee.who, is_right_person)
            self.due_arrests[day].append(arrest)

    # ---- booking (ODD 4.5) ---------------------------------------------------------------------------

    def work_the_day(self, crimes: list[Crime], other_arrests: list[Candidate]) -> None:
        """Apply convictions, make the day's bookings, and enter victims and witnesses, in this order."""
        self.convict()
        due = self.due_arrests.pop(self.model.day, [])
        for arrest in sorted(due, key=lambda arrest: arrest.crime_identity):
            if self.can_be_booked(arrest):
                self.book(arrest.arrestee, arrest.crime.u, int(arrest.crime.type), arrest.is_right_person)
        for candidate in other_arrests:
            person = self.model.residents[candidate.row]
            if person.present:
                self.book(person, person.draws(candidate.occasion), OTHER_ARREST, is_right_person=True)
        for crime in crimes:
            if crime.reported:
                self.model.database.enter_victim_and_witnesses(crime)

    def convict(self) -> None:
        """Apply the convictions that fall due today, wherever the person is."""
        for conviction in self.due_convictions.pop(self.model.day, []):
            if conviction.person.who == conviction.who:
                conviction.person.record |= CONVICTED | (SERIOUS if conviction.is_serious else 0)

    def can_be_booked(self, arrest: DueArrest) -> bool:
        """Whether the person can still be booked: an offender also in jail, a wrong person only at large."""
        person = arrest.arrestee
        if person.who != arrest.who:
            return False
        return not person.in_custody_or_gone if arrest.is_right_person else person.present

    def book(self, person: Resident, u: Draws, code: int, is_right_person: bool) -> None:
        """Book a person: charge, conviction, jail, and what the immigration agency makes of it."""
        day = self.model.day
        grade = self.grade(code, u)
        person.record |= CHARGED
        self.booked_today.append(person)
        self.model.bookings.append(BookingRecord(day, person.who, int(grade), code))
        self.model.database.enter_arrestee()

        convicted = is_right_person and u(CONVICTION) < self.model.value("conviction", grade)
        if convicted:
            due = day + round(self.model.values["disposition_delay"])
            conviction = Conviction(person, person.who, grade is ChargeGrade.FELONY)
            self.due_convictions[due].append(conviction)
        jailed = u(JAIL) < self.model.value("jail", grade)
        if jailed:
            person.jail(delay(self.model.value("jail_term", grade), u(JAIL_TERM)))
        in_state_prison = (
            jailed
            and convicted
            and grade is ChargeGrade.FELONY
            and u(STATE_PRISON) < self.model.values["state_prison_share"]
        )
        self.model.agency.consider_booking(person, u, in_state_prison)

    def grade(self, code: int, u: Draws) -> ChargeGrade:
        """Return the grade of the gravest charge."""
        if code != OTHER_ARREST:
            return ChargeGrade.FELONY if CrimeType(code) in FELONIES else ChargeGrade.MISDEMEANOR
        felony = self.model.values["other_charge_felony"]
        misdemeanor = self.model.values["other_charge_misdemeanor"]
        draw = u(CHARGE_GRADE)
        if draw < felony:
            return ChargeGrade.FELONY
        return ChargeGrade.MISDEMEANOR if draw < felony + misdemeanor else ChargeGrade.SUMMARY

    # ---- the day's end -------------------------------------------------------------------------------

    def spread_experience(self) -> None:
        """Let the households of people booked lose trust (ODD 4.7, step 2)."""
        for person in self.booked_today:
            for member in person.household_others:
                member.lose_trust(self.model.values["trust_arrest"])
        self.booked_today = []

    def end_day(self) -> None:
        """Bring the caseloads to the day's end."""
        for division in self.divisions:
            division.end_day()
