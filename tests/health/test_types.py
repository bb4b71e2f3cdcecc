"""The types of the code are right; no module of a public name is left out of that."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import experiments
import simulation

ROOT = Path(__file__).parents[2]
PUBLIC = {f"{package.__name__}.{home}" for package in (simulation, experiments) for home in package._HOMES.values()}


def test_types():
    """As `make types`: mypy reads both packages, but for what pyproject.toml excuses."""
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def test_public_modules_are_read():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    excused = {module for each in settings["overrides"] if each.get("ignore_errors") for module in each["module"]}
    assert settings["files"] == ["simulation", "experiments"]
    assert not PUBLIC & excused
    for module in excused:
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__init__.py").is_file(), module
