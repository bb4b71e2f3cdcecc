"""A model small enough to check by hand: the shape of real results, and numbers that follow from the seed."""

import os
import time
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pandas as pd

from experiments.runs.execution import Engine
from simulation.scenario import Scenario
from simulation.vocabulary import Community

COMMUNITIES = Community.names()
COUNTS = ("happened", "handled_otherwise", "reported", "recorded", "cleared")


@dataclass(frozen=True)
class FakeOutcome:
    name: str
    unit: str
    better: str
    better_for: str
    group: str
    meaning: str
    groups: tuple[str, ...] = ()


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        FakeOutcome(
            "solve_rate",
            "percent",
            "higher",
            "everyone",
            "crime",
            "Solved per 100 that happened.",
            COMMUNITIES,
        ),
        FakeOutcome("reporting_rate", "percent", "higher", "everyone", "crime", "Reported per 100.", COMMUNITIES),
        FakeOutcome(
            "immigration_arrests",
            "arrests",
            "neither",
            "nobody",
            "enforcement",
            "Arrests.",
            ("database", "custody"),
        ),
        FakeOutcome("constant", "crimes", "lower", "everyone", "crime", "The same in every world."),
        FakeOutcome("undefined", "crimes", "lower", "everyone", "crime", "Defined in no world."),
    )
}


def noise(seed: int, *names) -> float:
    """Return a number in [0, 1) that depends on the seed and the names only."""
    text = "/".join(map(str, (seed, *names)))
    value = 0
    for letter in text.encode():
        value = (value * 1000003 + letter) % (2**61 - 1)
    return ((value * 0x9E3779B97F4A7C15) % 2**64) / 2**64


def sharing_days(scenario) -> np.ndarray:
    """Return, for each day of the run, whether the agreement shows arrestees."""
    shown = np.zeros(scenario.days, bool)
    for day, policy in scenario.policies():
        shown[day:] = policy.shows_arrestee
    return shown


def run(scenario, seed, record_events=False):
    """Return outcomes and series; sharing lowers the reporting of immigrants by 4 points, solving by 1.2."""
    sharing = sharing_days(scenario)
    since = (scenario.outcomes_from - scenario.start).days
    share = float(sharing[since:].mean())
    luck = noise(seed, "city")
    outcomes = {"constant": 5, "undefined": float("nan")}
    for position, community in enumerate(COMMUNITIES):
        extra = 0.02 * noise(seed, community, scenario.name)
        drop = 4.0 * share * (position > 0)
        outcomes[f"reporting_rate.{community}"] = 40 + 10 * luck - drop + extra
        outcomes[f"solve_rate.{community}"] = 12 + 3 * luck - 0.3 * drop + extra
    for name in ("reporting_rate", "solve_rate"):
        outcomes[name] = float(np.mean([outcomes[f"{name}.{c}"] for c in COMMUNITIES]))
    outcomes["immigration_arrests.database"] = int(100 * share * luck)
    outcomes["immigration_arrests.custody"] = int(20 * luck)
    outcomes["immigration_arrests"] = int(100 * share * luck) + int(20 * luck)
    return SimpleNamespace(outcomes=outcomes, series=_series(scenario, seed, sharing), snapshots=_snapshots(scenario))


def _series(scenario, seed, sharing) -> pd.DataFrame:
    """Count crimes by month; the agreement at the month's end decides about reporting."""
    first = np.datetime64(scenario.start, "M")
    months = np.arange(first, np.datetime64(scenario.end, "M"))
    ends = (
        (months + np.timedelta64(1, "M")).astype("datetime64[D]")
        - np.datetime64(scenario.start)
        - np.timedelta64(1, "D")
    )
    shared = sharing[ends.astype(int)]
    order = np.arange(len(months))
    values = []
    for position, community in enumerate(COMMUNITIES):
        wave = (
            130
            + 30 * np.sin(order / 2)
            + 25 * noise(seed, community)
            + 15 * np.cos(order * (3 + noise(seed, position)))
        )
        happened = np.round(wave * (5, 2, 1, 0.5, 0.7)[position])
        reporting = 0.45 - 0.05 * shared * (position > 0)
        shares = (1.0, 0.3, reporting, reporting + 0.01, 0.3 * reporting)
        values += [np.round(happened * share) for share in shares]
    cells = pd.MultiIndex.from_product([COMMUNITIES, COUNTS], names=["group", "metric"])
    frame = pd.DataFrame(
        {"date": np.tile(months.astype("datetime64[ns]"), len(cells)), "value": np.concatenate(values)}
    )
    frame["group"] = np.repeat(cells.get_level_values("group"), len(months))
    frame["metric"] = np.repeat(cells.get_level_values("metric"), len(months))
    return frame.assign(crime_type="theft")


def _snapshots(scenario) -> pd.DataFrame:
    rows = [
        (day, community, 0.0, 0.1, 0.2, 0.3, 0.4)
        for day in np.datetime64(scenario.start)
        + np.arange(0, scenario.days, scenario.collection_days).astype("timedelta64[D]")
        for community in COMMUNITIES
    ]
    return pd.DataFrame(rows, columns=["date", "community", "trust", "fear", "dread", "belief", "salience"])


def fails_on_2(scenario, seed):
    """Fail in one world whose outcome is known in advance."""
    if scenario.name == "agreement-ended" and seed == POISONED_SEED:
        raise ArithmeticError("planted\nfailure")
    return run(scenario, seed)


def dies_on_2(scenario, seed):
    """End the process, as running out of memory does."""
    if scenario.name == "agreement-ended" and seed == POISONED_SEED:
        os._exit(13)
    return run(scenario, seed)


def slow(scenario, seed):
    """Take a while; leave a mark in the folder of the environment."""
    folder = os.environ.get("FAKE_WORLD_MARKS")
    time.sleep(0.15)
    if folder:
        with open(os.path.join(folder, f"{scenario.name}-{seed}"), "w") as file:
            file.write(str(os.getpid()))
    return run(scenario, seed)


POISONED_SEED = 0  # set below: the seed of replicate 2 under root seed 1


def load(name, overrides):
    """Load a real scenario of the small fictional place, two years long."""
    return Scenario.load(name, {"place": "riverton", "years": 4, "scale": 1.0, **overrides})


def engine(run=run, outcomes=OUTCOMES) -> Engine:
    """Return an engine around the fake model."""
    return Engine(load, run, outcomes, lambda scenario: "fake-place", lambda scenario: 0.0)


def _poisoned() -> int:
    from simulation.randomness import replicate_seed

    return replicate_seed(1, 2)


POISONED_SEED = _poisoned()
