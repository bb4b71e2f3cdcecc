"""Every language says everything, with the same values filled in, in neutral words; and no text is idle."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from experiments.claims import claims
from experiments.cli.scenario import GROUPS
from experiments.explanation.mechanisms import MECHANISMS
from experiments.language import CODES, declared, load
from experiments.language.files import ENGLISH, read_texts
from experiments.statistics import VERDICTS
from experiments.storage.columns import METRICS
from simulation.agreement import NO_AGREEMENT as NOTHING
from simulation.agreement import PRESETS, revise
from simulation.calendar import END
from simulation.events import EVENT_KINDS
from simulation.levers import LEVERS
from simulation.outcomes import OUTCOMES
from simulation.parameters import PARAMETERS
from simulation.scenario import Scenario
from simulation.vocabulary import Community, CrimeType, Party, Vocabulary

ROOT = Path(__file__).parents[2]
DECLARED = declared.english()
TEXTS = {code: read_texts(code) for code in CODES}
OTHERS = [code for code in CODES if code != ENGLISH]
ALL_ENGLISH = DECLARED | TEXTS[ENGLISH]

REFUSAL = "refusal."
"""Beginning of the keys of what errors say; a language may leave out a value, such as what Python says in English."""
REFUSING = (
    "simulation/agreement.py", "simulation/calendar.py", "simulation/events.py", "simulation/population.py",
    "simulation/scenario.py", "experiments/city", "experiments/claims/assumptions.py", "workshop/link.py",
    "workshop/pages", "workshop/question.py", "workshop/viewpoints.py",
)  # fmt: skip
"""Code whose errors a visitor of the page can cause; all that it says is said in every language."""
OF_WORDS = ("9 = 9: must be 9. 9",)
"""Errors in which a value is words; tests/experiments/test_refusals.py causes them."""
ENGLISH_ONLY = {
    "es": {"must", "be", "the", "not", "is", "are", "with", "and", "than", "only", "there", "unknown", "missing", "at"}
}
"""Words that no sentence of a language has, and hardly any English one can do without."""
SAME_IN_ALL = 3
"""A text of so many words may be the same in two languages, such as `{letter}: {value}`."""
LOADED = {
    "en": (
        r"illegals?", r"aliens?", r"invasion", r"invaders?", r"amnesty", r"sanctuary", r"crackdown", r"open borders?",
        r"criminals?", r"anchor bab(y|ies)",
    ),
    "es": (
        r"ilegal(es)?", r"extranjer[oa]s?", r"sin ?papeles", r"invasi[oó]n", r"invasor(es)?", r"amnist[ií]a",
        r"santuario", r"criminal(es)?", r"delincuentes?", r"migra", r"fronteras abiertas",
    ),
}  # fmt: skip
"""Words that take a side, or that call a person by an offense."""
NEUTRAL = {"es": ("en el extranjero",)}
"""Phrases in which such a word means no person."""


BUILT = ("exhibits.difference.", "stories.party.", REFUSAL)
"""Beginnings of keys that the code builds from two names, where this test cannot follow it."""


def placeholders(text):
    """Return the names of the values that are filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def named(text):
    """Return what a text of a scenario names: outcomes, groups, commands, and scenarios with hyphens in their names."""
    scenarios = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", text)) & set(Scenario.names())
    return scenarios | set(re.findall(r"`[^`]+`", text))


