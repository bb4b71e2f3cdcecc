"""Stories of occurrences and levers: each can be a cause, is told in plain words, and its numbers are exact."""

import json

import numpy as np
import pytest
import told
from test_stories import PAIR, load

from experiments.stories.status import BY_LAW
from experiments.stories.stories import KINDS, story_book
from experiments.stories.world import NOBODY, World, people_at
from simulation import Scenario
from simulation.engine import build
from simulation.randomness import replicate_seed
from simulation.today import VICTIM
from simulation.vocabulary import Community, CrimeType, LegalStatus

EVERYTHING = """
extends = "agreement-2008-terms"
title = "All that can happen"
[[event]]
date = 2016-08-01
kind = "migration"
value = 5.0
until = 2017-08-01
[[event]]
date = 2016-09-01
kind = "accompaniment"
value = 0.4
[[event]]
date = 2016-09-01
kind = "victim_protection"
value = 0.6
[[event]]
date = 2016-10-01
kind = "courthouse_operations"
value = 0.7
until = 2018-10-01
[[event]]
date = 2016-11-01
kind = "outreach"
reach = 0.4
accuracy = 0.5
slant = 0.9
until = 2018-03-01
[[event]]
date = 2016-12-01
kind = "publicity"
value = 0.3
until = 2018-01-01
[[event]]
date = 2017-01-25
kind = "enforcement_news"
size = 2.0
communities = ["latino", "asian"]
[[event]]
date = 2017-02-01
kind = "police_scandal"
size = 0.8
communities = ["latino", "no_immigrant_ties"]
[[event]]
date = 2017-03-01
kind = "raid_alerts"
value = 0.5
[[event]]
date = 2017-04-01
kind = "raid"
size = 700
site = "home"
[[event]]
date = 2017-05-01
kind = "legalization"
share = 0.2
[[event]]
date = 2017-06-01
kind = "detectives"
value = 0.5
[[event]]
date = 2017-06-10
kind = "victim_shield"
value = true
until = 2018-02-01
[[event]]
date = 2017-06-10
kind = "announcement"
reach = 0.9
communities = ["latino", "other_immigrant"]
[[event]]
date = 2017-07-01
kind = "police_scandal"
size = 0.4
[[event]]
date = 2017-09-01
kind = "raid"
size = 500
district = "3"
site = "workplace"
reassurance = true
[[event]]
date = 2017-10-01
kind = "migration"
value = 0.0
until = 2018-01-01
[[event]]
date = 2017-12-01
kind = "funding_cut"
share = 0.3
injunction = 1.0
decided = 2018-03-01
unless_sharing = false
[[event]]
date = 2018-04-01
kind = "vote"
city = "end"
district_attorney = "end"
courts = "keep"
ends = 2018-05-01
[[event]]
date = 2018-05-01
kind = "announcement"
reach = 0.5
[[event]]
date = 2018-06-01
kind = "funding_cut"
share = 0.4
injunction = 0.0
[[event]]
date = 2018-09-01
kind = "enforcement_news"
size = 1.0
[[event]]
date = 2018-09-01
kind = "legalization"
share = 0.5
"""
STRONG = {
    "courthouse_effect": 3.0, "protection_awareness": 0.9, "raid_success": 0.8, "domestic_replacement": 0.4,
    "announcement_effect": 0.8, "detective_elasticity": 0.7,
}  # fmt: skip


