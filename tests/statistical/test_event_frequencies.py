"""Events and new levers against their stated probabilities (ODD 4.1 to 4.7), within four standard errors."""

import numpy as np
import pytest

from simulation.government import Government
from simulation.occurrences import FundingCut, Legalization, Raid
from simulation.randomness import INJUNCTION, uniform
from simulation.state import PREVENTED_ENFORCEMENT, PREVENTED_JAIL, make_counts
from simulation.submodels.reporting import is_protected_crime
from simulation.vocabulary import Absence, Channel, CrimeType, LegalStatus
from tests.statistical.checks import CALM, share
from tests.worlds import (
    ALL_SHOWN,
    BUSY,
    NOTHING_SHOWN,
    REFERENCE,
    assert_same_world,
    events,
    make_engine,
    run_engine,
)

TOWN = {"scale": 1.0, "place": BUSY, "seed": 12}
UNDOCUMENTED, LAWFUL = LegalStatus.UNDOCUMENTED, LegalStatus.LAWFUL_NONCITIZEN

# Legal status (ODD 4.1, 4.7)


def test_a_legalization_reaches_its_share():
    """Of the undocumented within reach; a second one reaches its share of those who are left, by new draws."""
    laws = [(10, Legalization(0.3)), (20, Legalization(0.6))]
    engine = make_engine(NOTHING_SHOWN, CALM, days=30, occurrences=laws, **TOWN)
    for day, law in laws:
        engine.advance_to(day)
        before = engine.residents.copy()
        engine.advance_to(day + 1)
        within_reach = (before["status"] == UNDOCUMENTED) & (before["absence"] != Absence.KILLED)
        share((engine.residents["status"] == LAWFUL)[within_reach], law.share)
        assert not (engine.residents["status"] != before["status"])[~within_reach].any()


@pytest.fixture(scope="module")
def protected():
    """Return, for each crime of 700 days whose victim could be protected, whether the victim was."""
    engine = make_engine(NOTHING_SHOWN._replace(victim_protection=0.4), CALM, days=700, **TOWN)
    found, household = [], engine.population.household
    while engine.day < engine.days:
        before = engine.residents["status"].copy()
        engine.advance_to(engine.day + 1)
        crimes = engine.today.crimes[: engine.today.size[engine.log.KINDS["crimes"]]]
        kinds = np.array([is_protected_crime(int(kind)) for kind in crimes["crime_type"]], bool)
        could = crimes["cooperates"][:, 0].astype(bool) & kinds & (before[crimes["victim"]] == UNDOCUMENTED)
        victims = crimes["victim"][could]
        once = np.bincount(household[victims], minlength=household.max() + 1)[household[victims]] == 1
        now = engine.residents["status"]
        found += (now[victims[once]] == LAWFUL).tolist()
        changed = np.flatnonzero(now != before)
        assert set(household[changed].tolist()) <= set(household[victims].tolist())
        saved = set(household[changed].tolist())
        assert not (now[np.isin(household, list(saved))] == UNDOCUMENTED).any(), "the whole household"
    return np.array(found)


def test_victims_who_cooperate_are_protected_with_its_chance(protected):
    """Undocumented, in a violent crime that they survived; with every undocumented member of the household."""
    share(protected, 0.4)


# Reporting (ODD 4.3)


def test_advocates_accompany_their_share_of_victims():
    """Of all victims, whoever they are; an advocate takes accompaniment_relief off, and nothing else does."""
    policy = REFERENCE._replace(accompaniment=0.3)
    crimes = events(run_engine(policy, CALM | {"accompaniment_relief": 0.4}, days=100, **TOWN), "crimes")[1]
    assert set(crimes["relief"].tolist()) == {1.0, 0.6}
    share(crimes["relief"] < 1, 0.3)
    for kind in (CrimeType.THEFT, CrimeType.SIMPLE_ASSAULT):
        share((crimes["relief"] < 1)[crimes["crime_type"] == kind], 0.3)


