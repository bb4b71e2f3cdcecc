"""Files of viewpoints: what goes out comes in, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS
from workshop.question import Question
from workshop.viewpoints import FORMAT, LONGEST_NAME, MOST, Viewpoint, from_toml, kept, to_toml


def values_of(lever):
    """Draw a value of a lever."""
    if lever.choices:
        return st.sampled_from(lever.choices)
    return st.booleans() if lever.bounds is None else st.floats(*lever.bounds)


def settings_of(declared, value):
    """Draw some declared names with values, in order of name."""
    names = st.lists(st.sampled_from(sorted(declared)), max_size=4, unique=True)
    return names.flatmap(
        lambda chosen: st.tuples(*(st.tuples(st.just(name), value(declared[name])) for name in sorted(chosen)))
    )


levers = settings_of(LEVERS, values_of)
assumptions = settings_of(PARAMETERS, lambda parameter: st.floats(*parameter.bounds))
names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=LONGEST_NAME).map(
    lambda text: " ".join(text.split()) or "ours"
)
viewpoints = st.builds(Viewpoint, names, levers, levers, assumptions)


@given(st.lists(viewpoints, max_size=5, unique_by=lambda each: each.name))
def test_what_is_taken_along_comes_back_to_the_last_bit(points):
    assert from_toml(to_toml(points)) == tuple(points)


@given(viewpoints)
def test_a_question_asked_from_a_viewpoint_is_that_viewpoint(point):
    asked = point.ask(Question())
    assert Viewpoint.of(asked, point.name) == point
    assert (asked.a.scenario, asked.b.scenario) == ("agreement-renewed", "agreement-ended")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= =", "not a TOML file"),
        ("[" * 3000, "not a TOML file"),
        ("x = 1", "not a file of viewpoints"),
        (f'format = "{FORMAT}"\nviewpoint = 3', "not a file of viewpoints"),
        (f'format = "{FORMAT}"\nviewpoint = [3]', "must be a table"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = ""', "name = ''"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "{"x" * 61}"', "from 1 to 60"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\ncode = "import os"', "unknown key"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\nlevers_a = 3', "must be a table"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\nlevers_a = {{capacty = 2.0}}', "did you mean 'capacity'"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\nlevers_b = {{capacity = 1e99}}', "levers_b.capacity"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\nassumptions = {{fear_effect = nan}}', "fear_effect"),
        (f'format = "{FORMAT}"\n[[viewpoint]]\nname = "x"\nassumptions = {{fear_effect = "4"}}', "fear_effect"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_in_one_line(text, said):
    with pytest.raises(InputError) as refused:
        from_toml(text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_name_is_there_once_and_there_is_an_end_to_them():
    many = [Viewpoint(f"point {n}") for n in range(MOST)]
    assert len(kept(many, Viewpoint("point 3", assumptions=(("fear_effect", 1.0),)))) == MOST
    with pytest.raises(InputError, match=str(MOST)):
        kept(many, Viewpoint("one more"))
