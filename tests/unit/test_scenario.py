"""Scenario files: what they inherit, when a policy holds, and what is refused."""

import datetime
import pickle

import pytest

from simulation.errors import InputError
from simulation.levers import LEVERS
from simulation.parameters import PARAMETERS, defaults
from simulation.scenario import Scenario
from simulation.scenario_file import SIMPLE_KEYS
from simulation.vocabulary import Detainers, Priorities

BASELINE = """
title = "Baseline"
place = "riverton"
start = 2016-01-01
years = 2
[agreement]
preset = "agreement-2009"
"""


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write_file(name, content):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    write_file("base.toml", BASELINE)
    return write_file


def load_child(write, content, **overrides):
    """Load a scenario that extends the baseline above."""
    return Scenario.load(write("child.toml", 'extends = "base.toml"\n' + content), overrides)


def shown(policy):
    """Return what a policy shows, as five flags."""
    return tuple(policy[:5])


def test_a_library_ships():
    """The names are those of the files; the question of the dispute, its answer and their bounds are among them."""
    from importlib.resources import files

    shipped = [file.name.removesuffix(".toml") for file in files("scenarios").iterdir() if file.name.endswith(".toml")]
    assert Scenario.names() == tuple(sorted(shipped))
    assert len(shipped) >= 20
    assert {"agreement-renewed", "agreement-ended", "agreement-2008-terms", "no-sharing-ever"} <= set(shipped)


@pytest.mark.parametrize("name", Scenario.names())
def test_every_shipped_scenario_says_what_it_is_and_what_was_expected(name):
    """Title, group, description, sources and expected patterns; every event has its reason."""
    s = Scenario.load(name)
    assert s.title
    assert s.group
    assert s.description
    assert "\n" not in s.description
    assert s.sources
    assert s.expected
    assert all(event.why for event in s.events)
    assert all(sentence.endswith(".") for sentence in s.expected)


def test_the_baseline_is_as_documented():
    s = Scenario.load("agreement-renewed")
    assert (s.place, s.start, s.years, s.scale) == ("philadelphia", datetime.date(2016, 1, 1), 5.0, 0.5)
    assert (s.end, s.days) == (datetime.date(2021, 1, 1), 1827)
    assert s.outcomes_from == datetime.date(2018, 8, 31)
    assert s.population_seed is None
    assert s.collection_days == 30
    assert s.events == ()
    assert s.parameters == defaults()
    assert s.levers == {name: lever.default for name, lever in LEVERS.items()}
    [(day, policy)] = s.policies()
    assert day == 0
    assert shown(policy) == (True, False, False, True, False)
    assert policy.real_time
    assert policy.detainers == Detainers.JUDICIAL_WARRANT
    assert policy.priorities == Priorities.EVERYONE_FOREIGN_BORN


def test_the_end_of_the_agreement_holds_from_its_date_on():
    s = Scenario.load("agreement-ended")
    (first, before), (day, after) = s.policies()
    assert first == 0
    assert s.start + datetime.timedelta(days=day) == datetime.date(2018, 8, 31)
    assert before == Scenario.load("agreement-renewed").policies()[0][1]
    assert shown(after) == (False,) * 5
    assert after[6:] == before[6:]  # every lever is as it was
    assert Scenario.difference(Scenario.load("agreement-renewed"), s) == [
        ("event.2018-08-31.agreement_ends", None, "agreement_ends")
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("agreement-2008-terms", (True,) * 5), ("no-sharing-ever", (False,) * 5)],
)
def test_presets_show_what_they_say(name, expected):
    [(_, policy)] = Scenario.load(name).policies()
    assert shown(policy) == expected
    assert policy.fingerprint_checks


def test_convictions_only_changes_priorities_alone():
    difference = Scenario.difference(Scenario.load("agreement-renewed"), Scenario.load("convictions-only"))
    assert difference == [("levers.priorities", "everyone_foreign_born", "convicted")]


