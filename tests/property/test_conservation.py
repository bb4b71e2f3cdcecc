"""Accounting that adds up on every day of every world: nobody is lost or made, and no event is counted twice."""

from collections import Counter

import numpy as np
from hypothesis import given

from simulation.occurrences import EnforcementNews, Legalization, PoliceScandal, Raid
from simulation.state import (
    CLEARED,
    HANDLED,
    HAPPENED,
    RECORDED,
    REPORTED,
    STATUS_CLEARED,
    STATUS_HAPPENED,
    STATUS_REPORTED,
)
from simulation.submodels.presence import offends
from simulation.vocabulary import CONVICTED, FOREVER, SERIOUS, Absence, CrimeType
from tests.random_worlds import few, worlds
from tests.worlds import ALL_SHOWN, EVERYBODY, HOT, IN_USE, crime_identities, events, run_engine

EVENTFUL = [
    (200, Legalization(0.3)),
    (380, EnforcementNews(1.0, EVERYBODY)),
    (390, PoliceScandal(1.0, EVERYBODY)),
    (395, Raid(3000.0, None, False, True)),
]
JAILED, DETAINED, REMOVED, KILLED = Absence.JAILED, Absence.DETAINED, Absence.REMOVED, Absence.KILLED


def step(engine):
    """Run one day; return the day and copies of the residents before and after."""
    day, before = engine.day, engine.residents.copy()
    engine.advance_to(day + 1)
    return day, before, engine.residents


def todays(engine, kind):
    """Return the events of one kind on the day that was run last."""
    return getattr(engine.today, kind)[: engine.today.size[engine.log.KINDS[kind]]]


@few
@given(engine=worlds())
def test_nobody_is_lost_or_made_on_any_day(engine):
    """Every row is at large, jailed, detained, removed or killed; what a row is never changes, only who holds it."""
    fixed = (
        "household",
        "district",
        "community",
        "status_at_start",
        "trust_baseline",
        "victim_weight",
        "offending_weight",
    )
    while engine.day < engine.days:
        _, before, after = step(engine)
        assert engine.absences().sum() == len(engine.population)
        for column in fixed:
            assert (before[column] == after[column]).all(), column
        newcomers = after["generation"].astype(int) - before["generation"]
        assert set(np.unique(newcomers)) <= {0, 1}


@few
@given(engine=worlds())
def test_people_come_and_go_only_as_the_rules_say(engine):
    """Killed and removed people stay away until their day; newcomers take the rows, not the records, of the removed."""
    while engine.day < engine.days:
        day, before, after = step(engine)
        away = before["until"] > day
        killed = before["absence"] == KILLED
        assert (after["absence"][killed] == KILLED).all()
        assert (after["until"][killed] == FOREVER).all()
        came = after["generation"] > before["generation"]
        assert (before["absence"][came] == REMOVED).all()
        assert (before["until"][came] == day).all()
        assert not (after["record"][came] & (CONVICTED | SERIOUS)).any(), "a newcomer has no past"
        removed = away & (before["absence"] == REMOVED) & ~came
        assert (after["until"][removed] == before["until"][removed]).all()
        detained = away & (before["absence"] == DETAINED) & (after["absence"] != KILLED)
        assert (after["until"][detained] == before["until"][detained]).all()


@few
@given(engine=worlds())
def test_only_people_who_are_there_take_part(engine):
    """Victims, bystanders and offenders of the model are present; nobody is in two roles at one crime."""
    while engine.day < engine.days:
        day, before, after = step(engine)
        there = (before["until"] <= day) | (after["generation"] > before["generation"])
        for crime in todays(engine, "crimes"):
            others = [row for row in (crime["offender"], *crime["bystander"]) if row >= 0]
            people = [crime["victim"], *others]
            assert there[people].all()
            assert len(set(people)) == len(people)
        for arrest in todays(engine, "ice_arrests"):
            assert there[arrest["row"]] or before["absence"][arrest["row"]] == JAILED


@few
@given(engine=worlds())
def test_every_crime_is_counted_once_and_only_once(engine):
    """By day, community, type and measure, counts are those of the event log; identities are distinct."""
    engine.advance_to(engine.days)
    days, crimes = events(engine, "crimes")
    cleared = crimes["solved"] | crimes["on_view"]
    measures = {
        HAPPENED: np.ones(len(crimes), bool),
        HANDLED: crimes["handled"],
        REPORTED: crimes["reported"],
        RECORDED: crimes["reported"] | crimes["on_view"],
        CLEARED: cleared,
    }
    people = engine.population
    for measure, happened in measures.items():
        expected = np.zeros(engine.counts["crimes"].shape[:3], int)
        victims = crimes["victim"][happened]
        np.add.at(expected, (days[happened], people.community[victims], crimes["crime_type"][happened]), 1)
        assert (engine.counts["crimes"][..., measure] == expected).all(), measure
    status = {STATUS_HAPPENED: HAPPENED, STATUS_REPORTED: REPORTED, STATUS_CLEARED: CLEARED}
    for column, measure in status.items():
        totals = engine.counts["crimes"][..., measure].sum(axis=(1, 2))
        assert (engine.counts["status"][..., column].sum(axis=1) == totals).all()
    identities = crime_identities(engine)
    assert len(set(identities)) == len(identities)


