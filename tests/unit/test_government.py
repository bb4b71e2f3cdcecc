"""What government decides (MODEL.md 5.8, ODD 4.1): yardsticks, votes and funding cuts, worked out by hand."""

from math import isnan

import numpy as np
import pytest

from simulation.government import Cut, Government, Span, VoteHeld
from simulation.occurrences import FundingCut, Vote
from simulation.randomness import INJUNCTION, uniform
from simulation.state import ACTUAL_SHARING, HAPPENED, REPORTED, make_counts
from simulation.vocabulary import FOREVER, Community, CrimeType, Yardstick
from tests.worlds import ALL_SHOWN, NOTHING_SHOWN, REFERENCE, make_engine

GAP, RISE, KEPT = (int(yardstick) for yardstick in Yardstick)
BY_YARDSTICK = (None, None, None)
NO_TIES, LATINO, ASIAN = Community.NO_IMMIGRANT_TIES, Community.LATINO, Community.ASIAN
SEEDS = range(1, 200)
NEVER_ENDS = {f"{party}_threshold": 100.0 for party in ("city", "district_attorney", "courts")}


def government(crimes=(), threats=(), days=1000):
    """Return a government that has seen some crimes: (day, community, type, how many, how many of them reported)."""
    counts = make_counts(days)
    for day, community, kind, happened, reported in crimes:
        counts["crimes"][day, community, kind, HAPPENED] += happened
        counts["crimes"][day, community, kind, REPORTED] += reported
    return Government(counts, list(threats))


def seed_where(blocked, day, injunction=0.5):
    """Return a seed under which a court blocks the cut of a day, or does not."""
    return next(seed for seed in SEEDS if (uniform(seed, INJUNCTION, 0, day) < injunction) == blocked)


# Yardsticks


def test_the_reporting_gap_joins_all_crime_types_and_all_other_communities():
    """6 of 10 without ties; 2 of 5 Latino and 2 of 5 Asian together: 60 - 40 = 20 points."""
    seen = government(
        [
            (10, NO_TIES, CrimeType.THEFT, 8, 4),
            (11, NO_TIES, CrimeType.ROBBERY, 2, 2),
            (12, LATINO, CrimeType.THEFT, 5, 2),
            (13, ASIAN, CrimeType.BURGLARY, 5, 2),
        ]
    )
    assert seen.yardstick(20, GAP) == pytest.approx(20.0, rel=1e-12)


@pytest.mark.parametrize(
    ("day", "counts"), [(134, False), (135, True), (499, True), (500, False)], ids=["366", "365", "1", "0 days before"]
)
def test_the_reporting_gap_looks_back_365_days(day, counts):
    """On day 500: the days 135 to 499. Ten more silent crimes move the gap if they count: 50 to 50 - 100 / 3."""
    base = [(300, NO_TIES, 0, 10, 10), (300, LATINO, 0, 10, 5)]
    seen = government([*base, (day, NO_TIES, 0, 20, 0)])
    assert seen.yardstick(500, GAP) == pytest.approx(100 / 3 - 50 if counts else 50.0, rel=1e-12)


def test_the_reporting_gap_early_in_a_run_looks_back_to_its_start():
    """On day 3 the days 0 to 2; on day 0 there is nothing to look at."""
    seen = government([(0, NO_TIES, 0, 4, 3), (2, LATINO, 0, 4, 2), (3, LATINO, 0, 100, 0)])
    assert seen.yardstick(3, GAP) == pytest.approx(25.0, rel=1e-12)
    assert isnan(seen.yardstick(0, GAP))


@pytest.mark.parametrize("community", [NO_TIES, LATINO])
def test_the_reporting_gap_is_undefined_where_one_side_had_no_crime(community):
    """Not 0, not 100: undefined."""
    assert isnan(government([(5, community, 0, 9, 3)]).yardstick(10, GAP))


def test_the_victimization_rise_compares_two_windows_of_365_days():
    """On day 800: 12 crimes on days 435 to 799, 10 on days 70 to 434, each at the edges; none from outside."""
    seen = government(
        [
            (69, NO_TIES, 0, 500, 0),
            (70, NO_TIES, 0, 4, 0),
            (434, LATINO, 1, 6, 0),
            (435, ASIAN, 2, 5, 0),
            (799, NO_TIES, 3, 7, 0),
            (800, NO_TIES, 0, 500, 0),
        ]
    )
    assert seen.yardstick(800, RISE) == pytest.approx(20.0, rel=1e-12)


def test_the_victimization_rise_needs_two_years():
    """Undefined up to day 729; on day 730 the first 365 days are compared with the next."""
    seen = government([(0, NO_TIES, 0, 10, 0), (365, NO_TIES, 0, 5, 0), (729, NO_TIES, 0, 3, 0)])
    assert isnan(seen.yardstick(729, RISE))
    assert seen.yardstick(730, RISE) == pytest.approx(-20.0, rel=1e-12)
    assert isnan(government([(600, NO_TIES, 0, 5, 0)]).yardstick(730, RISE)), "no crime in the year before"