def test_protection_is_known_to_those_whom_it_concerns():
    """Undocumented victims of violence dread less by awareness times protection; all others as ever."""
    policy = REFERENCE._replace(victim_protection=0.5)
    engine = run_engine(policy, CALM | {"protection_awareness": 0.6}, days=100, **TOWN)
    crimes = events(engine, "crimes")[1]
    kinds = np.array([is_protected_crime(int(kind)) for kind in crimes["crime_type"]])
    never_changed = engine.residents["status"] == engine.population.status
    known = crimes[never_changed[crimes["victim"]]]
    concerned = kinds[never_changed[crimes["victim"]]] & (engine.population.status[known["victim"]] == UNDOCUMENTED)
    assert concerned.sum() > 20
    assert known["relief"][concerned] == pytest.approx(np.full(concerned.sum(), 0.7))
    assert (known["relief"][~concerned] == 1).all()


def test_people_decide_with_their_probabilities_under_every_lever():
    """With courts watched, victims helped and enforcement in mind, against the logged chances of those at risk."""
    policy = ALL_SHOWN._replace(courthouse_operations=0.8, accompaniment=0.3, victim_protection=0.5)
    engine = run_engine(policy, CALM | {"courthouse_effect": 2.0}, days=200, **TOWN)
    crimes = events(engine, "crimes")[1]
    at_risk = crimes[(crimes["court"][:, 0] > 0) & ~crimes["handled"]]
    share(at_risk["calls"][:, 0], at_risk["p_call"][:, 0])
    asked = at_risk[at_risk["reported"]]
    share(asked["cooperates"][:, 0], asked["p_cooperate"][:, 0])
    vulnerability = engine.rules["vulnerability"][engine.residents["vulnerability_class"][at_risk["victim"]]]
    still = (engine.residents["status"] == engine.population.status)[at_risk["victim"]]
    assert at_risk["court"][still, 0] == pytest.approx((2.0 * 0.8 * vulnerability)[still])


# Offending (ODD 4.2)


def test_absent_offenders_at_home_are_replaced_with_their_chance():
    """Domestic violence of household members in jail: by outsiders with domestic_replacement, else prevented.

    With everybody else always replaced, all domestic violence that is prevented would have been at home.
    """
    away = {"jail.misdemeanor": 0.9, "jail.felony": 0.9, "jail_term.misdemeanor": 300.0, "jail_term.felony": 300.0}
    parameters = CALM | away | {"replacement": 1.0, "domestic_replacement": 0.35}
    engine = run_engine(NOTHING_SHOWN, parameters, days=730, **TOWN)
    crimes = events(engine, "crimes")[1]
    size = np.diff(engine.population.household_start)[engine.population.household[crimes["victim"]]]
    at_home = (crimes["crime_type"] == CrimeType.DOMESTIC_VIOLENCE) & (size > 1)
    replaced = np.count_nonzero(crimes["offender"][at_home] == -1)
    totals = engine.counts["crimes"].sum(axis=(0, 1))
    prevented = totals[CrimeType.DOMESTIC_VIOLENCE, PREVENTED_JAIL]
    share(np.repeat([True, False], [replaced, prevented]), 0.35)
    assert totals[:, PREVENTED_JAIL].sum() == prevented
    assert not totals[:, PREVENTED_ENFORCEMENT].any()


# Raids (ODD 4.6)

RAIDS = CALM | {"other_visits": 0.0, "detention_term": 1.0, "removal": 0.0}


def raided(raid, parameters, days=365, scale=1.0):
    """Return a year with a raid every day; whoever is arrested is back on the next."""
    occurrences = [(day, raid) for day in range(days)]
    town = TOWN | {"scale": scale}
    return run_engine(NOTHING_SHOWN, RAIDS | parameters, days=days, occurrences=occurrences, **town)


@pytest.fixture(scope="module")
def at_home():
    return raided(Raid(8.0, None, False, False), {"raid_success": 0.4, "collateral_arrest": 0.15})


