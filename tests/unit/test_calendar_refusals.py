"""What a calendar refuses: each in one line that names file, event, key and value, and what is allowed."""

import datetime
import math
import re

import pytest
import tomli_w

from simulation.errors import InputError
from simulation.events import EVENT_KINDS, REQUIRED
from simulation.scenario import Scenario
from simulation.vocabulary import Community
from tests.calendars import BASELINE, END, before, event, example, examples, load, on

KINDS = list(EVENT_KINDS)
LASTING = [name for name, kind in EVENT_KINDS.items() if kind.lasting]
AGREEMENT = [name for name, kind in EVENT_KINDS.items() if kind.agreement]
VALUES = [(kind.name, value.name) for kind in EVENT_KINDS.values() for value in kind.values]

kinds = pytest.mark.parametrize("kind", KINDS)
values = pytest.mark.parametrize(("kind", "name"), VALUES)
lasting = pytest.mark.parametrize("kind", LASTING)


def declaration(kind, name):
    """Return the declaration of one value of a kind."""
    [value] = [value for value in EVENT_KINDS[kind].values if value.name == name]
    return value


def refusal(*events, **content):
    """Return the one line in which a scenario is refused."""
    with pytest.raises(InputError) as caught:
        load(*events, **content)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    assert "calendar.toml: " in message
    return message.split("calendar.toml: ")[1]


@kinds
def test_one_event_of_a_kind_on_a_date(kind):
    """Two are refused, and so are two of the agreement of any kind."""
    named = f"event {kind} of 2016-02-10: there is already an event on that date ("
    assert refusal(example(kind), example(kind), **before(kind)).startswith(named)
    for other in AGREEMENT[AGREEMENT.index(kind) :] if kind in AGREEMENT else ():
        assert "there is already an event on that date" in refusal(example(kind), example(other), **before(kind))


@lasting
def test_spells_of_a_kind_do_not_overlap(kind):
    """What begins before another's end is refused, with and without an end of its own; on the day of it, not."""
    spell = example(kind, 40, until=on(90))
    for late in ({}, {"until": on(95)}, {"until": on(200)}):
        message = refusal(spell, example(kind, 89, **late))
        assert message == f"event {kind} of 2016-03-30: overlaps the one of 2016-02-10, which holds until 2016-03-31"
    assert load(spell, example(kind, 90)).events[1].date == on(90)


@lasting
@pytest.mark.parametrize("until", [on(40), on(39), on(-1), END + datetime.timedelta(days=1)])
def test_an_end_lies_after_the_event_and_within_the_run(kind, until):
    """The last day of the run is the last on which an event may hold."""
    message = refusal(example(kind, until=until))
    assert (
        message == f"event {kind} of 2016-02-10: until = {until}: must lie after 2016-02-10 and at most at 2018-01-01"
    )
    assert load(example(kind, until=END)).events[0].until == END


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in LASTING])
def test_only_what_lasts_has_an_end(kind):
    assert refusal(example(kind, until=on(90)), **before(kind)) == (
        f"event {kind} of 2016-02-10: until does not belong to an event of this kind"
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in AGREEMENT])
def test_only_the_agreement_has_terms(kind):
    assert refusal(example(kind, terms={"preset": "none"})) == (
        f"event {kind} of 2016-02-10: terms does not belong to an event of this kind"
    )


@kinds
@pytest.mark.parametrize("day", [-1, 731])
def test_every_event_lies_within_the_run(kind, day):
    assert refusal(example(kind, day), **before(kind)) == (
        f"event {kind} of {on(day)}: outside the run, whose days are 2016-01-01 to 2017-12-31"
    )


@values
def test_a_value_of_another_type_is_refused(kind, name):
    """Nothing is converted: the line names event, key, value and what it must be."""
    declared = declaration(kind, name).declared
    allowed = type(examples(declared)[0])
    for wrong in ("x", 1, True, 0.5, ["latino", 3], {"a": 1}, on(50), datetime.datetime(2016, 5, 5)):
        if type(wrong) is allowed and not isinstance(wrong, str | list):
            continue
        if declared.bounds and isinstance(wrong, int | float) and not isinstance(wrong, bool):
            continue
        if kind == "raid" and name == "district" and wrong == "x":
            continue  # text, but no district: below
        message = refusal(example(kind, **{name: wrong}), **before(kind))
        nth = r"(\[\d+\])?"
        assert re.match(rf"event {kind} of 2016-02-10: {name}{nth} = .+: must be ", message)


