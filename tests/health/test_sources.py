"""Every figure has a source that exists, and every piece of evidence that ships is used somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from simulation.evidence import all_evidence, evidence
from simulation.levers import LEVERS
from simulation.parameters import ASSUMPTION, PARAMETERS

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "scenarios").glob("*.toml"), *(ROOT / "scenarios" / "places").glob("*.toml")])
USERS = ("simulation/**/*.py", "experiments/**/*.py", "experiments/**/*.toml", "workshop/**/*.py",
         "scenarios/*.toml", "scenarios/places/*.toml", "docs/**/*.md", "README.md")  # fmt: skip


def sources(content):
    """Yield every source named anywhere in a file."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("source", "sources"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from sources(value)
    elif isinstance(content, list):
        for each in content:
            yield from sources(each)


def missing(named):
    return sorted(set(named) - {ASSUMPTION} - set(all_evidence()))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_sources_of_files_exist(file):
    named = list(sources(tomllib.loads(file.read_text(encoding="utf-8"))))
    assert named, "names no source at all"
    assert missing(named) == []


@pytest.mark.parametrize("declared", [PARAMETERS, LEVERS], ids=["parameters", "levers"])
def test_sources_of_declarations_exist(declared):
    for each in declared.values():
        assert each.source, each.name
        assert missing(each.source) == [], each.name


def test_every_piece_of_evidence_is_used():
    files = {file for pattern in USERS for file in ROOT.glob(pattern)} - {ROOT / "docs" / "evidence.md"}  # lists all
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"[A-Za-z0-9][\w:.-]*[\w]", text))
    assert [name for name in all_evidence() if name not in used] == []


def test_evidence_says_where_it_comes_from_and_how_sure_it_is():
    for name, entry in all_evidence().items():
        assert evidence(name) is entry
        assert entry.citation, name
        assert entry.confidence in ("read", "verified", "derived", "recalled", "missing"), name
