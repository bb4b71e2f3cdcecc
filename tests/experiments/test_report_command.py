"""The command of a report runs the same worlds again, to the last bit."""

import datetime
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner

from experiments.cli import main
from experiments.comparison.comparison import compare
from experiments.comparison.sides import second_name
from experiments.exhibits.pair import Pair
from experiments.report.command import command_line, needed_files, source_of
from experiments.storage import columns, store
from simulation.scenario import Scenario

SMALL = {"scale": 0.004, "years": 3.0, "outcomes_from": datetime.date(2018, 9, 1)}
ROOT_SEED = 5
SECOND = second_name("agreement-renewed", "agreement-renewed")
SHIPPED = ("agreement-renewed", "agreement-ended")


def load(name, **settings):
    return Scenario.load(name, {**SMALL, **settings})


PAIRS = {
    "shipped": tuple(map(load, SHIPPED)),
    "assumption of both": (load("agreement-renewed", fear_effect=2.0), load("agreement-ended", fear_effect=2.0)),
    "assumption that is one side's own": (load("agreement-renewed", fear_effect=2.0), load("strong-fear-ended")),
    "levers of one side": (
        load("agreement-renewed"),
        replace(load("agreement-renewed", detainers="honor", capacity=2.5, victim_shield=True), name=SECOND),
    ),
    "terms and a table of numbers": (
        load("agreement-renewed", **{"agreement.roles": ("arrestee", "victim"), "population_seed": 7}),
        load("agreement-2008-terms", **{"vulnerability.lawful_noncitizen": 0.25, "population_seed": 7}),
    ),
}  # fmt: skip


def pair_of(a, b, replicates=(1, 2), failed=0):
    """Return a pair of which only the worlds, seeds and replicates matter."""
    return Pair(a, b, ROOT_SEED, replicates, (), failed, "0")


def rerun(command, folder):
    """Run a command line as a user would, and return its table of runs."""
    words = shlex.split(command)
    assert words.pop(0) == "twoclaims"
    done = CliRunner().invoke(main, [*words, "--workers", "1", "-q", "--out", str(folder)], standalone_mode=True)
    assert done.exit_code == 0, done.output + done.stderr
    return store.read_table(folder, "runs")


@pytest.mark.parametrize("name", PAIRS)
def test_the_command_gives_the_same_numbers(name, tmp_path):
    """Every outcome of every run is equal bit for bit, and so are the names of the worlds."""
    a, b = PAIRS[name]
    ours = compare(a, b, seeds=2, root_seed=ROOT_SEED, workers=1, progress=False)
    again = rerun(command_line(pair_of(a, b)), tmp_path / "again")
    assert list(again["scenario"]) == list(ours.runs["scenario"])
    assert list(again["scenario_fingerprint"]) == list(ours.runs["scenario_fingerprint"])
    for key in columns.outcome_keys(ours.engine.outcomes):
        assert again[key].to_numpy().tobytes() == ours.runs[key].to_numpy().tobytes(), key


def test_what_both_sides_share_is_said_once():
    """A setting of both sides is one option; a side that ships with it already needs none of its own."""
    command = command_line(pair_of(*PAIRS["assumption of both"]))
    assert command.count("fear_effect=2") == 1
    assert "--set-a" not in command
    assert "--set-b" not in command


def test_every_shipped_scenario_is_itself():
    """No settings are needed, whatever the scale."""
    for name in Scenario.names():
        assert source_of(Scenario.load(name, {"scale": 0.03})) == (name, {})


def test_a_scenario_with_events_of_its_own_needs_its_file(tmp_path, monkeypatch):
    """No option sets an event: the command names a file, and the file gives the same scenario."""
    a, b = PAIRS["shipped"]
    (event,) = b.events
    own = replace(b, name="mine", events=(replace(event, date=event.date + datetime.timedelta(days=1)),))
    assert source_of(own) is None
    pair = pair_of(a, own)
    assert shlex.split(command_line(pair))[2:4] == ["agreement-renewed", "mine.toml"]
    ((name, text),) = needed_files(pair).items()
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(text)
    again = rerun(command_line(pair), tmp_path / "again")
    assert set(again["scenario_fingerprint"]) == {a.fingerprint, own.fingerprint}
    assert not needed_files(pair_of(a, b))


@pytest.mark.parametrize(
    ("replicates", "failed", "seeds"), [((1, 2, 3), 0, "3"), ((1, 3), 1, "3"), ((1, 3), 0, None), ((2, 3), 0, None)]
)
def test_seeds_are_counted_from_the_first(replicates, failed, seeds):
    """Pairs that an interruption left out cannot be asked for; those that failed will fail again."""
    command = command_line(pair_of(*PAIRS["shipped"], replicates, failed))
    assert command is seeds is None or shlex.split(command)[5] == seeds


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((*SHIPPED, "--set", "capacity=2", "--set-b", "capacity=3"), "for both scenarios"),
        ((*SHIPPED, "raid", "--set-a", "capacity=3"), "exactly two scenarios"),
        ((*SHIPPED, "--set-a", "capacty=3"), "did you mean 'capacity'"),
        ((*SHIPPED, "--set-b", "years=4"), "cannot be compared"),
    ],
)
def test_settings_of_one_side_are_checked(arguments, complaint, tmp_path, monkeypatch):
    """A setting that contradicts another, or that makes worlds incomparable, is refused in one line."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["compare", *arguments], standalone_mode=True)
    assert done.exit_code == 2
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())
