"""A model for sweeps: a run takes microseconds, and what comes of it follows from its parameters, levers and seed."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import fake_world
import numpy as np
import pandas as pd

from experiments import sweep
from experiments.runs import execution

DESIGN = """
title = "A design for tests"
scenarios = ["agreement-renewed", "agreement-ended"]
method = "latin_hypercube"
points = {points}
seeds = {seeds}
{more}
[factors]
fear_effect = {{}}
substitution = {{ low = 0.0, high = 0.9 }}
detainers = {{ values = ["never", "honor"] }}
"""
OUTCOMES = ("solve_rate", "reporting_rate", "reporting_rate.latino", "constant", "undefined")
POISON = 0.6
"""Runs whose `fear_effect` is below this are poisoned, where the model is one of those that suffer from it."""


class Result(SimpleNamespace):
    """Outcomes, and series that are made when asked for."""

    @property
    def series(self):
        """Return the monthly counts of the fake world."""
        return fake_world.run(self.scenario, self.seed).series

    @property
    def snapshots(self):
        """Return the snapshots of the fake world."""
        return fake_world.run(self.scenario, self.seed).snapshots


def run(scenario, seed):
    """Return outcomes that depend on the parameters, a lever, the scenario's name and the seed."""
    fear, substitution = scenario.parameters["fear_effect"], scenario.levers["substitution"]
    luck = fake_world.noise(seed, "city")
    effect = fear * substitution * (scenario.name == "agreement-renewed")
    held = scenario.levers["detainers"] == "honor"
    outcomes = {
        "solve_rate": 10 + 2 * luck - effect,
        "reporting_rate": 40 + 3 * luck - 0.1 * fear,
        "reporting_rate.latino": np.float64(30) + np.exp(luck) - 3 * effect - held,
        "constant": 0,
        "undefined": float("nan"),
    }
    return Result(outcomes=outcomes, scenario=scenario, seed=seed)


def is_poisoned(scenario) -> bool:
    """Whether a run is one that the poisoned models cannot do."""
    return scenario.parameters["fear_effect"] < POISON


def fails(scenario, seed):
    """Fail where it is poisoned."""
    if is_poisoned(scenario):
        raise ArithmeticError("planted\nfailure")
    return run(scenario, seed)


def dies(scenario, seed):
    """End the process where it is poisoned, as running out of memory does."""
    if is_poisoned(scenario):
        os._exit(13)
    return run(scenario, seed)


def marked(scenario, seed):
    """Leave a mark in the folder that the environment names, once the run is done; take as long as it says."""
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0.02")))
    result = run(scenario, seed)
    with open(Path(os.environ["FAKE_MARKS"]) / str(os.getpid()), "a") as file:
        file.write(f"{scenario.name} {scenario.parameters['fear_effect']!r} {seed}\n")
    return result


def marks(folder) -> list[str]:
    """Return what all processes have left there: one line for every run that was done."""
    return [line for file in Path(folder).iterdir() for line in file.read_text().splitlines()]


def engine(run=run):
    """Return an engine around a model of this file."""
    return fake_world.engine(run)


def write_design(folder, points=6, seeds=2, more="", name="tried"):
    """Write a design file and return its path."""
    path = Path(folder) / f"{name}.toml"
    path.write_text(DESIGN.format(points=points, seeds=seeds, more=more), encoding="utf-8")
    return path


def quietly(design, out, model=run, **options):
    """Sweep with a model of this file and without a word."""
    return sweep(design, out=out, progress=False, engine=engine(model), **options)


def interrupted_after(runs, model=run):
    """Return a model during whose later runs the user presses Ctrl-C."""
    done = []

    def interrupted(scenario, seed):
        if len(done) == runs:
            raise KeyboardInterrupt
        done.append(seed)
        return model(scenario, seed)

    return interrupted


def comparable(folder) -> dict[str, pd.DataFrame]:
    """Return the tables of a result without what a repetition does not reproduce."""
    tables = {path.stem: pd.read_parquet(path) for path in sorted(Path(folder).glob("*.parquet"))}
    return {name: table.drop(columns="seconds", errors="ignore") for name, table in tables.items()}


def assert_same_tables(folder, other) -> None:
    """Refuse results whose tables differ in anything but measured time."""
    ours, theirs = comparable(folder), comparable(other)
    assert list(ours) == list(theirs)
    for name, table in ours.items():
        pd.testing.assert_frame_equal(table, theirs[name], check_exact=True, obj=name)


class Shuffled(execution.Pool):
    """Processes whose runs come back in another order than they were given out."""

    def batches(self, jobs):
        """Run everything here, the last first."""
        for job in reversed(list(jobs)):
            yield from super()._batches_here(iter([job]))
