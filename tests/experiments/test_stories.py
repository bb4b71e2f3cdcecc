"""One crime, two worlds: every story is exact, recomputed here from what it says alone."""

import json
import re
from datetime import date

import fake_world
import numpy as np
import pytest
import told as told_again
from told import HOT

from experiments import compare
from experiments.cli import main
from experiments.language import load as load_language
from experiments.stories.causes import Component, find_cause
from experiments.stories.chances import decisions, people_in
from experiments.stories.stories import KINDS, story_book, tell_stories
from experiments.stories.text import WIDTH
from experiments.stories.world import NOBODY, World, people_at
from simulation import Scenario
from simulation.errors import InputError
from simulation.place import Place
from simulation.randomness import replicate_seed
from simulation.vocabulary import Absence, CrimeType

PAIR = ("agreement-2008-terms", "agreement-ended")
REPLICATES = (1, 2)
CITIZENS = ("us_born_citizen", "naturalized_citizen")


def load(*names, **overrides):
    return [Scenario.load(name, overrides={**HOT, **overrides}) for name in names]


@pytest.fixture(scope="module")
def books():
    """Return all stories of two pairs of worlds."""
    return [story_book(load(*PAIR), replicate, limit=100_000) for replicate in REPLICATES]


@pytest.fixture(scope="module")
def told(books):
    """Return all stories as the data that JSON holds."""
    return [json.loads(json.dumps(story.to_dict())) for book in books for kind in KINDS for story in book.stories[kind]]


@pytest.fixture(scope="module")
def world():
    """Return one world with its events."""
    return World(load(PAIR[0])[0], replicate_seed(1, 1))


def test_there_are_stories_of_every_kind_and_many_causes(told):
    kinds = {(story["kind"], cause["kind"]) for story in told for cause in story["causes"]}
    assert {kind for kind, _ in kinds} == set(KINDS)
    expected = {
        "perceived_sharing", "immigration_arrest", "caseload", "learned_risk", "victim_here", "offender_here"
    }  # fmt: skip
    assert expected <= {cause for _, cause in kinds}
    assert {story["done_in"] for story in told} == {"A", "B"}


def test_every_cause_flips_the_decision_and_nothing_less_does(told, world):
    decided = [story for story in told if story["kind"] != "happened"]
    assert len(decided) > 50
    for story in decided:
        told_again.check(story, world.engine.values, world.engine.constants)


def test_a_crime_in_one_world_only_has_a_draw_between_its_chances_or_somebody_away(told, world):
    values = world.engine.values
    for story in (story for story in told if story["kind"] == "happened"):
        done, other = "AB".index(story["done_in"]), 1 - "AB".index(story["done_in"])
        draw, p = story["happening"]["draw"], story["happening"]["p"]
        kinds = {cause["kind"] for cause in story["causes"]}
        assert draw < p[done]
        assert draw < p[2]
        if kinds & {"learned_risk", "perceived_sharing"}:
            assert p[other] <= draw
        else:
            assert draw < p[other]
            assert kinds <= {"victim_here", "offender_here"}
        if kinds == {"learned_risk"} and (story["offender"] is None or story["offender"]["status"] in CITIZENS):
            (cause,) = story["causes"]
            for chance, risk in zip(p, (cause["value_a"], cause["value_b"])):
                assert chance == pytest.approx(risk ** -values["offender_response"] / values["headroom"], abs=1e-9)


def test_rebuilt_fear_and_trust_are_the_recorded_ones_for_everybody_at_every_crime(world):
    present = people_at(world.crimes) != NOBODY
    assert present.sum() > 3000
    np.testing.assert_allclose(world.fear[present], world.crimes["fear"][present], rtol=0, atol=1e-9)
    np.testing.assert_allclose(world.trust[present], world.crimes["trust"][present], rtol=0, atol=1e-9)
    assert (world.fear[present] > 0.1).mean() > 0.1
    assert np.isnan(world.fear[~present]).all()