def test_a_child_inherits_what_it_does_not_name(write):
    s = load_child(write, "scale = 0.5\n[agreement]\nreal_time = false\n[parameters]\nvulnerability.undocumented = 0.8")
    assert s.scale == 0.5
    assert s.place == "riverton"
    assert s.title == "Child"
    assert s.agreement.roles == ("arrestee",)
    assert not s.agreement.real_time
    assert s.parameters["vulnerability.undocumented"] == 0.8
    assert s.parameters["fear_effect"] == PARAMETERS["fear_effect"].default


def test_what_a_scenario_says_of_itself_is_not_inherited(write):
    said = 'group = "Mine"\ndescription = "x"\nsources = ["s"]\nexpected = ["It rises.", "It falls."]\n'
    path = write("parent.toml", said + BASELINE)
    parent = Scenario.load(path)
    assert (parent.group, parent.description, parent.sources) == ("Mine", "x", ("s",))
    assert parent.expected == ("It rises.", "It falls.")
    child = Scenario.load(write("heir.toml", 'extends = "parent.toml"'))
    assert (child.group, child.description, child.sources, child.expected) == ("", "", (), ())
    assert child.fingerprint == parent.fingerprint
    again = Scenario.load(write("again.toml", parent.to_toml()))
    assert (again.group, again.expected) == (parent.group, parent.expected)


def test_chains_of_extends_apply_in_order(write):
    write("middle.toml", 'extends = "base.toml"\n[levers]\ncapacity = 2\nsubstitution = 0.1')
    path = write("sub/leaf.toml", 'extends = "../middle.toml"\n[levers]\ncapacity = 3')
    s = Scenario.load(path)
    assert (s.levers["capacity"], s.levers["substitution"]) == (3.0, 0.1)


def test_a_quoted_parameter_name_is_the_same_as_a_nested_one(write):
    nested = load_child(write, "[parameters]\nvulnerability.undocumented = 0.8")
    quoted = load_child(write, '[parameters]\n"vulnerability.undocumented" = 0.8')
    assert nested == quoted
    with pytest.raises(InputError, match="given twice"):
        load_child(write, '[parameters]\nvulnerability.undocumented = 0.8\n"vulnerability.undocumented" = 0.8')


def test_a_place_file_is_found_from_the_scenario_file(write, tmp_path):
    from importlib.resources import files

    write("towns/mine.toml", (files("scenarios") / "places" / "riverton.toml").read_text(encoding="utf-8"))
    path = write("own.toml", BASELINE.replace('"riverton"', '"towns/mine.toml"'))
    s = Scenario.load(path)
    assert s.place == str((tmp_path / "towns" / "mine.toml").resolve())
    assert s.fingerprint == Scenario.load(tmp_path / "base.toml").fingerprint


def test_overrides_take_bare_and_full_names():
    a = Scenario.load("agreement-ended", {"capacity": 2, "fear_effect": 0.5, "scale": 0.2, "years": 4})
    b = Scenario.load(
        "agreement-ended",
        {"levers": {"capacity": 2.0}, "parameters.fear_effect": 0.5, "scale": 0.2, "years": 4.0},
    )
    assert a == b
    assert (a.levers["capacity"], a.parameters["fear_effect"], a.scale, a.days) == (2.0, 0.5, 0.2, 1461)


def test_no_two_sections_share_a_name():
    names = [*SIMPLE_KEYS, *LEVERS, *PARAMETERS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("start", "years", "days"),
    [
        (datetime.date(2016, 1, 1), 1, 366),
        (datetime.date(2017, 1, 1), 1, 365),
        (datetime.date(2017, 1, 1), 0.1, 36),
        (datetime.date(2016, 2, 29), 1, 365),
        (datetime.date(2016, 1, 1), 1.5, 366 + 182),
        (datetime.date(2016, 1, 1), 0.003, 1),
    ],
)
def test_length_of_a_run(start, years, days):
    overrides = {"start": start, "years": years, "outcomes_from": start}
    assert Scenario.load("agreement-renewed", overrides).days == days


