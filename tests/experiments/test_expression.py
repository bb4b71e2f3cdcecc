"""Conditions: what is read, what it means, and that everything else is refused in one line."""

import math

import numpy as np
import pytest

from experiments.discovery.expression import DEEPEST, LONGEST, Condition
from simulation.errors import InputError

OUTCOMES = ["solve_rate", "solve_rate.latino", "victimization_rate.citizens", "fear"]
SCENARIOS = ["agreement-renewed", "agreement-ended", "agreement-ended-2"]


def read(text):
    return Condition(text, OUTCOMES, SCENARIOS)


def holds(text, **values):
    """Evaluate a condition; values by name, with `_at_` for @ and `__` for a dot."""
    condition = read(text)
    by_text = {name.replace("__", ".").replace("_at_", "@"): value for name, value in values.items()}
    given = {name: np.atleast_1d(by_text[name.text]).astype(float) for name in condition.names}
    answer, undefined = condition.holds(given)
    assert not (answer & undefined).any()
    return [None if u else bool(a) for a, u in zip(answer, undefined)]


@pytest.mark.parametrize(
    ("text", "fear", "expected"),
    [
        ("fear < 1", 0.5, True),
        ("fear < 1", 1.0, False),
        ("fear <= 1", 1.0, True),
        ("fear > -1e3", 0.0, True),
        ("fear >= +.5", 0.5, True),
        ("fear == 2", 2.0, True),
        ("fear != 2", 2.0, False),
        ("not fear < 1", 0.5, False),
        ("not (fear < 1 or fear > 3)", 2.0, True),
        ("fear < 1 or fear > 3", 4.0, True),
        ("fear > 1 and fear < 3", 4.0, False),
        ("1 < fear < 3", 2.0, True),
        ("1 < fear < 3", 3.0, False),
        ("3 > fear >= 1 > -fear", 1.0, True),
        ("2 + 3 * fear - 1 == 7", 2.0, True),
        ("(2 + 3) * fear / 4 == 2.5", 2.0, True),
        ("-fear < 0", 2.0, True),
        ("fear\n  < 1\tor fear > 5", 0.0, True),
        ("fear < 1 or fear > 2 and fear < 1", 1.5, False),
    ],
)
def test_conditions_mean_what_they_say(text, fear, expected):
    assert holds(text, fear=fear) == [expected]


def test_many_points_are_evaluated_at_once():
    assert holds("fear < 1", fear=[0.0, 1.0, math.nan, -math.inf]) == [True, False, None, None]


def test_arithmetic_without_result_is_undefined_and_not_false():
    assert holds("not 1 / fear > 3", fear=[0.0, 0.1, 1.0]) == [None, False, True]
    assert holds("fear / fear < 9 or fear < 9", fear=[0.0]) == [None]


def test_names_say_outcome_and_scenarios():
    names = read("effect.solve_rate < 0 and solve_rate.latino > 1 and fear@agreement-ended < 2").names
    assert [(n.key, n.is_effect, n.scenarios) for n in names] == [
        ("solve_rate", True, ("agreement-renewed", "agreement-ended")),
        ("solve_rate.latino", False, ("agreement-renewed",)),
        ("fear", False, ("agreement-ended",)),
    ]


def test_a_name_with_hyphens_is_the_longest_that_there_is():
    assert [n.scenarios for n in read("fear@agreement-ended-2 > fear@agreement-ended").names] == [
        ("agreement-ended-2",),
        ("agreement-ended",),
    ]
    condition = read("fear@agreement-ended - 2 > 0")
    assert condition.holds({condition.names[0]: np.array([3.0])})[0].all()


def test_an_effect_relative_to_another_scenario():
    (name,) = read("effect.fear@agreement-ended-2 > 0").names
    assert name.scenarios == ("agreement-renewed", "agreement-ended-2")


def test_claims_are_conditions():
    supported, contradicted = read("claim.D1 and not claim.M2.contradicted").names
    assert (supported.claim.id, supported.verdict) == ("D1", "supported")
    assert (contradicted.claim.id, contradicted.verdict) == ("M2", "contradicted")
    assert holds("claim.D1 and fear < 1", claim__D1=[1, 0, math.nan], fear=[0, 0, 0]) == [True, False, None]


def test_a_name_used_twice_is_read_once():
    assert len(read("fear > 1 or fear < -1").names) == 1