def test_a_day_by_day_account_of_one_person_gives_the_same(world):
    """Walk through the logs, day by day, for the people who went through most."""
    people, rules = world.population, world.rules
    rows = np.unique(world._touches["row"], return_counts=True)
    for row in rows[0][np.argsort(-rows[1])[:8]].tolist():
        home, fear, trust = people.household[row], 0.0, 0.0
        is_home = (people.household[world.arrests["row"]] == home) & (world.arrests["row"] != row)
        ties = sum((of[world.arrests["row"]] == row).sum(axis=1) for of in (people.neighbors, people.coworkers))
        seen = {day: [] for day in range(world.scenario.days)}
        for day, at_home, tie, from_data in zip(world.days["ice_arrests"], is_home, ties, world.arrests["from_data"]):
            times = at_home + tie
            fright = at_home * rules["fear_household"] + tie * rules["fear_tie"]
            seen[day].append((fright, -times * from_data * rules["trust_ice"]))
        for day, visit in zip(world.days["visits"], world.visits):
            x = visit["row"]
            at_home = not visit["at_work"] and people.household[x] == home and x != row
            tie = ((people.coworkers if visit["at_work"] else people.neighbors)[x] == row).sum()
            fright = at_home * rules["fear_household"] + tie * rules["fear_tie"]
            seen[day].append(((not visit["success"]) * rules["unsuccessful_visit_weight"] * fright, 0.0))
        for day, booked in zip(world.days["bookings"], world.bookings["row"]):
            if people.household[booked] == home and booked != row:
                seen[day].append((0.0, -rules["trust_arrest"]))
        for day, crime in zip(world.days["crimes"], world.crimes):
            if crime["reported"]:
                took_part = [crime["victim"] == row and crime["crime_type"] != CrimeType.HOMICIDE]
                took_part += [crime["bystander"][b] == row and bool(crime["calls"][b + 1] or crime["cooperates"][b + 1])
                              for b in (0, 1)]  # fmt: skip
                change = rules["trust_solved"] if crime["solved"] else -rules["trust_unsolved"]
                seen[day].append((0.0, sum(took_part) * change))
        for day in range(world.scenario.days):
            if day and world.generation(row, day) != world.generation(row, day - 1):
                fear = trust = 0.0
            marks = world.touches(row, day)
            for value, name in ((fear, "fear"), (trust, "trust")):
                left = (marks[name] * np.exp(-rules[f"{name}_decay"] * (day - marks["day"]))).sum()
                assert left == pytest.approx(value, abs=1e-9), (row, day, name)
            fear = (fear + sum(f for f, _ in seen[day])) * np.exp(-rules["fear_decay"])
            trust = (trust + sum(t for _, t in seen[day])) * np.exp(-rules["trust_decay"])


def test_newcomers_begin_without_the_past_of_those_before_them(world):
    arrivals = np.flatnonzero(world.engine.residents["generation"])
    assert len(arrivals) > 50
    rows = people_at(world.crimes)
    held = [world.generation(row, day) for row, day in zip(rows[:, 0].tolist(), world.days["crimes"].tolist())]
    assert held == world.crimes["generation"].tolist()
    assert max(held) > 0
    row = int(arrivals[0])
    first = next(day for day in range(world.scenario.days) if world.generation(row, day) == 1)
    assert world.arrived(row, first) == first
    assert len(world.touches(row, first)) == 0
    assert world.away(row, first) is None
    assert world.arrived(row, first - 1) == -1


def test_who_is_away_and_why_is_what_the_run_ended_with(world):
    # A removal that falls due after the last day is not carried out.
    day, residents = world.scenario.days - 1, world.engine.residents
    found = [world.away(row, day) for row in range(len(world.population))]
    for row, span in enumerate(found):
        until = residents["until"][row]
        if span is not None and until > day + 1:
            assert (span.until, span.reason) == (until, residents["absence"][row])
        if span is None and until > day + 1:
            later = [world.days[kind][world._by_person[kind].of(row)] for kind in ("bookings", "ice_arrests", "crimes")]
            assert day in np.concatenate(later)
    reasons = {span.reason for span in found if span}
    assert reasons >= {Absence.JAILED, Absence.DETAINED, Absence.REMOVED, Absence.KILLED}


def test_a_world_that_does_not_add_up_tells_no_story(world):
    kept = world.fear.copy()
    world.fear[:] = kept + 1e-6
    with pytest.raises(RuntimeError, match="fear: the events of the run do not add up"):
        world._check()
    world.fear[:] = kept
    world._check()


def test_counts_add_up_and_are_those_of_the_outcomes(books):
    pair = load(*PAIR)
    comparison = compare(*pair, seeds=2, workers=1, progress=False)
    for book, replicate in zip(books, REPLICATES):
        happened, reported, solved = (book.counts[kind] for kind in ("happened", "reported", "solved"))
        assert happened["both"] == sum(reported.values()) == sum(solved.values())
        assert len(book.stories["happened"]) == happened["only_a"] + happened["only_b"]
        assert len(book.stories["reported"]) == reported["only_a"] + reported["only_b"] > 0
        assert len(book.stories["solved"]) == solved["only_a"] + solved["only_b"] > 0
        for kind in KINDS:
            assert sum(book.reasons[kind].values()) == len(book.stories[kind])
        for name, only in zip(PAIR, ("only_a", "only_b")):
            total = comparison.values(name, "crimes_happened")[replicate]
            assert total == happened["both"] + happened[only]