def test_an_agreement_that_ends_by_its_own_terms(write):
    s = load_child(write, "[agreement]\nends = 2017-03-01")
    ended = load_child(write, '[[event]]\ndate = 2017-03-01\nkind = "agreement_ends"')
    assert s.policies() == ended.policies()
    assert [day for day, _ in s.policies()] == [0, 425]


def test_events_revise_end_and_start_again(write):
    s = load_child(
        write,
        """
[[event]]
date = 2017-06-01
kind = "agreement_starts"
terms = { preset = "agreement-2008", ends = 2017-09-01 }
[[event]]
date = 2016-03-01
kind = "agreement_revised"
terms = { real_time = false }
[[event]]
date = 2016-06-01
kind = "agreement_ends"
""",
    )
    assert [event.date.month for event in s.events] == [3, 6, 6]
    assert s.events[0].terms.roles == ("arrestee",)
    days = [(s.start + datetime.timedelta(days=day)).isoformat() for day, _ in s.policies()]
    assert days == ["2016-01-01", "2016-03-01", "2016-06-01", "2017-06-01", "2017-09-01"]
    assert [policy.real_time for _, policy in s.policies()] == [True, False, False, True, False]
    assert [policy.shows_victim for _, policy in s.policies()] == [False, False, False, True, False]


def test_an_earlier_end_replaces_the_one_that_was_agreed(write):
    s = load_child(write, '[agreement]\nends = 2017-03-01\n[[event]]\ndate = 2016-06-01\nkind = "agreement_ends"')
    assert [day for day, _ in s.policies()] == [0, 152]


def test_an_agreement_may_start_on_the_day_the_last_one_ends(write):
    event = '[[event]]\ndate = 2017-03-01\nkind = "agreement_starts"\nterms = { preset = "agreement-2009" }'
    s = load_child(write, f"[agreement]\nends = 2017-03-01\n{event}")
    assert len(s.policies()) == 1  # the same terms go on: nothing changes


def test_terms_given_after_none_are_in_real_time_unless_they_say_otherwise(write):
    write("none.toml", BASELINE.replace("agreement-2009", "none"))
    path = write("child.toml", 'extends = "none.toml"\n[agreement]\nroles = ["victim"]\nfields = ["country_of_birth"]')
    assert Scenario.load(path).agreement.real_time


def test_a_resolved_file_loads_to_the_same_scenario(write):
    for name in Scenario.names():
        s = Scenario.load(name)
        again = Scenario.load(write(f"{name}.toml", s.to_toml()))
        assert again == s
        assert again.fingerprint == s.fingerprint
        assert again.to_toml() == s.to_toml()


def test_the_fingerprint_follows_results_and_not_prose(write):
    plain = load_child(write, 'title = "One"\ndescription = "x"')
    assert load_child(write, 'title = "Another"\ngroup = "g"\nexpected = ["e"]').fingerprint == plain.fingerprint
    changed = [{"fear_effect": 3.9}, {"capacity": 2}, {"years": 1}, {"population_seed": 1}, {"scale": 0.5}]
    prints = {load_child(write, "", **each).fingerprint for each in changed} | {plain.fingerprint}
    assert len(prints) == len(changed) + 1


