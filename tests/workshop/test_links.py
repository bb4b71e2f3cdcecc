"""A link opens what was shared, and nothing else: it is data, checked against the declarations, and never a path."""

import math
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import __version__
from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario
from workshop import link
from workshop.limits import Limits
from workshop.question import OWN, Question, Settings, Side, load

LIMITS = Limits()
OWN_FILE = 'extends = "agreement-ended"\ntitle = "Ours"\n[levers]\ncapacity = 2.0\n'


def values_of(lever):
    """Draw a value of a lever."""
    if lever.choices:
        return st.sampled_from(lever.choices)
    return st.booleans() if lever.bounds is None else st.floats(*lever.bounds, allow_nan=False)


@st.composite
def sides(draw):
    """Draw a side: a shipped scenario or a file, with levers."""
    scenario = draw(st.sampled_from([*Scenario.names(), OWN]))
    side = Side(scenario, own=OWN_FILE if scenario == OWN else "")
    for name in draw(st.lists(st.sampled_from(list(LEVERS)), max_size=4)):
        side = side.with_lever(name, draw(values_of(LEVERS[name])))
    return side


@st.composite
def questions(draw):
    """Draw a question that the page can ask."""
    settings = Settings(
        draw(st.integers(1, LIMITS.pairs)), draw(st.floats(0.005, 0.1)), draw(st.integers(0, 2**63 - 1))
    )
    settings = replace(settings, place=draw(st.sampled_from(["", "los-angeles", "riverton"])))
    for parameter in draw(st.lists(st.sampled_from(list(PARAMETERS.values())), max_size=4)):
        settings = settings.with_parameter(parameter.name, draw(st.floats(*parameter.bounds, allow_nan=False)))
    return Question(draw(sides()), draw(sides()), settings)


@given(questions(), st.sampled_from(link.VIEWS), st.sampled_from(["en", "es"]))
def test_a_link_opens_what_was_shared(question, view, language):
    """CL-67, to the last bit of every number."""
    query = link.make_query(question, view, language)
    try:
        question.scenarios(LIMITS)
    except InputError:  # two sides of different places or periods cannot be compared, here as there
        with pytest.raises(InputError):
            link.open_query(query, LIMITS)
        return
    opened = link.open_query(query, LIMITS)
    assert opened.question == question
    assert (opened.view, opened.language, opened.version) == (view, language, __version__)


def test_an_empty_link_is_the_standard_comparison():
    assert link.open_query("", LIMITS).question == Question()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a=../../../etc/passwd", "scenario"),
        ("a=/etc/passwd", "scenario"),
        ("a=agreement-endet", "did you mean 'agreement-ended'"),
        ("a.__class__=1", "unknown name"),
        ("a.capacity=1e99", "capacity"),
        ("a.capacity=nan", "must be a number"),
        ("a.capacity=" + "9" * 400, "must be a number"),
        ("a.fingerprint_checks=maybe", "must be yes or no"),
        ("a.detainers=sometimes", "detainers"),
        ("p.fear_effect=-1", "fear_effect"),
        ("p.fear_efect=1", "did you mean 'fear_effect'"),
        ("pairs=0", "pairs"),
        ("pairs=1e9", "whole number"),
        ("pairs=100000", "must be from 1 to"),
        ("seed=-1", "seed"),
        ("scale=1", "simulates at most"),
        ("scale=0", "scale"),
        ("view=admin", "view"),
        ("evil=1", "unknown key"),
        ("nonsense", "list of key=value"),
        ("&".join(f"k{n}=1" for n in range(300)), "key=value"),
        ("a=agreement-ended&x=" + "y" * 10_000, "longer than"),
        (f"a={OWN}&a.file=%00%ff", "damaged"),
        (f"a={OWN}", "missing key"),
    ],
)
def test_a_hostile_or_mistyped_link_is_refused_in_one_line(query, said):
    with pytest.raises(InputError) as caught:
        link.open_query(query, LIMITS)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 2500


def test_a_packed_file_may_not_grow_beyond_the_limit():
    """A few letters can hold gigabytes of zeros."""
    import base64

    bomb = base64.urlsafe_b64encode(zlib.compress(b"# " + b"0" * 50_000_000, 9)).decode()
    with pytest.raises(InputError, match="larger than"):
        link.unpack(bomb, LIMITS)


@pytest.mark.parametrize("key", ["extends", "place"])
@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../secret.toml", "C:\\\\secret.toml", "riverton.toml", "./agreement-ended.toml"]
)
def test_a_visitors_file_reaches_no_file_of_this_machine(key, path):
    with pytest.raises(InputError, match=f"{key} = .*must be one of"):
        load(Side(OWN, own=f'{key} = "{path}"\n'), Settings())


def test_a_visitors_file_is_named_without_a_path_of_this_machine():
    with pytest.raises(InputError) as caught:
        load(Side(OWN, own='extends = "agreement-ended"\n[levers]\ncapacty = 2\n'), Settings())
    assert "/tmp" not in str(caught.value)
    assert "capacity" in str(caught.value)


def test_levers_and_assumptions_come_and_go():
    side = Side("agreement-ended").with_lever("capacity", 2.0).with_lever("detainers", "never")
    assert side.with_lever("capacity", None).levers == (("detainers", "never"),)
    settings = Settings().with_parameter("fear_effect", 1.5)
    assert load(side, settings).levers["capacity"] == 2.0
    assert math.isclose(load(side, settings).parameters["fear_effect"], 1.5)
    assert settings.with_parameter("fear_effect", None) == Settings()