def test_identical_worlds_have_no_stories():
    same = load("agreement-renewed", "agreement-renewed")
    book = story_book(same, kinds=KINDS)
    assert all(book.stories[kind] == () for kind in KINDS)
    assert book.counts["happened"]["both"] > 500
    assert [book.counts[kind][only] for kind in KINDS for only in ("only_a", "only_b")] == [0] * 6
    assert "None." in book.text()


def test_nothing_differs_before_the_policies_do(tmp_path):
    ended = tmp_path / "ended.toml"
    event = '[[event]]\ndate = 2017-06-30\nkind = "agreement_ends"\nwhy = "The terms are not renewed."\n'
    ended.write_text(f'extends = "agreement-2008-terms"\ntitle = "Ended"\n{event}')
    book = story_book(load(PAIR[0], ended, outcomes_from=date(2016, 1, 1)), limit=100_000)
    dates = [story.date for kind in KINDS for story in book.stories[kind]]
    assert len(dates) > 20
    assert "2017-06-30" < min(dates) < "2017-12-31"


def test_the_text_names_dates_of_the_run_and_both_chances(books):
    months = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
    for story in (story for book in books for kind in KINDS for story in book.stories[kind]):
        text = " ".join(story.text().split())
        words = re.sub("[,;:.)(]", " ", text).split()
        dates = [words[i : i + 3] for i, word in enumerate(words) if word in months]
        assert dates
        assert all(2016 <= int(year) <= 2019 for _, _, year in dates)
        day = date.fromisoformat(story.date)
        assert f"{day:%B} {day.day}, {day.year}" in text
        assert f"{story.victim.row:,}" in text
        assert "% in A" in text
        assert "% in B" in text
        assert "the draw" in text
        assert "nan" not in text
        assert "None" not in text
        assert max(map(len, story.text().splitlines()[1:])) <= WIDTH
        assert text.endswith(".")


def test_the_clearest_come_first_and_the_limit_holds(books):
    for kind in KINDS:
        sizes = [len(story.causes) for story in books[0].stories[kind]]
        assert sizes == sorted(sizes)
        assert tell_stories(load(*PAIR), kind=kind, limit=3) == list(books[0].stories[kind][:3])
    first = books[0].stories["reported"][0]
    alike = [story for story in books[0].stories["reported"] if len(story.causes) == 1]
    assert first.change == max(story.change for story in alike)


def test_what_cannot_be_told_is_refused():
    with pytest.raises(InputError, match="kind = 'x': must be one of reported, solved, happened"):
        tell_stories(load(*PAIR), kind="x")
    with pytest.raises(InputError, match="two scenarios"):
        tell_stories(load("agreement-ended"))
    with pytest.raises(InputError, match="replicate = 0: must be a whole number at least 1"):
        tell_stories(load(*PAIR), replicate=0)
    braver = [load("agreement-renewed")[0], load("agreement-ended", fear_effect=1.0)[0]]
    with pytest.raises(InputError, match=r"differ in policy only: fear_effect = 2 in .* and 1 in"):
        tell_stories(braver)


def test_the_cause_is_as_small_as_it_gets():
    a, b, c, d = (Component("event", name) for name in "abcd")
    weights = {a: 0.1, b: 0.3, c: 0.2, d: -0.4}

    def find(needed):
        return find_cause(weights, lambda swapped: sum(weights[each] for each in swapped) >= needed - 1e-12)

    assert find(0.15) == ([b], [c, a, d])
    assert find(0.45) == ([b, c], [a, d])
    assert find(0.6) == ([b, c, a], [d])
    assert find_cause(weights, lambda swapped: a in swapped) == ([a], [b, c, d])
    assert find_cause(weights, lambda swapped: {a, b} <= set(swapped)) == ([b, a], [c, d])


def test_an_incomplete_pair_has_no_stories_and_the_comparison_says_so():
    def crash(scenario, seed):
        raise ValueError("no city")

    comparison = compare(*PAIR, seeds=1, workers=1, progress=False, stories=1, engine=fake_world.engine(crash))
    assert comparison.book is None
    assert "no stories: the first pair of worlds is not complete" in comparison.notes


