"""Governments and advocates as Mesa agents: they show what was decided, and what each looks at and says."""

import datetime
from math import isnan

import numpy as np
import pytest

from simulation import Scenario, TrustModel
from simulation.government import Cut
from simulation.levers import LEVERS, Policy
from simulation.state import ACTUAL_SHARING
from simulation.vocabulary import FOREVER, Community, Party, Yardstick

BASELINE = """
title = "Votes and cuts"
place = "riverton"
start = 2018-01-01
years = 1
scale = 0.05

[agreement]
preset = "agreement-2009"

[levers]
city_yardstick = "budget_kept"
city_threshold = 90
courts_threshold = 97
police_budget = 0.9
detectives = 2
outreach_accuracy = 0.25
outreach_slant = 0.5
accompaniment = 0.3

[parameters]
detective_elasticity = 0.5
trust_half_life = 1

[[event]]
date = 2018-02-10
kind = "vote"
district_attorney = "keep"
ends = 2018-03-02

[[event]]
date = 2018-03-02
kind = "funding_cut"
share = 0.1
injunction = 1
decided = 2018-04-01

[[event]]
date = 2018-03-12
kind = "funding_cut"
share = 0.04
injunction = 0

[[event]]
date = 2018-06-20
kind = "funding_cut"
share = 0.04
injunction = 0

[[event]]
date = 2018-07-01
kind = "police_scandal"
size = 1.5
communities = ["asian"]
"""
VOTE, END, SECOND_CUT, DECISION, THIRD_CUT, SCANDAL = 40, 60, 70, 90, 170, 181
"""Days of the events above."""


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "votes.toml"
    path.write_text(BASELINE, encoding="utf-8")
    made = TrustModel(Scenario.load(path), seed=3)
    yield made
    made.close()


def owners(model):
    return model.city, model.district_attorney, model.courts


def test_owners_show_yardstick_threshold_and_how_they_would_vote(model):
    """Each has its own; on the first morning only the budget can be seen: 100 * 0.96 * 0.96, one cut to be blocked."""
    assert tuple(owner.party for owner in owners(model)) == tuple(Party)
    assert [owner.yardstick for owner in owners(model)] == [
        Yardstick.BUDGET_KEPT, Yardstick.VICTIMIZATION_RISE, Yardstick.BUDGET_KEPT
    ]  # fmt: skip
    assert [owner.threshold for owner in owners(model)] == [90.0, 0.0, 97.0]
    assert [owner.would_end for owner in owners(model)] == [True, False, False]
    assert model.city.sees == model.courts.sees == pytest.approx(92.16)
    assert isnan(model.district_attorney.sees)
    model.run_until(SECOND_CUT + 1)
    assert model.city.sees == pytest.approx(96.0), "one cut is still to come"
    model.run_until(THIRD_CUT + 1)
    assert [owner.would_end for owner in owners(model)] == [True, False, True]


def test_votes_are_shown_by_party_from_the_day_they_are_held(model):
    """The city ends, by its yardstick; the district attorney keeps, as the event says; the courts keep."""
    model.run_until(VOTE)
    assert [owner.votes for owner in owners(model)] == [{}, {}, {}]
    model.step()
    assert [owner.votes for owner in owners(model)] == [{VOTE: True}, {VOTE: False}, {VOTE: False}]
    model.run_until(END + 1)
    assert model.database.is_shared, "one of three"


def test_the_federal_government_shows_what_it_threatens_and_what_it_cut(tmp_path):
    """Threats of today or later and cuts in force today, where the vote ends the agreement on the day of the first."""
    path = tmp_path / "voted-out.toml"
    path.write_text(BASELINE.replace('"keep"', '"end"'), encoding="utf-8")
    model = TrustModel(Scenario.load(path), seed=3)
    federal = model.federal_government
    assert [day for day, _ in federal.threats] == [END, SECOND_CUT, THIRD_CUT]
    assert (federal.cuts, federal.share_cut, model.courts.blocked_cuts) == ([], 0.0, [])
    model.run_until(END - 1)
    assert model.police.detectives == pytest.approx(2 * 0.9**0.5)
    assert model.database.is_shared
    model.run_until(END + 1)
    first, second = Cut(END, DECISION, 0.1, True), Cut(SECOND_CUT, FOREVER, 0.04, False)
    assert not model.database.is_shared
    assert (federal.cuts, model.courts.blocked_cuts) == ([first], [first])
    model.run_until(SECOND_CUT + 1)
    assert federal.cuts == [first, second]
    assert federal.share_cut == pytest.approx(1 - 0.9 * 0.96)
    assert model.police.detectives == pytest.approx(2 * (0.9 * 0.9 * 0.96) ** 0.5)
    assert model.city.levers["police_budget"] == pytest.approx(0.9 * 0.9 * 0.96)
    model.run_until(DECISION)
    assert federal.cuts == [second]
    assert [day for day, _ in federal.threats] == [THIRD_CUT]
    assert model.courts.blocked_cuts == [first], "blocked for good"
    model.close()


