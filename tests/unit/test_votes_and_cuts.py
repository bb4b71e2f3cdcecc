"""Government in a scenario: scheduled and responsive votes, what they end and for how long, funding cuts and courts."""

from itertools import product

import numpy as np
import pytest

from simulation import TrustModel
from simulation.government import Government
from simulation.occurrences import FundingCut
from simulation.state import HAPPENED, REPORTED, make_counts
from simulation.vocabulary import FOREVER, Party
from tests.calendars import event, load, on, run_town
from tests.worlds import HOT, NOTHING_SHOWN, assert_same_world

DAY = 40
ENDED = {"city": "end", "courts": "end"}
GAP = {f"{party}_yardstick": "reporting_gap" for party in Party.names()}
"""Levers by which every owner looks at the reporting gap."""
RESTORED = event("agreement_starts", DAY + 50, terms={"preset": "agreement-2008"})


def thresholds(value):
    """Return levers by which every owner votes to end if the reporting gap is above a value."""
    return GAP | {f"{party}_threshold": value for party in Party.names()}


def shared(engine):
    """Return (day, whether anything is shown from then on), as it really was; consecutive ones differ."""
    spells = []
    for day, policy in engine.history:
        if not spells or spells[-1][1] != policy.shows_anything:
            spells.append((day, policy.shows_anything))
    return spells


def budget(engine):
    """Return (day, police budget from then on), as it really was."""
    return [(day, pytest.approx(policy.police_budget)) for day, policy in engine.history]


# Votes


def test_an_agreement_voted_out_has_ended():
    """A vote that ends it and an agreement that ends on that day are the same world to the bit."""
    a, b = (run_town(load(e, parameters=HOT), 200) for e in (event("vote", DAY, **ENDED), event("agreement_ends", DAY)))
    assert_same_world(a, b)
    assert shared(a) == shared(b) == [(0, True), (DAY, False)]


@pytest.mark.parametrize("votes", list(product(["end", "keep"], repeat=3)))
def test_two_of_three_votes_end_the_agreement(votes):
    """Given votes are held as given, whatever the yardsticks say, and written down."""
    vote = event("vote", DAY, **dict(zip(Party.names(), votes)))
    engine = run_town(load(vote, levers=thresholds(-100.0)), DAY + 2)
    ends = votes.count("end") >= 2
    [held] = engine.government.votes
    assert held == (DAY, tuple(vote == "end" for vote in votes), (None, None, None), ends)
    assert shared(engine) == [(0, True), (DAY, False)][: 1 + ends]


@pytest.mark.parametrize(("threshold", "ends"), [(-100.0, True), (100.0, False)])
def test_a_responsive_vote_follows_the_yardstick(threshold, ends):
    """All three end it above the lowest threshold and keep it below the highest; what they saw is written down."""
    engine = run_town(load(event("vote", 200), levers=thresholds(threshold)), 260)
    [held] = engine.government.votes
    assert held.votes == (ends,) * 3
    crimes = engine.counts["crimes"][:200].sum(axis=(0, 2))
    rate = [crimes[group, REPORTED].sum() / crimes[group, HAPPENED].sum() for group in (slice(0, 1), slice(1, None))]
    assert held.values == (pytest.approx(100 * (rate[0] - rate[1])),) * 3
    assert held.ended == ends
    assert shared(engine) == [(0, True), (200, False)][: 1 + ends]


@pytest.mark.parametrize("city", ["end", "keep"])
def test_a_vote_may_be_given_for_some_and_left_to_others(city):
    """Courts see the whole budget and would end, the district attorney sees nothing yet and keeps: the city decides."""
    engine = run_town(load(event("vote", DAY, city=city)), DAY + 2)
    [held] = engine.government.votes
    assert held == (DAY, (city == "end", False, True), (None, None, 100.0), city == "end")


def test_a_vote_that_knows_nothing_keeps_the_agreement():
    """On the first day no yardstick but the budget is defined."""
    engine = run_town(load(event("vote", 0), levers=thresholds(-100.0)), 2)
    [held] = engine.government.votes
    assert held == (0, (False,) * 3, (None,) * 3, False)