@few
@given(engine=worlds())
def test_measures_of_crimes_nest(engine):
    """Handled otherwise and reported exclude each other; recorded = reported + on view; cleared within recorded."""
    engine.advance_to(engine.days)
    _, crimes = events(engine, "crimes")
    assert not (crimes["handled"] & crimes["reported"]).any()
    assert not (crimes["solved"] & ~crimes["reported"]).any()
    assert not (crimes["on_view"] & crimes["reported"]).any()
    assert (crimes["reported"] == crimes["calls"].any(axis=1)).all()
    assert (crimes["cooperating"] == crimes["cooperates"].sum(axis=1)).all()
    assert not crimes["cooperating"][~crimes["reported"]].any()
    counts = engine.counts["crimes"]
    assert (counts[..., CLEARED] <= counts[..., RECORDED]).all()
    assert (counts[..., REPORTED] + counts[..., HANDLED] <= counts[..., HAPPENED]).all()


@few
@given(engine=worlds())
def test_bookings_arrests_and_visits_are_counted_once(engine):
    """By day, community, channel and criminality, counts are those of the event log."""
    engine.advance_to(engine.days)
    community = engine.population.community
    days, bookings = events(engine, "bookings")
    expected = np.zeros(engine.counts["bookings"].shape, int)
    np.add.at(expected, (days, community[bookings["row"]]), 1)
    assert (engine.counts["bookings"] == expected).all()
    days, arrests = events(engine, "ice_arrests")
    expected = np.zeros(engine.counts["arrests"].shape, int)
    np.add.at(expected, (days, community[arrests["row"]], arrests["channel"], arrests["criminality"]), 1)
    assert (engine.counts["arrests"] == expected).all()
    days, _ = events(engine, "visits")
    assert (engine.counts["city"][:, 0] == np.bincount(days, minlength=engine.days + 1)).all()
    assert (engine.counts["city"][:, 1] <= engine.counts["city"][:, 0]).all()


@few
@given(engine=worlds())
def test_time_of_offenders_away_is_counted_by_reason(engine):
    """On every day, offenders counted as in jail, and as detained or removed, are those who are."""
    weight, mean = engine.population.offending_weight, engine.rules["mean_offending_weight"]
    offenders = np.flatnonzero(weight)
    while engine.day < engine.days:
        day, _, after = step(engine)
        rows = after[offenders]
        offend_today = np.array([
            offends(engine.seed, row, int(g), int(weight[row]), mean) for row, g in zip(offenders, rows["generation"])
        ])  # fmt: skip
        away = rows["until"] > day
        jailed = offend_today & away & (rows["absence"] == JAILED)
        taken = offend_today & away & np.isin(rows["absence"], (DETAINED, REMOVED))
        still_removed = ~offend_today  # the newcomer in the row does not offend: its offender is still away
        expected = [jailed.sum(), (taken | still_removed).sum()]
        assert engine.counts["absent_change"][: day + 1].sum(axis=0).tolist() == expected, day


@few
@given(engine=worlds())
def test_homicides_are_the_only_deaths(engine):
    """The killed are the victims of the homicides that happened, each killed once."""
    engine.advance_to(engine.days)
    _, crimes = events(engine, "crimes")
    victims = Counter(crimes["victim"][crimes["crime_type"] == CrimeType.HOMICIDE].tolist())
    assert set(victims) == set(np.flatnonzero(engine.residents["absence"] == KILLED).tolist())
    assert set(victims.values()) <= {1}


@few
@given(engine=worlds())
def test_a_household_loses_its_first_member_once(engine):
    """Households marked as having lost somebody are as many as were counted."""
    engine.advance_to(engine.days)
    assert engine.counts["households_lost"].sum() == engine.residents["household_lost"].sum()


def test_the_hot_world_meets_every_kind_of_event(hot_world):
    """What the properties are tested on is not empty: every channel, absence, measure and generation occurs."""
    totals = hot_world.counts["crimes"].sum(axis=(0, 1, 2))
    assert (totals > 20).all()
    channels = hot_world.counts["arrests"].sum(axis=(0, 1, 3))
    assert (channels[[0, 2, 4, 5, 6]] > 5).all(), channels
    assert hot_world.residents["generation"].max() >= 2
    assert (hot_world.absences() > 0).all()


def test_running_sums_equal_the_sum_over_everybody():
    """What a community remembers of its residents' own trust and fear is the sum over them, after newcomers too."""
    engine = run_engine(ALL_SHOWN._replace(**IN_USE), HOT, days=900, occurrences=EVENTFUL)
    assert engine.residents["generation"].max() > 0
    age = {name: engine.day - engine.residents[f"{name}_day"] for name in ("trust", "fear")}
    for name, total, decay in (("trust", "trust_change", "trust_decay"), ("fear", "fear", "fear_decay")):
        left = engine.residents[name] * np.exp(-engine.rules[decay] * age[name])
        sums = np.bincount(engine.population.community, left, len(engine.communities))
        np.testing.assert_allclose(engine.communities[total], sums, atol=1e-8)


def test_mean_dread_equals_the_mean_over_everybody():
    """Counting the calm by class and going through the fearful gives the sum of everybody's own dread."""
    engine = run_engine(ALL_SHOWN._replace(**IN_USE), HOT, days=400, occurrences=EVENTFUL)
    rules = engine.rules
    age = engine.day - engine.residents["fear_day"]
    fear = engine.residents["fear"] * np.exp(-rules["fear_decay"] * age)
    community = engine.communities[engine.population.community]
    weight = rules["vulnerability"][engine.residents["vulnerability_class"]]
    in_mind = np.maximum(0, community["surge"]) + community["news"] + community["reassured_news"]
    assert (in_mind[engine.population.community > 0] > 0).all()
    felt = weight * community["belief"] * (1 - np.exp(-(fear + in_mind)))
    at_the_end = np.bincount(engine.population.community, felt, len(engine.communities))
    np.testing.assert_allclose(engine.snapshots.dread[-1], at_the_end, rtol=1e-12)