def test_the_budget_kept_counts_what_is_still_threatened():
    """Cuts dated today or later, each by its share and its chance: 100, then 90 * 0.975 = 87.75, 97.5 and 100."""
    threats = [(50, FundingCut(0.1, 0.0, 50, True)), (90, FundingCut(0.05, 0.5, 90, True))]
    seen = government(threats=threats)
    assert [seen.yardstick(day, KEPT) for day in (0, 50)] == [pytest.approx(87.75, rel=1e-12)] * 2
    assert [seen.yardstick(day, KEPT) for day in (51, 90)] == [pytest.approx(97.5, rel=1e-12)] * 2
    assert seen.yardstick(91, KEPT) == 100.0
    assert government().yardstick(0, KEPT) == 100.0


# Votes


@pytest.mark.parametrize("policy", [NOTHING_SHOWN, ALL_SHOWN._replace(shows_country_of_birth=False,
                                                                       shows_immigration_status=False)])  # fmt: skip
def test_there_is_no_vote_on_nothing(policy):
    """Neither without a role nor with roles of which no field is shown."""
    held = government()
    held.hold_vote(5, Vote((True, True, True), 5, FOREVER), policy)
    assert (held.votes, held.ended) == ([], [])


@pytest.mark.parametrize(
    ("given", "ended"), [((True, True, False), True), ((True, False, False), False), ((False, True, True), True)]
)
def test_votes_that_are_given_count_as_given(given, ended):
    """Whatever the yardsticks show; no value is noted for them, and the end holds from its day to the next start."""
    held = government([(0, NO_TIES, 0, 10, 10), (0, LATINO, 0, 10, 0)])
    held.hold_vote(5, Vote(given, 9, 30), REFERENCE)
    assert held.votes == [VoteHeld(5, given, (None, None, None), ended)]
    assert held.ended == ([Span(9, 30)] if ended else [])


def test_owners_vote_by_their_own_yardstick_and_threshold():
    """A gap of 50 points is above 49 and not above 50; a budget of 95 is above 94; a rise is undefined so early."""
    crimes = [(0, NO_TIES, 0, 10, 10), (0, LATINO, 0, 10, 5)]
    threats = [(20, FundingCut(0.05, 0.0, 20, True))]
    held = government(crimes, threats)
    policy = REFERENCE._replace(city_threshold=49.0, district_attorney_threshold=-100.0, courts_threshold=94.0)
    held.hold_vote(10, Vote(BY_YARDSTICK, 10, FOREVER), policy)
    assert held.votes == [VoteHeld(10, (True, False, True), (pytest.approx(50.0), None, pytest.approx(95.0)), True)]
    held.hold_vote(11, Vote(BY_YARDSTICK, 11, FOREVER), policy._replace(city_threshold=50.0))
    assert (held.votes[1].votes, held.votes[1].ended) == ((False, False, True), False)
    held.hold_vote(12, Vote((None, None, False), 12, FOREVER), policy._replace(district_attorney_yardstick=GAP))
    assert (held.votes[2].votes, held.votes[2].values[2]) == ((True, True, False), None)


def test_nobody_ends_an_agreement_on_what_is_undefined():
    """On the first day of a run there is no crime to look at; only the courts' yardstick has a value."""
    held = government()
    lenient = REFERENCE._replace(city_threshold=-100.0, district_attorney_threshold=-100.0, courts_threshold=-100.0)
    held.hold_vote(0, Vote(BY_YARDSTICK, 0, FOREVER), lenient)
    assert held.votes == [VoteHeld(0, (False, False, True), (None, None, 100.0), False)]


def test_an_ended_agreement_shows_nothing_in_its_span_and_all_levers_stay():
    """From the day of the end to the day before the next start."""
    held = government()
    policy = ALL_SHOWN._replace(after_disposition=True)
    held.hold_vote(5, Vote((True, True, True), 9, 30), policy)
    assert [held.amend(day, policy) == policy for day in (5, 8, 9, 29, 30)] == [True, True, False, False, True]
    ended = held.amend(9, policy)
    assert not ended.shows_anything
    changed = {name for name, a, b in zip(policy._fields, policy, ended) if a != b}
    assert changed == {*policy._fields[:6], "after_disposition"}
    assert not any(getattr(ended, name) for name in changed)
    assert held.turning_days() == [9, 30]


# Funding cuts


def test_a_cut_spares_a_city_that_shares_if_it_says_so():
    """With `unless_sharing` it happens only where the agreement shows nothing."""
    for unless_sharing, policy, cuts in ((True, REFERENCE, 0), (True, NOTHING_SHOWN, 1), (False, REFERENCE, 1)):
        held = government()
        held.cut_funding(7, FundingCut(0.1, 0.0, 7, unless_sharing), policy, 1)
        assert len(held.cuts) == cuts


