"""The documentation is a site without a broken link that needs no network; the examples in docstrings are right."""

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WITH_EXAMPLES = [
    ".".join(file.relative_to(ROOT).with_suffix("").parts)
    for folder in ("simulation", "experiments", "workshop")
    for file in sorted((ROOT / folder).rglob("*.py"))
    if ">>> " in file.read_text(encoding="utf-8")
]
LOADED = re.compile(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=\"([^\"]+)\"")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of the site, built with every warning an error."""
    for name in ("sphinx", "myst_parser", "furo"):
        pytest.importorskip(name)
    folder = tmp_path_factory.mktemp("site")
    command = ["--fail-on-warning", "--keep-going", "--quiet", "-c", "docs/site", ".", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *command], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def test_nothing_on_the_site_comes_from_elsewhere(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    loaded = {link for page in pages for link in LOADED.findall(page.read_text(encoding="utf-8"))}
    assert not [link for link in loaded if "://" in link or link.startswith("//")]
    styles = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.css"))
    assert not re.findall(r"url\(['\"]?(?:https?:)?//[^)]+\)|@import[^;]+//", styles)


def test_the_public_names_are_described(site):
    page = (site / "docs" / "api.html").read_text(encoding="utf-8")
    for package in ("simulation", "experiments"):
        names = importlib.import_module(package).__all__
        assert [name for name in names if f'id="{package}.{name}"' not in page] == []


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_examples_in_docstrings_are_right(module):
    tried = doctest.testmod(importlib.import_module(module))
    assert tried.attempted
    assert not tried.failed
