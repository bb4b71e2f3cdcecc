"""What single kinds of events do exactly, in towns where little else moves what they act on."""

import numpy as np
import pytest

from simulation.parameters import PARAMETERS
from simulation.state import ACTUAL_SHARING, BELIEF, SALIENCE
from simulation.vocabulary import VIOLENT, Absence, Channel, Community, CrimeType, Criminality, LegalStatus
from tests.calendars import event, load, make_town, on, run_town
from tests.worlds import HOT, KINDS, assert_same, assert_same_world, events

DAY = 40
UNDOCUMENTED, LAWFUL = int(LegalStatus.UNDOCUMENTED), int(LegalStatus.LAWFUL_NONCITIZEN)
STILL = {"belief_gain": 0.0, "belief_half_life": 10_000.0}
"""Parameters under which belief hardly moves by itself: at most a five-hundredth in a month."""
NO_FINGERPRINTS = {"fingerprint_checks": False}


def hot(**parameters):
    """Return the parameters of a hot town, some replaced."""
    return HOT | parameters


def todays_crimes(engine):
    """Return the crimes of the day that was run last."""
    days, crimes = events(engine, "crimes")
    return crimes[days == engine.day - 1]


def visits_since(engine, day, channel=None):
    """Return the visits from a day on, of one channel or all."""
    days, visits = events(engine, "visits")
    return visits[(days >= day) & (True if channel is None else visits["channel"] == channel)]


# What people are told


@pytest.mark.parametrize("believed", [0.0, 1.0], ids=["from below", "from above"])
def test_an_announcement_moves_belief_a_share_of_the_way_to_the_truth(believed):
    """Reach times effect of the gap is closed, in the communities named, at once; the others stay as they are."""
    told = event("announcement", DAY, reach=0.5, communities=["latino", "asian"])
    engine = make_town(load(told, parameters=hot(announcement_effect=0.4) | STILL))
    engine.advance_to(DAY)
    engine.communities["belief"] = believed
    engine.advance_to(DAY + 1)
    state = engine.counts["community"][DAY]
    expected = np.full(len(Community), believed)
    for c in (Community.LATINO, Community.ASIAN):
        expected[c] += 0.2 * (state[c, ACTUAL_SHARING] - believed)
    assert state[:, BELIEF] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("believed", [0.0, 1.0], ids=["from below", "from above"])
@pytest.mark.parametrize(("accuracy", "slant"), [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (0.5, 1.0)])
def test_outreach_of_thirty_days_closes_its_share_of_the_gap_to_what_it_says(believed, accuracy, slant):
    """What it says is the truth, or its slant, or between; a month of reach r leaves 1 - effect * r of the gap."""
    told = event("outreach", DAY, reach=0.6, accuracy=accuracy, slant=slant, until=on(DAY + 30))
    engine = make_town(load(told, parameters=hot(outreach_effect=0.5) | STILL))
    engine.advance_to(DAY)
    engine.communities["belief"] = believed
    engine.advance_to(DAY + 60)
    state = engine.counts["community"]
    says = accuracy * state[DAY, :, ACTUAL_SHARING] + (1 - accuracy) * slant
    assert state[DAY + 29, :, BELIEF] == pytest.approx(says + 0.7 * (believed - says), abs=2e-3)
    assert state[DAY + 59, :, BELIEF] == pytest.approx(state[DAY + 29, :, BELIEF], abs=2e-3), "over from `until` on"


def test_inaccurate_outreach_leads_away_from_the_truth():
    """Told that everything is shared when little is, people end further off than without anybody telling them."""
    ends = event("agreement_ends", 0)
    misled = event("outreach", DAY, reach=1.0, accuracy=0.0, slant=1.0)
    gaps = []
    for told in ((), (misled,)):
        state = run_town(load(ends, *told, parameters=HOT), DAY + 90).counts["community"][DAY + 89, 1:]
        gaps.append(np.abs(state[:, BELIEF] - state[:, ACTUAL_SHARING]))
    assert (gaps[1] > gaps[0]).all()


