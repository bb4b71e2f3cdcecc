"""What scenarios/README.md says of kinds of events, levers and the library is what is declared and what ships."""

import re

import pytest
from documents import TEXT

from experiments.cli.scenario import GROUPS
from simulation.events import EVENT_KINDS, REQUIRED
from simulation.levers import LEVERS
from simulation.scenario import Scenario
from simulation.vocabulary import Party

PAGE = TEXT["scenarios/README.md"]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
LIMITS = re.compile(r"(-?[\d.,]+) to (-?[\d.,]+)")


def rows_of(kind):
    """Return the rows of a kind: the one that names it, and those below it without a kind of their own."""
    first = next(n for n, row in enumerate(ROWS) if len(row) > 3 and row[1] == f"`{kind}`")
    last = next(n for n in range(first + 1, len(ROWS)) if ROWS[n][0] or len(ROWS[n]) != len(ROWS[first]))
    return ROWS[first:last]


def text(value):
    """Return a default as the page writes it."""
    return f"{value:g}" if isinstance(value, float) else f"`{str(value).lower()}`"


@pytest.mark.parametrize("kind", [name for name, kind in EVENT_KINDS.items() if not kind.agreement and name != "vote"])
def test_values_of_an_event_are_told_as_they_are_declared(kind):
    """Every value with its bounds or choices and its default, and who controls the kind."""
    rows = rows_of(kind)
    assert rows[0][-1] == EVENT_KINDS[kind].controlled_by
    for value in EVENT_KINDS[kind].values:
        [[what, allowed, _]] = [row[2:] for row in rows if f"`{value.name}`" in row[2]]
        declared = value.declared
        if declared.bounds:
            limits = LIMITS.search(allowed).groups()
            assert tuple(float(each.replace(",", "")) for each in limits) == declared.bounds
        assert all(f"`{choice}`" in allowed for choice in declared.choices)
        if value.lever:
            assert allowed.endswith(f"({text(LEVERS[value.lever].default)})")
        elif isinstance(value.default, bool):
            assert f"({text(value.default)})" in what
        elif value.default == REQUIRED:
            assert "left out" not in what


def test_every_kind_of_event_is_on_the_page():
    named = {row[1].strip("`") for row in ROWS if len(row) > 2}
    assert set(EVENT_KINDS) <= named


@pytest.mark.parametrize("party", Party.names())
def test_yardstick_and_threshold_of_an_owner_are_the_usual_ones(party):
    yardstick, threshold = (LEVERS[f"{party}_{name}"].default for name in ("yardstick", "threshold"))
    [row] = [row for row in ROWS if row[0] == f"`{yardstick}`"]
    assert row[-1] == f"{party.replace('_', ' ')}, above {threshold:g}"


def test_every_scenario_stands_in_the_library_under_its_group_and_beside_scenarios_that_ship():
    group, found = None, {}
    for row in ROWS:
        if row[0].startswith("**"):
            group = row[0].strip("*")
        elif group and len(row) == 3 and row[0].strip("`") in Scenario.names():
            found[row[0].strip("`")] = group
            assert set(re.findall(r"`([^`]+)`", row[2])) <= set(Scenario.names())
    assert found == {name: Scenario.load(name).group for name in Scenario.names()}
    assert list(dict.fromkeys(found.values())) == list(GROUPS)
