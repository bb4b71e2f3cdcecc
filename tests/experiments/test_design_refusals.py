"""Everything that cannot be a design is refused in one line that names file, key, value and what is allowed."""

import fake_world
import pytest

from experiments import Design
from simulation.errors import InputError

ENGINE = fake_world.engine()
PAIR = 'scenarios = ["agreement-renewed", "agreement-ended"]\n'
LHS = PAIR + 'method = "latin_hypercube"\npoints = 4\n'
ONE = "[factors]\nfear_effect = {}\n"


def loaded(tmp_path, overrides, check):
    """Load a design, and check it with its scenarios if asked for."""
    design = Design.load(tmp_path / "mine.toml", overrides)
    if check:
        design.check(ENGINE)


def refusal(tmp_path, text, overrides=None, check=False):
    """Return why a design is refused: the line without the folder."""
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, overrides, check)
    said = str(caught.value)
    assert "\n" not in said
    return said.replace(f"{tmp_path}/", "")


REFUSED = {
    # the file
    "not TOML": ("scenarios = [", "mine.toml: end of file: not valid TOML"),
    "no scenarios": ('method = "fixed"', "mine.toml: missing key 'scenarios' (shipped names or paths"),
    "none at all": ('scenarios = []\nmethod = "fixed"', "scenarios = []: must not be empty"),
    "no method": (PAIR, "mine.toml: missing key 'method' (how points are chosen)"),
    "no such method": (PAIR + 'method = "latin"', "method = 'latin': must be one of grid, list, latin_hyper"),
    "misspelled method": (PAIR + 'method = "moriss"', "did you mean 'morris'?"),
    "misspelled key": (PAIR + 'method = "fixed"\nsedes = 3', "mine.toml: unknown key 'sedes'; did you mean 'seeds'?"),
    "seeds": (PAIR + 'method = "fixed"\nseeds = 0', "seeds = 0: must lie between 1 and 1000000 (replicates"),
    "half a seed": (PAIR + 'method = "fixed"\nseeds = 1.5', "seeds = 1.5: must be a whole number"),
    "automatic seeds": (PAIR + 'method = "fixed"\nseeds = "auto"', "seeds = 'auto': must be a whole number"),
    "root seed": (PAIR + 'method = "fixed"\nroot_seed = -1', "root_seed = -1: must lie between 0 and 92233720"),
    "scale": (PAIR + 'method = "fixed"\nscale = 2', "scale = 2: must be greater than 0 and at most 1 (share of"),
    "years": (PAIR + 'method = "fixed"\nyears = nan', "years = nan: must be"),
    "a scenario twice": (
        'scenarios = ["raid", "raid"]\nmethod = "fixed"',
        "mine.toml: scenarios: 'raid' is given twice",
    ),
    "an outcome twice": (
        LHS + 'outcomes = ["solve_rate", "solve_rate"]\n' + ONE,
        "outcomes: 'solve_rate' is given twice",
    ),
    "no such metric": (
        LHS + 'series = ["reportd"]\n' + ONE,
        "series: unknown metric 'reportd'; did you mean 'reported'?",
    ),
    # keys that contradict the method
    "points of a grid": (
        PAIR + 'method = "grid"\npoints = 10\n' + ONE,
        "mine.toml: points: not for method grid (it takes levels), but for latin_hypercube, sobol",
    ),
    "levels of a hypercube": (LHS + "levels = 3\n" + ONE, "levels: not for method latin_hypercube (it takes points)"),
    "trajectories of sobol": (
        PAIR + 'method = "sobol"\npoints = 8\ntrajectories = 3\n' + ONE,
        "trajectories: not for method sobol",
    ),
    "second order of morris": (PAIR + 'method = "morris"\nsecond_order = true\n' + ONE, "but for sobol"),
    "file of a grid": (PAIR + 'method = "grid"\nfile = "points.csv"\n' + ONE, "file: not for method grid"),
    "center of a grid": (PAIR + 'method = "grid"\n' + ONE + "[center]\nfear_effect = 3", "center: not for method grid"),
    "numbers of the fixed": (PAIR + 'method = "fixed"\npoints = 8', "not for method fixed (it takes no numbers)"),
    "no points": (
        PAIR + 'method = "latin_hypercube"\n' + ONE,
        "mine.toml: missing key 'points' (points of latin_hyper",
    ),
    "no file": (PAIR + 'method = "list"\n', "mine.toml: method list needs either file or combinations"),
    "file and table": (
        PAIR + 'method = "list"\nfile = "p.csv"\n[combinations]\ncapacity = [1]',
        "needs either file or combinations",
    ),
    "factors of a list": (
        PAIR + 'method = "list"\nfile = "p.csv"\n' + ONE,
        "not for method list: the columns of its table are the factors",
    ),
    "factors of the fixed": (PAIR + 'method = "fixed"\n' + ONE, "[factors]: not for method fixed: nothing is varied"),
    "no factors": (LHS, "mine.toml: missing table [factors]: method latin_hypercube needs at least one factor"),
    # sizes
    "not a power of two": (
        PAIR + 'method = "sobol"\npoints = 100\n' + ONE,
        "mine.toml: points = 100: must be a power of two for method sobol, such as 64 or 128",
    ),
    "odd levels": (
        PAIR + 'method = "morris"\nlevels = 5\n' + ONE,
        "levels = 5: must be even for method morris, such as 6",
    ),
    "one level": (PAIR + 'method = "grid"\nlevels = 1\n' + ONE, "levels = 1: must lie between 2 and 1000"),
    "one point": (PAIR + 'method = "latin_hypercube"\npoints = 1\n' + ONE, "points = 1: must lie between 2 and 999999"),
    "too many points": (
        PAIR + 'method = "grid"\nlevels = 1000\n[factors]\nfear_effect = {}\ncapacity = {}',
        "mine.toml: 1,000,000 points: must be at most 999,999",
    ),
    "too many samples": (
        PAIR + 'method = "sobol"\npoints = 524288\n' + ONE,
        "1,572,864 points: must be at most 999,999",
    ),
    "too many runs": (
        LHS.replace("4", "500000") + "seeds = 50\n" + ONE,
        "mine.toml: 50,000,000 runs (500,000 points x 2 scenarios x 50 seeds): must be at most 10,000,000",
    ),
    "more words than levels": (
        PAIR + 'method = "morris"\n[factors]\nfear_effect = { values = [1, 2, 3, 4, 5] }',
        "factor 'fear_effect' has 5 values, more than the levels = 4 of morris: some would never be run; raise levels",
    ),
    # factors
    "no such factor": (
        LHS + "[factors]\nfear_efect = {}",
        "[factors]: unknown parameter or lever 'fear_efect'; did you",
    ),
    "a number alone": (LHS + "[factors]\nfear_effect = 3", "factors.fear_effect = 3: must be a table, such as {} or"),
    "misspelled range": (
        LHS + "[factors]\nfear_effect = { lo = 1 }",
        "factors.fear_effect: unknown key 'lo'; did you mean 'low'?",
    ),
    "text for a number": (
        LHS + '[factors]\nfear_effect = { low = "0", high = 1 }',
        "mine.toml: factors.fear_effect: low = '0': must be a number (lowest value",
    ),
    "an endless range": (LHS + "[factors]\nfear_effect = { low = -inf, high = 1 }", "must be a finite number"),
    "no values": (
        LHS + "[factors]\nfear_effect = { values = [] }",
        "factors.fear_effect: values = []: must not be empty",
    ),
    "twice": (LHS + '[factors]\ncapacity = {}\n"levers.capacity" = {}', "mine.toml: factor 'capacity' is given twice"),
    "varied and set": (
        LHS + "[set]\nfear_effect = 3\n" + ONE,
        "mine.toml: fear_effect = 3 is set, and is a factor too; give one",
    ),
    "varied and set by another name": (
        LHS + "[set]\nlevers.capacity = 2\n[factors]\ncapacity = {}",
        "capacity = 2 is set, and is a factor too",
    ),
    "levels of words": (
        PAIR + 'method = "grid"\n[factors]\ndetainers = { levels = 2 }',
        "factors.detainers.levels = 2: its values are words, or true and false; list them as values",
    ),
    "levels and values": (
        PAIR + 'method = "grid"\n[factors]\ncapacity = { values = [1, 2], levels = 2 }',
        "give values or levels, not both",
    ),
    "levels of a sample": (
        LHS + "[factors]\ncapacity = { levels = 3 }",
        "only the methods grid and one_at_a_time space values evenly",
    ),
    "levels for nobody": (
        PAIR + 'method = "grid"\nlevels = 3\n[factors]\ndetainers = {}\ncapacity = { values = [1, 2] }',
        "mine.toml: levels = 3: every factor has its values already; leave levels out",
    ),
    "a table of parameters": (
        LHS + "[factors]\nvulnerability = {}",
        "vulnerability is a table; write vulnerability.us_",
    ),
    # what is set
    "no such setting": (
        LHS + "[set]\nfear_efect = 3\n" + ONE,
        "mine.toml: [set]: unknown key 'fear_efect'; did you mean",
    ),
    "a setting out of range": (
        LHS + "[set]\ntrust_effect = 9\n" + ONE,
        "mine.toml: [set]: parameters.trust_effect = 9: must lie between 0 and 2",
    ),
    "an event": (LHS + '[set]\nextends = "raid"\n' + ONE, "mine.toml: [set]: extends cannot be overridden"),
    "scale below": (LHS + "[set]\nscale = 0.2\n" + ONE, "[set]: scale belongs at the top of the design: scale = 0.2"),
    # one at a time
    "center of no factor": (
        PAIR + 'method = "one_at_a_time"\n' + ONE + "[center]\nfear_efect = 3",
        "center: unknown factor 'fear_efect'",
    ),
    "center out of bounds": (
        PAIR + 'method = "one_at_a_time"\n' + ONE + "[center]\nfear_effect = 30",
        "mine.toml: center.fear_effect = 30: must lie between 0 and 10",
    ),
    "center of no scenario": (
        'scenarios = ["agreement-endd"]\nmethod = "one_at_a_time"\n' + ONE,
        "mine.toml: scenarios: unknown scenario 'agreement-endd'; did you mean 'agreement-ended'?",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_a_design_is_refused_in_one_line(tmp_path, case):
    text, said = REFUSED[case]
    found = refusal(tmp_path, text)
    assert said in found
    assert found.startswith("mine.toml: ")


FIXED = '\nmethod = "fixed"\n'
UNCHECKED = {
    "no such scenario": (
        'scenarios = ["agreement-endd"]' + FIXED,
        "design mine: scenarios: unknown scenario 'agreement-endd'; did you mean 'agreement-ended'?",
    ),
    "no such file": ('scenarios = ["none.toml"]' + FIXED, "design mine: scenarios: none.toml: no such file"),
    "not comparable": (
        'scenarios = ["agreement-renewed", "later.toml"]' + FIXED,
        "design mine: scenarios cannot be compared: outcomes_from = 2018-08-31 in 'agreement-renewed' and 2018-01-01",
    ),
    "one name": (
        'scenarios = ["agreement-ended", "agreement-ended.toml"]' + FIXED,
        "two scenarios are called 'agreement-ended'",
    ),
    "a factor that undoes": (
        'scenarios = ["agreement-renewed", "full-cooperation"]\nmethod = "grid"\n[factors]\ndetainers = {}',
        "design mine: factor 'detainers' would undo what the scenarios differ in "
        "('judicial_warrant' in agreement-renewed, 'honor' in full-cooperation)",
    ),
    "no such outcome": (
        LHS + 'outcomes = ["solve_rte"]\n' + ONE,
        "design mine: outcomes: unknown outcome 'solve_rte'; did you mean 'solve_",
    ),
    "no such group": (
        LHS + 'outcomes = ["solve_rate.latin"]\n' + ONE,
        "unknown outcome 'solve_rate.latin'; did you mean 'solve_rate.latino'?",
    ),
    "a setting that a scenario cannot have": (
        LHS + "[set]\nstart = 2019-01-01\n" + ONE,
        "design mine: scenarios: agreement-renewed with overrides: outcomes_from",
    ),
}


@pytest.mark.parametrize("case", UNCHECKED)
def test_what_only_the_scenarios_can_tell_is_refused_before_anything_runs(tmp_path, case):
    (tmp_path / "later.toml").write_text('extends = "agreement-ended"\noutcomes_from = 2018-01-01\n')
    (tmp_path / "agreement-ended.toml").write_text('extends = "agreement-renewed"\n')
    text, said = UNCHECKED[case]
    (tmp_path / "mine.toml").write_text(text)
    assert said in refusal(tmp_path, text, check=True)
    design = Design.load(tmp_path / "mine.toml")
    for use in (
        lambda: next(design.plan(ENGINE)),
        lambda: design.scenarios_at({}, ENGINE),
        lambda: design.cost(ENGINE),
    ):
        with pytest.raises(InputError):
            use()


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"seeds": 0}, "mine.toml with overrides: seeds = 0: must lie between 1"),
        ({"sedes": 3}, "mine.toml with overrides: unknown key 'sedes'; did you mean 'seeds'?"),
        ({"fear_efect": 3}, "mine.toml with overrides: unknown key 'fear_efect'; did you mean 'fear_effect'?"),
        ({"fear_effect": 3}, "mine.toml with overrides: fear_effect = 3 is set, and is a factor too"),
        (
            {"trust_effect": 99},
            "mine.toml with overrides: [set]: parameters.trust_effect = 99: must lie between 0 and 2",
        ),
        (
            {"levers.capcity": 1},
            "mine.toml with overrides: [set]: [levers]: unknown lever 'capcity'; did you mean 'capacity'",
        ),
        ({"factors.capacity.low": 1}, "factors cannot be overridden; write a design file of your own"),
        ({"points": "many"}, "points = 'many': must be a whole number"),
        ({"set.scale": 0.1}, "[set]: scale belongs at the top of the design"),
    ],
)
def test_overrides_are_checked_like_the_file(tmp_path, overrides, said):
    assert said in refusal(tmp_path, LHS + ONE, overrides)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "what-decides",
            "unknown design 'what-decides'; did you mean 'what-decides-the-sign'? (shipped: fear-and-deterr",
        ),
        ("morris", "unknown design 'morris'"),
        ("xyz", "unknown design 'xyz' (shipped: fear-and-deterrence, library, morris-screening, one-at-a-time"),
        ("mine", "unknown design 'mine'; for the file here write mine.toml"),
        ("libary.toml", "libary.toml: no such file; did you mean the shipped design 'library'?"),
        ("folder/x.toml", "folder/x.toml: no such file (shipped: "),
        ("", "unknown design ''"),
    ],
)
def test_a_design_that_does_not_exist_gets_the_nearest_name(tmp_path, monkeypatch, name, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(LHS + ONE)
    with pytest.raises(InputError) as caught:
        Design.load(name)
    assert str(caught.value).startswith(said)