def test_a_cut_that_is_not_blocked_holds_for_good():
    """From its day on, on top of the budget that the city has chosen: 0.8 * 0.9."""
    held = government()
    held.cut_funding(7, FundingCut(0.1, 0.5, 40, True), NOTHING_SHOWN, seed_where(blocked=False, day=7))
    assert held.cuts == [Cut(7, FOREVER, 0.1, False)]
    policy = NOTHING_SHOWN._replace(police_budget=0.8)
    budgets = [held.amend(day, policy).police_budget for day in (6, 7, 5000)]
    assert budgets == [0.8, pytest.approx(0.72), pytest.approx(0.72)]
    assert held.turning_days() == [7]


def test_a_cut_that_a_court_blocks_later_holds_until_the_day_before_the_decision():
    """Blocked with the decision on day 40: in force on the days 7 to 39."""
    held = government()
    held.cut_funding(7, FundingCut(0.1, 0.5, 40, True), NOTHING_SHOWN, seed_where(blocked=True, day=7))
    assert held.cuts == [Cut(7, 40, 0.1, True)]
    assert [held.amend(day, NOTHING_SHOWN).police_budget for day in (6, 7, 39, 40)] == [1.0, 0.9, 0.9, 1.0]
    assert held.turning_days() == [7, 40]


@pytest.mark.parametrize("decided", [7, 3])
def test_a_cut_that_a_court_blocks_at_once_never_holds(decided):
    """A decision on the day of the cut, or before it."""
    held = government()
    held.cut_funding(7, FundingCut(0.1, 1.0, decided, True), NOTHING_SHOWN, 1)
    assert held.cuts == [Cut(7, 7, 0.1, True)]
    assert all(held.amend(day, NOTHING_SHOWN) == NOTHING_SHOWN for day in (6, 7, 8))


def test_cuts_add_up():
    """Two in force at once leave 0.9 * 0.8 of the budget."""
    held = government()
    for day, share in ((7, 0.1), (9, 0.2)):
        held.cut_funding(day, FundingCut(share, 0.0, day, False), REFERENCE, 1)
    assert held.amend(8, REFERENCE).police_budget == pytest.approx(0.9)
    assert held.amend(9, REFERENCE).police_budget == pytest.approx(0.72)


def test_each_cut_has_its_own_draw():
    """u(INJUNCTION, 0, day) decides, so the days of one run are blocked independently."""
    held = government()
    for day in range(200):
        held.cut_funding(day, FundingCut(0.1, 0.3, day, False), REFERENCE, 12)
    assert [cut.blocked for cut in held.cuts] == [uniform(12, INJUNCTION, 0, day) < 0.3 for day in range(200)]
    assert 30 < sum(cut.blocked for cut in held.cuts) < 90


# In a run


def test_the_engine_runs_under_what_was_decided():
    """A vote on day 10 that ends the agreement on day 20 and a cut from day 15 to 24: each holds on its own days."""
    cut = FundingCut(0.2, 1.0, 25, False)
    occurrences = [(10, Vote((True, True, None), 20, 30)), (15, cut), (22, Vote((True, True, True), 22, FOREVER))]
    engine = make_engine(REFERENCE._replace(**NEVER_ENDS), days=60, occurrences=occurrences)
    engine.advance_to(60)
    policy = REFERENCE._replace(**NEVER_ENDS)
    poorer = policy._replace(police_budget=0.8)
    assert engine.history == [
        (0, policy),
        (15, poorer),
        (20, poorer.without_agreement()),
        (25, policy.without_agreement()),
        (30, policy),
    ]
    assert [vote.day for vote in engine.government.votes] == [10], "on day 22 there was nothing to vote on"
    assert engine.policies == [(0, policy)], "the calendar is what it was"
    assert all(engine.policy_on(day) == [p for start, p in engine.history if start <= day][-1] for day in range(60))
    latino = engine.counts["community"][:60, Community.LATINO, ACTUAL_SHARING]
    assert len(set(latino[20:30])) == len(set(np.delete(latino, range(20, 30)))) == 1
    assert latino[19] > latino[20]


def test_the_engine_sees_what_was_counted():
    """The yardstick of a run's day is that of a government that is shown the run's counts."""
    policy = REFERENCE._replace(city_threshold=2.0, courts_threshold=99.0)
    engine = make_engine(policy, days=400, occurrences=[(380, Vote(BY_YARDSTICK, 380, FOREVER))])
    engine.advance_to(400)
    crimes = engine.counts["crimes"][15:380]
    by_community = crimes[..., HAPPENED].sum(axis=(0, 2)), crimes[..., REPORTED].sum(axis=(0, 2))
    happened, reported = (np.array([measure[0], measure[1:].sum()]) for measure in by_community)
    gap = 100 * (reported[0] / happened[0] - reported[1] / happened[1])
    [vote] = engine.government.votes
    assert vote.values == (pytest.approx(gap, rel=1e-12), None, 100.0)
    assert vote.votes == (bool(gap > 2), False, True)
