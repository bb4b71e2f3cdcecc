"""The engine and the plain Mesa model agree: every crime, booking, arrest, absence and vote; communities to 1e-9."""

import datetime
from types import SimpleNamespace

import numpy as np
import pytest

import simulation.engine
from simulation.engine import Engine
from simulation.occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.population import synthesize
from simulation.rules import make_rules
from simulation.scenario import Scenario
from simulation.vocabulary import FOREVER, Channel, Priorities, Yardstick
from tests.oracle import Oracle
from tests.oracle.town import SHARING, make_constants, make_population
from tests.oracle.town import make_values as make_town_values
from tests.worlds import (
    ALL_SHOWN,
    BUSY,
    EVERYBODY,
    HOT,
    IN_USE,
    NOTHING_SHOWN,
    REFERENCE,
    RIVERTON,
    events,
    make_values,
    run_engine,
    who,
)

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
    """Run the plain model on the engine's people, constants, policies and occurrences."""
    oracle = Oracle(
        engine.population,
        engine.constants,
        engine.values,
        engine.policies,
        days=engine.days,
        seed=int(engine.seed),
        occurrences=engine.occurrences,
        share=engine.population.expected_size / engine.place.residents.sum(),
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
    """Return day, person, channel, criminality, whether from police data and whether in a raid, of the arrests."""
    days, found = events(engine, "ice_arrests")
    return rows((days, who(found), found["channel"], found["criminality"], found["from_data"], found["in_raid"]))


def rows(columns):
    """Return columns as a list of tuples of plain numbers."""
    return list(zip(*(column.tolist() for column in columns)))


def assert_agree(engine, oracle):
    """Check everything that both write down."""
    assert engine_crimes(engine) == oracle_crimes(oracle)
    bookings = [(b.day, b.who, int(b.grade), int(b.code)) for b in oracle.bookings]
    assert engine_bookings(engine) == bookings
    assert engine_arrests(engine) == [tuple(arrest) for arrest in oracle.arrests]
    _, crimes = events(engine, "crimes")
    calls = [c.p_victim_call for c in oracle.crimes]
    assert crimes["p_call"][:, 0] == pytest.approx(calls, abs=1e-9)
    away = engine.residents["until"] > oracle.day
    assert np.where(away, engine.residents["absence"], 0).tolist() == [r.absence_today for r in oracle.residents]
    assert engine.residents["until"].tolist() == [r.until for r in oracle.residents]
    counts = engine.counts[:-1]
    for code, community in enumerate(oracle.communities):
        measured = (community.belief_by_day, community.salience_by_day, community.risk_ratio_by_day,
                    community.actual_sharing_by_day)  # fmt: skip
        assert counts["community"][:, code] == pytest.approx(np.array(measured).T, abs=1e-9)
        state = (community.news, community.reassured_news, community.trust_shift)
        columns = engine.communities[["news", "reassured_news", "trust_shift"]]
        assert columns[code].tolist() == pytest.approx(state, abs=1e-9)
    totals = counts["crimes"].sum(axis=(0, 1, 2))
    absences = [oracle.prevented_by_jail, oracle.prevented_by_enforcement, oracle.replaced_for_enforcement]
    assert totals[5:].tolist() == absences
    assert counts["city"].sum(axis=0).tolist() == [oracle.visits, oracle.wasted_visits, oracle.clipped_rates]
    assert counts["households_lost"].sum() == sum(removal.first_of_household for removal in oracle.removals)
    assert engine.districts.open_cases == pytest.approx([d.open_cases for d in oracle.police.divisions], abs=1e-9)
    assert engine.residents["record"].tolist() == [r.record for r in oracle.residents]
    assert engine.residents["generation"].tolist() == [r.generation for r in oracle.residents]
    assert engine.residents["status"].tolist() == [r.status for r in oracle.residents]
    assert engine.survey.answers.tolist() == oracle_answers(engine, oracle)
    assert_governments_agree(engine, oracle)


def oracle_answers(engine, oracle):
    """Return what the plain model's survey found, in the form of the engine's: sums by wave and community."""
    found = np.zeros((*engine.survey.answers.shape, 4), int)
    for interview in oracle.survey.interviews:
        found[interview.wave, interview.community] += (1, interview.answered, interview.crimes, interview.reported)
    return [[tuple(community) for community in wave] for wave in found.tolist()]


def assert_governments_agree(engine, oracle):
    """Check votes with their yardsticks, funding cuts, and the rules that were really in force."""
    assert [(v.day, v.votes, v.ended) for v in engine.government.votes] == [v[:3] for v in oracle.votes]
    instructions = {day: occurrence.votes for day, occurrence in engine.occurrences if isinstance(occurrence, Vote)}
    for held, expected in zip(engine.government.votes, oracle.votes):
        for instruction, value, plain in zip(instructions[held.day], held.values, expected.values):
            if instruction is None:
                assert value == (None if plain is None else pytest.approx(plain, abs=1e-9))
    assert [tuple(cut) for cut in engine.government.cuts] == [tuple(cut) for cut in oracle.cuts]
    assert [day for day, _ in engine.history] == [day for day, _ in oracle.history]
    for (_, policy), (_, plain) in zip(engine.history, oracle.history):
        assert policy == pytest.approx(plain, abs=1e-12)


@pytest.mark.parametrize("name", Scenario.names())
def test_shipped_scenarios_agree(name):
    """Two years around the policy change, or more to meet every event, in every scenario that ships."""
    start = AROUND_THE_CHANGE["start"]
    last_event = max((event.date for event in Scenario.load(name).events), default=start)
    years = max(AROUND_THE_CHANGE["years"], (last_event - start).days // 365 + 1)
    scenario = Scenario.load(name, overrides=AROUND_THE_CHANGE | {"years": years})
    people = synthesize(RIVERTON, scenario.scale, scenario.population_seed)
    engine = Engine(RIVERTON, people, scenario.parameters, scenario.policies(), scenario.days, 3, record_events=True,
                    occurrences=scenario.occurrences())  # fmt: skip
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


BY_YARDSTICK = (None, None, None)
LENIENT = {"city_threshold": 100.0, "district_attorney_threshold": 100.0}
STRICT = {"city_threshold": -100.0, "district_attorney_threshold": -100.0,
          "district_attorney_yardstick": int(Yardstick.REPORTING_GAP), "courts_threshold": 80.0}  # fmt: skip

EVENTFUL_WORLDS = {
    "votes": (
        [(0, ALL_SHOWN._replace(**LENIENT)), (200, ALL_SHOWN._replace(**STRICT)),
         (400, ALL_SHOWN._replace(**LENIENT, courts_yardstick=int(Yardstick.VICTIMIZATION_RISE))),
         (735, REFERENCE._replace(city_yardstick=int(Yardstick.VICTIMIZATION_RISE), city_threshold=-90.0,
                                  district_attorney_threshold=-95.0))],
        {},
        [(0, Vote(BY_YARDSTICK, 0, FOREVER)), (90, Vote(BY_YARDSTICK, 90, FOREVER)),
         (150, Vote((False, True, None), 160, 200)), (220, Vote(BY_YARDSTICK, 240, 400)),
         (230, Vote((True, True, True), 235, 250)), (300, Vote((True, True, True), 300, 310)),
         (500, Vote((None, None, True), 500, FOREVER)), (600, FundingCut(0.3, 0.5, 640, False)),
         (740, Vote(BY_YARDSTICK, 745, FOREVER)), (760, FundingCut(0.1, 0.0, 760, True))],
    ),
    "funding cuts": (
        [(0, ALL_SHOWN._replace(police_budget=1.2)), (300, NOTHING_SHOWN._replace(police_budget=1.2, detectives=0.8))],
        {"detective_elasticity": 1.7, "load_effect": 0.9},
        [(30, FundingCut(0.4, 1.0, 100, False)), (60, FundingCut(0.3, 0.0, 60, False)),
         (200, FundingCut(0.5, 0.0, 200, True)), (310, FundingCut(0.2, 1.0, 310, True)),
         (320, FundingCut(0.4, 0.5, 400, True)), (330, FundingCut(0.2, 0.5, 400, True)),
         (340, FundingCut(0.1, 0.5, 400, True)), (350, FundingCut(0.1, 0.5, FOREVER, True))],
    ),
    "lawful status": (
        [(0, ALL_SHOWN._replace(victim_protection=0.6)), (300, REFERENCE._replace(**IN_USE, priorities=1)),
         (550, ALL_SHOWN)],
        {"protection_awareness": 0.9, "detention_term": 5.0, "conviction.felony": 0.9},
        [(40, Legalization(0.2)), (365, Legalization(0.3)), (500, Legalization(1.0)), (600, Legalization(0.5))],
    ),
    "raids": (
        [(0, REFERENCE._replace(raid_alerts=0.9)), (320, ALL_SHOWN._replace(priorities=1, migration=0.0)),
         (500, NOTHING_SHOWN._replace(**IN_USE))],
        {"raid_success": 0.7, "other_visits": 30.0, "database_visits": 30.0},
        [(20, Raid(300.0, None, False, False)), (100, Raid(555.5, None, True, True)),
         (180, Raid(200.0, 0, True, False)), (260, Raid(250.0, 1, False, True)), (340, Raid(2000.0, None, False, True)),
         (365, Raid(1.0, None, True, False)), (366, Raid(400.0, None, True, True)),
         (520, Raid(800.0, None, False, False)), (600, Legalization(0.5)), (600, Raid(600.0, None, True, False))],
    ),
    "news": (
        [(0, REFERENCE._replace(**IN_USE)), (365, ALL_SHOWN._replace(publicity=0.0)),
         (600, NOTHING_SHOWN._replace(outreach_reach=1.0, outreach_accuracy=0.0, outreach_slant=0.0))],
        {"trust_effect": 0.4, "reassured_half_life": 10.0},
        [(50, EnforcementNews(1.0, EVERYBODY)), (70, PoliceScandal(0.8, (0, 1))), (71, EnforcementNews(2.0, (1, 3))),
         (120, Announcement(0.7, (1, 2, 4))), (300, Raid(300.0, None, False, True)),
         (400, PoliceScandal(2.0, EVERYBODY)), (601, Announcement(1.0, EVERYBODY)), (640, PoliceScandal(-1.0, (2,)))],
    ),
    "after disposition": (
        [(0, ALL_SHOWN._replace(after_disposition=True)),
         (250, ALL_SHOWN._replace(after_disposition=True, priorities=int(Priorities.CONVICTED))),
         (400, REFERENCE._replace(after_disposition=True, real_time=False)), (550, REFERENCE), (600, NOTHING_SHOWN)],
        {"batch_delay": 12.4, "disposition_delay": 30.5, "detainer_compliance.honor": 0.3, "jail_term.felony": 60.0,
         "lead_success": 0.9},
        [(350, Vote((True, True, False), 360, 390))],
    ),
    "another field when the batch arrives": (
        [(day, REFERENCE._replace(real_time=False, shows_immigration_status=day % 80 == 0))
         for day in range(0, 800, 40)],
        {"batch_delay": 40.0},
        [],
    ),
    "replaced at home": (
        [(0, ALL_SHOWN._replace(courthouse_operations=1.0, accompaniment=0.5)),
         (365, REFERENCE._replace(migration=0.2))],
        {"domestic_replacement": 0.5, "replacement": 0.3, "courthouse_effect": 3.0},
        [],
    ),
    "everything on one day": (
        [(0, ALL_SHOWN._replace(**IN_USE)), (400, ALL_SHOWN._replace(**IN_USE))],
        {},
        [(365, Vote((True, None, True), 365, 400)), (365, FundingCut(0.3, 0.5, 380, True)), (365, Legalization(0.3)),
         (365, Announcement(0.5, EVERYBODY)), (365, EnforcementNews(0.5, (1,))), (365, PoliceScandal(0.5, EVERYBODY)),
         (365, Raid(500.0, None, False, False))],
    ),
}  # fmt: skip


@pytest.mark.parametrize("world", EVENTFUL_WORLDS)
def test_worlds_with_events_agree(world):
    """Some two years of a busy town to which everything happens that can be put into a calendar."""
    policies, parameters, occurrences = EVENTFUL_WORLDS[world]
    engine = run_engine(policies, HOT | parameters, days=800, seed=5, place=BUSY, occurrences=occurrences)
    oracle = run_oracle(engine)
    assert_agree(engine, oracle)
    check_that_it_was_met(world, oracle)


def check_that_it_was_met(world, oracle):
    """Check that the world really came across the rules that it is there for."""
    if world == "votes":
        assert {vote.ended for vote in oracle.votes} == {True, False}
        assert oracle.votes[-1].values[0] is not None
    if world == "funding cuts":
        assert {cut.blocked for cut in oracle.cuts} == {True, False}
        assert len(oracle.cuts) < len(oracle.occurrences), "one does not happen, as the city shares"
    if world == "raids":
        raided = [arrest for arrest in oracle.arrests if arrest.in_raid]
        assert {arrest.channel for arrest in raided} == {Channel.RAID, Channel.COLLATERAL}
    if world == "lawful status":
        assert any(r.status != r.status_at_start for r in oracle.residents)
    if world == "replaced at home":
        assert oracle.replaced_for_enforcement > 10
    if world == "after disposition":
        assert sum(arrest.channel == Channel.DATABASE for arrest in oracle.arrests) > 5


TOWN_POLICIES = [
    (0, SHARING),
    (150, SHARING._replace(shows_victim=False, shows_witness=False, real_time=False)),
    (300, SHARING._replace(shows_arrestee=False, priorities=int(Priorities.CHARGED), detainers=1)),
    (420, SHARING._replace(shows_country_of_birth=False, shows_immigration_status=True, capacity=4.0)),
]
EVENTFUL_TOWN_POLICIES = [
    (0, SHARING._replace(**IN_USE)),
    (150, SHARING._replace(**IN_USE, shows_victim=False, after_disposition=True)),
    (300, SHARING._replace(**IN_USE, shows_arrestee=False, real_time=False, **STRICT)),
    (420, SHARING._replace(victim_protection=0.9, accompaniment=0.9, courthouse_operations=1.0)),
]
TOWN_OCCURRENCES = [
    (40, Raid(40.0, None, False, False)),
    (41, Raid(30.0, 1, True, True)),
    (80, EnforcementNews(1.0, EVERYBODY)),
    (100, PoliceScandal(0.7, (0, 1, 2))),
    (140, Announcement(0.8, (1, 2))),
    (150, Vote(BY_YARDSTICK, 150, 300)),
    (200, Vote((None, True, None), 210, 250)),
    (220, FundingCut(0.3, 0.5, 300, True)),
    (320, Legalization(0.3)),
    (350, Vote(BY_YARDSTICK, 360, 420)),
    (370, FundingCut(0.2, 0.5, 420, False)),
    (450, Raid(60.0, 0, False, True)),
]


def run_town(monkeypatch, policies, occurrences, seed, **parameters):
    """Run the engine on sixty people, with round numbers in place of solved constants."""
    people = make_population()
    for column in vars(people).values():
        if isinstance(column, np.ndarray):
            column.flags.writeable = False
    values = make_town_values(wrongful_arrest=0.3, **parameters)
    constants = make_constants(people, values)
    constants.division.flags.writeable = False
    constants = constants._replace(total_rate=constants.cumulative_rate[:, -1])
    rules = make_rules(values, constants, people.expected_size)
    monkeypatch.setattr(simulation.engine, "_prepared", lambda *_: (constants, rules))
    place = SimpleNamespace(divisions=("east", "west"), residents=np.array([50_000.0, 30_000.0]))
    engine = Engine(place, people, values, policies, 600, seed, record_events=True, occurrences=occurrences)
    engine.advance_to(600)
    return engine


@pytest.mark.parametrize("seed", range(8))
def test_the_hand_made_town_agrees(monkeypatch, seed):
    """Sixty people to whom everything happens far too often."""
    engine = run_town(monkeypatch, TOWN_POLICIES, (), seed)
    assert len(events(engine, "ice_arrests")[0]) > 10
    assert_agree(engine, run_oracle(engine))


@pytest.mark.parametrize("seed", range(8))
def test_the_hand_made_town_with_events_agrees(monkeypatch, seed):
    """The same sixty people, with raids, votes and all else."""
    engine = run_town(monkeypatch, EVENTFUL_TOWN_POLICIES, TOWN_OCCURRENCES, seed, domestic_replacement=0.4)
    assert_agree(engine, run_oracle(engine))


def test_values_reach_the_engine_as_given():
    """A parameter that a scenario sets is the one that both programs run with."""
    scenario = Scenario.load("agreement-ended", overrides={**AROUND_THE_CHANGE, "parameters.fear_effect": 2.5})
    assert scenario.parameters["fear_effect"] == 2.5
    assert scenario.parameters == make_values(fear_effect=2.5)
