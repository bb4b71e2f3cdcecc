"""Results depend on scenario and seed only (MODEL.md 4, consequence (f)), and replicates on their root seed."""

import datetime
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulation import Scenario, TrustModel, run
from simulation.occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.randomness import replicate_seed
from simulation.vocabulary import Channel
from tests.worlds import ALL_SHOWN, BUSY, EVERYBODY, HOT, IN_USE, assert_same_world, make_engine

ROOT = Path(__file__).parents[2]
OVERRIDES = {"place": "riverton", "scale": 0.05, "start": datetime.date(2018, 3, 1), "years": 1}
HOT_OVERRIDES = OVERRIDES | {f"parameters.{name}": value for name, value in HOT.items()}
NAMES = ("agreement-renewed", "agreement-ended")


def outcomes(name, seed):
    """Run a hot Riverton."""
    return run(Scenario.load(name, overrides=HOT_OVERRIDES), seed).outcomes


def digest(name, seed):
    """Return a hash of the outcomes of a run, exact to the bit."""
    found = {key: value.hex() for key, value in sorted(outcomes(name, seed).items())}
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


@pytest.fixture(scope="module")
def digests():
    return {(name, seed): digest(name, seed) for name in NAMES for seed in (1, 2)}


def test_the_order_of_runs_does_not_matter(digests):
    """The same runs in reverse order, each after others, are the same."""
    again = {(name, seed): digest(name, seed) for seed in (2, 1) for name in reversed(NAMES)}
    assert again == digests
    assert len(set(digests.values())) == 4


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_a_fresh_process_with_another_hash_seed_gives_the_same(digests, hash_seed):
    """PYTHONHASHSEED orders sets and dictionaries of a process; no result depends on it."""
    code = "from tests.property.test_order_of_runs import digest; print(digest('agreement-ended', 2))"
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    fresh = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert fresh.stdout.strip() == digests["agreement-ended", 2]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_does_not_matter(workers):
    """Runs spread over processes are those of one process."""
    from experiments import compare

    found = compare(*NAMES, seeds=2, overrides=HOT_OVERRIDES, workers=workers, progress=False)
    by_run = found.runs.set_index(["scenario", "seed"])["crimes_reported"].to_dict()
    assert len(by_run) == 4
    assert by_run == {key: outcomes(*key)["crimes_reported"] for key in by_run}


def test_draws_from_shared_generators_between_steps_do_not_matter():
    """Anything may draw from `random`, `numpy.random` and Mesa's generators; the engine does not notice."""
    scenario = Scenario.load("agreement-ended", overrides=HOT_OVERRIDES)
    undisturbed = TrustModel(scenario, 3, record_events=True)
    undisturbed.run_until(scenario.days)
    disturbed = TrustModel(scenario, 3, record_events=True)
    for day in range(scenario.days):
        random.seed(day)
        np.random.seed(day)  # noqa: NPY002
        disturbed.random.random()
        disturbed.rng.random(3)
        disturbed.step()
        random.random()
        np.random.random(7)  # noqa: NPY002
    assert_same_world(undisturbed.engine, disturbed.engine)
    for model in (undisturbed, disturbed):
        model.close()


def test_steps_of_any_length_come_to_the_same():
    """Day by day, in leaps, or with the log kept or not."""
    scenario = Scenario.load("agreement-ended", overrides=HOT_OVERRIDES)
    models = [TrustModel(scenario, 3, record_events=keep) for keep in (True, False, False)]
    for day in (1, 2, 100, 183, 184, 300):
        models[1].run_until(day)
    for model in models:
        model.run_until(scenario.days)
    first, *others = (model.engine for model in models)
    for other in others:
        assert np.array_equal(first.counts, other.counts)
        assert np.array_equal(first.residents, other.residents)
    for model in models:
        model.close()


def test_steps_of_any_length_meet_every_event():
    """The same where news, raids, votes, cuts and legalization fall in the midst of leaps or at their ends."""
    occurrences = [
        (0, EnforcementNews(1.0, EVERYBODY)),
        (40, Raid(1000.0, None, False, True)),
        (100, Vote((True, None, True), 130, 200)),
        (101, FundingCut(0.2, 1.0, 183, False)),
        (183, Legalization(0.5)),
        (184, PoliceScandal(0.5, EVERYBODY)),
        (364, Raid(1000.0, 1, True, False)),
        (365, Announcement(0.5, EVERYBODY)),
    ]
    policies = [(0, ALL_SHOWN), (101, ALL_SHOWN._replace(**IN_USE))]
    engines = [make_engine(policies, HOT, days=400, place=BUSY, occurrences=occurrences) for _ in range(4)]
    engines[1].log = None
    for engine, stops in zip(engines, ([], [], [1, 40, 41, 100, 183, 184, 364, 365], range(400))):
        for day in (*stops, 400):
            engine.advance_to(day)
    first, *others = engines
    assert [day for day, _ in first.history] == [0, 101, 130, 183, 200]
    for other in others:
        assert other.history == first.history
        assert np.array_equal(first.counts, other.counts)
        assert np.array_equal(first.residents, other.residents)
        assert np.array_equal(first.communities, other.communities)
    assert (first.residents["status"] != first.residents["status_at_start"]).any()
    assert first.counts["arrests"][:, :, Channel.RAID].sum() > 3


def test_replicates_of_one_root_seed_are_distinct_and_repeatable():
    """Ten replicates are ten different worlds, and the same ten again; replicates of another root differ."""
    seeds = [replicate_seed(11, replicate) for replicate in range(10)]
    first = [digest("agreement-renewed", seed) for seed in seeds]
    assert len(set(first)) == 10
    assert first == [digest("agreement-renewed", seed) for seed in seeds]
    assert digest("agreement-renewed", replicate_seed(12, 0)) not in first


def test_a_parameter_set_in_a_scenario_is_really_used():
    """An override reaches the rules that the engine runs with, and changes what happens; a default would not."""
    changed = Scenario.load("agreement-renewed", overrides={**HOT_OVERRIDES, "parameters.wrongful_arrest": 0.9})
    model = TrustModel(changed, 1)
    assert model.engine.rules["wrongful_arrest"] == 0.9
    assert model.engine.values == dict(changed.parameters)
    model.close()
    assert run(changed, 1).outcomes["bookings"] != outcomes("agreement-renewed", 1)["bookings"]


def test_scenarios_with_one_seed_have_the_same_people():
    """Sharing changes nobody's household, status, weight or ties."""
    a, b = (TrustModel(Scenario.load(name, overrides=OVERRIDES), 6) for name in NAMES)
    assert a.population is b.population
    c = TrustModel(Scenario.load(NAMES[0], overrides={**OVERRIDES, "population_seed": 6}), 7)
    assert np.array_equal(a.population.household, c.population.household)
    for model in (a, b, c):
        model.close()