def test_an_agreement_may_end_some_time_after_the_vote():
    """It is shown to the day before, and what is shown after that is nothing."""
    engine = run_town(load(event("vote", DAY, **ENDED, ends=on(DAY + 30))), 200)
    assert shared(engine) == [(0, True), (DAY + 30, False)]
    assert [vote.day for vote in engine.government.votes] == [DAY]
    assert engine.policy_on(DAY + 29).shows_arrestee
    assert engine.policy_on(DAY + 30) == engine.policies[0][1].without_agreement()


def test_a_later_agreement_restores_sharing():
    """With its own terms, from its own date on."""
    engine = run_town(load(event("vote", DAY, **ENDED), RESTORED), 200)
    assert shared(engine) == [(0, True), (DAY, False), (DAY + 50, True)]
    assert not engine.policy_on(DAY - 1).shows_victim
    assert engine.policy_on(DAY + 50).shows_victim


def test_after_a_responsive_vote_only_a_new_agreement_restores_sharing():
    """A revision of what was voted out shows nothing; the old agreement would have ended by itself later."""
    events = [
        event("vote", DAY),
        event("agreement_revised", DAY + 20, terms={"preset": "agreement-2008"}),
        event("agreement_ends", DAY + 40),
        RESTORED,
    ]
    kept, ended = (run_town(load(*events, levers=thresholds(each)), 200) for each in (100.0, -100.0))
    assert shared(kept) == [(0, True), (DAY + 40, False), (DAY + 50, True)]
    assert shared(ended) == [(0, True), (DAY, False), (DAY + 50, True)]


def test_a_vote_ends_the_agreement_that_began_that_day():
    """It takes effect in the morning, after the agreement: nothing is shown until the next one starts."""
    starts = event("agreement_starts", DAY, terms={"preset": "agreement-2009"})
    engine = run_town(load(starts, event("vote", DAY, **ENDED), RESTORED, agreement={"preset": "none"}), 200)
    assert shared(engine) == [(0, False), (DAY + 50, True)]


def test_a_vote_does_not_end_an_agreement_that_starts_after_it():
    """Where the old one ends by itself before the day voted for, the next one is another agreement."""
    runs_out = {"preset": "agreement-2009", "ends": on(DAY + 20)}
    vote = event("vote", DAY, **ENDED, ends=on(DAY + 100))
    engine = run_town(load(vote, RESTORED, agreement=runs_out), 200)
    assert shared(engine) == [(0, True), (DAY + 20, False), (DAY + 50, True)]


def test_nobody_votes_on_what_an_earlier_vote_has_ended():
    """A second vote is held only if the first kept the agreement."""
    events = [event("vote", DAY), event("vote", DAY + 50)]
    kept, ended = (run_town(load(*events, levers=thresholds(each)), 200) for each in (100.0, -100.0))
    assert [vote.day for vote in kept.government.votes] == [DAY, DAY + 50]
    assert [vote.day for vote in ended.government.votes] == [DAY]
    assert shared(ended) == [(0, True), (DAY, False)]


# Funding cuts


def test_a_threatened_cut_moves_the_vote_of_the_courts():
    """Without a threat they see the whole budget and vote to end; with one they keep."""
    cut = event("funding_cut", DAY + 10, share=0.1, injunction=0.5)
    plain, threatened = (run_town(load(event("vote", DAY), *more), DAY + 1) for more in ((), (cut,)))
    votes = [engine.government.votes[0] for engine in (plain, threatened)]
    assert [vote.values[Party.COURTS] for vote in votes] == pytest.approx([100.0, 95.0])
    assert [vote.votes[Party.COURTS] for vote in votes] == [True, False]


def test_a_cut_that_no_court_blocks_is_for_good():
    """From its date on, on top of what the city itself changes."""
    cut = event("funding_cut", DAY, share=0.25, injunction=0.0)
    own = event("police_budget", DAY + 20, value=0.8, until=on(DAY + 30))
    engine = run_town(load(cut, own, agreement={"preset": "none"}), 200)
    assert budget(engine) == [(0, 1.0), (DAY, 0.75), (DAY + 20, 0.6), (DAY + 30, 0.75)]
    assert engine.government.cuts == [(DAY, FOREVER, 0.25, False)]