def twoclaims(*arguments):
    with pytest.raises(SystemExit) as left:
        main([*map(str, arguments)])
    return left.value.code or 0


OPTIONS = ("--set", "place=riverton", "--scale", 0.25, "--years", 3.5, "--seeds", 2, "--workers", 1, "--out", "r")


def test_compare_prints_and_writes_stories(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert twoclaims("compare", *PAIR, *OPTIONS, "--stories", 2) == 0
    out, err = capsys.readouterr()
    assert "One crime, two worlds: replicate 1, August 31, 2018 to July 1, 2019" in out
    assert "Crimes that happened in both worlds and were reported in one: " in out
    assert "Running the first pair again with all its events" in err
    assert max(map(len, out.splitlines())) <= WIDTH
    written = json.loads((tmp_path / "r" / "stories.json").read_text())
    assert written["scenarios"] == {"A": PAIR[0], "B": PAIR[1]}
    assert {kind: len(told) <= 2 for kind, told in written["stories"].items()} == dict.fromkeys(KINDS, True)
    assert (tmp_path / "r" / "stories.md").read_text().startswith("# One crime, two worlds: replicate 1")
    assert twoclaims("compare", *PAIR, *OPTIONS[:-1], "q", "--stories", 2, "--json") == 0
    assert json.loads(capsys.readouterr().out)["stories"] == written
    assert twoclaims("compare", *PAIR, *OPTIONS[:-1], "p", "--json") == 0
    assert "stories" not in json.loads(capsys.readouterr().out)
    assert not (tmp_path / "p" / "stories.json").exists()


def test_compare_refuses_stories_before_it_runs_anything(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "braver.toml").write_text('extends = "agreement-ended"\ntitle = "x"\n[parameters]\nfear_effect = 1.0\n')
    assert twoclaims("compare", PAIR[0], "braver.toml", *OPTIONS, "--stories", 2) == 2
    assert "stories need scenarios that differ in policy only: fear_effect" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
    assert twoclaims("compare", *PAIR, *OPTIONS, "--stories", 0) == 2


def test_a_story_in_spanish_has_the_same_numbers_and_no_english(books):
    book = books[0]
    spanish = story_book(load(*PAIR), REPLICATES[0], limit=100_000, language="es")
    assert spanish.counts == book.counts
    assert spanish.reasons == book.reasons
    english_words = {"the", "of", "and", "was", "in", "to", "victim", "police", "arrest", "only", "chance", "both"}
    names = {word.lower() for district in book_places() for word in re.findall(r"[A-Za-z]+", district)}
    for kind in KINDS:
        assert len(spanish.stories[kind]) == len(book.stories[kind])
        for english, translated in zip(book.stories[kind], spanish.stories[kind]):
            assert english.change == translated.change
            numbers = [sorted(re.findall(r"\d[\d,.]*\d|\d", story.text())) for story in (english, translated)]
            assert numbers[0] == numbers[1]
            words = set(re.findall(r"[a-záéíóúñ]+", translated.text().lower())) - names
            assert not words & english_words, translated.text()
            assert "{" not in translated.text()
    assert spanish.markdown().startswith("# Un delito, dos mundos: repetición 1")
    assert spanish.text() != book.text()


def book_places():
    return [district.name for district in Place.load(HOT["place"]).districts]


def test_a_story_shows_the_decisions_that_turned_on_both_sides_of_their_draw(books):
    lang = load_language("en")
    stories = [story for book in books for kind in KINDS for story in book.stories[kind]]
    kinds = set()
    for story in stories:
        made = decisions(lang, story)
        people = people_in(lang, story)
        assert people[0] == ("the victim", story.victim.row)
        if story.kind == "happened":
            (happens,) = made
            assert happens.draw < (happens.a, happens.b)["AB".index(story.done_in)]
            continue
        assert made or story.solved
        for decision in made:
            kinds.add(re.sub(r"^the .* (calls|cooperates|solve)", r"\1", decision.what))
        deciders = [decision for decision in made if decision.what != "the police solve it"]
        assert {who for who, _ in people[1:]} <= {decision.what.rsplit(" call", 1)[0].rsplit(" cooperat", 1)[0]
                                                  for decision in deciders}  # fmt: skip
        if story.kind == "reported":
            assert all((decision.draw < decision.a) != (decision.draw < decision.b) for decision in deciders)
    assert len(kinds) == 3
