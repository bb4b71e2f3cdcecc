"""What the browser is given of the city: plain numbers, and words for every kind of event in every language."""

import itertools
import json

import numpy as np
import pytest

from experiments.city.history import GROUPS, city_history
from experiments.city.measures import MEASURES, Verdict, view
from experiments.city.resident import Entry, Event
from experiments.exhibits.districts import tiles_of
from experiments.language import CODES, load
from simulation import Scenario
from simulation.place import Place
from simulation.vocabulary import Channel
from workshop.pages.city_map import open_text, plain, tile_shapes, timeline
from workshop.pages.city_resident import entry_words, event_words

SMALL = {"place": "riverton", "scale": 0.25}


@pytest.fixture(scope="module")
def history():
    return city_history(
        *(Scenario.load(name, SMALL) for name in ("agreement-renewed", "agreement-ended")), replicates=(1, 2)
    )


@pytest.mark.parametrize("name", MEASURES)
def test_numbers_are_plain_and_undefined_ones_are_null(history, name):
    shown = view(history, name, GROUPS[1], 1)
    given = json.loads(json.dumps(plain(shown, MEASURES[name]), allow_nan=False))
    for world, estimate in zip(("a", "b", "difference"), shown):
        values = np.array(given[world]["value"], dtype=float)
        np.testing.assert_allclose(values, estimate.value, atol=1e-7)
        assert np.array(given[world]["verdict"]).shape == estimate.value.shape
    low, high = given["limits"]["level"]
    assert low <= high
    assert given["limits"]["difference"][0] == -given["limits"]["difference"][1]


def test_a_difference_that_is_written_as_zero_is_none(history):
    shown = view(history, "trust", "all", 1)
    tiny = shown.difference._replace(
        value=np.full_like(shown.difference.value, 0.004),
        verdict=np.full_like(shown.difference.verdict, Verdict.HIGHER),
    )
    given = plain(shown._replace(difference=tiny), MEASURES["trust"])
    assert set(np.ravel(given["difference"]["verdict"])) == {Verdict.NOISE}


def test_every_district_has_a_tile_of_its_own(history):
    for name in Place.names():
        place = Place.load(name)
        shapes = tile_shapes(place)
        assert [shape["id"] for shape in shapes["shapes"]] == [district.id for district in place.districts]
        assert (
            len({shape["path"] for shape in shapes["shapes"]})
            == len(place.districts)
            == len(set(tiles_of(place).values()))
        )


def test_the_timeline_leads_to_the_month_that_ends_with_the_event_behind_it(history):
    found = timeline(history, load("en"))
    assert str(history.dates[found["apart"]]) == "2018-08-31"
    assert [mark["at"] for mark in found["marks"]] == sorted(mark["at"] for mark in found["marks"])


def test_texts_for_the_browser_keep_their_braces():
    assert open_text(load("es"), "city.map.range", ("low", "high")) == "{low} a {high}"


def events():
    """Yield one event of every kind, and of every way it can go."""
    flags = (False, True)
    for called, reported, handled, cooperated, solved in itertools.product(flags, repeat=5):
        facts = {"crime_type": "robbery", "called": called, "reported": reported, "handled": handled,
                 "cooperated": cooperated, "solved": solved}  # fmt: skip
        yield from (("crime", (role,), facts) for role in ("victim", "witness"))
    near = (("self",), ("household",), ("neighbor", "coworker"))
    for whom in near:
        yield from (("police_arrest", whom, {"charge": charge}) for charge in ("theft", "other"))
        for channel, data, raid in itertools.product(Channel.names(), flags, flags):
            yield "immigration_arrest", whom, {"channel": channel, "from_data": data, "in_raid": raid}
        for channel, at_work in itertools.product(Channel.names(), flags):
            yield "visit", whom, {"channel": channel, "at_work": at_work}
    yield from (("news", (), {"arrests": arrests}) for arrests in (None, 1, 12))
    yield from (("status", ("self",), {"by_law": by_law}) for by_law in flags)
    yield from ((kind, (), {}) for kind in ("scandal", "announcement"))
    yield "newcomer", ("self",), {}


@pytest.mark.parametrize("code", CODES)
def test_every_kind_of_event_has_words(code):
    lang, told = load(code), set()
    for kind, relations, facts in events():
        words = event_words(lang, Event(kind, relations, facts, 0.0, 0.0, 50.0, 48.0, 0.1, 0.2))
        assert words[0].isupper()
        assert words.endswith(".")
        assert "{" not in words
        told.add(words)
    assert len(told) > 60


def test_what_happened_alike_is_told_once():
    lang = load("en")
    a = Event("news", (), {"arrests": None}, 0.0, 0.0, 50.0, 50.0, 0.1, 0.2)
    b = a._replace(dread_after=0.3)
    alike = entry_words(lang, Entry(5, a, b))
    assert alike["both"]
    assert (alike["a"], alike["b"]) == ("", "")
    assert "0.200" in alike["moved_a"]
    assert "0.300" in alike["moved_b"]
    alone = entry_words(lang, Entry(5, a, None))
    assert (alone["both"], alone["b"], alone["moved_b"]) == ("", "Nothing of this.", "")
    assert alone["a"] == event_words(lang, a)
