"""Every command of the documents runs, in a small town on few seeds; those that take long are named with the reason."""

import shlex
import shutil

import pytest
from click.testing import CliRunner
from documents import ROOT, commands

from experiments.cli import main
from experiments.comparison.comparison import Comparison

NOT_RUN = {
    "app": "serves until Ctrl-C; the tests in tests/workshop open it",
    "calibrate": "takes half an hour; tests/experiments/test_calibration.py",
    "validate": "takes minutes; tests/experiments/test_validation.py",
    "claims": "takes minutes; tests/experiments/test_verdicts_command.py",
    "sweep --resume": "needs one that was stopped; tests/experiments/test_sweep_resume.py",
    "report": "draws for many seconds; tests/experiments/test_cli_report.py",
}
"""Commands that take too long, and what tests them."""
MENTIONS = ("compare", "discover", "regret", "replay", "run", "sensitivity", "sweep", "place check", "NAME --help")
"""What a sentence may name without meaning it to be typed."""
STANDS_FOR = {
    "results/NAME": "results/grid", "results/ended": "results/pair", "results/three-worlds": "results/pair",
    "NAME": "fear_effect",
}  # fmt: skip
"""Results and names of the documents, and what is there in their place; of some commands in their own."""
OWN_RESULT = {"sensitivity": "results/screening", "replay": "results/pair"}

TOWN = ("--set", "place=riverton", "--set", "years=3")
CITIES = ("raid", "place=los-angeles")
"""A scenario that names districts of its city, and a city: run there, on a sample."""

DESIGN = """
title = "Two factors"
description = "What the analyses of the documents read."
scenarios = ["agreement-renewed", "agreement-ended"]
method = "{method}"
{size}
seeds = 2
outcomes = [
    "solve_rate", "reporting_rate", "reporting_rate.latino", "reporting_rate.immigrant_communities",
    "victimization_rate", "immigration_arrests",
]
series = ["reported"]

[factors]
fear_effect = {{ low = 0.0, high = 8.0{levels} }}
deportation_deterrence = {{ low = -0.2, high = 0.2{levels} }}
"""
FILES = {
    "grid.toml": DESIGN.format(method="grid", size="", levels=", levels = 4"),
    "screening.toml": DESIGN.format(method="morris", size="trajectories = 4", levels=""),
    "slow-data.toml": 'extends = "agreement-renewed"\ntitle = "Slow data"\ndescription = "As in the guide."\n'
                      'sources = ["assumption"]\n[levers]\npriorities = "charged"\n',
}  # fmt: skip


def with_option(words, name, value):
    """Return a command with an option set, whether it was there or not."""
    if name in words:
        at = words.index(name) + 1
        return [*words[:at], value, *words[at + 1 :]]
    return [*words, name, value]


def without(words, name):
    """Return a command without an option and its value."""
    return [*words[: words.index(name)], *words[words.index(name) + 2 :]] if name in words else words


def compared(words):
    """Return compare or run with two seeds, in a town."""
    for option, value in {"--cap": "5", "--stories": "1"}.items():
        words = with_option(words, option, value) if option in words else words
    seeds = () if "auto" in words else ("--seeds", "2")
    words = [*without(without(words, "--seeds") if seeds else words, "--scale"), *seeds]
    if set(CITIES) & set(words):
        return [*words, "--scale", "0.005"]
    return [*words, "--scale", "1", *(() if any("place=" in word for word in words) else TOWN)]


def swept(words):
    """Return a sweep of few points, in a town; only the plan of those that screen everything."""
    few = ["--dry-run"] if "morris-screening" in words else ["--set", "points=6"]
    return [*with_option(without(words, "--scheduler"), "--seeds", "1"), *TOWN,
            *(few if not any("points=" in word for word in words) else ())]  # fmt: skip


def checked(words):
    """Return a check of a place on few people."""
    scale = "1" if "my-town.toml" in words else "0.01"
    return with_option(with_option(words, "--seeds", "2"), "--scale", scale) if words[1] == "check" else words


SMALL = {"compare": compared, "run": compared, "sweep": swept, "place": checked}


def small(command):
    """Return the words of a command that does the same on few people; none for one that is not run."""
    words = shlex.split(command)[1:]
    if not words or " ".join(words).startswith(tuple(NOT_RUN)) or " ".join(words) in MENTIONS:
        return ()
    stands_for = STANDS_FOR | ({"results/NAME": OWN_RESULT[words[0]]} if words[0] in OWN_RESULT else {})
    words = [stands_for.get(word, word) for word in words]
    words = [*without(words, "--out"), *(("--out", "NEW") if "--out" in words else ())]
    return tuple(SMALL.get(words[0], list)(words))


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the files and results that the documents speak of."""
    folder = tmp_path_factory.mktemp("documents")
    shutil.copy(ROOT / "scenarios" / "places" / "riverton.toml", folder / "my-town.toml")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        here.setattr(Comparison, "figures", lambda self: {})  # they take longer than everything else
        made = [
            call("scenario", "new", "my-city", "--from", "agreement-renewed"),
            call("sweep", "grid.toml", "--out", "results/grid", "-q", "--workers", 1, *TOWN),
            call("sweep", "screening.toml", "--out", "results/screening", "-q", "--workers", 1, *TOWN),
            call("sweep", "what-decides-the-sign", "--out", "results/sign", "-q", "--seeds", 2, "--set", "points=20",
                 "--workers", 1, *TOWN),
            call("compare", "agreement-renewed", "agreement-ended", "--seeds", 2, "--scale", 1, "--out", "results/pair",
                 "-q", "--workers", 1, *TOWN),
        ]  # fmt: skip
    assert [done.output for done in made if done.exit_code] == []
    return folder


@pytest.mark.parametrize("words", sorted({small(command) for command in commands("twoclaims")} - {()}), ids=" ".join)
def test_commands_run(words, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Comparison, "figures", lambda self: {})
    for each in folder.iterdir() if words[:2] != ("scenario", "new") else ():
        (tmp_path / each.name).symlink_to(each)
    done = call(*words)
    assert done.exit_code == 0, done.output[-2000:]