def write(folder, name, text):
    """Write a scenario, and return its path."""
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder for scenario files."""
    return tmp_path_factory.mktemp("scenarios")


@pytest.fixture(scope="module")
def full(folder):
    """Return the scenario in which everything happens."""
    return load(write(folder, "everything", EVERYTHING), **STRONG)[0]


@pytest.fixture
def world(full):
    """Return the world in which everything happens; it is checked when it is made."""
    return World(full, replicate_seed(1, 1))


def tell(a, b):
    """Return all stories of a pair, as JSON holds them, after deciding each crime again."""
    book = story_book([a, b], limit=100_000)
    world = World(a, book.seed)
    stories = [json.loads(json.dumps(story.to_dict())) for kind in KINDS for story in book.stories[kind]]
    for story in stories:
        if story["kind"] != "happened":
            told.check(story, world.engine.values, world.engine.constants)
        assert "None" not in story["text"]
        assert "nan" not in story["text"]
    return book, stories


def test_a_world_in_which_everything_happens_is_rebuilt_exactly(world):
    present = people_at(world.crimes) != NOBODY
    np.testing.assert_allclose(world.trust[present], world.crimes["trust"][present], rtol=0, atol=1e-9)
    np.testing.assert_allclose(world.fear[present], world.crimes["fear"][present], rtol=0, atol=1e-9)
    assert (world.climate.trust_shift.min(axis=0) < -0.3).all()
    assert {grant.crime == BY_LAW for grant in world.statuses.grants.values()} == {True, False}
    assert len(world.statuses.legalized()) == 2
    assert len(np.unique(world.crimes["relief"])) >= 4
    assert world.crimes["court"][present].max() > 1
    assert world.arrests["in_raid"].sum() > 50
    assert world.arrests["from_data"].any()
    assert (world.engine.residents["generation"] > 0).sum() > 50
    assert {0.6, 0.7, 1.0} <= set(np.round(world.levers["police_budget"], 9))
    assert world.climate.news(Community.LATINO, 700)
    for at, crime in enumerate(world.crimes):
        if crime["relief"] < 1:
            day, row = int(world.days["crimes"][at]), int(crime["victim"])
            is_eligible = (
                world.statuses.standing(row, day).is_undocumented and crime["crime_type"] != CrimeType.HOMICIDE
            )
            assert is_eligible or world.is_accompanied(world.keys[at] >> 16, crime["occasion"], day)


def test_belief_and_enforcement_in_mind_are_those_of_the_morning_with_its_occurrences(world, full):
    for date in ("2017-01-25", "2017-06-10", "2018-05-01", "2018-09-01"):
        day = int((np.datetime64(date) - np.datetime64(full.start)).astype(int))
        engine = build(full, world.seed)
        engine.advance_to(day)
        before = engine.communities.copy()
        engine._turn_calendar()
        changed = [name for name in ("belief", "news") if (engine.communities[name] != before[name]).any()]
        assert changed
        state = engine.communities
        np.testing.assert_allclose(world.community[day, :, 0], state["belief"], rtol=0, atol=1e-12)
        in_mind = np.maximum(0, state["surge"]) + state["news"] + state["reassured_news"]
        np.testing.assert_allclose(world.community[day, :, 1], in_mind, rtol=0, atol=1e-12)
        np.testing.assert_allclose(world.climate.trust_shift[day], state["trust_shift"], rtol=0, atol=1e-12)
        for row in np.flatnonzero(engine.residents["status"] != engine.residents["status_at_start"]):
            assert world.statuses.standing(row, day).status == LegalStatus.LAWFUL_NONCITIZEN
        everybody = np.arange(len(engine.residents))
        np.testing.assert_array_equal(world.statuses.classes(everybody, day), engine.residents["vulnerability_class"])
        for community in Community:
            left = sum(news.left for news in world.climate.news(community, day))
            assert left == pytest.approx((state["news"] + state["reassured_news"])[community], abs=1e-9)


@pytest.mark.parametrize(
    ("lever", "message"),
    [("accompaniment", "help for victims"), ("courthouse_operations", "operations at courthouses"),
     ("police_budget", "chance of solving"), ("victim_protection", "help for victims")],
)  # fmt: skip
def test_a_world_whose_rules_do_not_explain_it_tells_no_story(world, lever, message):
    world.levers[lever] = world.levers[lever] * 0.9
    with pytest.raises(RuntimeError, match=f"{message}: the events of the run do not add up"):
        world._check()


def test_all_stories_of_such_a_world_are_exact_and_the_text_says_what_happened(full):
    book, stories = tell(load("agreement-2008-terms", **STRONG)[0], full)
    kinds = {cause["kind"] for story in stories for cause in story["causes"]}
    assert kinds >= {"perceived_sharing", "enforcement_in_mind", "police_scandal", "legal_status", "accompaniment",
                     "detectives", "courthouse_operations"}  # fmt: skip
    text = " ".join(book.text().split())
    for words in (
        "On January 25, 2017: news of enforcement elsewhere, of size 2, for the Latino community and the Asian",
        "a raid on workplaces in ",
        "followed by official reassurance",
        "On April 1, 2018: a vote on the agreement, the city to end it, the District Attorney to end it and the "
        "courts to keep it: it ends on May 1, 2018.",
        "a federal cut of the police budget by 30.0%, blocked by a court on March 1, 2018.",
        "a federal cut of the police budget by 40.0%, for good.",
        "On May 1, 2017: lawful status for 20% of undocumented residents (",
        "from June 1, 2017, detectives 50% of the usual",
    ):
        assert words in text, words
    data = book.to_dict()
    assert [each["date"] for each in data["happenings"]["B"]] == sorted(
        each["date"] for each in data["happenings"]["B"]
    )
    assert data["happenings"]["A"] == []
    assert len(data["rules"]["B"]) > 10


LASTING = '[[event]]\ndate = 2016-09-01\nkind = "{}"\n{}\n'
EVENTS = {
    "police_scandal": ("police_scandal", "size = 0.2", "in B only: misconduct that has nothing to do with immigration"),
    "accompaniment": ("accompaniment", "value = 0.8", "In B: an advocate came along, as with 80.0% of victims"),
    "victim_protection": ("victim_protection", "value = 0.9", "Share of them who get it: 0.0% in A, 90.0% in B."),
    "courthouse_operations": ("courthouse_operations", "value = 1.0", "share of court days: 0.0% in A, 100.0% in B."),
    "detectives": ("detectives", "value = 0.3", "as a share of the usual: 100.0% in A, 30.0% in B."),
    "police_budget": ("funding_cut", "share = 0.6\ninjunction = 0.0\nunless_sharing = false",
                      "In B: a federal cut of 60.0% from September 1, 2016 on."),
    "legal_status": ("legalization", "share = 0.8", "lawful noncitizen since September 1, 2016, by a legalization"),
    "enforcement_in_mind": ("enforcement_news", "size = 4.0",
                            "In B: news of enforcement elsewhere on September 1, 2016,"),
    "raid": ("raid", 'size = 1500\nsite = "home"', "in B only: met during a raid that sought somebody else."),
    "perceived_sharing": ("outreach", "reach = 0.9\naccuracy = 0.0",
                          "In B: residents were told that 100.0% of contacts with the police is shared, from"),
}  # fmt: skip

QUIET = {
    "enforcement_in_mind": {"other_visits": 20.0, "database_visits": 20.0},
    "raid": {"other_visits": 20.0, "database_visits": 20.0, "salience_gain": 0.0, "fear_effect": 3.0},
}
"""Parameters under which a kind of cause is not drowned by others."""


@pytest.mark.parametrize("kind", EVENTS)
def test_each_occurrence_and_lever_can_be_the_cause_of_a_story(kind, folder):
    event, values, words = EVENTS[kind]
    text = f'extends = "agreement-renewed"\ntitle = "One event more"\n{LASTING.format(event, values)}'
    a, b = load("agreement-renewed", write(folder, kind, text), **STRONG, **QUIET.get(kind, {}))
    _, stories = tell(a, b)
    caused = [story for story in stories if [cause["kind"] for cause in story["causes"]] == [kind]]
    assert caused
    assert any(words in " ".join(story["text"].split()) for story in caused), caused[0]["text"]
    assert min(story["date"] for story in stories) >= "2016-09-01"


def test_an_announcement_and_a_lack_of_publicity_are_told_with_perceived_sharing(folder):
    end = '[[event]]\ndate = 2016-09-01\nkind = "agreement_ends"\n'
    base = f'extends = "agreement-2008-terms"\ntitle = "Ended"\n{end}'
    publicity, announcement = (
        LASTING.format(*each) for each in (("publicity", "value = 0.0"), ("announcement", "reach = 1.0"))
    )
    told_loudly = write(folder, "loud", base + announcement)
    silently = write(folder, "silent", base + publicity)
    _, stories = tell(*load(told_loudly, silently, **STRONG))
    texts = [" ".join(story["text"].split()) for story in stories]
    for words in (
        "In A: the city said in public what is shared, on September 1, 2016.",
        "In B: nobody learned by themselves of a change in the rules, from September 1, 2016 on.",
        "What was publicly known of it: ",
    ):
        assert any(words in text for text in texts), words


def test_a_protected_victim_and_their_household_are_told(folder):
    text = f'extends = "agreement-renewed"\ntitle = "x"\n{LASTING.format("victim_protection", "value = 1.0")}'
    a, b = load("agreement-renewed", write(folder, "protected", text), **STRONG, mixed_status_vulnerability=0.9)
    world = World(b, replicate_seed(1, 1))
    protected = {grant.crime for grant in world.statuses.grants.values()}
    assert len(world.statuses.grants) > len(protected) > 5
    for crime in protected:
        assert world.crimes["cooperates"][crime, VICTIM]
    _, stories = tell(a, b)
    causes = [cause for story in stories for cause in story["causes"] if cause["kind"] == "legal_status"]
    assert any("who cooperated with the police" in cause["in_b"] for cause in causes)


def test_a_vote_that_ends_the_agreement_tells_the_same_stories_as_its_end():
    ended, voted = (story_book(load("agreement-renewed", name), limit=100_000)
                    for name in ("agreement-ended", "agreement-voted-out"))  # fmt: skip
    assert ended.rules == voted.rules
    assert ended.counts == voted.counts
    assert [story.causes for story in ended.stories["reported"]] == [
        story.causes for story in voted.stories["reported"]
    ]
    assert (ended.happenings[1], len(voted.happenings[1])) == ((), 1)


def test_outsiders_commit_domestic_violence_where_the_parameter_says_so():
    found = {}
    for replacement in (0.0, 1.0):
        _, stories = tell(*load(PAIR[0], "felony-convictions-only", domestic_replacement=replacement))
        at_home = [story for story in stories if story["crime_type"] == "domestic_violence"]
        found[replacement] = sum(cause["kind"] == "offender_here" for story in at_home for cause in story["causes"])
    assert found[0.0] > found[1.0]


@pytest.mark.parametrize("name", Scenario.names())
def test_every_shipped_scenario_is_rebuilt_exactly(name):
    world = World(load(name, years=5)[0], replicate_seed(1, 2))
    assert len(world.crimes) > 1000