def test_a_raid_comes_for_its_size_in_the_part_of_the_city_that_is_simulated():
    """35 people in the whole city are 10.5 in three tenths of it: 10 or 11 a day, but for targets who have died."""
    engine = raided(Raid(35.0, None, False, False), {"raid_success": 0.0, "collateral_arrest": 0.0}, scale=0.3)
    targets = 35.0 * engine.population.expected_size / BUSY.residents.sum()
    made = engine.counts["city"][:-1, 0]
    assert set(made.tolist()) <= {int(targets) - 1, int(targets), int(targets) + 1}
    assert made.mean() == pytest.approx(targets, abs=4 * 0.5 / np.sqrt(365) + 0.02)


def test_raids_end_in_arrest_with_their_chance(at_home):
    """raid_success of the people sought, all of them at home."""
    _, visits = events(at_home, "visits")
    share(visits["success"], 0.4)
    assert (visits["channel"] == Channel.RAID).all()
    assert not visits["at_work"].any()


def test_raids_look_for_the_undocumented_each_equally_likely(at_home):
    """Every quarter of the undocumented rows gets a quarter of the visits."""
    _, visits = events(at_home, "visits")
    rows = at_home.population.undocumented_rows
    quarter = np.searchsorted(rows, visits["row"]) * 4 // len(rows)
    for q in range(4):
        share(quarter == q, np.mean(np.arange(len(rows)) * 4 // len(rows) == q))


def test_those_met_in_a_raid_are_arrested_with_the_collateral_chance(at_home):
    """At the first visit of each day: removable members of the household and neighbors."""
    people = at_home.population
    visit_days, visits = events(at_home, "visits")
    arrest_days, arrests = events(at_home, "ice_arrests")
    met = arrests["channel"] == Channel.COLLATERAL
    assert arrests["in_raid"].all()
    taken = set(zip(arrest_days[met].tolist(), arrests["row"][met].tolist()))
    found = []
    for first in np.unique(visit_days, return_index=True)[1]:
        row, day = visits["row"][first], int(visit_days[first])
        home = range(*people.household_start[people.household[row] : people.household[row] + 2])
        found += [
            (day, int(other)) in taken
            for other in (*home, *people.neighbors[row])
            if other not in (row, -1) and people.status[other] == UNDOCUMENTED
        ]
    share(found, 0.15)


def test_a_raid_at_work_in_one_district_stays_there():
    """Its targets live there; they are sought at work, and at home if they have no co-workers."""
    engine = raided(Raid(5.0, 2, True, True), {"raid_success": 0.4, "collateral_arrest": 0.0}, days=200)
    _, visits = events(engine, "visits")
    people = engine.population
    assert (people.district[visits["row"]] == 2).all()
    works = people.coworkers[visits["row"], 0] >= 0
    assert np.array_equal(visits["at_work"], works)
    assert works.any()
    share(visits["success"], 0.4)


# Newcomers and government


def test_twice_the_migration_is_twice_the_rate():
    """A world with 3 newcomers a year and twice the usual migration is one with 6, and both are one with none of it."""
    parameters = CALM | {"other_visits": 300.0, "other_lead_success": 0.8, "detention_term": 10.0}
    worlds = [
        run_engine(
            NOTHING_SHOWN._replace(migration=migration),
            parameters | {"replacement_migration": rate},
            days=500,
            scale=0.3,
            place=BUSY,
        )
        for rate, migration in ((3.0, 2.0), (6.0, 1.0), (6.0, 0.0))
    ]
    assert_same_world(worlds[0], worlds[1])
    assert worlds[0].residents["generation"].sum() > 20
    assert not worlds[2].residents["generation"].any()


@pytest.mark.parametrize("injunction", [0.2, 0.8])
def test_courts_block_cuts_with_their_chance(injunction):
    """Over many days and over many seeds, each cut by a draw of its own."""
    over_days = Government(make_counts(1), [])
    for day in range(3000):
        over_days.cut_funding(day, FundingCut(0.1, injunction, day, False), REFERENCE, 7)
    share([cut.blocked for cut in over_days.cuts], injunction)
    over_seeds = Government(make_counts(1), [])
    for seed in range(3000):
        over_seeds.cut_funding(40, FundingCut(0.1, injunction, 40, False), REFERENCE, seed)
    share([cut.blocked for cut in over_seeds.cuts], injunction)
    assert over_seeds.cuts[5].blocked == (uniform(5, INJUNCTION, 0, 40) < injunction)
