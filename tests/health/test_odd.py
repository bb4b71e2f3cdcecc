"""The description of the model names functions and tests that exist, and leaves none of its submodels out."""

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ODD = ROOT / "docs" / "odd.md"
SUBMODELS = sorted((ROOT / "simulation" / "submodels").glob("[a-z]*.py"))
ELEMENTS = (
    "purpose", "entities", "process overview", "theoretical and empirical background", "decision making", "learning",
    "sensing", "prediction", "interaction", "collectives", "heterogeneity", "stochasticity", "observation",
    "implementation", "initialization", "input data", "submodels",
)  # fmt: skip
DECISIONS = ("Reporting and cooperation", "Trust in the police", "Fear of enforcement", "Offending", "Targeting")
QUESTIONS = ("(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g)", "(h)", "(II.iii)", "(II.iv)", "(II.v)")


@lru_cache
def functions(file):
    """Return the names of the functions at the top of a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def section(title):
    """Return the text from a heading that begins with `title` to the next heading."""
    return re.search(
        rf"^#+ {re.escape(title)}.*?\n(.*?)(?=^#)", ODD.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )[1]


LINKED = [
    (ROOT / "docs" / file, name)
    for file, names in re.findall(r"\]\((\.\./[\w/]+\.py)\)((?:[:,]? `\w+`)*)", section("4.10"))
    for name in re.findall(r"\w+", names)
]


@pytest.mark.parametrize("file", sorted({file.resolve() for file, _ in LINKED}), ids=lambda file: file.stem)
def test_linked_functions_and_tests_exist(file):
    assert {name for linked, name in LINKED if linked.resolve() == file} <= functions(file)


@pytest.mark.parametrize("file", SUBMODELS, ids=lambda file: file.stem)
def test_every_public_function_of_a_submodel_is_in_the_table(file):
    public = {name for name in functions(file) if not name.startswith("_")}
    assert public - {name for linked, name in LINKED if linked.resolve() == file} == set()


def test_every_submodel_has_a_test():
    rows = [row for row in section("4.10").splitlines() if "/simulation/" in row]
    assert len(rows) > 15
    assert [row[:40] for row in rows if "/tests/" not in row] == []


def test_all_elements_of_the_protocol_are_there():
    text = ODD.read_text(encoding="utf-8").lower()
    assert [element for element in ELEMENTS if element not in text] == []


@pytest.mark.parametrize("decision", DECISIONS)
def test_the_questions_about_decisions_are_answered(decision):
    table = section("6.2").partition(f"**{decision}")[2].partition("\n**")[0]
    assert [question for question in QUESTIONS if question not in table] == []
