"""The card of a report says everything that differs, in any language, and says it as the command does."""

import itertools

import pytest

from experiments import language
from experiments.comparison.card import card as told_by_command
from experiments.report.card import card
from simulation.levers import LEVERS
from simulation.scenario import Scenario

BASE = Scenario.load("agreement-renewed")
CODES = ("en", "es")


def settings(entries):
    """Return what differs by the command's card, the terms of the agreement as one thing."""
    return dict.fromkeys("agreement" if entry.key.startswith("agreement.") else entry.key for entry in entries)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", Scenario.names())
def test_everything_that_differs_is_told_and_nothing_else(name, code):
    """One entry for each thing, in the order of the command's card; every entry has words and says both sides."""
    other = Scenario.load(name)
    entries = card(BASE, other, language.load(code))
    assert len(entries) == len(settings(told_by_command(BASE, other)))
    for heading, lines in entries:
        assert heading
        assert all(line.strip() for line in lines)
        assert any("A" in line or "B" in line for line in lines)


@pytest.mark.parametrize("name", Scenario.names())
def test_the_english_card_agrees_with_that_of_the_command(name):
    """Every number that the command tells, and every reason and decider, is in the report."""
    other = Scenario.load(name)
    told = " ".join(itertools.chain.from_iterable(lines for _, lines in card(BASE, other, language.load("en"))))
    for entry in told_by_command(BASE, other):
        for value in (entry.a, entry.b):
            if isinstance(value, float):
                assert f"{value:g}" in told
        assert entry.why in told
        assert entry.decided_by in told


@pytest.mark.parametrize("code", CODES)
def test_a_changed_lever_shows_both_values(code):
    """A choice in words, a number with its unit, a yes or no."""
    words = language.load(code)
    other = Scenario.load("agreement-renewed", {"detainers": "honor", "capacity": 2.5, "victim_shield": True})
    entries = card(BASE, other, words)
    told = [" ".join(lines) for _, lines in entries]
    assert [heading for heading, _ in entries] == [
        words.t("report.card.whole_run", name=words.lever(name).label)[0].upper()
        + words.t("report.card.whole_run", name=words.lever(name).label)[1:]
        for name in LEVERS
        if other.levers[name] != BASE.levers[name]
    ]
    assert words.lever("detainers").choices["honor"] in told[0]
    assert f"{words.n(2.5)} ({words.lever('capacity').unit})" in told[1]
    assert words.t("common.yes") in told[2]


@pytest.mark.parametrize("code", CODES)
def test_a_scenario_differs_from_itself_in_nothing(code):
    assert card(BASE, BASE, language.load(code)) == []


def test_the_order_of_the_worlds_changes_sides_only():
    """What was in B only is in A only."""
    ended = Scenario.load("agreement-ended")
    ((_, there),), ((_, back),) = (card(*pair, language.load("en")) for pair in ((BASE, ended), (ended, BASE)))
    assert [line.replace("In B", "In A") for line in there] == back