def test_a_blocked_cut_holds_to_the_day_before_the_decision():
    """And not at all where the court decides on the day of the cut."""
    late = event("funding_cut", DAY, share=0.25, injunction=1.0, decided=on(DAY + 90))
    engine = run_town(load(late, agreement={"preset": "none"}), 200)
    assert budget(engine) == [(0, 1.0), (DAY, 0.75), (DAY + 90, 1.0)]
    at_once = event("funding_cut", DAY, share=0.25, injunction=1.0)
    engine = run_town(load(at_once, agreement={"preset": "none"}), 200)
    assert budget(engine) == [(0, 1.0)]
    assert engine.government.cuts == [(DAY, DAY, 0.25, True)]


def test_two_cuts_are_of_what_is_left():
    cuts = [event("funding_cut", day, share=0.5, injunction=0.0) for day in (DAY, DAY + 10)]
    engine = run_town(load(*cuts, agreement={"preset": "none"}), 200)
    assert budget(engine) == [(0, 1.0), (DAY, 0.5), (DAY + 10, 0.25)]


def test_a_city_that_shares_is_spared_unless_the_cut_spares_nobody():
    """What counts is what is shared on the day of the cut, after a vote of that day."""
    cut = event("funding_cut", DAY, share=0.25, injunction=0.0)
    assert budget(run_town(load(cut), 60)) == [(0, 1.0)]
    assert budget(run_town(load(cut | {"unless_sharing": False}), 60)) == [(0, 1.0), (DAY, 0.75)]
    voted_out = run_town(load(cut, event("vote", DAY, **ENDED)), 60)
    assert [(day, p.police_budget, p.shows_anything) for day, p in voted_out.history] == [
        (0, 1.0, True),
        (DAY, 0.75, False),
    ]
    assert budget(run_town(load(cut, event("agreement_ends", DAY + 1)), 60))[-1][1] == 1.0


@pytest.mark.parametrize("injunction", [0.0, 0.3, 1.0])
def test_courts_block_as_often_as_they_are_said_to(injunction):
    """Over two thousand runs, within four standard errors."""
    blocked = []
    for seed in range(2000):
        government = Government(make_counts(1), [])
        government.cut_funding(DAY, FundingCut(0.1, injunction, DAY, True), NOTHING_SHOWN, seed)
        blocked.append(government.cuts[0].blocked)
    assert abs(np.mean(blocked) - injunction) <= 4 * np.sqrt(injunction * (1 - injunction) / 2000)


def test_what_a_file_leaves_out_is_the_parameter_and_the_day_of_the_cut():
    """Probability of an injunction, and day of the decision."""
    [(day, cut)] = load(event("funding_cut", DAY, share=0.1), parameters={"injunction_probability": 0.35}).occurrences()
    assert (day, cut) == (DAY, FundingCut(0.1, 0.35, DAY, True))
    [(_, vote)] = load(event("vote", DAY)).occurrences()
    assert (vote.ends, vote.until, vote.votes) == (DAY, FOREVER, (None, None, None))


# What Mesa's agents show


def test_the_owners_and_the_federal_government_show_what_was_decided():
    """City, district attorney and courts their votes; the federal government its cuts; police and database the rest."""
    events = [
        event("vote", 10, **ENDED, district_attorney="keep"),
        event("funding_cut", 20, share=0.5, injunction=1.0, decided=on(30)),
    ]
    model = TrustModel(load(*events, scale=0.05), seed=3)
    model.run_until(on(10))
    assert model.database.is_shared, "the vote is held when its day is simulated"
    assert model.courts.sees == pytest.approx(100.0)
    assert model.courts.would_end
    model.step()
    assert not model.database.is_shared
    assert [each.votes for each in (model.city, model.district_attorney, model.courts)] == [
        {10: True},
        {10: False},
        {10: True},
    ]
    assert [day for day, _ in model.federal_government.threats] == [20]
    model.run_until(on(21))
    assert model.federal_government.threats == []
    assert [cut.share for cut in model.federal_government.cuts] == [0.5]
    assert model.federal_government.share_cut == pytest.approx(0.5)
    assert model.police.detectives == pytest.approx(0.5)
    model.run_until(on(31))
    assert model.federal_government.cuts == []
    assert model.police.detectives == pytest.approx(1.0)
    assert model.courts.blocked_cuts == [(20, 30, 0.5, True)]
    model.close()