@pytest.mark.parametrize(("kind", "name"), [v for v in VALUES if declaration(*v).declared.bounds])
def test_bounds_of_values_are_exact(kind, name):
    """Both ends are allowed, and nothing beyond them; the line says what the value means."""
    declared = declaration(kind, name).declared
    low, high = declared.bounds
    for allowed in (low, high):
        assert load(example(kind, **{name: allowed})).events[0].values[name] == allowed
    for outside in (math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan, math.inf):
        message = refusal(example(kind, **{name: outside}))
        assert message.startswith(f"event {kind} of 2016-02-10: {name} = ")
        assert f"must lie between {low:g} and {high:g} ({declared.unit}). {declared.meaning}" in message


@pytest.mark.parametrize(("kind", "name"), [v for v in VALUES if declaration(*v).default == REQUIRED])
def test_a_value_without_default_must_be_given(kind, name):
    """The line says what it means and what is allowed; every other value may be left out."""
    given = example(kind)
    del given[name]
    message = refusal(given)
    declared = declaration(kind, name).declared
    assert message.startswith(f"event {kind} of 2016-02-10: missing key '{name}'")
    assert declared.meaning in message
    assert all(each in message for each in declared.choices)
    assert all(f"{limit:g}" in message for limit in declared.bounds or ())


@kinds
def test_what_may_be_left_out_has_its_default(kind):
    """Only required values given: the others are those declared, or stay open."""
    given = example(kind)
    for value in EVENT_KINDS[kind].values:
        if value.default != REQUIRED:
            del given[value.name]
    [found] = load(given, **before(kind)).events
    defaults = {v.name: v.default for v in EVENT_KINDS[kind].values if v.default not in (REQUIRED, None)}
    assert {name: found.values[name] for name in defaults} == defaults
    assert not set(found.values) & {v.name for v in EVENT_KINDS[kind].values if v.default is None}


@kinds
def test_an_unknown_key_is_named_with_the_nearest(kind):
    """One letter left out of a known key finds it; only keys that the kind takes are offered."""
    for name in ["why", *["until"] * EVENT_KINDS[kind].lasting, *(value.name for value in EVENT_KINDS[kind].values)]:
        slip = name[:-1]
        message = refusal(example(kind) | {slip: 1}, **before(kind))
        assert message.startswith(f"event {kind} of 2016-02-10: unknown key '{slip}'; did you mean '{name}'?")
    message = refusal(example(kind) | {"QQQ": 1}, **before(kind))
    offered = message.split("allowed: ")[1].split(" (")[0].split(", ")
    assert ("until" in offered) == EVENT_KINDS[kind].lasting
    assert ("terms" in offered) == EVENT_KINDS[kind].agreement


@pytest.mark.parametrize(
    ("one", "message"),
    [
        ({"date": on(1)}, "missing key 'event[1].kind'"),
        ({"kind": "vote"}, "missing key 'event[1].date'"),
        ({"kind": "vote", "dat": on(1)}, "[event[1]]: unknown key 'dat'; did you mean 'date'?"),
        ({"knd": "vote", "date": on(1)}, "[event[1]]: unknown key 'knd'; did you mean 'kind'?"),
        ({"kind": "vote", "date": "2016-02-10"}, "event[1].date = '2016-02-10': must be a date such as 2018-08-31"),
        ({"kind": "vote", "date": datetime.datetime(2016, 2, 10)}, "event[1].date = 2016-02-10T00:00:00: must be"),
        ({"kind": "detaners", "date": on(1)}, "did you mean 'detainers'?"),
        (example("capacity", until="2016-09-01"), "event[1].until = '2016-09-01': must be a date"),
        (example("capacity", why=3), "event[1].why = 3: must be text in quotes"),
        (example("raid", district="11"), "event raid of 2016-02-10: unknown district '11'; did you mean '1'?"),
        (example("raid", district="North"), "unknown district 'North'; allowed: 1, 2, 3, 4, 5, 6"),
        (example("raid", site="homes"), "site = 'homes': must be one of home, workplace; did you mean 'home'?"),
        (example("detainers", value="honour"), "must be one of never, judicial_warrant, honor; did you mean 'honor'?"),
        (example("announcement", communities=["latinos"]), "other_immigrant; did you mean 'latino'?"),
        (example("announcement", communities=[]), "communities = []: must be a list of different names among"),
        (example("announcement", communities=["asian", "asian"]), "must be a list of different names among"),
        (example("announcement", communities="asian"), "communities = 'asian': must be a list"),
        (event("agreement_starts", 40), "needs terms, such as"),
        (event("agreement_revised", 40, terms={}), "needs terms, such as"),
        (event("agreement_revised", 40, real_time=False), "unknown key 'real_time'"),
    ],
)  # fmt: skip
def test_what_an_event_cannot_say(one, message):
    assert message in refusal(one)


