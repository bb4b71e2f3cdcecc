"""A crime that happened: who saw it, calls and cooperates (ODD 4.3); what offenders learn (ODD 4.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.randomness import (
    BYSTANDER_CALL,
    BYSTANDER_COOPERATION,
    BYSTANDER_PERSON,
    BYSTANDER_PRESENCE,
    BYSTANDER_SOURCE,
    HANDLED_OTHERWISE,
    VICTIM_CALL,
    VICTIM_COOPERATION,
)
from simulation.vocabulary import CrimeType

from .arithmetic import Draws, expit, logit, pick
from .records import CrimeRecord
from .resident import Candidate, Resident

if TYPE_CHECKING:
    from .model import Oracle

Leaning = Callable[[Resident], float]


def as_it_stands(person: Resident) -> float:
    """Return the leaning of a person today."""
    return person.leaning


def undisturbed(person: Resident) -> float:
    """Return the leaning of a person with dread 0 and trust at the baseline."""
    return person.undisturbed_leaning


@dataclass
class Bystander:
    """Somebody of the model who saw the crime."""

    slot: int
    person: Resident
    called: bool = False
    cooperates: bool = False


class Crime:
    """A crime that happened, known by its victim's `who` and the candidate's `occasion`."""

    def __init__(
        self,
        model: Oracle,
        candidate: Candidate,
        u: Draws,
        crime_type: CrimeType,
        victim: Resident,
        offender: Resident | None,
    ):
        constants, values = model.constants, model.values
        self.model = model
        self.day = model.day
        self.candidate = candidate
        self.identity = (victim.row, victim.generation, candidate.occasion)
        self.u = u
        self.type = crime_type
        self.victim = victim
        self.offender = offender
        self.call_intercept = float(constants.call_intercept[crime_type])
        self.solve_intercept = float(constants.solve_intercept[crime_type])
        self.expected_cooperating = float(constants.expected_cooperating[crime_type])
        self.victim_cooperation = logit(values["victim_cooperation"])
        self.bystander_call = logit(values["bystander_call"])
        self.bystander_cooperation = logit(values["bystander_cooperation"])
        self.victim_cooperates = False
        self.handled_otherwise = False
        self.reported = False
        self.solved = False
        self.solved_on_view = False
        self.bystanders = self.find_bystanders()

    @property
    def is_homicide(self) -> bool:
        """Whether the victim died, and so neither decides nor speaks."""
        return self.type is CrimeType.HOMICIDE

    # ---- bystanders ----------------------------------------------------------------------------------

    def find_bystanders(self) -> list[Bystander]:
        """Find who is there, in two slots; the same person does not fill both (ODD 4.3)."""
        found: list[Bystander] = []
        p_filled = float(self.model.constants.bystander_slot[self.type])
        for slot in (0, 1):
            if self.u(BYSTANDER_PRESENCE + slot) < p_filled:
                person = self.somebody_nearby(slot)
                taken = any(person is other.person for other in found)
                involved = person is self.victim or person is self.offender
                if person.present and not involved and not taken:
                    found.append(Bystander(slot, person))
        return found

    def somebody_nearby(self, slot: int) -> Resident:
        """Choose a person of the household, of the neighbors or of the district (ODD 4.3)."""
        from_household = self.model.value("bystander_household", self.type)
        from_neighbors = self.model.value("bystander_neighbor", self.type)
        s = self.u(BYSTANDER_SOURCE + slot)
        if s < from_household and self.victim.household_others:
            source = self.victim.household_others
        elif s < from_household + from_neighbors and self.victim.neighbors:
            source = self.victim.neighbors
        else:
            source = self.victim.district.residents
        return source[pick(self.u(BYSTANDER_PERSON + slot), len(source))]

    @property
    def helpful_bystanders(self) -> list[Bystander]:
        """Bystanders who called or cooperate."""
        return [b for b in self.bystanders if b.called or b.cooperates]

    # ---- calling and cooperating ---------------------------------------------------------------------

    def decide_reporting(self) -> None:
        """Let everybody who was there decide; the crime is reported if anyone calls (ODD 4.3)."""
        self.handled_otherwise = self.u(HANDLED_OTHERWISE) < float(self.model.constants.handled[self.type])
        if self.handled_otherwise:
            return
        victim_calls = self.victim_calls()
        for b in self.bystanders:
            b.called = b.person.calls_police(self.bystander_call, self.u(BYSTANDER_CALL + b.slot))
        self.reported = victim_calls or any(b.called for b in self.bystanders)
        if self.reported:
            self.decide_cooperation()

    def victim_calls(self) -> bool:
        """Whether the victim calls; in a homicide, whether the body is discovered (ODD 4.3)."""
        u = self.u(VICTIM_CALL)
        if self.is_homicide:
            return u < expit(self.call_intercept)
        return self.victim.calls_police(self.call_intercept, u)

    def decide_cooperation(self) -> None:
        """Let the victim and the bystanders of a reported crime decide to cooperate (ODD 4.3)."""
        if not self.is_homicide:
            u = self.u(VICTIM_COOPERATION)
            self.victim_cooperates = self.victim.cooperates(self.victim_cooperation, u)
        for b in self.bystanders:
            u = self.u(BYSTANDER_COOPERATION + b.slot)
            b.cooperates = b.person.cooperates(self.bystander_cooperation, u)

    @property
    def cooperating(self) -> int:
        """How many people cooperate with the investigation."""
        return int(self.victim_cooperates) + sum(b.cooperates for b in self.bystanders)

    # ---- probabilities -------------------------------------------------------------------------------

    def p_victim_call(self, leaning: Leaning) -> float:
        """Return the probability that the victim calls."""
        return expit(self.call_intercept + (0.0 if self.is_homicide else leaning(self.victim)))

    def p_victim_cooperation(self, leaning: Leaning) -> float:
        """Return the probability that the victim cooperates."""
        return 0.0 if self.is_homicide else expit(self.victim_cooperation + leaning(self.victim))

    def p_solved(self, cooperating: float, load: float) -> float:
        """Return the probability that the crime, once reported, is solved (ODD 4.4)."""
        help_beyond_expected = cooperating - self.expected_cooperating
        effect = self.model.values["cooperation_effect"]
        return expit(self.solve_intercept + effect * help_beyond_expected - load)

    def p_caught(self, leaning: Leaning, load: float) -> float:
        """Return the probability that such a crime, before these people, is reported and solved (ODD 4.4)."""
        p_silence = 1.0 - self.p_victim_call(leaning)
        cooperating = self.p_victim_cooperation(leaning)
        for b in self.bystanders:
            p_silence *= 1.0 - expit(self.bystander_call + leaning(b.person))
            cooperating += expit(self.bystander_cooperation + leaning(b.person))
        return (1.0 - p_silence) * self.p_solved(cooperating, load)

    def teach_offenders(self, load: float) -> None:
        """Add the crime to what offenders learn about the victim's community (ODD 4.4)."""
        community = self.victim.community
        community.caught_now_today += self.p_caught(as_it_stands, load)
        community.caught_base_today += self.p_caught(undisturbed, 0.0)

    # ---- afterwards ----------------------------------------------------------------------------------

    def spread_experience(self) -> None:
        """Move the trust of those who dealt with the police; let a homicide victim die (ODD 4.7, step 1)."""
        if self.is_homicide:
            self.victim.kill()
        if not self.reported:
            return
        people = [] if self.is_homicide else [self.victim]
        people += [b.person for b in self.helpful_bystanders]
        for person in people:
            if self.solved:
                person.gain_trust(self.model.values["trust_solved"])
            else:
                person.lose_trust(self.model.values["trust_unsolved"])

    def as_record(self) -> CrimeRecord:
        """Return the crime as the comparison reads it, on the day it happened."""
        rows = [-1, -1]
        for b in self.bystanders:
            rows[b.slot] = b.person.row
        return CrimeRecord(
            day=self.day,
            who=self.candidate.who,
            occasion=self.candidate.occasion,
            crime_type=int(self.type),
            offender_row=-1 if self.offender is None else self.offender.row,
            handled_otherwise=self.handled_otherwise,
            reported=self.reported,
            recorded=self.reported or self.solved_on_view,
            cleared=self.solved or self.solved_on_view,
            p_victim_call=self.p_victim_call(as_it_stands),
            bystander_rows=(rows[0], rows[1]),
            cooperating=self.cooperating,
        )