def test_the_city_was_spared_where_the_agreement_held(model):
    """Under the same calendar with the agreement kept no cut happened."""
    model.run_until(THIRD_CUT + 1)
    assert (model.federal_government.cuts, model.federal_government.share_cut) == ([], 0.0)
    assert model.federal_government.threats == []


def test_everybody_shows_their_own_levers(model):
    """Each lever of the policy that one of them alone controls is shown by that one, with its value of today."""
    agents = {
        "city": model.city,
        "federal government": model.federal_government,
        "immigration agency": model.agency,
        "advocacy organization": model.advocates,
    }
    for who, agent in agents.items():
        expected = {name for name, lever in LEVERS.items() if lever.controlled_by == who} & set(Policy._fields)
        assert set(agent.levers) == expected
        assert agent.levers == {name: getattr(model.policy, name) for name in expected}
    assert model.city.levers["police_budget"] == 0.9
    assert model.advocates.levers["accompaniment"] == 0.3


def test_advocates_say_what_their_accuracy_and_slant_make_of_the_truth(model):
    """0.25 * actual + 0.75 * 0.5; that raises belief exactly where less is believed."""
    model.run_until(30)
    actual = model.engine.counts["community"][29, :, ACTUAL_SHARING]
    message = model.advocates.message
    assert list(message) == list(Community.names())
    assert list(message.values()) == pytest.approx(0.25 * actual + 0.375, rel=1e-12)
    belief = model.engine.communities["belief"]
    assert list(model.advocates.raises_belief.values()) == (np.array(list(message.values())) > belief).tolist()


def test_a_scandal_is_seen_in_the_trust_of_its_community(model):
    """1.5 off everybody's trust on its day, half of it back with each half-life, of one day here; none off others'."""
    model.run_until(SCANDAL)
    before = model.residents.get("trust")
    asian = model.residents.get("community") == "asian"
    model.step()
    lost = before - model.residents.get("trust")
    assert np.median(lost[asian]) == pytest.approx(0.75, abs=1e-6)
    assert np.median(lost[~asian]) == pytest.approx(0.0, abs=1e-6)
    resident = model.residents[int(np.flatnonzero(asian)[0])]
    resident.trust = 0.25
    assert resident.trust == pytest.approx(0.25, abs=1e-12)


def test_legal_status_and_household_show_a_legalization(tmp_path):
    """All at large get lawful status on its day, and nobody lives with an undocumented person any more."""
    path = tmp_path / "legalization.toml"
    content = BASELINE + '\n[[event]]\ndate = 2018-01-05\nkind = "legalization"\nshare = 1\n'
    path.write_text(content, encoding="utf-8")
    model = TrustModel(Scenario.load(path), seed=3)
    model.run_until(4)
    status, mixed = model.residents.get("legal_status"), model.residents.get("lives_with_undocumented")
    absent = ~model.residents.get("is_present")
    assert (status == "undocumented").sum() > 50
    assert mixed.any()
    model.step()
    now = model.residents.get("legal_status")
    gone = (status == "undocumented") & absent
    assert (now[(status == "undocumented") & ~gone] == "lawful_noncitizen").all()
    assert (now[status != "undocumented"] == status[status != "undocumented"]).all()
    immigrant = model.residents.get("community") != "no_immigrant_ties"
    households = set(model.residents.get("household")[now == "undocumented"].tolist())
    left = model.residents.get("lives_with_undocumented") & immigrant
    assert set(model.residents.get("household")[left].tolist()) <= households
    assert model.date == datetime.date(2018, 1, 6)
    model.close()