def test_without_publicity_belief_follows_no_change_of_the_rules():
    """From the date on belief is frozen to the bit, although the agreement ends a month later."""
    silence, ends = event("publicity", DAY, value=0.0), event("agreement_ends", DAY + 30)
    engine = run_town(load(silence, ends, parameters=hot(belief_gain=0.0)), DAY + 200)
    state = engine.counts["community"][:, 1:]
    assert (state[DAY : DAY + 200, :, BELIEF] == state[DAY - 1, :, BELIEF]).all()
    assert (state[DAY + 30, :, ACTUAL_SHARING] < state[DAY + 29, :, ACTUAL_SHARING]).all()


# News, scandal, raid


def test_news_reaches_the_communities_named_and_nobody_else():
    """On its date salience rises there and only there; of no concern to anybody, it changes no decision at all."""
    plain = load(parameters=HOT)
    named = run_town(load(event("enforcement_news", DAY, size=2.0, communities=["asian"]), parameters=HOT), DAY + 1)
    change = named.counts["community"][DAY] - run_town(plain, DAY + 1).counts["community"][DAY]
    assert np.flatnonzero(change[:, SALIENCE]).tolist() == [Community.ASIAN]
    assert change[Community.ASIAN, SALIENCE] == pytest.approx(2.0 * PARAMETERS["news_effect"].default * 0.5 ** (1 / 37))
    strange = event("enforcement_news", DAY, size=20.0, communities=["no_immigrant_ties"])
    a, b = (run_town(scenario, DAY + 100) for scenario in (plain, load(strange, parameters=HOT)))
    for kind in KINDS:
        for first, second in zip(events(a, kind), events(b, kind)):
            assert_same(first, second, kind)


def test_a_scandal_costs_everybody_named_the_same_trust_and_nothing_else():
    """Trust of the day is lower by its size, and by half of it a half-life later; fear is as it was."""
    scandal = event("police_scandal", DAY, size=2.0, communities=["no_immigrant_ties"])
    muted = hot(trust_solved=0.0, trust_unsolved=0.0, trust_arrest=0.0, trust_ice=0.0, trust_effect=0.0)
    muted |= {"trust_half_life": 100.0}
    a, b = (make_town(load(*shaken, parameters=muted)) for shaken in ((), (scandal,)))
    for day, left in ((DAY, 2.0), (DAY + 100, 1.0)):
        for engine in (a, b):
            engine.advance_to(day + 1)
        before, after = todays_crimes(a), todays_crimes(b)
        outside = a.population.community[before["victim"]] == Community.NO_IMMIGRANT_TIES
        lost = (before["trust"] - after["trust"])[:, 0]
        assert lost[outside] == pytest.approx(left, abs=1e-9)
        assert (lost[~outside] == 0).all()
        assert np.array_equal(before["fear"], after["fear"])


def test_where_trust_moves_nobody_a_scandal_changes_no_decision():
    """With `trust_effect` 0 every event of half a year is the same; only the trust that is felt differs."""
    scandal = event("police_scandal", DAY, size=5.0)
    a, b = (run_town(load(*e, parameters=hot(trust_effect=0.0)), DAY + 150) for e in ((), (scandal,)))
    for kind in KINDS:
        (days_a, found_a), (days_b, found_b) = events(a, kind), events(b, kind)
        assert_same(days_a, days_b, kind)
        for name in found_a.dtype.names:
            assert name == "trust" or np.array_equal(found_a[name], found_b[name]), (kind, name)
    assert (events(b, "crimes")[1]["trust"][-20:, 0] < events(a, "crimes")[1]["trust"][-20:, 0]).all()