REFUSED = {
    "": "is empty",
    "   ": "is empty",
    "fear": "'fear' is a number, where a condition is needed; compare it",
    "1 < 2": "names no outcome",
    "fear_ < 1": "unknown outcome 'fear_'; did you mean 'fear'?",
    "effect.solve_rat < 1": "did you mean 'effect.solve_rate'?",
    "fear_effect < 1": "unknown outcome",
    "effect.effect.fear < 1": "unknown outcome",
    "fear@agreement-end < 1": "unknown scenario 'agreement-end'; did you mean 'agreement-ended'?",
    "fear@agreement-ended-3 < 1": "put spaces around a minus",
    "fear@ < 1": "unknown scenario",
    "effect.fear@agreement-renewed < 1": "subtract agreement-renewed from itself",
    "claim.D9": "unknown claim 'claim.D9'; the claims are M1",
    "claim.D1.refuted": "unknown claim",
    "claim.D1 > 0": "'claim.D1' is a condition, where a number is needed",
    "claim.D1 + 1 > 0": "is a condition, where a number is needed",
    "fear = 1": "for equality write ==",
    "fear < 1 && fear > 0": "for && write and",
    "fear < 1 || fear > 0": "for || write or",
    "!(fear < 1)": "for ! write not",
    "fear <> 1": "cannot be read",
    "fear < 1 & fear > 0": "& (write and) is not allowed",
    "fear < 1 | (fear > 0)": "| (write or) is not allowed",
    "~fear < 1": "~ (write not) is not allowed",
    "fear ** 2 < 1": "** is not allowed",
    "fear % 2 < 1": "% is not allowed",
    "fear // 2 < 1": "// is not allowed",
    "fear ^ 2 < 1": "^ is not allowed",
    "fear << 2 < 1": "<< is not allowed",
    "abs(fear) < 1": "a call is not allowed",
    "fear[0] < 1": "brackets are not allowed",
    "(fear).real < 1": "a dot after an expression is not allowed",
    "fear < 'a'": "text in quotes is not allowed",
    'fear < "a"': "text in quotes is not allowed",
    "fear < f'{fear}'": "text in quotes is not allowed",
    "fear in (1, 2)": "in is not allowed",
    "fear not in (1, 2)": "not in is not allowed",
    "fear is 1": "is (write ==) is not allowed",
    "fear is not 1": "is not (write !=) is not allowed",
    "(fear < 1) if (fear > 2) else (fear > 3)": "if is not allowed",
    "lambda: fear < 1": "lambda is not allowed",
    "(x := fear) < 1": ":= is not allowed",
    "fear < 1, fear < 2": "a comma is not allowed",
    "{fear} < 1": "braces are not allowed",
    "fear < 1 # all": "# is not allowed",
    "fear < 1; fear < 2": "cannot be read",
    "fear < 1\x00": "cannot be read",
    "import os": "cannot be read",
    "__import__('os').system('true')": "not allowed",
    "__import__(fear)": "a call is not allowed",
    "fear.__class__ < 1": "unknown outcome 'fear.__class__'",
    "fear < True": "true is not a number",
    "fear < None": "None is not a number",
    "fear < 1j": "1j is not a number",
    "fear < ...": "is not a number",
    "fear < 1e999": "too large",
    "fear < " + "9" * 400: "too large",
    "fear < " + "9" * LONGEST: f"at most {LONGEST} are read",
    "not " * (DEEPEST + 2) + "fear < 1": "nested too deeply",
    "-" * 1500 + "fear < 1": "nested too deeply",
    "(" * 400 + "fear" + ")" * 400 + " < 1": "cannot be read",
    "not fear": "'fear' is a number",
    "fear and fear < 1": "'fear' is a number",
    "(fear < 1) < 1": "is a condition, where a number is needed",
    "(fear < 1) + 1 < 1": "is a condition, where a number is needed",
    "fear < ": "cannot be read",
    "fear fear": "cannot be read",
    "élan < 1": "unknown outcome 'élan'",
    "_name_0_ < 1": "unknown outcome '_name_0_'",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=[text[:30] for text in REFUSED])
def test_anything_else_is_refused_in_one_line(text, message):
    with pytest.raises(InputError) as refused:
        read(text)
    assert message in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert len(str(refused.value)) < 400


def test_a_single_scenario_has_no_effects_and_no_claims():
    for text in ("effect.fear < 1", "claim.D1"):
        with pytest.raises(InputError, match=r"two (different )?scenarios"):
            Condition(text, OUTCOMES, SCENARIOS[:1])
