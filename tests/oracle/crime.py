"""A crime that happened: who saw it, calls and cooperates (ODD 4.3); what offenders learn (ODD 4.4)."""

from __future__ import annotations

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
    VICTIM_PROTECTION,
)
from simulation.vocabulary import VIOLENT, CrimeType

from .arithmetic import Draws, expit, logit, pick
from .records import CrimeRecord
from .resident import Candidate, Resident

if TYPE_CHECKING:
    from .model import Oracle


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
        self.relief = self.relief_of_victim()
        self.bystanders = self.find_bystanders()

    @property
    def is_homicide(self) -> bool:
        """Whether the victim died, and so neither decides nor speaks."""
        return self.type is CrimeType.HOMICIDE

    @property
    def is_violent(self) -> bool:
        """Whether the crime is against the person."""
        return self.type in VIOLENT

    def relief_of_victim(self) -> float:
        """Return the factor on the victim's dread: company, and the prospect of protection (ODD 4.3)."""
        values, relief = self.model.values, 1.0
        if self.model.advocates.accompanies(self.u):
            relief *= 1.0 - values["accompaniment_relief"]
        if self.victim.is_undocumented and self.is_violent:
            relief *= 1.0 - values["protection_awareness"] * self.model.policy.victim_protection
        return relief

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
        victim_calls = self.u(VICTIM_CALL) < self.p_victim_call()
        for b in self.bystanders:
            b.called = self.u(BYSTANDER_CALL + b.slot) < self.p_bystander_call(b)
        self.reported = victim_calls or any(b.called for b in self.bystanders)
        if self.reported:
            self.decide_cooperation()

    def decide_cooperation(self) -> None:
        """Let the victim and the bystanders of a reported crime decide to cooperate (ODD 4.3)."""
        self.victim_cooperates = self.u(VICTIM_COOPERATION) < self.p_victim_cooperation()
        for b in self.bystanders:
            b.cooperates = self.u(BYSTANDER_COOPERATION + b.slot) < self.p_bystander_cooperation(b)

    @property
    def cooperating(self) -> int:
        """How many people cooperate with the investigation."""
        return int(self.victim_cooperates) + sum(b.cooperates for b in self.bystanders)

    # ---- probabilities -------------------------------------------------------------------------------

    # Each as it stands or *undisturbed*: with dread 0, trust at the baseline and no arrests at the courthouse.

    def leaning(self, person: Resident, undisturbed: bool) -> float:
        """Return the leaning of somebody who was there; the victim's dread may be relieved (ODD 4.3)."""
        if undisturbed:
            return person.undisturbed_leaning
        return person.leaning(self.relief if person is self.victim else 1.0)

    def p_victim_call(self, undisturbed: bool = False) -> float:
        """Return the probability that the victim calls; in a homicide, that the body is discovered."""
        return expit(self.call_intercept + (0.0 if self.is_homicide else self.leaning(self.victim, undisturbed)))

    def p_bystander_call(self, b: Bystander, undisturbed: bool = False) -> float:
        """Return the probability that a bystander calls."""
        return expit(self.bystander_call + self.leaning(b.person, undisturbed))

    def p_victim_cooperation(self, undisturbed: bool = False) -> float:
        """Return the probability that the victim cooperates once the crime is reported."""
        if self.is_homicide:
            return 0.0
        court = 0.0 if undisturbed else self.victim.court
        return expit(self.victim_cooperation + self.leaning(self.victim, undisturbed) - court)

    def p_bystander_cooperation(self, b: Bystander, undisturbed: bool = False) -> float:
        """Return the probability that a bystander cooperates once the crime is reported."""
        court = 0.0 if undisturbed else b.person.court
        return expit(self.bystander_cooperation + self.leaning(b.person, undisturbed) - court)

    def p_solved(self, cooperating: float, load: float) -> float:
        """Return the probability that the crime, once reported, is solved (ODD 4.4)."""
        help_beyond_expected = cooperating - self.expected_cooperating
        effect = self.model.values["cooperation_effect"]
        return expit(self.solve_intercept + effect * help_beyond_expected - load)

    def p_caught(self, load: float, undisturbed: bool = False) -> float:
        """Return the probability that such a crime, before these people, is reported and solved (ODD 4.4)."""
        p_silence = 1.0 - self.p_victim_call(undisturbed)
        cooperating = self.p_victim_cooperation(undisturbed)
        for b in self.bystanders:
            p_silence *= 1.0 - self.p_bystander_call(b, undisturbed)
            cooperating += self.p_bystander_cooperation(b, undisturbed)
        return (1.0 - p_silence) * self.p_solved(cooperating, load)

    def teach_offenders(self, load: float) -> None:
        """Add the crime to what offenders learn about the victim's community (ODD 4.4)."""
        community = self.victim.community
        community.caught_now_today += self.p_caught(load)
        community.caught_base_today += self.p_caught(0.0, undisturbed=True)

    # ---- afterwards ----------------------------------------------------------------------------------

    def spread_experience(self) -> None:
        """Move the trust of those who dealt with the police; let victims die or be protected (ODD 4.7, step 1)."""
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
        if self.protects_victim():
            for person in (self.victim, *self.victim.household_others):
                if person.is_undocumented:
                    person.become_lawful()

    def protects_victim(self) -> bool:
        """Whether the victim of a reported crime gets lawful status, with the household (ODD 4.7, step 1)."""
        eligible = self.is_violent and not self.is_homicide and self.victim.is_undocumented
        chosen = self.u(VICTIM_PROTECTION) < self.model.policy.victim_protection
        return eligible and self.victim_cooperates and chosen

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
            p_victim_call=self.p_victim_call(),
            bystander_rows=(rows[0], rows[1]),
            cooperating=self.cooperating,
        )