ENDED = {"city": "end", "courts": "end"}
NOT_IN_FORCE = "no agreement is in force on that date"


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([event("vote", 40, ends=on(39))], "ends = 2016-02-09: must not lie before the event"),
        ([event("vote", 40, ends=END)], "ends = 2018-01-01: outside the run, whose last day is 2017-12-31"),
        ([event("funding_cut", 40, share=0.1, decided=on(39))], "decided = 2016-02-09: must not lie before the event"),
        ([event("agreement_ends", 30), event("vote", 40)], NOT_IN_FORCE),
        ([event("vote", 30, **ENDED), event("vote", 40)], NOT_IN_FORCE),
        ([event("vote", 30, **ENDED, ends=on(40)), event("vote", 40)], NOT_IN_FORCE),
        ([event("vote", 30, **ENDED), event("agreement_ends", 40)], NOT_IN_FORCE),
        ([event("vote", 30, **ENDED), example("agreement_revised", 40)], NOT_IN_FORCE),
        ([event("vote", 30, **ENDED, ends=on(41)), example("agreement_starts", 40)], "overlaps the agreement"),
        ([event("vote", 30, city="end"), example("agreement_starts", 40)], "overlaps the agreement that is in force"),
        ([event("vote", 30), example("agreement_starts", 40)], "overlaps the agreement that is in force"),
    ],
)  # fmt: skip
def test_events_that_contradict_one_another(events, message):
    """Two votes given to end it are known to end it; one, or none, is not."""
    assert refusal(*events).startswith(f"event {events[-1]['kind']} of 2016-02-10: {message}")


def test_events_that_go_together():
    """What is refused above is fine a day later, or with the votes that are enough."""
    restored = example("agreement_starts", 41)
    load(event("vote", 30, **ENDED, ends=on(40)), event("vote", 38), event("agreement_ends", 39))
    load(event("vote", 30, **ENDED, ends=on(41)), restored)
    load(event("vote", 30, city="end", district_attorney="end"), restored, event("vote", 41))
    load(event("vote", 40, ends=END - datetime.timedelta(days=1)), event("vote", 41), event("agreement_ends", 42))
    load(event("funding_cut", 40, share=0.1, decided=END + datetime.timedelta(days=400)))


def test_names_of_communities_are_put_in_order():
    """In any order they mean the same."""
    a, b = (load(example("police_scandal", communities=names)) for names in (["asian", "latino"], ["latino", "asian"]))
    assert a == b
    assert a.occurrences()[0][1].communities == (Community.LATINO, Community.ASIAN)


def test_events_are_added_to_those_inherited(tmp_path):
    """A child's events join its parent's, under the same checks."""
    (tmp_path / "base.toml").write_text(tomli_w.dumps(BASELINE | {"event": [example("capacity", 40, until=on(90))]}))
    child = tmp_path / "child.toml"
    child.write_text(tomli_w.dumps({"extends": "base.toml", "event": [example("capacity", 30)]}))
    assert [one.date for one in Scenario.load(child).events] == [on(30), on(40)]
    child.write_text(tomli_w.dumps({"extends": "base.toml", "event": [example("capacity", 50)]}))
    with pytest.raises(InputError, match=r"child.toml: event capacity of 2016-02-20: overlaps the one of 2016-02-10"):
        Scenario.load(child)