@cache
def code_trees():
    """Return the syntax trees of all files that may show a text to somebody."""
    paths = [path for folder in ("experiments", "workshop") for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@cache
def strings():
    """Return every string of the code, and every name of the model's vocabularies."""
    nodes = (node for tree in code_trees().values() for node in ast.walk(tree))
    names = {name for vocabulary in Vocabulary.__subclasses__() for name in vocabulary.names()}
    return names | {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def built():
    """Return a pattern for every f-string that a key, or a part of one, could be built by."""
    patterns = set()
    for node in (node for tree in code_trees().values() for node in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(part.value) if isinstance(part, ast.Constant) else r"([\w -]+?)" for part in node.values]
            fixed = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.fullmatch(r"[a-z_.]*[a-z][a-z_.]+", fixed):
                patterns.add("".join(parts))
    return [re.compile(pattern) for pattern in sorted(patterns)]


@cache
def is_used(text):
    """Whether the code has a key, whole or built from texts and numbers that it has."""
    if text in strings() or text.replace("_", "").isdigit():
        return True
    found = (match for pattern in built() if (match := pattern.fullmatch(text)))
    return any(all(map(is_used, match.groups())) for match in found)


def calls_of_t():
    """Yield (file, call) for every call that asks for a text by a whole key."""
    for path, tree in code_trees().items():
        for node in ast.walk(tree):
            is_t = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "t"
            if is_t and isinstance(node.args[0], ast.Constant) and "." in node.args[0].value:
                yield path.relative_to(ROOT), node


@pytest.mark.parametrize("code", OTHERS)
def test_every_declared_thing_is_translated(code):
    assert not sorted(DECLARED.keys() - TEXTS[code].keys())


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_in_every_language(code):
    missing, extra = ALL_ENGLISH.keys() - TEXTS[code].keys(), TEXTS[code].keys() - ALL_ENGLISH.keys()
    assert (sorted(missing), sorted(extra)) == ([], [])


@pytest.mark.parametrize("code", OTHERS)
def test_the_same_values_are_filled_in(code):
    different = {
        key: (placeholders(ALL_ENGLISH[key]), placeholders(text))
        for key, text in TEXTS[code].items()
        if key in ALL_ENGLISH and not are_filled_alike(key, text)
    }
    assert not different


def are_filled_alike(key, text):
    """Whether a text has the values of the English one; of a refusal, no others."""
    here, there = placeholders(text), placeholders(ALL_ENGLISH[key])
    return here <= there if key.startswith(REFUSAL) else here == there


@pytest.mark.parametrize("code", OTHERS)
def test_the_same_outcomes_and_scenarios_are_named(code):
    keys = [key for key in DECLARED if key.startswith("scenario.")]
    assert not [key for key in keys if named(TEXTS[code].get(key, "")) != named(DECLARED[key])]


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    copies = [key for key, text in TEXTS[code].items()
              if text == ALL_ENGLISH.get(key) and len(re.findall(r"[^\W\d]{2,}", text)) > SAME_IN_ALL]  # fmt: skip
    assert not copies


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_said_twice_or_empty(code):
    """English words of declared things stand in the declarations alone, unless a label reads better."""
    assert not [key for key, text in TEXTS[code].items() if not text.strip()]
    if code == ENGLISH:
        assert not [key for key, text in DECLARED.items() if TEXTS[ENGLISH].get(key) == text]
        sections = {key.partition(".")[0] for key in DECLARED}
        assert not [key for key in TEXTS[ENGLISH].keys() - DECLARED.keys() if key.partition(".")[0] in sections]


def refusals():
    """Yield (file, message) for every error in the code that visitors reach, with 9 in place of each value."""
    paths = [
        path for each in REFUSING for path in ([ROOT / each] if each.endswith(".py") else (ROOT / each).rglob("*.py"))
    ]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_refusal = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InputError"
            if is_refusal and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                parts = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else node.args
                yield path.name, "".join(p.value if isinstance(p, ast.Constant) else "9" for p in parts)


def are_english(text, code):
    """Return the words of a text that no sentence of a language has."""
    return set(re.findall(r"[a-z]+", text.lower())) & ENGLISH_ONLY[code]


@pytest.mark.parametrize("code", OTHERS)
def test_every_refusal_that_a_visitor_can_see_is_translated(code):
    known = list(refusals())
    assert len(known) > 40
    wrong = [(file, text) for file, text in known if are_english(load(code).refusal(text), code)]
    assert [(file, text) for file, text in wrong if text not in OF_WORDS] == []


def test_every_text_is_used():
    idle = sorted(key for key in TEXTS[ENGLISH].keys() - DECLARED.keys() if not is_used(key))
    assert not [key for key in idle if not key.startswith(BUILT)]


def test_every_text_that_the_code_asks_for_exists():
    """With all values that are filled in, where the call does not pass them on as a whole."""
    wrong = []
    for path, call in calls_of_t():
        key, given = call.args[0].value, {keyword.arg for keyword in call.keywords}
        needed = placeholders(ALL_ENGLISH[key]) if key in ALL_ENGLISH else None
        if needed is None or (None not in given and needed - given):
            wrong.append((f"{path}:{call.lineno}", key, needed))
    assert not wrong


@pytest.mark.parametrize("code", CODES)
def test_words_take_no_side(code):
    texts = {**(DECLARED if code == ENGLISH else {}), **TEXTS[code]}
    pattern = re.compile(rf"\b({'|'.join(LOADED[code])})\b", re.IGNORECASE)
    for allowed in NEUTRAL.get(code, ()):
        texts = {key: text.replace(allowed, "") for key, text in texts.items()}
    assert not {key: match[0] for key, text in texts.items() if (match := pattern.search(text))}


def test_every_language_has_its_list_of_loaded_words():
    assert LOADED.keys() == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_declared_thing_has_words(code):
    """Through the functions that pages and reports use."""
    language = load(code)
    words = [language.outcome(f"{name}.{group}") for name, outcome in OUTCOMES.items() for group in outcome.groups]
    words += [language.outcome(name) for name in OUTCOMES]
    words += [language.lever(name) for name in LEVERS]
    words += [language.parameter(name) for name in PARAMETERS]
    words += [language.metric(name) for name in METRICS]
    words += [language.event_value(kind.name, value.name) for kind in EVENT_KINDS.values() for value in kind.values]
    assert all(each.label and each.unit and each.meaning for each in words)
    words = [language.event(name) for name in EVENT_KINDS]
    words += [language.mechanism(name) for name in MECHANISMS]
    words += [language.claim(claim.id) for claim in claims.CLAIMS]
    words += [language.scenario(name) for name in Scenario.names()]
    assert all(each.label and each.meaning for each in words)
    texts = [language.outcome_group(outcome.group) for outcome in OUTCOMES.values()]
    texts += [language.t(f"levers.section_{each.section.replace('.', '_')}") for each in PARAMETERS.values()]
    texts += map(language.verdict, (*VERDICTS, *claims.VERDICTS))
    texts += map(language.party, (*Party.names(), *(lever.controlled_by for lever in LEVERS.values())))
    texts += map(language.party, (kind.controlled_by for kind in EVENT_KINDS.values()))
    texts += [language.terms(revise(NOTHING, preset, "")) for preset in PRESETS.values()]
    texts += map(language.community, Community.names())
    texts += map(language.crime_type, CrimeType.names())
    texts += map(language.word, (*(name for each in declared.WORDS for name in each.names()), END))
    assert all(texts)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", Scenario.names())
def test_everything_that_a_scenario_says_has_words(code, name):
    language, scenario = load(code), Scenario.load(name)
    assert len(language.scenario_expected(name)) == len(scenario.expected)
    if code != ENGLISH:
        assert language.scenario_group(name) != scenario.group
        assert all(language.why(event.why) != event.why for event in scenario.events)
        assert language.scenario(scenario).meaning != load(ENGLISH).scenario(name).meaning


def test_every_section_of_parameters_has_a_heading():
    sections = {declared.section.replace(".", "_") for declared in PARAMETERS.values()}
    assert {f"levers.section_{section}" for section in sections} <= ALL_ENGLISH.keys()


@pytest.mark.parametrize("code", CODES)
def test_every_heading_of_the_list_of_scenarios_has_words(code):
    assert {f"scenario_group.{heading}" for heading in GROUPS} <= ALL_ENGLISH.keys()


@pytest.mark.parametrize("code", CODES)
def test_choices_can_be_told_apart(code):
    """No two values of a lever, or two groups of an outcome, are called the same."""
    language = load(code)
    for name in LEVERS:
        choices = language.lever(name).choices
        assert len(set(choices.values())) == len(choices)
    labels = defaultdict(set)
    for name, outcome in OUTCOMES.items():
        for key in (name, *(f"{name}.{group}" for group in outcome.groups)):
            labels[language.outcome(key).label].add(key)
    assert not [keys for keys in labels.values() if len(keys) > 1]
    kinds = [language.event(name).label for name in EVENT_KINDS]
    assert len(set(kinds)) == len(kinds)
