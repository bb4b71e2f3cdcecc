"""The model does not know communities by name: relabeling two of them relabels their results, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.occurrences import Announcement, EnforcementNews, Legalization, PoliceScandal, Raid, Vote
from simulation.population import synthesize
from simulation.vocabulary import Community
from tests.worlds import ALL_SHOWN, BUSY, EVERYBODY, HOT, IN_USE, KINDS, REFERENCE, assert_same, events, run_engine

SWAPS = [
    (Community.LATINO, Community.ASIAN),
    (Community.ASIAN, Community.OTHER_IMMIGRANT),
    (Community.BLACK_IMMIGRANT, Community.LATINO),
]
POLICIES = [(0, ALL_SHOWN._replace(**IN_USE)), (300, REFERENCE._replace(real_time=False, city_threshold=-100.0))]
OCCURRENCES = [
    (50, EnforcementNews(1.0, EVERYBODY)),
    (100, Raid(1000.0, None, False, True)),
    (150, PoliceScandal(0.5, EVERYBODY)),
    (200, Raid(500.0, 2, True, False)),
    (250, Announcement(0.5, EVERYBODY)),
    (350, Vote((None, True, False), 360, 400)),
    (400, Legalization(0.2)),
]


def relabeled(people, order):
    """Return the same people in the same rows, under other names of communities."""
    community = order.astype(np.int8)[people.community]
    community.flags.writeable = False
    return replace(people, community=community)


def run_town(people):
    return run_engine(POLICIES, HOT, days=730, place=BUSY, people=people, occurrences=OCCURRENCES)


@pytest.fixture(scope="module")
def original():
    return run_town(synthesize(BUSY, 0.1, 1))


@pytest.fixture(scope="module", params=SWAPS, ids=lambda pair: f"{pair[0].label}-{pair[1].label}")
def swapped(request, original):
    """Return the order of communities after a swap of two, and the world in which they are swapped."""
    order = np.arange(len(Community))
    order[list(request.param)] = order[list(reversed(request.param))]
    return order, run_town(relabeled(original.population, order))


def test_the_original_has_something_to_swap(original):
    """Every immigrant community has crimes and immigration arrests, and they differ."""
    crimes = original.counts["crimes"][..., 0].sum(axis=(0, 2))
    arrests = original.counts["arrests"].sum(axis=(0, 2, 3))
    assert (crimes > 20).all()
    assert (arrests[1:] > 3).all()
    assert len(set(crimes.tolist())) == len(Community)


def test_relabeling_swaps_all_counts_exactly(original, swapped):
    """Crimes of all kinds, bookings, arrests and households by community are swapped; totals are the same."""
    order, other = swapped
    for name in ("crimes", "bookings", "households_lost", "arrests"):
        assert np.array_equal(original.counts[name], other.counts[name][:, order]), name
    for name in ("status", "city", "absent_change"):
        assert np.array_equal(original.counts[name], other.counts[name]), name


def test_relabeling_changes_no_persons_fate(original, swapped):
    """The same events happen to the same rows, and every resident ends alike."""
    _, other = swapped
    for kind in KINDS:
        (days_a, found_a), (days_b, found_b) = events(original, kind), events(other, kind)
        assert_same(days_a, days_b, kind)
        for name in found_a.dtype.names:
            if found_a[name].dtype.kind == "f":
                # Sums over communities are taken in another order, so the solved constants differ in the last bits.
                assert found_a[name] == pytest.approx(found_b[name], abs=1e-9), name
            else:
                assert np.array_equal(found_a[name], found_b[name]), name
    for name in ("until", "absence", "generation", "record", "status"):
        assert np.array_equal(original.residents[name], other.residents[name]), name
    for name in ("trust", "fear"):
        assert original.residents[name] == pytest.approx(other.residents[name], abs=1e-9)


def test_relabeling_swaps_what_communities_believe_and_teach(original, swapped):
    """Belief, salience, learned risk and actual sharing of every day, swapped; news and scandals too."""
    order, other = swapped
    assert original.counts["community"] == pytest.approx(other.counts["community"][:, order], abs=1e-9)
    for name in ("news", "reassured_news", "trust_shift", "known"):
        assert original.communities[name] == pytest.approx(other.communities[name][order], abs=1e-9), name
    for name in ("community_size", "expected_arrests", "contact_share", "risk_mass"):
        ours, theirs = (getattr(engine.constants, name) for engine in (original, other))
        assert ours == pytest.approx(theirs[order], rel=1e-12), name


def test_relabeling_changes_no_vote(original, swapped):
    """The immigrant communities count together: the same gap, the same votes, the same rules in force."""
    _, other = swapped
    [ours], [theirs] = original.government.votes, other.government.votes
    assert ours.ended
    assert ours.values[0] == pytest.approx(theirs.values[0], abs=1e-9)
    assert (ours.day, ours.votes, ours.ended) == (theirs.day, theirs.votes, theirs.ended)
    assert original.history == other.history


def test_without_vulnerability_immigrant_communities_are_like_the_rest():
    """Nobody at risk: moving everybody to `no_immigrant_ties` changes no crime, report or arrest by the police."""
    nobody = {f"vulnerability.{status}": 0.0 for status in
              ("us_born_citizen", "naturalized_citizen", "lawful_noncitizen", "undocumented")}  # fmt: skip
    parameters = HOT | nobody | {"mixed_status_vulnerability": 0.0, "offender_response": 0.0}
    people = synthesize(BUSY, 0.05, 1)
    everybody = relabeled(people, np.zeros(len(Community)))
    a, b = (run_engine(REFERENCE, parameters, days=365, place=BUSY, people=p) for p in (people, everybody))
    for kind in ("crimes", "bookings"):
        (days_a, found_a), (days_b, found_b) = events(a, kind), events(b, kind)
        assert_same(days_a, days_b, kind)
        for name in ("row", "victim", "occasion", "crime_type", "offender", "reported", "solved", "cooperating"):
            if name in found_a.dtype.names:
                assert np.array_equal(found_a[name], found_b[name]), name
