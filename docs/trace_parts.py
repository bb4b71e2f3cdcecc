"""The generated parts of trace.md: what evidence, tests, calibration and validation say, from what is committed."""

import ast
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from experiments.calibration.sample import KEPT
from experiments.validation.figure import NAMES
from simulation.evidence import all_evidence
from simulation.levers import LEVERS
from simulation.parameters import ASSUMPTION, PARAMETERS

from .tables import table

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "results" / "reference"
QUESTIONS = {
    "tests/unit": "Does the rule do what it says, in cases worked out by hand?",
    "tests/property": "What holds for any input: conservation, order, monotonicity, neutrality, common random numbers?",
    "tests/statistical": "Do frequencies match the stated probabilities, within four standard errors?",
    "tests/regression": "Did any number move?",
}
CONFIDENCE = {
    "verified": "found in a source",
    "read": "found in a source, often an abstract or a page that quotes it",
    "derived": "computed from such figures",
    "recalled": "from memory, not checked",
    "missing": "looked for and not found",
}


def data() -> str:
    """Return how sure the evidence is, and how many declarations rest on an assumption alone."""
    sure = Counter(entry.confidence for entry in all_evidence().values())
    rows = [(confidence, meaning, str(sure[confidence])) for confidence, meaning in CONFIDENCE.items()]
    resting = [
        (kind, str(len(declared)), str(sum(tuple(each.source) == (ASSUMPTION,) for each in declared.values())))
        for kind, declared in (("parameters", PARAMETERS), ("levers", LEVERS))
    ]
    return "\n".join((
        table(("how sure", "meaning", "entries of evidence"), rows),
        table(("declared", "number", "of them on assumption alone"), resting),
    ))  # fmt: skip


def tests() -> str:
    """Return what each file of tests of the model shows, under the question that its folder asks."""
    parts = []
    for folder, asked in QUESTIONS.items():
        files = _files(ROOT / folder)
        rows = [(f"[{file.name}](../{folder}/{file.name})", shown) for file, shown in files]
        parts += [f"**{asked}** (`{folder}`)\n", table(("tests", "what they show"), rows)]
    return "\n".join(parts)


def reference() -> str:
    """Return the size of the committed reference run, which fails when any outcome moves."""
    runs = json.loads((REFERENCE / "riverton.json").read_text(encoding="utf-8"))
    seeds = {seed for each in runs.values() for seed in each}
    values = sum(len(outcomes) for each in runs.values() for outcomes in each.values())
    return (
        f"The reference run holds {values:,} outcomes of {len(runs)} scenarios and {len(seeds)} seeds "
        f"(`results/reference/riverton.json`).\n"
    )


def calibration() -> str:
    """Return how the calibrated model meets its targets."""
    targets, parameters = _read("calibration/targets.csv"), _read("calibration/parameters.csv")
    rows = [
        (kind, *(", ".join(f"`{t['target']}`" for t in targets if t["fit"] == fit and t["verdict"] == verdict) or "-"
                 for verdict in ("met", "near", "missed")))
        for kind, fit in (("fitted", "True"), ("not fitted, for comparison", "False"))
    ]  # fmt: skip
    kept = sum(each["verdict"] == KEPT for each in parameters)
    return (
        table(("targets", "met", "near", "missed"), rows)
        + f"\nOf {len(parameters)} fitted parameters {kept} keep their prior: the data say nothing about them.\n"
    )


def validation() -> str:
    """Return the verdict on every pattern, quantity by quantity, in each model that was validated."""
    patterns = _read("validation/patterns.csv")
    models = list(dict.fromkeys(each["model"] for each in patterns))
    titles = {each["pattern"]: (each["title"], each["fitted"] == "True") for each in patterns}
    rows = [
        (f"{name} {title}", "fitted" if fitted else "held out", *(_tally(patterns, model, name) for model in models))
        for name, (title, fitted) in titles.items()
    ]
    return table(("pattern", "role", *(NAMES.get(model, model) for model in models)), rows)


PARTS = {"data": data, "tests": tests, "reference": reference, "calibration": calibration, "validation": validation}
"""Generated parts by the name in their markers."""


def _tally(patterns: list[dict], model: str, name: str) -> str:
    verdicts = Counter(each["verdict"] for each in patterns if (each["model"], each["pattern"]) == (model, name))
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(folder.glob("test_*.py")):
        about = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        yield file, about.split("\n\n")[0].replace("\n", " ")


def _read(name: str) -> list[dict]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
