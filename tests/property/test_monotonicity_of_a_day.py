"""What only ever works in one direction on one day of a town, from the same morning.

Over longer times nothing is monotone: a crime reported today can prevent, move or cause one tomorrow.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from simulation.occurrences import Legalization, Raid
from simulation.parameters import PARAMETERS
from simulation.population import synthesize
from simulation.vocabulary import Absence, Channel, LegalStatus
from tests.worlds import ALL_SHOWN, BUSY, HOT, NOTHING_SHOWN, make_engine

MORNING = 200
OUT_OF_REACH = (Absence.DETAINED, Absence.REMOVED, Absence.KILLED)


@pytest.fixture(scope="module")
def people():
    return synthesize(BUSY, 1.0, 1)


def one_day(people, evening_policy=ALL_SHOWN, change=None, occurrences=(), place=BUSY, **parameters):
    """Return what happened on day 200, after the same 200 days, with something changed that morning."""
    policies = [(0, ALL_SHOWN), (MORNING, evening_policy)]
    engine = make_engine(policies, HOT | parameters, MORNING + 2, people=people, place=place, occurrences=occurrences)
    engine.advance_to(MORNING)
    if change:
        change(engine)
    engine.advance_to(MORNING + 1)
    return {
        kind: getattr(engine.today, kind)[: engine.today.size[size]].copy() for kind, size in engine.log.KINDS.items()
    }


def everybody_fears(engine):
    """Let everybody know somebody who was arrested that morning."""
    engine.residents["fear"] = 5.0
    engine.residents["fear_day"] = MORNING


def test_dread_silences_victims_and_witnesses_of_a_town(people):
    """On one day with and without belief in sharing: the same crimes; who calls, cooperates or is solved shrinks."""

    def nobody_believes(engine):
        engine.communities["belief"] = 0.0

    dreading = one_day(people, change=everybody_fears)["crimes"]
    without = one_day(people, change=nobody_believes)["crimes"]
    assert np.array_equal(dreading["victim"], without["victim"])
    assert np.array_equal(dreading["bystander"], without["bystander"])
    assert (dreading["p_call"] <= without["p_call"]).all()
    for measure in ("calls", "reported", "cooperates", "cooperating", "solved"):
        assert (dreading[measure] <= without[measure]).all(), measure
    assert dreading["reported"].sum() < without["reported"].sum()


def test_capacity_adds_visits_and_takes_none_away(people):
    """On one day without arrests: visits on police data, and other visits, are the first of those of more capacity."""
    nobody = {
        "lead_success": 0.0,
        "other_lead_success": 0.0,
        "collateral_arrest": 0.0,
        "detainer_compliance.honor": 0.0,
    }
    found = []
    for capacity in (0.5, 1.0, 4.0):
        visits = one_day(people, ALL_SHOWN._replace(capacity=capacity), **nobody)["visits"]
        others = visits["channel"] == 4
        found.append((visits["row"][~others].tolist(), visits["row"][others].tolist()))
    for fewer, more in pairwise(found):
        for a, b in zip(fewer, more):
            assert b[: len(a)] == a
    assert sum(map(len, found[0])) < sum(map(len, found[-1]))


def test_showing_nothing_gives_no_new_leads(people):
    """On one day without fingerprints or an agreement nobody booked is visited that day on police data."""
    shown, hidden = one_day(people, ALL_SHOWN), one_day(people, NOTHING_SHOWN)
    assert len(shown["bookings"]) > 5
    assert np.array_equal(shown["bookings"]["row"], hidden["bookings"]["row"])
    visited = set(hidden["visits"]["row"][hidden["visits"]["channel"] < 2].tolist())
    assert not visited & set(hidden["bookings"]["row"].tolist())


def test_offenders_learn_nothing_where_nothing_is_feared(people):
    """Without dread, changes in trust or load, learned risk is exactly 1 on every day, in every community."""
    strengths = [name for name in PARAMETERS if name.startswith(("vulnerability", "mixed_status", "trust_solved"))]
    strengths += ["trust_unsolved", "trust_arrest", "trust_ice", "load_effect"]
    still = dict.fromkeys(strengths, 0.0)
    engine = make_engine(ALL_SHOWN, HOT | still, days=MORNING, people=people, place=BUSY)
    engine.advance_to(MORNING)
    assert (engine.counts["community"][:-1, :, 2] == 1.0).all()
    assert engine.counts["arrests"].sum() > 50


STEPS = (0.0, 0.3, 1.0)
DECISIONS = ("calls", "reported", "cooperates", "solved")


CRIME_RIDDEN = replace(BUSY, recorded_crimes=4 * BUSY.recorded_crimes)
"""Enough crime for every kind of victim to be met on one day."""
STRONG = {"fear_effect": 4.0, "protection_awareness": 1.0, "courthouse_effect": 5.0}


def crimes_by(people, lever, values=STEPS):
    """Return the same day's crimes, dreaded by everybody, under rising values of a lever."""
    days = [
        one_day(people, ALL_SHOWN._replace(**{lever: v}), everybody_fears, (), CRIME_RIDDEN, **STRONG) for v in values
    ]
    found = [day["crimes"] for day in days]
    assert all(np.array_equal(found[0]["victim"], other["victim"]) for other in found)
    return found


