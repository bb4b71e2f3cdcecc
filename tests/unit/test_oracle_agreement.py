"""The engine and the plain Mesa model agree: every crime, booking, arrest and absence, and communities to 1e-9."""

import datetime
from types import SimpleNamespace

import numpy as np
import pytest

import simulation.engine
from simulation.engine import Engine
from simulation.population import synthesize
from simulation.scenario import Scenario
from simulation.state import make_rules
from simulation.vocabulary import Priorities
from tests.oracle import Oracle
from tests.oracle.town import SHARING, make_constants, make_population
from tests.oracle.town import make_values as make_town_values
from tests.worlds import ALL_SHOWN, BUSY, HOT, NOTHING_SHOWN, REFERENCE, RIVERTON, events, make_values, run_engine, who

AROUND_THE_CHANGE = {
    "place": "riverton",
    "scale": 0.05,
    "start": datetime.date(2017, 9, 1),
    "years": 2,
    "outcomes_from": datetime.date(2018, 8, 31),
    "population_seed": 1,
}
"""Two years whose middle is the end of the agreement; the second year block opens on the day after."""


def run_oracle(engine):
    """Run the plain model on the engine's people, constants and policies."""
    oracle = Oracle(
        engine.population, engine.constants, engine.values, engine.policies, days=engine.days, seed=int(engine.seed)
    )
    oracle.run()
    return oracle


def engine_crimes(engine):
    """Return the engine's crimes in the form of `oracle_crimes`."""
    days, crimes = events(engine, "crimes")
    cleared = crimes["solved"] | crimes["on_view"]
    columns = (days, who(crimes, "victim"), crimes["occasion"], crimes["crime_type"], crimes["offender"],
               crimes["handled"], crimes["reported"], crimes["reported"] | crimes["on_view"], cleared,
               crimes["bystander"][:, 0], crimes["bystander"][:, 1], crimes["cooperating"])  # fmt: skip
    return rows(columns)


def oracle_crimes(oracle):
    """Return the plain model's crimes: who, what, by whom, what became of it, who saw it."""
    return [
        (c.day, c.who, c.occasion, int(c.crime_type), c.offender_row, bool(c.handled_otherwise), bool(c.reported),
         bool(c.recorded), bool(c.cleared), *c.bystander_rows, c.cooperating)
        for c in oracle.crimes
    ]  # fmt: skip


def engine_bookings(engine):
    """Return day, person, charge grade and crime type of the engine's bookings."""
    days, found = events(engine, "bookings")
    return rows((days, who(found), found["grade"], found["code"]))


def engine_arrests(engine):
    """Return day, person, channel, criminality and whether from police data of the engine's arrests."""
    days, found = events(engine, "ice_arrests")
    return rows((days, who(found), found["channel"], found["criminality"], found["from_data"]))


def rows(columns):
    """Return columns as a list of tuples of plain numbers."""
    return list(zip(*(column.tolist() for column in columns)))


def assert_agree(engine, oracle):
    """Check everything that both write down."""
    assert engine_crimes(engine) == oracle_crimes(oracle)
    bookings = [(b.day, b.who, int(b.grade), int(b.code)) for b in oracle.bookings]
    assert engine_bookings(engine) == bookings
    arrests = [(a.day, a.who, a.channel, a.criminality, bool(a.from_police_data)) for a in oracle.arrests]
    assert engine_arrests(engine) == arrests
    _, crimes = events(engine, "crimes")
    calls = [c.p_victim_call for c in oracle.crimes]
    assert crimes["p_call"][:, 0] == pytest.approx(calls, abs=1e-9)
    away = engine.residents["until"] > oracle.day
    assert np.where(away, engine.residents["absence"], 0).tolist() == [r.absence_today for r in oracle.residents]
    assert engine.residents["until"].tolist() == [r.until for r in oracle.residents]
    counts = engine.counts[:-1]
    for code, community in enumerate(oracle.communities):
        measured = (community.belief_by_day, community.salience_by_day, community.risk_ratio_by_day)
        assert counts["community"][:, code] == pytest.approx(np.array(measured).T, abs=1e-9)
    totals = counts["crimes"].sum(axis=(0, 1, 2))
    assert totals[5:].tolist() == [oracle.prevented_by_jail, oracle.prevented_by_enforcement]
    assert counts["city"].sum(axis=0).tolist() == [oracle.visits, oracle.wasted_visits, oracle.clipped_rates]
    assert counts["households_lost"].sum() == sum(removal.first_of_household for removal in oracle.removals)
    assert engine.districts.open_cases == pytest.approx([d.open_cases for d in oracle.police.divisions], abs=1e-9)
    assert engine.residents["record"].tolist() == [r.record for r in oracle.residents]
    assert engine.residents["generation"].tolist() == [r.generation for r in oracle.residents]


