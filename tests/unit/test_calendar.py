"""The calendar of a scenario: what may be declared, how long it holds, what is refused, and what it survives."""

import math
import pickle
from itertools import pairwise

import pytest

from simulation.events import EVENT_KINDS, REQUIRED, check_value
from simulation.levers import LEVERS
from simulation.scenario import Scenario
from simulation.vocabulary import Party
from tests.calendars import END, before, event, example, examples, load, on

STANDING = {f"{party}_{part}" for party in Party.names() for part in ("yardstick", "threshold")}
"""Levers that stand for the whole run."""
KINDS = list(EVENT_KINDS)
LASTING = [name for name, kind in EVENT_KINDS.items() if kind.lasting]
AGREEMENT = [name for name, kind in EVENT_KINDS.items() if kind.agreement]
VALUES = [(kind.name, value.name) for kind in EVENT_KINDS.values() for value in kind.values]
TERMS = {
    "roles": (["arrestee"], ["victim"]), "fields": (["country_of_birth"], ["immigration_status"]),
    "real_time": (True, False), "after_disposition": (True, False), "ends": (on(200), on(201)),
}  # fmt: skip

kinds = pytest.mark.parametrize("kind", KINDS)
lasting = pytest.mark.parametrize("kind", LASTING)
values = pytest.mark.parametrize(("kind", "name"), VALUES)


def declaration(kind, name):
    """Return the declaration of one value of a kind."""
    [value] = [value for value in EVENT_KINDS[kind].values if value.name == name]
    return value


def two_that_differ(kind, name):
    """Return two scenarios that differ in one value of one event."""
    return [load(example(kind, **{name: each}), **before(kind)) for each in examples(declaration(kind, name).declared)]


# Declarations


@kinds
def test_every_kind_is_declared_in_full(kind):
    """It has a meaning, an owner, and values of different names that do not hide the keys of every event."""
    declared = EVENT_KINDS[kind]
    assert declared.name == kind
    assert declared.meaning[0].isupper()
    assert declared.meaning.endswith(".")
    assert declared.controlled_by
    names = [value.name for value in declared.values]
    assert len(set(names)) == len(names)
    assert not set(names) & {"date", "kind", "why", "until", "terms"}
    assert declared.agreement == kind.startswith("agreement_")


@values
def test_every_value_is_declared_in_full(kind, name):
    """It has a unit and a meaning, says what is allowed, and allows its own default."""
    value = declaration(kind, name)
    declared = value.declared
    assert declared.unit
    assert declared.meaning.endswith(".")
    restrictions = (declared.bounds, declared.choices, getattr(declared, "names", ()))
    assert sum(map(bool, restrictions)) <= 1
    if value.lever:
        assert LEVERS[value.lever] is declared
        assert EVENT_KINDS[kind].controlled_by == declared.controlled_by
    if value.default not in (REQUIRED, None):
        assert check_value(declared, value.default, "key") == value.default


def test_every_lever_but_the_standing_ones_is_set_by_one_kind():
    """No lever is out of reach of the calendar by oversight, and none is set by two kinds."""
    reached = [value.lever for kind in EVENT_KINDS.values() for value in kind.values if value.lever]
    assert sorted(reached) == sorted(set(LEVERS) - STANDING)
    assert all(value.lever for kind in LASTING for value in EVENT_KINDS[kind].values)


@values
def test_every_value_reaches_a_lever_or_what_happens(kind, name):
    """Two events that differ in it alone give different policies, or different occurrences."""
    a, b = two_that_differ(kind, name)
    assert (a.policies(), a.occurrences()) != (b.policies(), b.occurrences())


@pytest.mark.parametrize("name", list(TERMS))
@pytest.mark.parametrize("kind", ["agreement_starts", "agreement_revised"])
def test_every_term_of_an_event_reaches_the_policy(kind, name):
    """Roles, fields, real time, disposition and end."""
    a, b = (load(example(kind, terms={"preset": "agreement-2008", name: each}), **before(kind)) for each in TERMS[name])
    assert a.policies() != b.policies()


# How long it holds


@lasting
def test_a_lasting_event_holds_from_its_date_to_the_day_before_its_end(kind):
    """Then every lever is what it was; left without an end it holds to the run's last day."""
    usual = load(**before(kind)).policies()
    ends = ({"until": on(90)}, {})
    with_end, without = (load(example(kind, 40, **until), **before(kind)).policies() for until in ends)
    assert [day for day, _ in with_end] == [0, 40, 90]
    assert with_end[0][1] == with_end[2][1] == usual[0][1]
    assert without == with_end[:2]
    changed = {value.lever for value in EVENT_KINDS[kind].values}
    for name in set(LEVERS) - changed - {"victim_shield"}:
        assert getattr(with_end[1][1], name) == getattr(usual[0][1], name)


@lasting
def test_a_lasting_event_on_the_first_day_is_a_standing_lever(kind):
    """The same policy as with the value under `[levers]`, and so the same run."""
    given = example(kind, 0)
    levers = {value.lever: given[value.name] for value in EVENT_KINDS[kind].values}
    assert load(given, **before(kind)).policies() == load(levers=levers, **before(kind)).policies()


