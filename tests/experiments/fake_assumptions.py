"""A model whose claim about solving turns at a known value of an assumption, or nowhere, and quick ways to ask it."""

import hashlib
from functools import cache

import fake_claims
import fake_world
from fake_claims import NEEDED

from experiments.claims import other_side
from simulation.randomness import replicate_seed

TURN = 4.7
"""Value of `fear_effect` (4 today) at which the effect of sharing on solving changes its sign."""
LUCK = 0.05


def run(scenario, seed, effect=None):
    """Return outcomes: with sharing, solving is higher below the turn and lower above it."""
    share = sharing(scenario.name)
    slope = effect or (lambda parameters: TURN - parameters["fear_effect"])
    outcomes = dict.fromkeys(NEEDED, 10.0)
    outcomes[f"actual_sharing.{fake_claims.IMMIGRANT}"] = share
    outcomes["police_budget"] = 100.0
    jitter = luck(seed, scenario.name, scenario.parameters)
    outcomes["solve_rate"] = 12 + share * slope(scenario.parameters) + jitter
    return outcomes


@cache
def sharing(name):
    """Return the share of days on which a scenario shares."""
    return float(fake_world.sharing_days(fake_world.load(name, {})).mean())


def luck(*names):
    """Return a number around 0 that depends on the names only."""
    digest = hashlib.blake2b(str(names).encode(), digest_size=8).digest()
    return LUCK * (int.from_bytes(digest, "little") / 2**64 - 0.5)


def answer_of(batch, root_seed=1, model=run):
    """Run a batch here."""
    seeds = [replicate_seed(root_seed, number) for number in batch.replicates]
    pairs = [(model(batch.a, seed), model(batch.b, seed)) for seed in seeds]
    return [pair for pair in pairs if None not in pair]


def searched(search, model=run):
    """Search here; return the finding and all batches."""
    running, answer, batches = other_side.steps(search), None, []
    while True:
        try:
            batch = running.send(answer)
        except StopIteration as end:
            return end.value, batches
        batches.append(batch)
        answer = answer_of(batch, search.root_seed, model)