def test_a_raid_stays_within_its_district():
    """Everybody visited in the raid lives in the district named, and in most districts where none is."""
    found = []
    for where in ({}, {"district": "4"}):
        raid = event("raid", DAY, size=3000.0, site="home", **where)
        engine = run_town(load(raid, parameters=HOT), DAY + 1)
        visits = visits_since(engine, DAY, Channel.RAID)
        assert not visits["at_work"].any()
        found.append(set(engine.population.district[visits["row"]].tolist()))
    assert len(found[0]) > 3
    assert found[1] == {3}


def test_a_raid_at_workplaces_finds_people_at_work():
    """Whoever has co-workers is visited there; the same people are looked for as in a raid at homes."""
    raids = [event("raid", DAY, size=3000.0, site=site) for site in ("home", "workplace")]
    home, work = (visits_since(run_town(load(r, parameters=HOT), DAY + 1), DAY, Channel.RAID) for r in raids)
    engine = make_town(load(raids[1], parameters=HOT))
    employed = engine.population.coworkers[work["row"], 0] >= 0
    assert np.array_equal(work["at_work"], employed)
    assert employed.sum() > 20
    assert home["row"][0] == work["row"][0]


def test_the_largest_raid_takes_no_more_room_than_there_are_people():
    """A hundred thousand targets where far fewer can be met: everything runs, and buffers stay in proportion."""
    engine = run_town(load(event("raid", DAY, size=100_000.0, site="home"), parameters=HOT), DAY + 2)
    assert len(visits_since(engine, DAY, Channel.RAID)) > 50
    assert len(engine.today.crimes) < 20 * len(engine.population)
    assert engine.counts["arrests"][DAY, :, Channel.RAID].sum() <= (engine.population.status == UNDOCUMENTED).sum()


def test_reassurance_changes_nothing_but_how_fast_the_raid_is_forgotten():
    """The same arrests on the day and the same salience that evening, and less of it on every day after."""
    quiet = {"levers": {"capacity": 0.0}, "parameters": hot(**{"detainer_compliance.judicial_warrant": 0.0})}
    quiet["agreement"] = {"preset": "none"}
    raids = [event("raid", DAY, size=3000.0, site="home", reassurance=said) for said in (False, True)]
    a, b = (run_town(load(raid, **quiet), DAY + 60) for raid in raids)
    for name in ("crimes", "arrests", "bookings"):
        assert np.array_equal(a.counts[name][: DAY + 1], b.counts[name][: DAY + 1])
    salience = [engine.counts["community"][:, 1:, SALIENCE] for engine in (a, b)]
    assert np.array_equal(salience[0][: DAY + 1], salience[1][: DAY + 1])
    assert (salience[0][DAY] > 1).all()
    assert (salience[1][DAY + 1 : DAY + 60] < salience[0][DAY + 1 : DAY + 60]).all()
    assert salience[1][DAY + 40] == pytest.approx(salience[1][DAY] * 0.5 ** (40 / 4), rel=1e-6)


# What the immigration agency sees and does


def test_a_shield_ends_leads_from_victims_and_witnesses():
    """Where only they are shown, nobody is visited on the database once the leads of before are too old."""
    terms = {"roles": ["victim", "witness"], "fields": ["country_of_birth"]}
    shield = event("victim_shield", DAY, value=True)
    a, b = (run_town(load(*e, agreement=terms, parameters=hot(lead_shelf_life=5.0)), 200) for e in ((), (shield,)))
    assert len(visits_since(a, DAY + 6, Channel.DATABASE)) > 20
    assert len(visits_since(b, DAY + 6, Channel.DATABASE)) == 0
    assert len(visits_since(b, 0, Channel.DATABASE)) > 0