def test_a_change_without_end_follows_another():
    """And within a change without end another may hold for a while; what was set before then counts again."""
    first, second = event("capacity", 10, value=2.0), event("capacity", 20, value=3.0)
    assert [(day, p.capacity) for day, p in load(first, second).policies()] == [(0, 1.0), (10, 2.0), (20, 3.0)]
    spell = event("capacity", 20, value=3.0, until=on(30))
    steps = [(0, 1.0), (10, 2.0), (20, 3.0), (30, 2.0)]
    assert [(day, p.capacity) for day, p in load(first, spell).policies()] == steps
    inside = event("capacity", 30, value=4.0)
    assert [(day, p.capacity) for day, p in load(spell, inside).policies()] == [(0, 1.0), (20, 3.0), (30, 4.0)]


def test_kinds_do_not_disturb_one_another():
    """Spells of different kinds overlap freely, in any order in the file."""
    spells = [event("capacity", 10, value=2.0, until=on(40)), event("substitution", 20, value=0.5, until=on(50))]
    expected = [(0, 1.0, 0.2), (10, 2.0, 0.2), (20, 2.0, 0.5), (40, 1.0, 0.5), (50, 1.0, 0.2)]
    for order in (spells, spells[::-1]):
        assert [(day, p.capacity, p.substitution) for day, p in load(*order).policies()] == expected


def test_an_event_that_changes_nothing_makes_no_new_policy():
    """Consecutive policies differ; none begins after the run's last day."""
    same = event("capacity", 10, value=1.0)
    assert len(load(same).policies()) == 1
    to_the_end = load(event("capacity", 10, value=2.0, until=END))
    assert [day for day, _ in to_the_end.policies()] == [0, 10]
    policies = load(*[example(kind, 40, until=on(90)) for kind in LASTING]).policies()
    assert all(a != b for (_, a), (_, b) in pairwise(policies))


def test_occurrences_are_in_order_of_day_and_of_effect():
    """Whatever the order in the file: a vote before a cut, a cut before a raid."""
    names = ["raid", "police_scandal", "enforcement_news", "announcement", "legalization", "funding_cut", "vote"]
    scenario = load(*[example(name, day) for day in (50, 40) for name in names])
    found = [(day, type(each).__name__) for day, each in scenario.occurrences()]
    ordered = ["Vote", "FundingCut", "Legalization", "Announcement", "EnforcementNews", "PoliceScandal", "Raid"]
    assert found == [(day, name) for day in (40, 50) for name in ordered]


# What it survives


def everything(**change):
    """Return a scenario with an event of every kind, one of them changed in some values: `kind={...}`."""
    days = {"agreement_starts": 500, "agreement_ends": 400, "vote": 100, "agreement_revised": 50}
    listed = [example(kind, days.get(kind, 40), **change.get(kind, {})) for kind in KINDS]
    return load(*listed)


def test_a_scenario_with_every_kind_survives_its_file_and_a_worker(tmp_path):
    """Resolved, written, loaded; pickled and unpickled: equal, with the same policies, occurrences and fingerprint."""
    scenario = everything()
    path = tmp_path / "calendar.toml"
    path.write_text(scenario.to_toml(), encoding="utf-8")
    for again in (Scenario.load(path), pickle.loads(pickle.dumps(scenario))):
        assert again == scenario
        assert again.fingerprint == scenario.fingerprint
        assert again.policies() == scenario.policies()
        assert again.occurrences() == scenario.occurrences()
        assert again.to_toml() == scenario.to_toml()
    with pytest.raises(TypeError, match="does not change"):
        scenario.events[0].values["value"] = 1.0


@values
def test_the_fingerprint_and_the_difference_follow_every_value(kind, name):
    """However close the two values are; the difference is that one event and no other."""
    declared = declaration(kind, name).declared
    pairs = [examples(declared)]
    if declared.bounds:
        pairs.append((1 / 3, math.nextafter(1 / 3, 1)))
    for one, other in pairs:
        a, b = (everything(**{kind: {name: each}}) for each in (one, other))
        assert a.fingerprint != b.fingerprint
        [(key, ours, theirs)] = Scenario.difference(a, b)
        assert key.startswith("event.")
        assert key.endswith(f".{kind}")
        assert ours != theirs
        assert Scenario.difference(b, a) == [(key, theirs, ours)]


def test_dates_and_ends_count_and_reasons_do_not():
    """A day later, an end, an event left out: another fingerprint. Another reason: the same."""
    plain = load(example("capacity"))
    others = [load(example("capacity", 41)), load(example("capacity", until=on(90))), load()]
    assert len({each.fingerprint for each in (plain, *others)}) == 4
    told = load(example("capacity", why="Because."), group="Mine", expected=["It rises."])
    assert told.fingerprint == plain.fingerprint
    assert Scenario.difference(told, plain) == []
    assert told.events[0].why == "Because."


def test_two_events_on_a_date_are_two_settings():
    """Their keys name date and kind."""
    both = load(example("capacity"), example("detectives"))
    assert [key for key, _, _ in Scenario.difference(load(), both)] == [
        "event.2016-02-10.capacity",
        "event.2016-02-10.detectives",
    ]