def test_a_scenario_does_not_change_and_can_be_sent_to_a_worker():
    s = Scenario.load("agreement-ended")
    with pytest.raises(TypeError, match="does not change"):
        s.parameters["fear_effect"] = 0.0
    with pytest.raises(TypeError, match="does not change"):
        s.levers.update(capacity=3.0)
    with pytest.raises(AttributeError):
        s.scale = 1.0
    assert pickle.loads(pickle.dumps(s)) == s


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[[event]]\ndate = 2015-12-31\nkind = "agreement_ends"', "2015-12-31: outside the run.*2017-12-31"),
        ('[[event]]\ndate = 2018-01-01\nkind = "agreement_ends"', "outside the run"),
        (
            '[[event]]\ndate = 2016-05-01\nkind = "agreement_starts"\nterms = {preset="agreement-2008"}',
            "overlaps",
        ),
        ('[[event]]\ndate = 2016-05-01\nkind = "agreement_revised"', "needs terms"),
        (
            '[[event]]\ndate = 2016-05-01\nkind = "agreement_revised"\nterms = {preset="none"}',
            "use agreement_ends",
        ),
        ('[[event]]\ndate = 2016-05-01\nkind = "agreement_ends"\nterms = {real_time=true}', "do not belong"),
        (
            "[agreement]\nends = 2018-06-01",
            r"ends = 2018-06-01: must lie after 2016-01-01 and within the run",
        ),
        ("[agreement]\nends = 2016-01-01", "must lie after"),
        ('[agreement]\npreset = "none"\nends = 2017-01-01', "no agreement is in force that could end"),
        ('[agreement]\nroles = ["arrestee", "arrestee"]', "'arrestee' is given twice"),
        ("[agreement]\nfields = []", "agreement.fields: must not be empty"),
        ('expected = "It rises."', "expected = 'It rises.': must be a list in brackets"),
        ('expected = [""]', r"expected\[1\] = '': must not be empty"),
        ('group = ""', "group = '': must not be empty"),
        ("outcomes_from = 2018-01-01", "outcomes_from = 2018-01-01: outside the run.*years = 2"),
        ("years = 0.001", "at least one day"),
        ('place = "philadelphia"', "only a baseline"),
    ],
)
def test_what_cannot_be(write, content, message):
    with pytest.raises(InputError, match=message) as caught:
        load_child(write, content)
    assert "child.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["agreement_revised", "agreement_ends"])
def test_what_is_not_in_force_can_be_neither_revised_nor_ended(write, kind):
    terms = "" if kind == "agreement_ends" else "\nterms = { real_time = false }"
    event = f'[[event]]\ndate = 2016-05-01\nkind = "{kind}"{terms}'
    with pytest.raises(InputError, match="no agreement is in force on that date"):
        load_child(write, f'[agreement]\npreset = "none"\n{event}')


def test_two_events_share_no_date_even_when_one_is_inherited(write):
    event = '[[event]]\ndate = 2016-05-01\nkind = "agreement_ends"\n'
    with pytest.raises(InputError, match="already an event on that date"):
        load_child(write, event + event)
    write("middle.toml", 'extends = "base.toml"\n' + event)
    with pytest.raises(InputError, match="already an event on that date"):
        Scenario.load(write("leaf.toml", 'extends = "middle.toml"\n' + event))


def test_cycles_are_refused(write):
    write("one.toml", 'extends = "two.toml"')
    path = write("two.toml", 'extends = "one.toml"')
    with pytest.raises(InputError, match="cycle"):
        Scenario.load(path)


@pytest.mark.parametrize("key", ["place", "start", "years", "agreement"])
def test_a_baseline_says_everything_that_has_no_default(write, key):
    lines = [
        line
        for line in BASELINE.splitlines()
        if not line.startswith((key, f"[{key}", "preset" if key == "agreement" else "-"))
    ]
    with pytest.raises(InputError, match=f"missing key '{key}'"):
        Scenario.load(write("bare.toml", "\n".join(lines)))


def test_a_run_too_short_for_its_outcomes_says_so():
    with pytest.raises(InputError, match=r"outcomes_from = 2018-08-31: outside the run.*years = 1.*lengthen years"):
        Scenario.load("agreement-renewed", {"years": 1})


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_loads(tmp_path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + BASELINE.replace("\n", "\r\n").encode())
    assert Scenario.load(path).title == "Baseline"
