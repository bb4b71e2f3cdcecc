"""The measurements of sweeps: throughput, what a run costs beside itself, memory, and other ways to run the same."""

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORLDS = ("agreement-renewed", "agreement-ended")
SWEEP = """
scenarios = ["agreement-renewed", "agreement-ended"]
method = "latin_hypercube"
points = {points}
seeds = {seeds}
{settings}
[set]
population_seed = 1
start = 2018-01-01
outcomes_from = 2018-01-01
{set}
[factors]
fear_effect = {{}}
deportation_deterrence = {{}}
substitution = {{}}
"""
LARGE = 'years = 4\nscale = 0.0747\noutcomes = ["solve_rate", "reporting_rate.immigrant_communities"]'
FIRST = date(2018, 1, 1)
TOWN = {"place": "riverton", "scale": 0.05, "years": 1, "population_seed": 1, "start": FIRST, "outcomes_from": FIRST}
"""About 1,800 residents."""
MESA_RUNS = 40


def sweep(runs="1000"):
    """Measure a sweep of 100,000 residents and four years on two processes, from start to tables.

    The overhead of a run is what two processes spend on it beyond the run itself, their start left out.
    """
    points = int(runs) // 10
    with tempfile.TemporaryDirectory() as folder:
        done = {}
        for name, count in (("few", max(1, points // 10)), ("all", points)):
            begin = time.perf_counter()
            result = _sweep(folder, name, count, 5, LARGE)
            done[name] = (time.perf_counter() - begin, len(result.runs), result.runs["seconds"].sum())
    wall, number, inside = (a - b for a, b in zip(done["all"], done["few"]))
    return {"seconds": done["all"][0] * 1000 / done["all"][1], "overhead": max(0.0, 2 * wall - inside) / number}


def sweep_overhead(runs="10000"):
    """Measure a sweep of runs that do nothing but return every outcome: what a run costs beside itself, and memory.

    Memory is what this process takes up from run 2,000 to the last, and at its peak while it writes tables.
    """
    import psutil

    from experiments.runs.execution import simulation_engine
    from experiments.sweeps.journal import Journal

    sizes, tick = {}, Journal.tick

    def noting(journal):
        tick(journal)
        sizes[journal.finished] = psutil.Process().memory_info().rss / 1e6

    Journal.tick = noting
    engine = simulation_engine()._replace(run=nothing)
    points = int(runs) // 10
    with tempfile.TemporaryDirectory() as folder:
        _sweep(folder, "warm", 2, 1, "", engine=engine)
        sizes.clear()
        begin = time.perf_counter()
        _sweep(folder, "all", points, 5, "", engine=engine)
        wall = time.perf_counter() - begin
    early = next(size for number, size in sizes.items() if number >= min(2000, int(runs) // 2))
    return {"overhead": wall / int(runs), "growth": sizes[max(sizes)] - early, "peak": peak()}


def nothing(scenario, seed):
    """Return as many outcomes as the model has, at once."""
    from types import SimpleNamespace

    value = scenario.parameters["fear_effect"]
    return SimpleNamespace(outcomes={key: value + number for number, key in enumerate(_keys())})


def peers(way, runs="1000"):
    """Measure one-year runs of a small town in two processes, from start to results, in one of several ways.

    Parameters
    ----------
    way : str
        `sweep`, `joblib`, `dask`, or `mesa`: `mesa.batch_run` of the plain Mesa version, extrapolated from few runs.
    runs : str
        How many runs.
    """
    number = int(runs)
    if way == "mesa":
        few = min(number, MESA_RUNS)
        return {"seconds": number / few * _seconds(lambda: _by_mesa(few))}
    by = {"sweep": _by_sweep, "joblib": _by_joblib, "dask": _by_dask}[way]
    return {"seconds": _seconds(lambda: by(number))}


def outcomes(world, seed):
    """Return the outcomes of one run."""
    from simulation import run

    return run(_town(world), seed).outcomes


def _by_sweep(runs):
    settings = "years = 1\nscale = 0.05"
    with tempfile.TemporaryDirectory() as folder:
        _sweep(folder, "town", runs // 10, 5, settings, 'place = "riverton"')


def _by_joblib(runs):
    from joblib import Parallel, delayed

    Parallel(n_jobs=2)(delayed(outcomes)(world, seed) for seed in range(runs // 2) for world in WORLDS)


def _by_dask(runs):
    from distributed import Client, LocalCluster

    worlds, seeds = zip(*((world, seed) for seed in range(runs // 2) for world in WORLDS))
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:
        client.gather(client.map(outcomes, worlds, seeds, pure=False))


def _by_mesa(runs):
    from mesa.batchrunner import batch_run

    from benchmarks.plain_town import PlainTown

    # One step less than a year, because batch_run makes one step too many.
    parameters = {"world": list(WORLDS), "seed_of_run": range(runs // 2)}
    batch_run(PlainTown, parameters, number_processes=2, max_steps=364, display_progress=False)


def _sweep(folder, name, points, seeds, settings, overrides="", engine=None):
    """Run a design of three factors in both worlds."""
    from experiments import sweep

    design = Path(folder) / f"{name}.toml"
    design.write_text(SWEEP.format(points=max(2, points), seeds=seeds, settings=settings, set=overrides))
    return sweep(design, out=Path(folder) / name, workers=2, progress=False, engine=engine)


def _keys():
    from experiments.storage.columns import outcome_keys
    from simulation.outcomes import OUTCOMES

    return outcome_keys(OUTCOMES)


def _town(world):
    from simulation import Scenario

    return Scenario.load(world, overrides=TOWN)


def _seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def peak():
    """Return the largest memory that this process has used, in megabytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