def test_after_disposition_no_arrest_gives_a_lead_before_its_case_is_over():
    """A visit on the database follows a booking at least the disposition delay ago; without the term, some do not."""
    revised = event("agreement_revised", 0, terms={"after_disposition": True})
    delay = int(HOT["disposition_delay"])
    for change in ((), (revised,)):
        engine = run_town(load(*change, levers=NO_FINGERPRINTS, parameters=HOT), 365)
        booked_on, bookings = events(engine, "bookings")
        visited_on, visits = events(engine, "visits")
        shown = visits["channel"] == Channel.DATABASE
        assert shown.sum() > 20
        first = {row: int(booked_on[bookings["row"] == row].min()) for row in set(visits["row"][shown].tolist())}
        waited = np.array([day - first[row] for day, row in zip(visited_on[shown], visits["row"][shown].tolist())])
        assert (waited.min() >= delay) == bool(change)


def test_without_fingerprint_checks_no_booking_gives_a_fingerprint_lead():
    """Only people booked before the date are still visited, or handed over, on their prints."""
    off = event("fingerprint_checks", DAY, value=False)
    channels = (Channel.FINGERPRINT, Channel.CUSTODY)
    world = {"agreement": {"preset": "none"}, "levers": {"detainers": "honor"}, "parameters": HOT}
    late = []
    for change in ((), (off,)):
        engine = run_town(load(*change, **world), DAY + 200)
        booked_on, bookings = events(engine, "bookings")
        before = set(bookings["row"][booked_on < DAY].tolist())
        arrested_on, arrests = events(engine, "ice_arrests")
        by_print = np.isin(arrests["channel"], channels) & (arrested_on >= DAY)
        visits = visits_since(engine, DAY, Channel.FINGERPRINT)
        late.append((set(arrests["row"][by_print].tolist()) | set(visits["row"].tolist())) - before)
    assert len(late[0]) > 5
    assert late[1] == set()


def test_without_capacity_there_are_no_visits():
    """From the date on, and until the day on which capacity comes back."""
    engine = run_town(load(event("capacity", DAY, value=0.0, until=on(DAY + 50)), parameters=HOT), DAY + 100)
    visits = engine.counts["city"][:, 0]
    assert visits[:DAY].sum() > 50
    assert (visits[DAY : DAY + 50] == 0).all()
    assert visits[DAY + 50 : DAY + 60].sum() > 0


def test_with_narrow_priorities_everybody_arrested_on_other_leads_has_a_record():
    """From the date on all of them, and those met on the way, have a serious conviction; before, few have."""
    often = hot(other_visits=1000.0)
    engine = run_town(load(event("priorities", DAY, value="serious"), parameters=often), 365)
    days, arrests = events(engine, "ice_arrests")
    reached = np.isin(arrests["channel"], (Channel.OTHER_LEAD, Channel.COLLATERAL))
    serious = arrests["criminality"] == Criminality.SERIOUS_CONVICTION
    assert serious[reached & (days >= DAY)].all()
    assert serious[reached & (days < DAY)].mean() < 0.5
    assert (reached & (days >= DAY)).sum() > 5


def test_without_migration_nobody_takes_a_removed_persons_place():
    """From the first day on no row gets a newcomer, as many as there are usually."""
    a, b = (run_town(load(*e, parameters=HOT), 365) for e in ((), (event("migration", 0, value=0.0),)))
    assert a.residents["generation"].max() >= 1
    assert b.residents["generation"].max() == 0
    assert b.absences()[Absence.REMOVED] > 50


# Police


def test_with_proportional_detectives_half_the_budget_is_half_the_detectives():
    """With an elasticity of 1 the two are the same world to the bit."""
    parameters = hot(load_effect=2.0, detective_elasticity=1.0)
    halves = [event(kind, DAY, value=0.5) for kind in ("police_budget", "detectives")]
    a, b = (run_town(load(half, parameters=parameters), DAY + 100) for half in halves)
    assert_same_world(a, b)


