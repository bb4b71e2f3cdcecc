"""The workload as a Starsim module: states of all agents as arrays, distributions with common random numbers."""

import numpy as np
import starsim as ss

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


class TrustContagion(ss.Module):
    """Crime, reporting, trust, and the fear of enforcement.

    Parameters
    ----------
    residents : People
        One for each agent of the simulation.
    enforcement : float
        Events per resident and day.
    """

    def __init__(self, residents: People, enforcement: float):
        super().__init__()
        self.residents = residents
        self.status = residents.status.astype(int)
        self.size = np.bincount(self.status, minlength=len(STATUSES))
        self.fear_level = np.take(FEAR_LEVEL, self.status)
        self.undocumented = np.flatnonzero(self.status == UNDOCUMENTED)
        self.define_pars(
            victimized=ss.bernoulli(p=residents.hazard),
            severity=ss.random(),
            reports=ss.random(),
            is_cleared=ss.bernoulli(p=CLEARED),
            events=ss.poisson(lam=enforcement * len(residents.status)),
            target=ss.randint(high=len(self.undocumented)),
        )
        self.define_states(ss.FloatArr("fear"), ss.FloatArr("trust"))

    def init_post(self):
        """Set the states before the first day."""
        super().init_post()
        self.fear[:] = self.fear_level
        self.trust[:] = self.residents.trust

    def init_results(self):
        """Declare the measures, by status."""
        super().init_results()
        self.define_results(*(ss.Result(name, columns=list(STATUSES), scale=False) for name in MEASURES))

    def step(self):
        """Run a day."""
        self.fear[:] = self.fear_level + (self.fear.values - self.fear_level) * FEAR_KEPT
        self.suffer_crimes(self.pars.victimized.filter())
        for event in self.pars.target(self.pars.events(1)[0]):
            self.frighten(self.undocumented[event])

    def suffer_crimes(self, victims):
        """Let victims report or keep silent, and learn what became of it."""
        trust, fear = self.trust[victims], self.fear[victims]
        odds = REPORTING + TRUST_EFFECT * trust - FEAR_EFFECT * fear + SEVERITY_EFFECT * self.pars.severity(victims)
        reported = self.pars.reports(victims) < 1 / (1 + np.exp(-odds))
        cleared = reported & self.pars.is_cleared(victims).astype(bool)
        change = np.where(cleared, TRUST_GAIN * (1 - trust), np.where(reported, -TRUST_LOSS * trust, 0.0))
        self.trust[victims] = trust + change
        for name, which in {"crimes": victims, "reports": victims[reported], "cleared": victims[cleared]}.items():
            self.results[name][self.ti] = self.by_status(self.status[which])

    def frighten(self, target):
        """Add to the fear of the target of an enforcement event, of the household and of ties."""
        people, home = self.residents, self.residents.household[target]
        household = np.arange(people.household_start[home], people.household_start[home + 1])
        ties = people.ties[people.ties_start[target] : people.ties_start[target + 1]]
        self.add_fear(household, np.where(household == target, SHOCK_TARGET, SHOCK_HOUSEHOLD))
        self.add_fear(ties, SHOCK_TIE)

    def add_fear(self, who, shock):
        """Add to the fear of some."""
        uids = ss.uids(who)
        self.fear[uids] = np.minimum(1.0, self.fear[uids] + shock)

    def update_results(self):
        """Note the means of the evening."""
        super().update_results()
        for name in ("fear", "trust"):
            self.results[name][self.ti] = self.by_status(self.status, self[name].values) / self.size

    def by_status(self, status, weights=None):
        """Return counts, or sums, by status."""
        return np.bincount(status, weights, minlength=len(STATUSES))


def prepare(people, days, seed, enforcement):
    """Build the simulation (see `workload.Prepare`)."""
    module = TrustContagion(people, enforcement)
    sim = ss.Sim(
        n_agents=len(people.status), start=ss.days(0), stop=ss.days(days - 1), dt=ss.days(1), rand_seed=seed,
        modules=module, verbose=0, copy_inputs=False,
    )  # fmt: skip
    sim.init()

    def run():
        sim.run()
        return np.stack([np.asarray(module.results[name].values, float) for name in MEASURES], axis=1)

    return run
