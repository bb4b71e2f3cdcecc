"""What holds for any scenario: it survives its own file, and every bound is exact."""

import datetime
import math
import tempfile
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.errors import InputError
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario
from simulation.scenario_file import check_lever, check_parameter, parse
from simulation.validation import nearest, show
from tests.random_calendars import calendars

START, LAST = datetime.date(2016, 1, 2), datetime.date(2020, 12, 31)


def values_of_parameters():
    """Generate overrides of a few parameters, anywhere within their bounds."""
    pairs = st.sampled_from(list(PARAMETERS.values())).flatmap(
        lambda p: st.tuples(st.just(p.name), st.floats(*p.bounds, allow_nan=False))
    )
    return st.lists(pairs, max_size=5).map(dict)


def values_of_levers():
    """Generate overrides of some levers."""
    options = {
        name: st.sampled_from(lever.choices)
        if lever.choices
        else st.floats(*lever.bounds, allow_nan=False)
        if lever.bounds
        else st.booleans()
        for name, lever in LEVERS.items()
    }
    return st.fixed_dictionaries({}, optional=options)


@st.composite
def scenarios(draw):
    """Generate a scenario with any events, by way of a file that extends the shipped baseline."""
    content = {
        "extends": "agreement-renewed",
        "title": draw(st.text(min_size=1, max_size=30)),
        "description": draw(st.text(max_size=60)),
        "scale": draw(st.floats(0, 1, exclude_min=True)),
        "outcomes_from": draw(st.dates(datetime.date(2016, 1, 1), LAST)),
        "event": draw(calendars(START, LAST + datetime.timedelta(days=1))),
        "levers": draw(values_of_levers()),
        "parameters": draw(values_of_parameters()),
    }
    if draw(st.booleans()):
        content["population_seed"] = draw(st.integers(0, 2**63 - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.toml"
        path.write_text(tomli_w.dumps(content), encoding="utf-8", newline="")
        return Scenario.load(path)


@settings(max_examples=30, deadline=None)
@given(scenarios())
def test_a_scenario_survives_its_resolved_file(scenario):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.toml"
        path.write_text(scenario.to_toml(), encoding="utf-8", newline="")
        again = Scenario.load(path)
    assert again == scenario
    assert Scenario.difference(again, scenario) == []
    assert again.fingerprint == scenario.fingerprint


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_policies_start_at_day_zero_increase_and_differ(scenario):
    policies = scenario.policies()
    days = [day for day, _ in policies]
    assert days[0] == 0
    assert days == sorted(set(days))
    assert days[-1] < scenario.days
    assert all(one != other for (_, one), (_, other) in pairwise(policies))
    dates = {date for event in scenario.events for date in (event.date, event.until, event.terms.ends) if date}
    assert set(days[1:]) <= {(date - scenario.start).days for date in dates}


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_occurrences_are_in_order_and_within_the_run(scenario):
    happening = scenario.occurrences()
    days = [day for day, _ in happening]
    assert days == sorted(days)
    assert all(0 <= day < scenario.days for day in days)
    single = [event for event in scenario.events if not EVENT_KINDS[event.kind].agreement]
    assert len(happening) == sum(not EVENT_KINDS[event.kind].lasting for event in single)


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.data())
def test_the_difference_is_what_was_left_out(scenario, data):
    """Without one event that lasts or happens once, that one is the difference, and every setting else is the same."""
    free = [event for event in scenario.events if not EVENT_KINDS[event.kind].agreement and event.kind != "vote"]
    if not free:
        return
    left_out = data.draw(st.sampled_from(free))
    content = tomllib.loads(scenario.to_toml())
    content["event"] = [event.to_table() for event in scenario.events if event is not left_out]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fewer.toml"
        path.write_text(tomli_w.dumps(content), encoding="utf-8", newline="")
        fewer = Scenario.load(path)
    key = f"event.{left_out.date}.{left_out.kind}"
    assert Scenario.difference(fewer, scenario) == [(key, None, str(left_out))]
    assert fewer.fingerprint != scenario.fingerprint


@pytest.mark.parametrize("name", list(PARAMETERS))
def test_bounds_of_parameters_are_exact(name):
    low, high = PARAMETERS[name].bounds
    assert check_parameter(name, low, "f") == low
    assert check_parameter(name, high, "f") == high
    for outside in (
        math.nextafter(low, -math.inf),
        math.nextafter(high, math.inf),
        math.nan,
        math.inf,
        -math.inf,
    ):
        with pytest.raises(InputError, match=f"parameters.{name} = .*must lie between"):
            check_parameter(name, outside, "f")
    for other in (True, "1", None, [low], datetime.date(2018, 1, 1)):
        with pytest.raises(InputError, match="must be a number"):
            check_parameter(name, other, "f")


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.bounds])
def test_bounds_of_levers_are_exact(name):
    low, high = LEVERS[name].bounds
    assert check_lever(name, low, "f") == low
    assert check_lever(name, high, "f") == high
    for outside in (math.nextafter(low, -math.inf), math.nextafter(high, math.inf), math.nan):
        with pytest.raises(InputError, match=f"levers.{name} = .*must lie between"):
            check_lever(name, outside, "f")


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if not lever.bounds])
def test_words_and_switches_take_only_their_own_values(name):
    lever = LEVERS[name]
    for value in lever.choices or (True, False):
        assert check_lever(name, value, "f") == value
    for other in ("", 0, 1, "yes", None, [], {}):
        with pytest.raises(InputError, match=f"levers.{name} = "):
            check_lever(name, other, "f")


@given(st.sampled_from(list(PARAMETERS)), st.data())
def test_one_slip_of_the_finger_finds_the_parameter_or_says_what_is_allowed(name, data):
    place = data.draw(st.integers(0, len(name) - 1))
    misspelled = name[:place] + name[place + 1 :]
    if misspelled in PARAMETERS or any(each.startswith(f"{misspelled}.") for each in PARAMETERS):
        return
    assert nearest(misspelled, PARAMETERS) is not None
    with pytest.raises(InputError, match="did you mean"):
        check_parameter(misspelled, 1.0, "f")


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates()
anything = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["extends", "place", "start", "years", "scale", "agreement", "event", "levers", "parameters"])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys | st.text(max_size=8), anything, max_size=4))
def test_no_content_does_worse_than_an_error_of_one_line(content):
    refusal = None
    try:
        parse(content, "f.toml")
    except InputError as error:
        refusal = str(error)
    assert refusal is None or (len(refusal.splitlines()) == 1 and refusal.startswith("f.toml: "))


@given(anything)
def test_any_value_is_shown_on_one_short_line(value):
    assert len(show(value).splitlines()) <= 1
    assert len(show(value)) <= 60