@pytest.mark.parametrize("name", Scenario.names())
def test_shipped_scenarios_agree(name):
    """Two years around the policy change, in every scenario that ships."""
    scenario = Scenario.load(name, overrides=AROUND_THE_CHANGE)
    people = synthesize(RIVERTON, scenario.scale, scenario.population_seed)
    engine = Engine(RIVERTON, people, scenario.parameters, scenario.policies(), scenario.days, 3, record_events=True)
    engine.advance_to(scenario.days)
    oracle = run_oracle(engine)
    assert len(oracle.crimes) > 200
    assert_agree(engine, oracle)


HOT_WORLDS = {
    "newcomers and returns": ([(0, ALL_SHOWN), (400, REFERENCE)], {"replacement_migration": 5.0}),
    "batches": (
        [(0, ALL_SHOWN._replace(real_time=False)), (365, REFERENCE._replace(real_time=False)), (370, NOTHING_SHOWN)],
        {"batch_delay": 7.4},
    ),
    "detainers and prisons": (
        [(0, REFERENCE._replace(detainers=2)), (200, NOTHING_SHOWN._replace(fingerprint_checks=True, detainers=2))],
        {"detainer_compliance.honor": 0.7, "state_prison_share": 0.9, "jail.felony": 0.9, "jail_term.felony": 90.0,
         "conviction.felony": 0.9, "offender_arrest_ratio": 0.0, "other_visits": 10.0},
    ),
    "wrongful arrests": ([(0, ALL_SHOWN)], {"wrongful_arrest": 0.6, "arrest_delay": 60.0, "fingerprint_match": 0.9}),
    "clipped rates": (
        [(0, ALL_SHOWN._replace(capacity=3.0)), (500, REFERENCE._replace(fingerprint_checks=False, priorities=3))],
        {"headroom": 1.02, "deportation_deterrence": -0.5, "offender_response": 2.0, "fear_effect": 8.0},
    ),
    "priorities and substitution": (
        [(0, ALL_SHOWN._replace(priorities=int(Priorities.CHARGED))), (365, ALL_SHOWN._replace(priorities=2)),
         (600, NOTHING_SHOWN._replace(substitution=1.0))],
        {"removal": 1.0, "return_rate": 0.0, "workplace_share": 0.7},
    ),
}  # fmt: skip


@pytest.mark.parametrize("world", HOT_WORLDS)
def test_worlds_that_exercise_rare_rules_agree(world):
    """Two years of a busy town in which the rule that the world is named after comes up again and again."""
    policies, parameters = HOT_WORLDS[world]
    engine = run_engine(policies, HOT | parameters, days=730, seed=4, place=BUSY)
    oracle = run_oracle(engine)
    assert_agree(engine, oracle)
    assert len(oracle.arrests) > 30
    if world == "newcomers and returns":
        assert engine.residents["generation"].max() >= 3
    if world == "clipped rates":
        assert oracle.clipped_rates > 20
    if world == "detainers and prisons":
        channels = np.bincount([a.channel for a in oracle.arrests], minlength=6)
        assert channels[2] > 3, "custody"
        assert channels[3] > 0, "prison"


TOWN_POLICIES = [
    (0, SHARING),
    (150, SHARING._replace(shows_victim=False, shows_witness=False, real_time=False)),
    (300, SHARING._replace(shows_arrestee=False, priorities=int(Priorities.CHARGED), detainers=1)),
    (420, SHARING._replace(shows_country_of_birth=False, shows_immigration_status=True, capacity=4.0)),
]


@pytest.mark.parametrize("seed", range(8))
def test_the_hand_made_town_agrees(monkeypatch, seed):
    """Sixty people to whom everything happens far too often, with round numbers in place of solved constants."""
    people = make_population()
    for column in vars(people).values():
        if isinstance(column, np.ndarray):
            column.flags.writeable = False
    values = make_town_values(wrongful_arrest=0.3)
    constants = make_constants(people, values)
    constants.division.flags.writeable = False
    constants = constants._replace(total_rate=constants.cumulative_rate[:, -1])
    rules = make_rules(values, constants, people.expected_size)
    monkeypatch.setattr(simulation.engine, "_prepared", lambda *_: (constants, rules))
    place = SimpleNamespace(divisions=("east", "west"))
    engine = Engine(place, people, values, TOWN_POLICIES, 600, seed, record_events=True)
    engine.advance_to(600)
    assert len(events(engine, "ice_arrests")[0]) > 10
    assert_agree(engine, run_oracle(engine))


def test_values_reach_the_engine_as_given():
    """A parameter that a scenario sets is the one that both programs run with."""
    scenario = Scenario.load("agreement-ended", overrides={**AROUND_THE_CHANGE, "parameters.fear_effect": 2.5})
    assert scenario.parameters["fear_effect"] == 2.5
    assert scenario.parameters == make_values(fear_effect=2.5)
