"""Wheel and source distribution work outside the checkout: all files are in them, and the wheel runs anywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from documents import ROOT

from simulation import __version__

SHIPPED = ("simulation/", "experiments/", "scenarios/", "workshop/", "results/reference/")
TOWN = ("--set", "place=riverton", "--set", "start=2018-07-01", "--set", "years=0.3", "--scale", "0.05", "--seeds", "2")
PROGRAM = """
import json, sys
from importlib.metadata import entry_points
main = entry_points(name="twoclaims")["twoclaims"].load()
for words in json.loads(sys.argv.pop()):
    main(words, "twoclaims", standalone_mode=False)
"""
WHERE = "import experiments, results.reference, scenarios, simulation, workshop as last; print(last.__file__)"
SAMPLES = "from experiments.verdicts.draws import fitted_names; print(len(fitted_names()))"
"""Needs the calibrated sample."""
PAGE = "from workshop.app import Page; from workshop.wrapper import wrapped; print(callable(wrapped()))"
"""Reads every style and component of the page."""


def run(code, *arguments, cwd, path=None, **variables):
    """Run Python code in a folder, with the files of `path` before all others; not compiled: that takes long."""
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1", **variables, **({"PYTHONPATH": str(path)} if path else {})}
    done = subprocess.run([sys.executable, *code, *arguments], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def checkout():
    """Return the paths of all files that git keeps or would keep."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted(name for name in names if name and (ROOT / name).is_file())


@pytest.fixture(scope="module")
def built(checkout, tmp_path_factory):
    """Return a wheel and the source distribution it was made from, built from a copy of the checkout."""
    copy, made = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    for name in checkout:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    run(["-m", "build"], "--no-isolation", "--outdir", str(made), str(copy), cwd=made)
    return next(made.glob("*.whl")), next(made.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """Return the folder that the wheel was installed into, without its dependencies."""
    target = tmp_path_factory.mktemp("installed")
    pip = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    run(pip, "--target", str(target), str(built[0]), cwd=target)
    return target


def test_wheel_holds_every_file_of_the_packages(checkout, built):
    names = {name for name in zipfile.ZipFile(built[0]).namelist() if ".dist-info/" not in name}
    assert names == {name for name in checkout if name.startswith(SHIPPED)}


def test_source_distribution_holds_every_file(checkout, built):
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert sorted(set(checkout) - names) == []


def test_wheel_reads_what_it_ships(installed, tmp_path):
    where, samples, page = run(["-c", f"{WHERE}; {SAMPLES}; {PAGE}"], cwd=tmp_path, path=installed).split()
    assert Path(where).is_relative_to(installed)
    assert int(samples) > 10
    assert page == "True"


def test_program_runs_from_the_wheel_in_an_empty_folder(installed, tmp_path):
    commands = [
        ["--version"],
        ["doctor"],
        ["scenario", "list"],
        ["compare", "agreement-renewed", "agreement-ended", *TOWN, "--workers", "1", "-q", "--out", "pair"],
        ["facilitate", "--language", "es"],
        *([name, "--help"] for name in ("calibrate", "validate", "claims", "report")),
    ]
    said = run(["-c", PROGRAM], json.dumps(commands), cwd=tmp_path, path=installed)
    assert said.startswith(f"twoclaims {__version__}\n")
    assert "problem" not in said
    assert said.count("Examples:") == 4
    assert sorted(made.name for made in tmp_path.iterdir()) == ["pair", "workshop-es.pdf"]
    assert (tmp_path / "pair" / "effects.parquet").is_file()


@pytest.mark.parametrize(
    ("shell", "variables", "answer"),
    [
        ("bash", {"COMP_WORDS": "twoclaims comp", "COMP_CWORD": "1"}, "plain,compare\nplain,completion\n"),
        ("zsh", {"COMP_WORDS": "twoclaims doct", "COMP_CWORD": "1"}, "plain\ndoctor\n"),
        ("fish", {"COMP_WORDS": "twoclaims app --most-v", "COMP_CWORD": "--most-v"}, "plain,--most-visitors"),
    ],
)
def test_shells_complete(shell, variables, answer, tmp_path):
    script = run(["-c", PROGRAM], json.dumps([["completion", shell]]), cwd=tmp_path)
    variable, asked = re.search(r"(_\w+_COMPLETE)=(\w+)", script).groups()
    assert run(["-c", PROGRAM], "[[]]", cwd=tmp_path, **{variable: asked}, **variables).startswith(answer)


def test_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert project["version"] == __version__
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE).group(1) == __version__
