"""The source reads as the architecture says: who may import whom, one source of randomness, files one can read."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulation import submodels

ROOT = Path(__file__).parents[2]
SIMULATION = sorted((ROOT / "simulation").rglob("*.py"))
PYTHON = sorted(
    path
    for folder in ("simulation", "experiments", "scenarios", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
PRODUCT = [path for path in PYTHON if path.relative_to(ROOT).parts[0] != "tests"]

LAYERS = (
    {"vocabulary", "errors", "compilation", "randomness", "constants", "today", "occurrences"},
    {"parameters"},
    {"levers"},
    {"agreement", "validation", "place_file", "composition", "evidence", "events", "rules"},
    {"scenario_file", "calendar"},
    {"place", "population", "synthesis", "scenario"},
    {"state"},
    {"submodels"},
    {"initialization", "schedule", "outcomes", "government"},
    {"engine", "recorder"},
    {"world", "agents"},
    {"model"},
)
"""Modules of `simulation`, lowest first: each imports from its own layer and those below."""

LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}


def name_of(path):
    return str(path.relative_to(ROOT))


def imports(path):
    """Return the modules that a file imports, with full names, wherever in the file."""
    package = path.relative_to(ROOT).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            found.add(".".join([*base, *([node.module] if node.module else [])]))
    return found


def layer_of(module):
    """Return the layer of a module's name, or None for the package itself and what is no part of it."""
    parts = module.split(".")
    return LEVEL[parts[1]] if parts[0] == "simulation" and len(parts) > 1 else None


def test_every_module_of_the_simulation_has_a_layer():
    """A new module must be given its place."""
    modules = {path.relative_to(ROOT).parts[1].removesuffix(".py") for path in SIMULATION}
    assert modules - {"__init__"} == set(LEVEL)


@pytest.mark.parametrize("path", SIMULATION, ids=name_of)
def test_imports_point_downward(path):
    """Simulation knows nothing of experiments, and a module nothing of the layers above it."""
    found = imports(path)
    outside = {module.split(".")[0] for module in found}
    assert not outside & {"experiments", "workshop", "benchmarks", "tests"}
    own = layer_of(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    above = [module for module in found if own is not None and (layer_of(module) or 0) > own]
    assert not above


@pytest.mark.parametrize("path", SIMULATION, ids=name_of)
def test_only_the_faces_know_mesa(path):
    """The engine runs without Mesa: `model` and `agents` show it."""
    allowed = path.stem == "model" or path.parent.name == "agents"
    assert allowed or not {module for module in imports(path) if module.split(".")[0] == "mesa"}


def test_importing_the_package_is_quick():
    """Nothing heavy is loaded until something is run."""
    heavy = {"numpy", "numba", "mesa", "pandas", "scipy", "pyarrow", "matplotlib"}
    code = f"import simulation, sys; print(*{heavy} & {{*sys.modules}})"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


SOURCES_OF_RANDOMNESS = re.compile(r"\b(np|numpy)\.random\b|\brandom_state\b|\burandom\b|\bdefault_rng\b|\.rvs\(")


DRAWS_FOR_PYABC = {ROOT / "experiments" / "calibration" / name for name in ("sampler.py", "proposal.py")}
"""pyABC draws from NumPy's global generator, which is seeded for each candidate."""


@pytest.mark.parametrize("path", PRODUCT, ids=name_of)
def test_one_file_makes_randomness(path):
    """No generator, global or own, outside simulation/randomness.py; the Python hash of a text is never used."""
    if path == ROOT / "simulation" / "randomness.py":
        return
    assert not imports(path) & {"random", "secrets", "uuid", "numpy.random"}
    if path not in DRAWS_FOR_PYABC:
        assert not SOURCES_OF_RANDOMNESS.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_files_are_short(path):
    """Nobody has to read more than 400 lines to know a file."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def public_functions(path):
    """Yield public functions and the public methods of public classes."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for node in [*body, *(each for owner in classes for each in owner.body)]:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_every_public_function_says_what_it_does():
    """A docstring whose first line is a sentence."""
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in SIMULATION
        for node in public_functions(path)
        if not (ast.get_docstring(node) or "").split("\n\n")[0].rstrip().endswith((".", ":"))
    ]
    assert not silent


def test_every_rule_of_a_submodel_has_a_hand_worked_test():
    """Each `@rule` function is named by a test in tests/unit/test_rules_*.py, or draws all candidates."""
    folder = Path(inspect.getfile(submodels)).parent
    rules = {
        node.name
        for path in folder.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(d, ast.Name) and d.id == "rule" for d in node.decorator_list)
    }
    tests = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "unit").glob("test_rules_*.py"))
    tested_elsewhere = {"draw_candidates", "_grow"}  # a loop: tests/statistical/test_frequencies.py
    named = {name for name in rules if re.search(rf"\b{name}(\.py_func)?\(", tests)}
    assert rules - named - tested_elsewhere == set()
    assert len(rules) > 25


def test_constants_of_one_law_are_declared_once():
    """Streams have numbers of their own; two with one number would share their luck. Five are of two bystanders."""
    text = (ROOT / "simulation" / "randomness.py").read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r"^[A-Z_]+ = np\.int64\((\d+)\)", text, flags=re.M)]
    assert len(numbers) == len(set(numbers)) == 46
