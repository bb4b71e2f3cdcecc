"""Accounting of what events bring: legal status, raids, replaced crimes, and the rules in force, in any world."""

from itertools import pairwise

import numpy as np
from hypothesis import given

from simulation.occurrences import EnforcementNews, FundingCut, Legalization, PoliceScandal, Raid, Vote
from simulation.state import (
    ACTUAL_SHARING,
    HAPPENED,
    PREVENTED_ENFORCEMENT,
    REPLACED_ENFORCEMENT,
)
from simulation.submodels.offending import choose_offender
from simulation.submodels.presence import offends
from simulation.vocabulary import Absence, Channel, Community, CrimeType, LegalStatus
from tests.random_worlds import few, worlds
from tests.worlds import ALL_SHOWN, BUSY, HOT, events, make_engine, run_engine

CERTAIN = [
    (20, Vote((True, True, None), 25, 35)),
    (30, Raid(5000.0, None, False, True)),
    (60, Raid(5000.0, None, True, False)),
    (90, Legalization(0.4)),
    (120, Raid(5000.0, 1, False, False)),
]
eventful = worlds(certain=CERTAIN, priorities=0)
"""Worlds in which raids come for everybody undocumented, and some of them become lawful, before all that is drawn."""
LAWFUL, UNDOCUMENTED = LegalStatus.LAWFUL_NONCITIZEN, LegalStatus.UNDOCUMENTED


def recounted_classes(engine):
    """Return everybody's vulnerability class from legal status, household and community as they stand."""
    people, status = engine.population, engine.residents["status"]
    undocumented = status == UNDOCUMENTED
    in_household = np.bincount(people.household, undocumented, len(people.household_start) - 1)[people.household]
    with_others = (in_household - undocumented) > 0
    return np.where(people.community == Community.NO_IMMIGRANT_TIES, 0, 1 + status + 4 * with_others)


@few
@given(engine=eventful)
def test_legal_status_only_ever_becomes_lawful_and_nobody_is_lost(engine):
    """Day by day a row keeps its status or goes from undocumented to lawful; absent people keep theirs in full."""
    start = engine.population.status.copy()
    while engine.day < engine.days:
        day, before = engine.day, engine.residents.copy()
        engine.advance_to(day + 1)
        now = engine.residents["status"]
        changed = now != before["status"]
        assert (before["status"][changed] == UNDOCUMENTED).all()
        assert (now[changed] == LAWFUL).all()
        away = before["until"] > day
        removed = away & np.isin(before["absence"], (Absence.REMOVED, Absence.KILLED))
        protected = np.isin(engine.population.household, engine.population.household[today_victims(engine)])
        assert not changed[removed & ~protected].any(), "a household can be protected; nobody else abroad is legalized"
    assert np.array_equal(engine.residents["status_at_start"], start)
    before, after = (np.bincount(status, minlength=4) for status in (start, engine.residents["status"]))
    assert before.sum() == after.sum()
    assert before[:2].tolist() == after[:2].tolist()
    assert after[LAWFUL] - before[LAWFUL] == before[UNDOCUMENTED] - after[UNDOCUMENTED] >= 0


def today_victims(engine):
    """Return the rows of today's victims."""
    return engine.today.crimes["victim"][: engine.today.size[engine.log.KINDS["crimes"]]]


@few
@given(engine=eventful)
def test_vulnerability_follows_legal_status_and_household(engine):
    """At any time, and at the end, classes and their counts are those of a recount from scratch."""
    for day in (0, 150, 300, engine.days):
        engine.advance_to(day)
        classes = recounted_classes(engine)
        assert np.array_equal(engine.residents["vulnerability_class"], classes), day
        counted = np.zeros_like(engine.people.class_size)
        np.add.at(counted, (engine.population.community, classes), 1)
        assert np.array_equal(engine.people.class_size, counted), day


