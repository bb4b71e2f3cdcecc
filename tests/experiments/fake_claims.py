"""A fake model with all outcomes that claims need, whose effects follow from sharing and from the parameters."""

from functools import cache
from types import SimpleNamespace

import fake_world
from fake_world import FakeOutcome, noise

from experiments.claims.claims import CLAIMS, needed_outcomes
from experiments.storage.columns import split_key
from simulation.parameters import defaults

USUAL = defaults()

IMMIGRANT = "immigrant_communities"
NEEDED = tuple(dict.fromkeys((*needed_outcomes(), f"reporting_rate.{IMMIGRANT}")))
GROUPS = {
    name: tuple(split_key(k)[1] for k in NEEDED if k.startswith(f"{name}.")) for name, _ in map(split_key, NEEDED)
}
UNITS = {"solve_rate": "percent of crimes that happened", "actual_sharing": "probability", "police_budget": "percent"}
OUTCOMES = {
    name: FakeOutcome(name, UNITS.get(name, "units"), "neither", "", "crime", f"Fake {name}.", groups)
    for name, groups in GROUPS.items()
}

FEAR, TRUST, BOTH, ALL_ELSE = 3.0, 1.0, 0.5, 0.2
"""What sharing takes from the reporting of immigrants: by fear alone, by trust alone, by both together, and anyway."""


def run(scenario, seed, record_events=False):
    """Return outcomes; the share of days with sharing decides, and mechanisms that are off take part of it away."""
    share = float(fake_world.sharing_days(scenario)[(scenario.outcomes_from - scenario.start).days :].mean())
    luck = noise(seed, "luck")
    jitter = 0.01 * noise(seed, "jitter", scenario.name)
    fear, trust = (scenario.parameters[name] / USUAL[name] for name in ("fear_effect", "trust_effect"))
    learning = scenario.parameters["offender_response"] / USUAL["offender_response"]
    lost = share * (FEAR * fear + TRUST * trust + BOTH * fear * trust + ALL_ELSE)
    outcomes = {key: 10 + luck for key in NEEDED}
    outcomes |= {name: 10 + luck for name in OUTCOMES}
    outcomes |= {
        f"reporting_rate.{IMMIGRANT}": 40 + 10 * luck - lost + jitter,
        "solve_rate": 12 + luck - 0.3 * lost + jitter,
        "victimization_rate": 90 + 5 * luck + learning * lost + jitter,
        "victimization_rate.citizens": 80 + luck + share * (noise(seed, "citizens", scenario.name) - 0.5),
        f"actual_sharing.{IMMIGRANT}": 0.1 + 0.5 * share,
        f"fear.{IMMIGRANT}": 1 + luck + share + jitter,
        f"trust.{IMMIGRANT}": 50 + luck + share + jitter,
        "police_budget": 100.0,
        "households_losing_member": 5.0,
    }
    return SimpleNamespace(outcomes=outcomes, **_series(scenario.name))


@cache
def _series(name):
    """Return monthly counts and snapshots of a scenario, whatever the seed: nothing here depends on them."""
    usual = fake_world.run(fake_world.load(name, {}), 1)
    return {"series": usual.series, "snapshots": usual.snapshots}


def fails_on_2(scenario, seed):
    """Fail in one of the runs of replicate 2 with a mechanism off."""
    if seed == fake_world.POISONED_SEED and scenario.parameters["fear_effect"] == 0:
        raise ArithmeticError("planted failure")
    return run(scenario, seed)


def engine(run=run):
    """Return an engine around this model."""
    return fake_world.engine(run, OUTCOMES)


def claim(identity):
    """Return a declared claim."""
    return next(claim for claim in CLAIMS if claim.id == identity)
