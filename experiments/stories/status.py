"""Legal status on every day: who was undocumented, who got lawful status when, and how (ODD 2, 4.1 and 4.7)."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from simulation.compilation import plain
from simulation.occurrences import Legalization
from simulation.randomness import LEGALIZATION, VICTIM_PROTECTION, identity, uniform
from simulation.submodels.reporting import is_protected_crime
from simulation.today import VICTIM
from simulation.vocabulary import FOREVER, Absence, Community, LegalStatus

from .check import require

BY_LAW = -1
"""`Grant.crime` of a legalization."""
_NEVER_WITH = -1


class Grant(NamedTuple):
    """Lawful status for an undocumented resident: the first day with it, and the crime after which it was given."""

    day: int
    crime: int


class Standing(NamedTuple):
    """What a resident is before immigration law on a day, and the weight of that, 0 to 1 (ODD 2)."""

    status: int
    lives_with_undocumented: bool
    vulnerability: float

    @property
    def is_undocumented(self) -> bool:
        """Whether the resident has no lawful status."""
        return self.status == LegalStatus.UNDOCUMENTED


class LegalStatuses:
    """Legal statuses of one world.

    Parameters
    ----------
    world : World
        Tables of events, levers and whereabouts are read.

    Attributes
    ----------
    grants : dict of int to Grant
        By row, everybody who got lawful status during the run.
    """

    def __init__(self, world):
        self._world, people = world, world.population
        self._is_undocumented = people.status == LegalStatus.UNDOCUMENTED
        self.grants: dict[int, Grant] = {}
        self._find_grants()
        self._lawful_from = np.full(len(people), FOREVER)
        for row, grant in self.grants.items():
            self._lawful_from[row] = grant.day
        # First day on which nobody else in the household is undocumented.
        self._alone_from = np.where(people.lives_with_undocumented, FOREVER, _NEVER_WITH)
        for household in {int(people.household[row]) for row in self.grants}:
            members = np.arange(*people.household_start[household : household + 2])
            for row in members.tolist():
                others = members[self._is_undocumented[members] & (members != row)]
                self._alone_from[row] = self._lawful_from[others].max(initial=_NEVER_WITH)
        everybody, end = np.arange(len(people)), world.scenario.days
        require(self._status(everybody, end) == world.engine.residents["status"], "legal status")
        require(self.classes(everybody, end) == world.engine.residents["vulnerability_class"], "vulnerability")

    def classes(self, rows, days) -> np.ndarray:
        """Return the vulnerability class of residents on days, as `RESIDENT` counts them."""
        with_undocumented = self._alone_from[rows] > days
        has_ties = self._world.population.community[rows] != Community.NO_IMMIGRANT_TIES
        return has_ties * (1 + self._status(rows, days) + len(LegalStatus) * with_undocumented)

    def are_undocumented(self, rows, days) -> np.ndarray:
        """Return which residents are undocumented on a day."""
        return self._status(rows, days) == LegalStatus.UNDOCUMENTED

    def standing(self, row: int, day: int) -> Standing:
        """Return what a resident is before immigration law on a day."""
        vulnerability = self._world.rules["vulnerability"][self.classes(row, day)]
        return Standing(int(self._status(row, day)), bool(self._alone_from[row] > day), float(vulnerability))

    def last_in_home(self, row: int) -> Grant:
        """Return how the last other member of a resident's household who was undocumented got lawful status."""
        people = self._world.population
        members = range(*people.household_start[people.household[row] : people.household[row] + 2])
        return max(self.grants[other] for other in members if other != row and other in self.grants)

    def _status(self, rows, days):
        has_changed = self._lawful_from[rows] <= days
        return np.where(has_changed, LegalStatus.LAWFUL_NONCITIZEN, self._world.population.status[rows])

    def _find_grants(self) -> None:
        """Go through laws and crimes in order: a law takes effect in the morning, protection at the day's end."""
        world = self._world
        laws = [(day, each.share) for day, each in world.engine.occurrences if isinstance(each, Legalization)]
        cooperates, victims = world.crimes["cooperates"][:, VICTIM] != 0, world.crimes["victim"]
        is_eligible = (
            cooperates & plain(is_protected_crime)(world.crimes["crime_type"]) & self._is_undocumented[victims]
        )
        offered = world.levers["victim_protection"][world.days["crimes"]]
        for crime in np.flatnonzero(is_eligible & (offered > 0)).tolist():
            while laws and laws[0][0] <= world.days["crimes"][crime]:
                self._legalize(*laws.pop(0))
            self._protect(crime, offered[crime])
        for day, share in laws:
            self._legalize(day, share)

    def _legalize(self, day: int, share: float) -> None:
        where = self._world.whereabouts
        for row in self._world.population.undocumented_rows.tolist():
            who = identity(row, where.generation(row, day - 1))  # newcomers of the day come later
            if row in self.grants or uniform(self._world.seed, LEGALIZATION, who, day) >= share:
                continue
            away = where.away(row, day, has_moved=False)
            if away is None or away.reason == Absence.JAILED:
                self.grants[row] = Grant(day, BY_LAW)

    def _protect(self, crime: int, chance: float) -> None:
        world, people = self._world, self._world.population
        victim, generation, occasion = (int(world.crimes[name][crime]) for name in ("victim", "generation", "occasion"))
        if victim in self.grants:
            return
        if uniform(world.seed, VICTIM_PROTECTION, identity(victim, generation), occasion) >= chance:
            return
        household = people.household[victim]
        for row in range(people.household_start[household], people.household_start[household + 1]):
            if self._is_undocumented[row] and row not in self.grants:
                self.grants[row] = Grant(int(world.days["crimes"][crime]) + 1, crime)

    def legalized(self) -> dict[int, int]:
        """Return how many residents each legalization gave lawful status to, by its day."""
        counted: dict[int, int] = defaultdict(int)
        for grant in self.grants.values():
            if grant.crime == BY_LAW:
                counted[grant.day] += 1
        return counted