@pytest.mark.parametrize("lever", ["accompaniment", "victim_protection"])
def test_help_for_victims_silences_nobody(people, lever):
    """More company or protection: no victim's dread is higher, so whoever called, cooperated or was helped still is."""
    found = crimes_by(people, lever)
    for less, more in pairwise(found):
        assert (more["relief"] <= less["relief"]).all()
        assert (more["leaning"][:, 0] >= less["leaning"][:, 0]).all()
        assert np.array_equal(more["p_call"][:, 1:], less["p_call"][:, 1:]), "bystanders are on their own"
        assert all((more[measure] >= less[measure]).all() for measure in DECISIONS)
    assert found[0]["relief"].min() == 1
    assert (found[-1]["leaning"][:, 0] > found[0]["leaning"][:, 0]).any()


def test_operations_at_courthouses_never_raise_cooperation_in_a_town(people):
    """More operations: who calls is the same, and who cooperates or has their crime solved shrinks."""
    found = crimes_by(people, "courthouse_operations")
    for less, more in pairwise(found):
        for same in ("p_call", "calls", "reported"):
            assert np.array_equal(less[same], more[same])
        for shrinks in ("p_cooperate", "cooperates", "p_solve", "solved"):
            assert (more[shrinks] <= less[shrinks]).all()
    assert found[-1]["cooperating"].sum() < found[0]["cooperating"].sum()


@pytest.mark.parametrize("lever", ["detectives", "police_budget"])
def test_more_detectives_never_lower_the_chance_to_solve_a_crime(people, lever):
    """More staff or money: every crime is as likely to be solved or more, and none that was solved is not."""
    found = crimes_by(people, lever, (0.3, 1.0, 3.0))
    for less, more in pairwise(found):
        assert np.array_equal(less["cooperates"], more["cooperates"])
        assert (more["p_solve"] > less["p_solve"]).all()
        assert (more["solved"] >= less["solved"]).all()
    assert found[0]["solved"].sum() < found[-1]["solved"].sum()


def test_a_larger_raid_comes_for_the_same_people_and_more(people):
    """Without arrests, the visits of a raid are the first of those of a larger one."""
    nobody = {"raid_success": 0.0, "collateral_arrest": 0.0}
    found = []
    for size in (100.0, 300.0, 900.0):
        visits = one_day(people, occurrences=[(MORNING, Raid(size, None, False, False))], **nobody)["visits"]
        found.append(visits["row"][visits["channel"] == Channel.RAID].tolist())
    assert all(more[: len(less)] == less for less, more in pairwise(found))
    assert 20 < len(found[0]) < len(found[-1])


def test_a_wider_legalization_leaves_nobody_out_who_was_in(people):
    """Each person has one draw: whoever becomes lawful with a share does with any larger one; at 1 all within reach."""
    lawful = []
    for share in (0.0, 0.2, 0.5, 1.0):
        engine = make_engine(ALL_SHOWN, HOT, MORNING, people=people, occurrences=[(100, Legalization(share))])
        engine.advance_to(100)
        away = (engine.residents["until"] > 100) & np.isin(engine.residents["absence"], OUT_OF_REACH)
        reachable = set(np.flatnonzero((engine.residents["status"] == LegalStatus.UNDOCUMENTED) & ~away).tolist())
        engine.advance_to(101)
        lawful.append(set(np.flatnonzero(engine.residents["status"] != people.status).tolist()))
    assert all(fewer < more for fewer, more in pairwise(lawful))
    assert (lawful[0], lawful[-1]) == (set(), reachable)
    assert away.sum() > 50
