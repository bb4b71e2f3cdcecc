"""The measurements; each runs in a process of its own (`python -m benchmarks.measures NAME`) and prints JSON.

Times are seconds of one core unless the name says otherwise. Every measurement runs the model once before the
clock starts, so that compiled code is loaded; `cold_city`, `first_compile` and `help_text` measure that start itself.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from .sweeps import peers, sweep, sweep_overhead  # noqa: F401

ROOT = Path(__file__).parents[1]
SCALE_10K, SCALE_100K, FULL = 0.00747, 0.0747, 1.0
"""Scales of Philadelphia that give about 10,000 and 100,000 residents, and all of its 1.34 million."""

ORACLE_DAYS = 25
PAIRS = 1000
BATCH = 500


def load(scale, years, name="agreement-renewed", start="2018-01-01", **overrides):
    """Load a scenario with one synthetic population for all seeds."""
    from datetime import date

    from simulation import Scenario

    first = date.fromisoformat(start)
    shared = {"scale": scale, "years": years, "start": first, "outcomes_from": first, "population_seed": 1}
    return Scenario.load(name, overrides=shared | overrides)


def warm_up():
    """Load compiled code by running a small town through a year and a day."""
    from simulation import run

    run(load(0.2, 1.1, place="riverton")).outcomes  # noqa: B018


def seconds(work):
    """Return how long a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def year(scale):
    """Measure one simulated year after set-up, and the bytes that the people and their state take."""
    from simulation.engine import build

    warm_up()
    engine = build(load(float(scale), 5), 1)
    years = [seconds(lambda y=y: engine.advance_to(365 * y)) for y in range(1, 6)]
    columns = [value for value in vars(engine.population).values() if hasattr(value, "nbytes")]
    size = sum(column.nbytes for column in columns) + engine.residents.nbytes
    return {"seconds": median(years), "bytes_per_resident": size / len(engine.population)}


def setup(scale):
    """Measure what comes before the first day: the people, then the solved constants and the columns."""
    from simulation.engine import build
    from simulation.place import Place
    from simulation.population import synthesize

    warm_up()
    scenario = load(float(scale), 1)
    place = Place.load(scenario.place)
    people = seconds(lambda: synthesize(place, scenario.scale, 1))
    return {"people": people, "constants": seconds(lambda: build(scenario, 1))}


def cold_city():
    """Measure all of Philadelphia over ten years in both worlds, from the start of Python, on one core."""
    begin = time.perf_counter()
    _child("ten_years_in_two_worlds")
    wall = time.perf_counter() - begin
    return {"seconds": wall, "megabytes": _children_peak()}


def ten_years_in_two_worlds():
    """Run both worlds of the city 1:1 and compute their outcomes."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from simulation import run

    for name in ("agreement-renewed", "agreement-ended"):
        run(load(FULL, 10, name, start="2016-01-01"), seed=1).outcomes  # noqa: B018


def first_compile():
    """Measure a small run in a fresh process that finds no compiled code, beside one that does."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        first = seconds(lambda: _child("warm_up", env=environment))
        return {"seconds": first - seconds(lambda: _child("warm_up", env=environment))}


def oracle():
    """Measure a year of the plain Mesa version, extrapolated from a few days, over a year of the engine.

    Its first day draws everybody's candidates of the year and is counted once; the others are counted 364 times.
    """
    from simulation.engine import build
    from tests.oracle import Oracle

    warm_up()
    scenario = load(SCALE_100K, 1)
    engine = build(scenario, 1)
    ours = seconds(lambda: engine.advance_to(365))
    plain = Oracle(engine.population, engine.constants, engine.values, scenario.policies(), days=365, seed=1)
    days = [seconds(plain.step) for _ in range(ORACLE_DAYS)]
    if len(plain.crimes) != engine.counts["crimes"][:ORACLE_DAYS, ..., 0].sum():
        raise AssertionError("the two programs disagree, so their times cannot be compared")
    theirs = days[0] + 364 * sum(days[1:]) / (ORACLE_DAYS - 1)
    return {"ratio": theirs / ours, "oracle_year": theirs, "engine_year": ours}


