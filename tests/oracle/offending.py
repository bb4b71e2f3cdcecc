"""Whether a candidate crime happens, and by whom (ODD 4.2)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulation.randomness import ACCEPTANCE, OFFENDER, OFFENDER_POOL, REPLACEMENT, SUBSTITUTE
from simulation.vocabulary import Absence, CrimeType

from .arithmetic import Draws, pick
from .crime import Crime

if TYPE_CHECKING:
    from .model import Oracle
    from .resident import Candidate, Resident


class Attempt:
    """A candidate crime against a victim who is present. An offender of None is an *outsider*."""

    def __init__(self, model: Oracle, candidate: Candidate):
        self.model = model
        self.candidate = candidate
        self.u = Draws(model.root_seed, candidate.who, candidate.occasion)
        self.type = CrimeType(candidate.code)
        self.victim = model.residents[candidate.row]
        self.within_household = self.type is CrimeType.DOMESTIC_VIOLENCE and len(self.victim.household_others) > 0
        self.offender = self.choose_offender()

    def choose_offender(self) -> Resident | None:
        """Choose among the household in domestic violence, otherwise by offending weight."""
        if self.within_household:
            others = self.victim.household_others
            return others[pick(self.u(OFFENDER), len(others))]
        return self.choose_from_pool(OFFENDER)

    @property
    def pool(self) -> list[Resident]:
        """The owners of the units of offending weight of the victim's district, or of the city."""
        local = self.victim.district.offending_units
        if local and self.u(OFFENDER_POOL) < self.model.values["local_offender_share"]:
            return local
        return self.model.offending_units

    def choose_from_pool(self, stream: int) -> Resident | None:
        """Choose the owner of a unit of the pool; the victim, or nobody, means an outsider."""
        pool = self.pool
        if not pool:
            return None
        person = pool[pick(self.u(stream), len(pool))]
        return None if person is self.victim else person

    def why_absent(self, person: Resident) -> Absence:
        """Why this offender is absent; units that a newcomer did not take over count as removed.

        A member of the household needs no offending weight, so there only presence counts.
        """
        if person.is_newcomer_without_weight and not self.within_household:
            return Absence.REMOVED
        return person.absence_today

    def deterrence(self) -> float:
        """How the threat of deportation holds back an offender who is a noncitizen."""
        if self.offender is None or not self.offender.is_noncitizen:
            return 1.0
        return math.exp(-self.model.values["deportation_deterrence"] * self.offender.community.belief)

    def probability(self) -> float:
        """Return the probability that the candidate happens; more than 1 counts as a clipped rate."""
        p = self.victim.community.offending_factor * self.deterrence() / self.model.values["headroom"]
        if p > 1.0:
            self.model.clipped_rates += 1
        return p

    def resolve(self) -> Crime | None:
        """Return the crime, or None if nothing happens."""
        if self.u(ACCEPTANCE) >= self.probability():
            return None
        reason = Absence.NONE if self.offender is None else self.why_absent(self.offender)
        if reason is Absence.NONE:
            return self.commit(self.offender)
        chance = self.model.values["domestic_replacement" if self.within_household else "replacement"]
        if self.u(REPLACEMENT) < chance:
            if reason in (Absence.DETAINED, Absence.REMOVED):
                self.model.replaced_for_enforcement += 1
            return self.commit(self.choose_substitute())
        self.count_as_prevented(reason)
        return None

    def choose_substitute(self) -> Resident | None:
        """Choose who commits the crime of an absent offender: of the same pool, if there today.

        In place of a member of the household comes an outsider.
        """
        if self.within_household:
            return None
        person = self.choose_from_pool(SUBSTITUTE)
        if person is None or self.why_absent(person) is not Absence.NONE:
            return None
        return person

    def count_as_prevented(self, reason: Absence) -> None:
        """Count what absence prevented; a killed offender's crimes are counted nowhere."""
        if reason is Absence.JAILED:
            self.model.prevented_by_jail += 1
        elif reason in (Absence.DETAINED, Absence.REMOVED):
            self.model.prevented_by_enforcement += 1

    def commit(self, offender: Resident | None) -> Crime:
        """Let the crime happen."""
        return Crime(self.model, self.candidate, self.u, self.type, self.victim, offender)