@few
@given(engine=eventful)
def test_arrests_in_raids_are_counted_once_and_on_their_days(engine):
    """Channel raid: of the target, and only in a raid; in a raid nobody is arrested on any other lead's account."""
    raids = {day: occurrence for day, occurrence in engine.occurrences if isinstance(occurrence, Raid)}
    while engine.day < engine.days:
        day = engine.day
        engine.advance_to(day + 1)
        today, sizes = engine.today, engine.log.KINDS
        arrests = today.ice_arrests[: today.size[sizes["ice_arrests"]]]
        visits = today.visits[: today.size[sizes["visits"]]]
        of_raid = arrests["channel"] == Channel.RAID
        assert (arrests["in_raid"][of_raid]).all()
        assert np.isin(arrests["channel"][arrests["in_raid"]], (Channel.RAID, Channel.COLLATERAL)).all()
        assert not arrests["from_data"][arrests["in_raid"]].any()
        sums = today.communities
        assert sums["raid_arrests"].sum() == arrests["in_raid"].sum()
        assert sums["arrests"].sum() == (~arrests["in_raid"]).sum()
        raided = visits[visits["channel"] == Channel.RAID]
        assert raided["success"].sum() == of_raid.sum() == engine.counts["arrests"][day, :, Channel.RAID].sum()
        if day not in raids:
            assert not arrests["in_raid"].any()
            assert len(raided) == 0
            continue
        raid = raids[day]
        share = engine.population.expected_size / engine.place.residents.sum()
        assert len(raided) <= int(raid.size * share) + 1
        assert raid.at_work or not raided["at_work"].any()
        if raid.district is not None:
            assert (engine.population.district[raided["row"]] == raid.district).all()


def who_would_have(engine, crime):
    """Return the row of the person who would have committed a crime with nobody away, or -1."""
    victim, generation = int(crime["victim"]), int(crime["generation"])
    identity = generation * 2**32 + victim
    return choose_offender.py_func(engine.seed, identity, int(crime["occasion"]), victim, int(crime["crime_type"]),
                                   engine.residents[victim], engine.rules, engine.people)  # fmt: skip


def is_taken(engine, row, at_home, day, before):
    """Return whether somebody cannot offend because they are, or were, detained or removed."""
    person = engine.residents[row]
    weight, mean = int(person["offending_weight"]), float(engine.rules["mean_offending_weight"])
    if not at_home and not offends(int(engine.seed), row, int(person["generation"]), weight, mean):
        return True
    in_jail_or_killed = before["until"][row] > day and before["absence"][row] in (Absence.JAILED, Absence.KILLED)
    return not in_jail_or_killed


def assert_replaced_crimes_are_counted(engine):
    """Check, by community and type, a recount from the log of crimes whose first offender was detained or removed."""
    people = engine.population
    size = np.diff(people.household_start)
    expected = np.zeros((len(Community), len(CrimeType)), int)
    while engine.day < engine.days:
        day, before = engine.day, engine.residents.copy()
        engine.advance_to(day + 1)
        for crime in engine.today.crimes[: engine.today.size[engine.log.KINDS["crimes"]]]:
            chosen = who_would_have(engine, crime)
            if chosen == crime["offender"]:
                continue
            kind, victim = crime["crime_type"], crime["victim"]
            at_home = kind == CrimeType.DOMESTIC_VIOLENCE and size[people.household[victim]] > 1
            assert not at_home or crime["offender"] == -1, "at home only an outsider replaces anybody"
            expected[people.community[victim], kind] += is_taken(engine, chosen, at_home, day, before)
    counts = engine.counts["crimes"].sum(axis=0)
    assert np.array_equal(counts[..., REPLACED_ENFORCEMENT], expected)
    assert (counts[..., REPLACED_ENFORCEMENT] <= counts[..., HAPPENED]).all()


@few
@given(engine=eventful)
def test_crimes_of_people_taken_away_are_counted_where_somebody_else_commits_them(engine):
    """In any world; in few of them is anybody replaced often."""
    assert_replaced_crimes_are_counted(engine)


