"""Small worlds for tests: the fictional town of Riverton, and settings under which much happens in little time."""

from dataclasses import replace

import numpy as np

from simulation.engine import Engine
from simulation.parameters import PARAMETERS, defaults
from simulation.place import Place
from simulation.population import synthesize
from simulation.vocabulary import Community, Detainers

RIVERTON = Place.load("riverton")

BUSY = replace(RIVERTON, recorded_crimes=4 * RIVERTON.recorded_crimes, arrests_per_year=15_000.0)
"""Riverton with four times the crime and fifteen times the arrests: police meet everybody sooner or later."""

REFERENCE = RIVERTON.reference_policy
"""The rules under which Riverton's figures were recorded: country of birth of arrestees, in real time."""

ALL_SHOWN = REFERENCE._replace(
    shows_victim=True, shows_witness=True, shows_immigration_status=True, detainers=int(Detainers.HONOR)
)
"""The immigration agency sees every role and field, and the city honors detainers."""

NOTHING_SHOWN = REFERENCE._replace(
    shows_arrestee=False, shows_country_of_birth=False, real_time=False, fingerprint_checks=False
)
"""The immigration agency sees nothing, not even fingerprints."""

HOT = {
    "other_visits": 300.0,
    "database_visits": 300.0,
    "lead_success": 0.6,
    "other_lead_success": 0.5,
    "collateral_arrest": 0.3,
    "replacement_migration": 4.0,
    "return_rate": 2.0,
    "detention_term": 20.0,
    "disposition_delay": 60.0,
    "wrongful_arrest": 0.2,
    "salience_gain": 0.3,
    "belief_gain": 0.1,
}
"""Parameters under which a town of two thousand meets every rule within a year or two."""


IN_USE = {
    "victim_protection": 0.3,
    "courthouse_operations": 0.6,
    "publicity": 0.7,
    "police_budget": 0.8,
    "detectives": 1.2,
    "migration": 1.5,
    "outreach_reach": 0.3,
    "outreach_accuracy": 0.7,
    "outreach_slant": 0.9,
    "accompaniment": 0.4,
    "raid_alerts": 0.8,
}
"""A value for every lever that is usually not in use, as fields of a policy."""

EVERYBODY = tuple(int(community) for community in Community)
"""All communities, for occurrences that reach everybody."""


def make_values(overrides=None, **named):
    """Return every parameter, with some replaced: by a dictionary or by name (`__` stands for the dot)."""
    replaced = {**(overrides or {}), **{name.replace("__", "."): value for name, value in named.items()}}
    unknown = replaced.keys() - PARAMETERS.keys()
    assert not unknown, f"no such parameters: {unknown}"
    return {**defaults(), **{name: float(value) for name, value in replaced.items()}}


def make_engine(
    policies=REFERENCE, parameters=None, days=365, seed=3, scale=0.05, people=None, place=RIVERTON, occurrences=()
):
    """Make an engine that keeps its events; `policies` is one policy or a list of (day, policy)."""
    people = synthesize(place, scale, 1) if people is None else people
    policies = policies if isinstance(policies, list) else [(0, policies)]
    return Engine(place, people, make_values(parameters), policies, days, seed, True, occurrences)


def run_engine(*arguments, **named):
    """Make an engine and run it to its end."""
    engine = make_engine(*arguments, **named)
    engine.advance_to(engine.days)
    return engine


KINDS = ("crimes", "bookings", "ice_arrests", "visits")


def events(engine, kind, before=None):
    """Return the days of one kind of events and the events themselves, all or those before a day."""
    days, records = engine.log.table(kind)
    keep = slice(None) if before is None else days < before
    return days[keep], records[keep]


def who(records, row="row"):
    """Return the identity of the person in each record: row and generation in one number."""
    return records["generation"].astype(np.int64) * 2**32 + records[row]


def crime_identities(engine, before=None):
    """Return the identity of every crime: the victim's, and the occasion."""
    _, crimes = events(engine, "crimes", before)
    return list(zip(who(crimes, "victim").tolist(), crimes["occasion"].tolist()))


def assert_same_world(a, b):
    """Check that two engines went through exactly the same: counts, events, residents, communities."""
    for kind in KINDS:
        for first, second in zip(events(a, kind), events(b, kind)):
            assert_same(first, second, kind)
    assert_same(a.counts, b.counts, "counts")
    assert_same(a.residents, b.residents, "residents")
    assert_same(a.communities, b.communities, "communities")


def assert_same(a, b, what):
    """Check that two arrays of records are equal to the bit, naming the fields that are not."""
    assert a.shape == b.shape, f"{what}: {a.shape} and {b.shape}"
    differing = [name for name in a.dtype.names or () if not np.array_equal(a[name], b[name])]
    assert not differing, f"{what}: {differing}"
    if not a.dtype.names:
        assert np.array_equal(a, b), what
