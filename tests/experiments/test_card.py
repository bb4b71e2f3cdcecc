"""The card of two scenarios lists exactly what differs, in plain words."""

import json

import pytest
from click.testing import CliRunner

from experiments.cli import main
from experiments.cli.scenario import GROUPS
from experiments.comparison.card import NOTHING, card, card_text
from simulation.calendar import levers_on
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario

BASE = Scenario.load("agreement-renewed")


def changed(value, lever):
    """Return another allowed value of a lever."""
    if lever.choices:
        return next(choice for choice in lever.choices if choice != value)
    if lever.bounds is None:
        return not value
    return lever.bounds[0] if value != lever.bounds[0] else lever.bounds[1]


@pytest.mark.parametrize("name", LEVERS)
def test_a_changed_lever_is_the_only_entry(name):
    """One lever changed gives one entry, with its meaning, whose choice it is, and both values."""
    lever = LEVERS[name]
    value = changed(BASE.levers[name], lever)
    [entry] = card(BASE, Scenario.load("agreement-renewed", {f"levers.{name}": value}))
    assert entry.key == f"levers.{name}"
    assert (entry.a, entry.b) == (BASE.levers[name], value)
    assert entry.meaning == lever.meaning
    assert entry.decided_by == lever.controlled_by
    assert entry.told_a != entry.told_b


@pytest.mark.parametrize("name", Scenario.names())
def test_cards_list_what_differs_and_nothing_else(name):
    """Every shipped scenario against the baseline: the entries are the differing settings, one for one."""
    other = Scenario.load(name)
    entries = card(BASE, other)
    assert [entry.key for entry in entries] == [key for key, _, _ in Scenario.difference(BASE, other)]
    told = card_text(BASE, other, (BASE.name, name), str)
    for entry in entries:
        assert entry.heading in told
    for lever in LEVERS:
        sets = [v.lever for e in other.events for v in EVENT_KINDS[e.kind].values if v.lever]
        if other.levers[lever] == BASE.levers[lever] and lever not in sets:
            assert not [entry for entry in entries if entry.key == f"levers.{lever}"]


def test_a_scenario_differs_from_itself_in_nothing():
    """No entry, and it is said."""
    assert card(BASE, BASE) == []
    assert "Nothing that decides results differs." in card_text(BASE, BASE, ("a", "b"), str)


def test_an_event_in_one_world_only():
    """The end of the agreement: what happens, in which world, why, and who decides."""
    [entry] = card(BASE, Scenario.load("agreement-ended"))
    assert entry.heading == "August 31, 2018: agreement ends"
    assert (entry.a, entry.told_a) == (None, NOTHING)
    assert entry.why.startswith("The city and the District Attorney")
    assert "city" in entry.decided_by
    text = card_text(BASE, Scenario.load("agreement-ended"), ("x", "y"), str)
    assert "In B only." in text
    assert "1 thing differs; all else is the same." in text


def test_a_lasting_event_shows_what_the_lever_stays_at_in_the_other_world():
    """Capacity goes to 1.3 in one world; the other keeps what it has on that day."""
    other = Scenario.load("agreement-ended-street-operations")
    entry = next(each for each in card(BASE, other) if each.key.endswith(".capacity"))
    assert entry.told_a == f"stays {BASE.levers['capacity']:g}"
    assert entry.told_b.startswith("1.3 (")
    event = next(each for each in other.events if each.kind == "capacity")
    assert levers_on(event.date, other.events)["capacity"] == 1.3


def test_parameters_and_the_agreement_at_the_start_are_told():
    """An assumption reads as one, with its meaning and unit; roles read as a list."""
    entries = {e.key: e for e in card(BASE, Scenario.load("agreement-2008-terms", {"fear_effect": 1.0}))}
    assert entries.keys() == {"agreement.roles", "agreement.fields", "parameters.fear_effect"}
    assert entries["agreement.roles"].told_b == "arrestee, victim, witness"
    assert entries["parameters.fear_effect"].heading == "Assumption fear effect"
    assert entries["parameters.fear_effect"].meaning == PARAMETERS["fear_effect"].meaning


def test_terms_of_a_revised_agreement_read_as_words():
    """Names of fields and roles as in the rest of the card, without underscores."""
    [entry] = card(BASE, Scenario.load("post-disposition"))
    assert entry.told_b == "shown is country of birth of every arrestee, in real time, of arrestees after disposition"


def test_every_group_of_the_library_has_its_place_in_the_list():
    """A new heading must be put in order, and every scenario says what was expected."""
    loaded = [Scenario.load(name) for name in Scenario.names()]
    assert {each.group for each in loaded} == set(GROUPS)
    for each in loaded:
        assert each.expected, each.name
        assert each.description, each.name
        assert each.sources, each.name
    assert len(loaded) >= 18


def test_the_list_is_grouped_in_order():
    """`scenario list` shows all scenarios under their headings; JSON gives what was expected too."""
    told = CliRunner().invoke(main, ["scenario", "list"]).output
    assert [line for line in told.splitlines() if line in GROUPS] == list(GROUPS)
    for name in Scenario.names():
        assert f"  {name} " in told
    rows = json.loads(CliRunner().invoke(main, ["scenario", "list", "--json"]).output)
    assert {row["name"] for row in rows} == set(Scenario.names())
    assert all(row["expected"] and row["group"] for row in rows)