def test_crimes_of_people_taken_away_are_counted_in_a_busy_town():
    """In a town whose offenders are often away, at home too."""
    parameters = HOT | {"replacement": 0.6, "domestic_replacement": 0.8, "detention_term": 200.0}
    engine = make_engine(ALL_SHOWN, parameters, days=730, place=BUSY, scale=0.3)
    assert_replaced_crimes_are_counted(engine)
    replaced = engine.counts["crimes"].sum(axis=(0, 1))[:, REPLACED_ENFORCEMENT]
    assert replaced.sum() > 50
    assert replaced[CrimeType.DOMESTIC_VIOLENCE] > 5


@few
@given(engine=eventful)
def test_crimes_of_people_taken_away_happen_or_not(engine):
    """Where everybody is replaced nothing is prevented, and where nobody is nothing is counted as replaced."""
    for chance, measure in ((0.0, REPLACED_ENFORCEMENT), (1.0, PREVENTED_ENFORCEMENT)):
        values = engine.values | {"replacement": chance, "domestic_replacement": chance}
        other = run_engine(engine.policies, values, engine.days, engine.seed, people=engine.population,
                           place=engine.place, occurrences=engine.occurrences)  # fmt: skip
        totals = other.counts["crimes"].sum(axis=(0, 1, 2))
        assert totals[measure] == 0


@few
@given(engine=eventful)
def test_the_rules_in_force_are_those_of_the_calendar_as_government_has_left_them(engine):
    """Day by day: ended by vote or not, times what every cut in force leaves; history tells each change once."""
    engine.advance_to(engine.days)
    held, cuts = engine.government.votes, engine.government.cuts
    voted = [(day, vote) for day, vote in engine.occurrences if isinstance(vote, Vote)]
    ends = {day: vote for day, vote in voted if any(h.day == day and h.ended for h in held)}
    assert len(held) <= len(voted)
    assert len(cuts) <= sum(isinstance(each, FundingCut) for _, each in engine.occurrences)
    for day in range(engine.days):
        planned = [policy for start, policy in engine.policies if start <= day][-1]
        if any(day >= on and vote.ends <= day < vote.until for on, vote in ends.items()):
            planned = planned.without_agreement()
        left = np.prod([1 - cut.share for cut in cuts if cut.start <= day < cut.end])
        in_force = [policy for start, policy in engine.history if start <= day][-1]
        assert in_force._replace(police_budget=0.0) == planned._replace(police_budget=0.0)
        assert abs(in_force.police_budget - planned.police_budget * left) < 1e-12
    assert all(a[0] < b[0] and a[1] != b[1] for a, b in pairwise(engine.history))
    shown = np.array([p.shows_anything or p.fingerprint_checks for _, p in engine.history])
    starts = [day for day, _ in engine.history]
    actual = engine.counts["community"][:-1, :, ACTUAL_SHARING]
    assert (actual[:, Community.LATINO] > 0).tolist() == np.repeat(shown, np.diff([*starts, engine.days])).tolist()


@few
@given(engine=worlds())
def test_news_and_shifts_in_trust_come_from_events_only(engine):
    """News is never negative and a shift never positive; without news, raids and scandals all three stay zero."""
    engine.advance_to(engine.days)
    kinds = {type(occurrence) for _, occurrence in engine.occurrences}
    state = engine.communities
    assert (state["news"] >= 0).all()
    assert (state["reassured_news"] >= 0).all()
    assert (state["trust_shift"] <= 0).all()
    if not kinds & {EnforcementNews, Raid}:
        assert not state["news"].any()
        assert not state["reassured_news"].any()
    if PoliceScandal not in kinds:
        assert not state["trust_shift"].any()


def test_the_worlds_drawn_meet_what_is_tested(hot_world):
    """The world that the fixture gives has raids, people made lawful, replaced crimes, a vote that ends and a cut."""
    _, arrests = events(hot_world, "ice_arrests")
    assert arrests["in_raid"].sum() > 20
    assert (hot_world.residents["status"] != hot_world.residents["status_at_start"]).sum() > 20
    assert hot_world.counts["crimes"][..., REPLACED_ENFORCEMENT].sum() > 20
    assert [vote.ended for vote in hot_world.government.votes] == [True]
    assert len(hot_world.government.cuts) == 1