def test_operations_at_courthouses_keep_the_vulnerable_from_cooperating_and_from_nothing_else():
    """Their log-odds of cooperating fall by effect, operations and vulnerability; calls of the day are as they were."""
    operations = event("courthouse_operations", DAY, value=0.5)
    a, b = (run_town(load(*e, parameters=hot(courthouse_effect=4.0)), DAY + 1) for e in ((), (operations,)))
    before, after = todays_crimes(a), todays_crimes(b)
    assert np.array_equal(before["p_call"], after["p_call"])
    people = np.column_stack([after["victim"], after["bystander"]])
    there = people >= 0
    there[:, 0] &= after["crime_type"] != CrimeType.HOMICIDE
    weight = b.rules["vulnerability"][b.residents["vulnerability_class"]][people]
    assert after["court"][there] == pytest.approx(2.0 * weight[there])
    odds = [np.log(crimes["p_cooperate"][there] / (1 - crimes["p_cooperate"][there])) for crimes in (before, after)]
    assert odds[0] - odds[1] == pytest.approx(2.0 * weight[there], abs=1e-9)
    assert (weight[there] == 0).any()
    assert (weight[there] > 0.5).any()


# Help for victims, legal status


def test_a_victim_who_is_accompanied_calls_as_if_there_were_nothing_to_dread():
    """With full relief for all, only trust moves the victims' calls; bystanders dread as before."""
    help_ = event("accompaniment", DAY, value=1.0)
    a, b = (run_town(load(*e, parameters=hot(accompaniment_relief=1.0)), DAY + 1) for e in ((), (help_,)))
    before, after = todays_crimes(a), todays_crimes(b)
    told = after["crime_type"] != CrimeType.HOMICIDE
    trusting = b.rules["trust_effect"] * after["trust"]
    assert after["leaning"][told, 0] == pytest.approx(trusting[told, 0])
    assert (before["leaning"][told, 0] < trusting[told, 0] - 0.1).any()
    assert np.array_equal(before["p_call"][:, 1:], after["p_call"][:, 1:])


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_legalization_gives_lawful_status_to_those_at_large_and_in_jail(share):
    """Nobody else's status changes; whoever is detained, removed or killed keeps theirs."""
    engine = make_town(load(event("legalization", DAY, share=share), parameters=HOT), scale=1.0)
    engine.advance_to(DAY)
    before = engine.residents.copy()
    away = (before["until"] > DAY) & np.isin(before["absence"], (Absence.DETAINED, Absence.REMOVED, Absence.KILLED))
    engine.advance_to(DAY + 1)
    after = engine.residents["status"]
    eligible = (before["status"] == UNDOCUMENTED) & ~away
    assert np.array_equal(after[~eligible], before["status"][~eligible])
    assert (before["status"] == UNDOCUMENTED)[away].any()
    assert set(after[eligible].tolist()) <= {LAWFUL, UNDOCUMENTED}
    granted = (after[eligible] == LAWFUL).mean()
    assert abs(granted - share) <= 4 * np.sqrt(share * (1 - share) / eligible.sum())
    assert (engine.residents["status_at_start"] == engine.population.status).all()


def test_with_full_protection_every_victim_who_cooperates_gets_status_with_the_household():
    """The undocumented victims of violent crimes who cooperated, and nobody from another household."""
    fearless = hot(fear_effect=0.0)
    engine = make_town(load(event("victim_protection", DAY, value=1.0), parameters=fearless), scale=1.0)
    engine.advance_to(DAY)
    protected, kinds = set(), [k for k in VIOLENT if k != CrimeType.HOMICIDE]
    while engine.day < DAY + 60:
        before = engine.residents["status"].copy()
        engine.advance_to(engine.day + 1)
        crimes = todays_crimes(engine)
        helped = crimes["victim"][(crimes["cooperates"][:, 0] > 0) & np.isin(crimes["crime_type"], kinds)]
        helped = helped[before[helped] == UNDOCUMENTED]
        homes = np.isin(engine.residents["household"], engine.residents["household"][helped])
        expected = np.where(homes & (before == UNDOCUMENTED), LAWFUL, before)
        assert np.array_equal(engine.residents["status"], expected)
        protected |= set(helped.tolist())
    assert len(protected) > 5
