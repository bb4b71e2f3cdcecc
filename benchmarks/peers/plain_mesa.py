"""The workload in Mesa as its tutorials show it: an object for each resident, `AgentSet.do`, a DataCollector."""

import math
from itertools import pairwise
from statistics import fmean

import mesa
import numpy as np

from .workload import (
    CLEARED,
    FEAR_EFFECT,
    FEAR_KEPT,
    FEAR_LEVEL,
    MEASURES,
    REPORTING,
    SEVERITY_EFFECT,
    SHOCK_HOUSEHOLD,
    SHOCK_TARGET,
    SHOCK_TIE,
    STATUSES,
    TRUST_EFFECT,
    TRUST_GAIN,
    TRUST_LOSS,
    UNDOCUMENTED,
    People,
)


class Resident(mesa.Agent):
    """A resident, who is victimized and may report it, and whom enforcement nearby frightens."""

    def __init__(self, model, status, trust, hazard):
        super().__init__(model)
        self.status, self.trust, self.hazard = status, trust, hazard
        self.fear = self.fear_level = FEAR_LEVEL[status]
        self.household, self.ties = [], []

    def step(self):
        """Live a day."""
        self.fear = self.fear_level + (self.fear - self.fear_level) * FEAR_KEPT
        if self.random.random() < self.hazard:
            self.suffer_crime()

    def suffer_crime(self):
        """Report or keep silent, and learn what became of it."""
        model, uniform = self.model, self.random.random
        model.crimes[self.status] += 1
        odds = REPORTING + TRUST_EFFECT * self.trust - FEAR_EFFECT * self.fear + SEVERITY_EFFECT * uniform()
        if uniform() < 1 / (1 + math.exp(-odds)):
            model.reports[self.status] += 1
            if uniform() < CLEARED:
                model.cleared[self.status] += 1
                self.trust += TRUST_GAIN * (1 - self.trust)
            else:
                self.trust -= TRUST_LOSS * self.trust

    def frighten(self, shock):
        """Add to fear."""
        self.fear = min(1.0, self.fear + shock)

    def meet_enforcement(self):
        """Be the target of an enforcement event."""
        self.frighten(SHOCK_TARGET)
        for other in self.household:
            if other is not self:
                other.frighten(SHOCK_HOUSEHOLD)
        for other in self.ties:
            other.frighten(SHOCK_TIE)


class City(mesa.Model):
    """The residents, and what happened today by status."""

    def __init__(self, people: People, seed: int, enforcement: float):
        super().__init__(rng=seed)
        number = len(people.status)
        self.enforcement = enforcement * number
        columns = (people.status, people.trust, people.hazard)
        residents = list(Resident.create_agents(self, number, *(column.tolist() for column in columns)))
        connect(residents, people)
        self.groups = [[each for each in residents if each.status == status] for status in range(len(STATUSES))]
        self.begin_day()
        self.datacollector = mesa.DataCollector(
            {
                **{name: lambda model, name=name: getattr(model, name) for name in ("crimes", "reports", "cleared")},
                **{name: lambda model, name=name: model.means(name) for name in ("fear", "trust")},
            }
        )

    def begin_day(self):
        """Set today's counts to zero."""
        self.crimes, self.reports, self.cleared = ([0] * len(STATUSES) for _ in range(3))

    def means(self, name):
        """Return the mean of an attribute by status."""
        return [fmean([getattr(each, name) for each in group]) for group in self.groups]

    def step(self):
        """Run a day."""
        self.begin_day()
        self.agents.do("step")
        for _ in range(self.rng.poisson(self.enforcement)):
            self.random.choice(self.groups[UNDOCUMENTED]).meet_enforcement()
        self.datacollector.collect(self)


def connect(residents: list, people: People) -> None:
    """Give each resident object its household and its ties.

    Parameters
    ----------
    residents : list
        One object for each of the people, in their order.
    people : People
        Who lives together and who knows whom.
    """
    starts, ties = people.household_start.tolist(), people.ties.tolist()
    for first, end in pairwise(starts):
        for resident in residents[first:end]:
            resident.household = residents[first:end]
    starts = people.ties_start.tolist()
    for resident, (first, end) in zip(residents, pairwise(starts)):
        resident.ties = [residents[other] for other in ties[first:end]]


def prepare(people, days, seed, enforcement):
    """Build the city (see `workload.Prepare`)."""
    city = City(people, seed, enforcement)

    def run():
        for _ in range(days):
            city.step()
        return np.array([city.datacollector.model_vars[name] for name in MEASURES], float).transpose(1, 0, 2)

    return run
