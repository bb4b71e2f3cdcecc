"""Residents: what they are, what they remember and how they decide (ODD 2, 4.1, 4.3)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from mesa import Agent

from simulation.randomness import (
    CANDIDATE_COUNT,
    CANDIDATE_DAY,
    CANDIDATE_TYPE,
    NEWCOMER_OFFENDING,
    ORDINALS_PER_YEAR,
)
from simulation.vocabulary import (
    CHARGED,
    CONVICTED,
    DAYS_PER_YEAR,
    FOREVER,
    OTHER_ARREST,
    SERIOUS,
    Absence,
    Community,
    Criminality,
    LegalStatus,
)

from .arithmetic import Draws

if TYPE_CHECKING:
    from .city import CommunityState, District
    from .model import Oracle


class Candidate(NamedTuple):
    """A crime or an other arrest that may happen on its day; sorts by row and ordinal."""

    row: int
    ordinal: int
    who: int
    occasion: int
    code: int


class Resident(Agent):
    """A person aged 12 or older, and the row of the population that the person holds (ODD 2).

    When a newcomer takes the row of somebody removed, this object goes on as the newcomer, with the next
    `generation`: household, ties and legal status are the row's, memory and record are the person's.
    """

    def __init__(self, model: Oracle, row: int, district: District, community: CommunityState):
        super().__init__(model)
        people = model.population
        self.row = row
        self.district = district
        self.community = community
        self.status = self.status_at_start = LegalStatus(int(people.status[row]))
        self.victim_weight = float(people.victim_weight[row])
        self.row_offending_weight = int(people.offending_weight[row])
        self.trust_baseline = float(people.trust_baseline[row])
        # Filled by the model once everybody exists; each in the order in which a draw picks from it.
        self.household_others: list[Resident] = []
        self.neighbors: list[Resident] = []
        self.coworkers: list[Resident] = []

        self.generation = 0
        self.offending_weight = self.row_offending_weight
        self.record = int(people.record[row])
        self.trust_change = 0.0  # from the baseline; fades every day
        self.fear = 0.0
        self.candidates: dict[int, list[Candidate]] = {}
        self.absence, self.until = Absence.NONE, 0

    # ---- who and where -------------------------------------------------------------------------------

    @property
    def who(self) -> int:
        """The person's identity: the row, and how many newcomers have taken it (ODD 2)."""
        return self.generation * 2**32 + self.row

    @property
    def present(self) -> bool:
        """Whether the person is at large in the city today (ODD 2)."""
        return self.until <= self.model.day

    @property
    def absence_today(self) -> Absence:
        """Why the person is not there today; a term that has passed is no absence (ODD 4.1)."""
        return Absence.NONE if self.present else self.absence

    @property
    def in_custody_or_gone(self) -> bool:
        """Whether the person is detained, removed or killed; the police can reach everybody else."""
        return self.absence_today in (Absence.DETAINED, Absence.REMOVED, Absence.KILLED)

    def draws(self, occasion: int) -> Draws:
        """Return the person's own random numbers for one occasion."""
        return Draws(self.model.root_seed, self.who, occasion)

    # ---- what the law sees ---------------------------------------------------------------------------

    def become_lawful(self) -> None:
        """Get lawful status; only undocumented residents ever do (ODD 4.1, 4.7)."""
        self.status = LegalStatus.LAWFUL_NONCITIZEN

    @property
    def is_undocumented(self) -> bool:
        """Whether the person has no lawful status now."""
        return self.status is LegalStatus.UNDOCUMENTED

    @property
    def lives_with_undocumented(self) -> bool:
        """Whether some other member of the household is undocumented now, even if away (ODD 2)."""
        return any(member.is_undocumented for member in self.household_others)

    @property
    def is_noncitizen(self) -> bool:
        """Whether the person is undocumented or a lawful noncitizen."""
        return self.status in (LegalStatus.LAWFUL_NONCITIZEN, LegalStatus.UNDOCUMENTED)

    @property
    def criminality(self) -> Criminality:
        """The gravest entry in the criminal record."""
        if self.record & SERIOUS:
            return Criminality.SERIOUS_CONVICTION
        if self.record & CONVICTED:
            return Criminality.CONVICTED
        return Criminality.CHARGED if self.record & CHARGED else Criminality.NO_CHARGE

    @property
    def is_removable(self) -> bool:
        """Undocumented, or a lawful noncitizen with a serious conviction (ODD 4.5)."""
        if self.status is LegalStatus.LAWFUL_NONCITIZEN:
            return self.criminality is Criminality.SERIOUS_CONVICTION
        return self.is_undocumented

    @property
    def meets_priority(self) -> bool:
        """Whether today's priorities reach the person: all, or a record at least that grave (ODD 4.5)."""
        return self.criminality >= self.model.policy.priorities

    # ---- trust, fear and dread -----------------------------------------------------------------------

    def step(self) -> None:
        """Wake up: trust and fear have faded by one day, and today's candidates come to pass or not (ODD 2, 4.1).

        Every resident does this every day, as in any plain agent-based model; the engine does not, and must
        come to the same.
        """
        self.trust_change *= self.model.trust_kept
        self.fear *= self.model.fear_kept
        self.model.candidates.extend(sorted(self.candidates.pop(self.model.day, ())))

    @property
    def current_trust(self) -> float:
        """Trust in the police today: the baseline, what is left of changes, and what all share (ODD 2)."""
        return self.trust_baseline + self.trust_change + self.community.trust_shift

    def gain_trust(self, amount: float) -> None:
        """Add to trust (ODD 4.7)."""
        self.trust_change += amount

    def lose_trust(self, amount: float) -> None:
        """Take from trust; a loss weighs `asymmetry` times a gain (ODD 4.7)."""
        self.gain_trust(-amount * self.model.values["asymmetry"])

    def gain_fear(self, amount: float) -> None:
        """Add to fear (ODD 4.7)."""
        self.fear += amount

    @property
    def vulnerability(self) -> float:
        """How much the fear of the community bears on the person's own calls (ODD 2)."""
        if self.community.code is Community.NO_IMMIGRANT_TIES:
            return 0.0
        own = self.model.value("vulnerability", self.status)
        if self.lives_with_undocumented:
            return own + self.model.values["mixed_status_vulnerability"] * (1.0 - own)
        return own

    @property
    def dread(self) -> float:
        """Fear that bears on calling: none without a perceived link or enforcement in mind (ODD 4.3)."""
        in_mind = 1.0 - math.exp(-(self.fear + self.community.salience))
        return self.vulnerability * self.community.belief * in_mind

    def leaning(self, relief: float = 1.0) -> float:
        """Return what trust adds to, and dread takes from, the log-odds of calling and of cooperating (ODD 4.3).

        `relief` is the factor on the dread of a victim who has advocates or the law on their side.
        """
        values = self.model.values
        return values["trust_effect"] * self.current_trust - values["fear_effect"] * self.dread * relief

    @property
    def undisturbed_leaning(self) -> float:
        """The leaning with dread 0 and trust at the baseline (ODD 4.4, what offenders learn)."""
        return self.model.values["trust_effect"] * self.trust_baseline

    @property
    def court(self) -> float:
        """What immigration arrests at the courthouse take from the log-odds of cooperating (ODD 4.3)."""
        operations = self.model.policy.courthouse_operations
        return self.model.values["courthouse_effect"] * operations * self.vulnerability

    # ---- coming and going ----------------------------------------------------------------------------

    def jail(self, term: int) -> None:
        """Jail the person; a term never shortens one that runs already (ODD 4.5)."""
        self.until = max(self.until, self.model.day + term)
        self.absence = Absence.JAILED

    def detain(self, until: int) -> None:
        """Detain the person by the immigration agency until that day (ODD 4.6)."""
        self.absence, self.until = Absence.DETAINED, until

    def remove_from_city(self, until: int) -> None:
        """Remove the person until the day of return or of replacement by a newcomer (ODD 4.6)."""
        self.absence, self.until = Absence.REMOVED, until

    def kill(self) -> None:
        """Let the victim of a homicide die (ODD 4.7)."""
        self.absence, self.until = Absence.KILLED, FOREVER

    def become_newcomer(self) -> None:
        """Let a newcomer take the row (ODD 4.1)."""
        today = self.model.day
        self.generation += 1
        self.record = 0
        self.trust_change = self.fear = 0.0
        self.candidates = {}
        self.absence, self.until = Absence.NONE, today
        self.offending_weight = 0
        if self.row_offending_weight > 0:
            share = self.model.constants.mean_offending_weight / self.row_offending_weight
            if self.draws(0)(NEWCOMER_OFFENDING) < share:
                self.offending_weight = self.row_offending_weight

    @property
    def is_newcomer_without_weight(self) -> bool:
        """Whether the row's units of offending weight belong to nobody any more (ODD 4.2)."""
        return self.generation > 0 and self.offending_weight == 0

    # ---- candidates ----------------------------------------------------------------------------------

    @property
    def yearly_crimes(self) -> float:
        """Candidate crimes against the person per year (ODD 4.1)."""
        return self.model.values["headroom"] * self.victim_weight * self.district.total_rate

    @property
    def yearly_other_arrests(self) -> float:
        """Arrests of the person per year for drugs, driving, traffic and public order (ODD 4.1)."""
        ratio = self.model.value("other_arrest_ratio", self.status_at_start)
        offender = 1.0 + self.model.values["offender_arrest_ratio"] * self.offending_weight
        return float(self.model.constants.other_arrest_rate) * ratio * offender

    def draw_candidates(self, year: int, after: int) -> None:
        """Draw the candidates of a year block, and keep those on days later than `after` (ODD 4.1)."""
        for ordinal in range(self.number_of_candidates(year)):
            occasion = year * ORDINALS_PER_YEAR + ordinal
            u = self.draws(occasion)
            day = year * DAYS_PER_YEAR + int(DAYS_PER_YEAR * u(CANDIDATE_DAY))
            if day > after:
                code = self.candidate_code(u(CANDIDATE_TYPE))
                self.candidates.setdefault(day, []).append(Candidate(self.row, ordinal, self.who, occasion, code))

    def number_of_candidates(self, year: int) -> int:
        """Return the smallest n, at most 63, with `u < P(Poisson <= n)` (ODD 4.1)."""
        mean = self.yearly_crimes + self.yearly_other_arrests
        u = self.draws(year)(CANDIDATE_COUNT)
        n, term = 0, math.exp(-mean)
        cumulative = term
        while u >= cumulative and n < ORDINALS_PER_YEAR - 1:
            n += 1
            term *= mean / n
            cumulative += term
        return n

    def candidate_code(self, u: float) -> int:
        """Return which crime type a candidate is of, or that it is an other arrest (ODD 4.1)."""
        crimes, arrests = self.yearly_crimes, self.yearly_other_arrests
        v = u * (crimes + arrests)
        if v < arrests:
            return OTHER_ARREST
        for code, cumulative in enumerate(self.district.cumulative_rate):
            if (v - arrests) / crimes * self.district.total_rate < cumulative:
                return code
        return len(self.district.cumulative_rate) - 1
