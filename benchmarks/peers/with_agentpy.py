"""The workload in AgentPy as its guide shows it: `ap.Agent`, an AgentList, `setup`, `step` and `update`, `record`."""

import math
from statistics import fmean

import agentpy as ap
import numpy as np

from .plain_mesa import connect
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
)


class Resident(ap.Agent):
    """A resident, who is victimized and may report it, and whom enforcement nearby frightens."""

    def setup(self, status, trust, hazard):
        """Begin calm."""
        self.status, self.trust, self.hazard = status, trust, hazard
        self.fear = self.fear_level = FEAR_LEVEL[status]

    def live(self):
        """Live a day."""
        self.fear = self.fear_level + (self.fear - self.fear_level) * FEAR_KEPT
        if self.model.random.random() < self.hazard:
            self.suffer_crime()

    def suffer_crime(self):
        """Report or keep silent, and learn what became of it."""
        model, uniform = self.model, self.model.random.random
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


class City(ap.Model):
    """The residents, and what happened today by status."""

    def setup(self):
        """Make the residents."""
        people = self.p.people
        columns = {"status": people.status, "trust": people.trust, "hazard": people.hazard}
        lists = {name: ap.AttrIter(column.tolist()) for name, column in columns.items()}
        self.residents = ap.AgentList(self, len(people.status), Resident, **lists)
        connect(list(self.residents), people)
        self.groups = [[each for each in self.residents if each.status == s] for s in range(len(STATUSES))]

    def step(self):
        """Run a day."""
        self.crimes, self.reports, self.cleared = ([0] * len(STATUSES) for _ in range(3))
        self.residents.live()
        for _ in range(self.nprandom.poisson(self.p.enforcement)):
            self.random.choice(self.groups[UNDOCUMENTED]).meet_enforcement()

    def update(self):
        """Record what happened; not before the first day."""
        if self.t > 0:
            self.fear, self.trust = (
                [fmean([getattr(each, name) for each in group]) for group in self.groups] for name in ("fear", "trust")
            )
            self.record(MEASURES)


def prepare(people, days, seed, enforcement):
    """Build the city (see `workload.Prepare`)."""
    city = City({"people": people, "enforcement": enforcement * len(people.status), "steps": days, "seed": seed})
    city.sim_setup()

    def run():
        while city.running:
            city.sim_step()
        return np.array([city.log[name] for name in MEASURES], float).transpose(1, 0, 2)

    return run