def paired_runs(pairs=PAIRS):
    """Measure pairs of one-year runs at 10,000 residents on one population, with their outcomes."""
    from simulation import run

    warm_up()
    worlds = [load(SCALE_10K, 1, name) for name in ("agreement-renewed", "agreement-ended")]
    run(worlds[0], seed=0)

    def both_worlds():
        for seed in range(int(pairs)):
            for world in worlds:
                run(world, seed).outcomes  # noqa: B018

    return {"seconds": seconds(both_worlds)}


def city_years():
    """Extrapolate 100,000 one-year runs at 10,000 residents from a batch on two cores at the same time."""
    batches = [_start("paired_runs", str(BATCH // 2)) for _ in range(2)]
    rate = sum(BATCH / json.loads(batch.communicate()[0])["seconds"] for batch in batches)
    return {"seconds": 100_000 / rate}


def equal_events():
    """Measure ten times the residents with a tenth of the events each, over the same city undiluted.

    Times are per crime, because in the larger city fewer offenders are in jail and so a few more crimes happen.
    """
    warm_up()
    few, many = _diluted(SCALE_100K, 1.0), _diluted(10 * SCALE_100K, 0.1)
    return {"day": many[0] / few[0], "year": sum(many) / sum(few), "draw": many[1] / few[1]}


def _diluted(scale, share):
    """Return the time per crime of the days of a year, and of the draw that opens it."""
    import numpy as np

    from simulation.engine import build

    years = 6
    engine = build(load(scale, years), 1)
    rules, districts = engine.rules.copy(), engine.districts
    for name in ("other_arrest_rate", "millions", "community_size"):
        rules[name] = rules[name] * share
    engine.rules = rules
    engine.residents["victim_weight"] *= np.float32(share)
    engine.districts = districts._replace(
        baseline_cases=districts.baseline_cases * share, open_cases=districts.open_cases * share
    )
    engine.communities["risk_now"] *= share
    engine.communities["risk_base"] *= share
    engine.advance_to(365)
    opening, days = [], []
    for y in range(1, years):
        opening.append(seconds(lambda y=y: engine.advance_to(365 * y + 1)))
        days.append(seconds(lambda y=y: engine.advance_to(365 * (y + 1))))
    crimes = engine.counts["crimes"][365 : 365 * years, ..., 0].sum() / (years - 1)
    return median(days) / crimes, (median(opening) - median(days) / 364) / crimes


def variance():
    """Measure the variance of a paired difference in Latino reporting over that of independent runs.

    The scenarios are as they ship; every pair has new people.
    """
    import numpy as np

    from simulation import Scenario, run

    warm_up()
    worlds = [Scenario.load(name) for name in ("agreement-renewed", "agreement-ended")]
    key = "reporting_rate.latino"
    a, b = np.array([[run(world, seed).outcomes[key] for world in worlds] for seed in range(30)]).T
    return {"ratio": (a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1)}


def watched_day():
    """Measure a day of the whole city as a Mesa model, with a DataCollector of four model reporters."""
    import mesa

    from simulation import TrustModel

    warm_up()
    model = TrustModel(load(FULL, 2), seed=1)
    reporters = {
        "happened": lambda m: int(m.engine.counts[m.day - 1]["crimes"][..., 0].sum()),
        "reported": lambda m: int(m.engine.counts[m.day - 1]["crimes"][..., 2].sum()),
        "open_cases": lambda m: m.police.open_cases,
        "belief": lambda m: float(m.engine.communities["belief"][1]),
    }
    collector = mesa.DataCollector(model_reporters=reporters)
    model.run_until(100)

    def day():
        model.step()
        collector.collect(model)

    return {"seconds": median(seconds(day) for _ in range(200))}


def help_text():
    """Measure `twoclaims --help` from the shell."""
    command = [sys.executable, "-c", "from experiments.cli import main; main()", "--help"]
    return {"seconds": median(seconds(lambda: _run(command)) for _ in range(7))}


def _start(*arguments, env=None):
    command = [sys.executable, "-m", "benchmarks.measures", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env)


def _child(name, env=None):
    process = _start(name, env=env)
    process.communicate()
    if process.returncode:
        raise RuntimeError(f"{name} failed")


def _run(command):
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _children_peak():
    """Return the largest memory that a child of this process has used, in megabytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps(globals()[name](*arguments)))
