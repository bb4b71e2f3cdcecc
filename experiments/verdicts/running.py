"""Run the worlds of all draws: a sweep for each source, kept run by run, so that a stopped one can be gone on with."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from simulation.errors import InputError
from simulation.place import Place
from simulation.scenario import Scenario

from ..runs.execution import Engine, simulation_engine
from ..storage import provenance, store
from ..storage.result import JOURNAL, Result
from ..sweeps.sweep import sweep
from ..validation.draws import POSTERIOR, REFERENCE
from .draws import SOURCES, fitted_names, make_design, make_draws
from .judging import Pairs, judge_draws
from .verdicts import Sample

SHARING = ("agreement-2008-terms", "agreement-ended")
BUDGET = ("agreement-ended-funding-cut", "agreement-ended")
DRAWS, SEEDS, SCALE = 150, 6, 0.2
RUNNING = "running"
KIND = "claims"


class Asked(NamedTuple):
    """What is run.

    Attributes
    ----------
    pairs : Pairs
        Scenarios, by name or file.
    draws, seeds, root_seed : int
        Draws of each source, pairs of worlds at each draw.
    scale : float
    """

    pairs: Pairs = Pairs(SHARING, BUDGET)
    draws: int = DRAWS
    seeds: int = SEEDS
    root_seed: int = 1
    scale: float = SCALE


def asked(a: str | None, b: str | None, budget: tuple[str, str] | None, **others: Any) -> Asked:
    """Return what is run for two scenarios and two others for the claims about money; those that ship by default.

    Raises
    ------
    InputError
        If one scenario stands alone.
    """
    if a is None:
        return Asked(Pairs(SHARING, budget or BUDGET), **others)
    if b is None:
        raise InputError(f"{a}: name two scenarios, or none for {' and '.join(SHARING)}")
    return Asked(Pairs((a, b), budget or BUDGET), **others)


def begin(folder: Path, asked: Asked, engine: Engine | None = None) -> None:
    """Make a new folder that says what is to be run in it.

    Raises
    ------
    InputError
        If the folder exists, a scenario does not load, or two of a pair cannot be compared; nothing is made then.
    """
    engine = engine or simulation_engine()
    if folder.exists():
        raise InputError(f"{folder} exists already: a result is never overwritten, choose another folder, or --resume")
    for pair in asked.pairs:
        if pair[0] == pair[1]:
            raise InputError(f"both scenarios are {pair[0]!r}: name two that differ")
    designs = [_design(source, asked) for source in SOURCES]
    for design in designs:
        design.check(engine)
    names = {name: engine.load(name, design.overrides).name for name in asked.pairs.scenarios}
    folder.mkdir(parents=True)
    (folder / REFERENCE.name).write_bytes(REFERENCE.read_bytes())
    for design in designs:
        (folder / f"{design.name}.toml").write_text(design.to_toml(), encoding="utf-8")
    about = {
        "format": store.FORMAT, "kind": KIND, "status": RUNNING, "caution": provenance.CAUTION,
        "command": provenance.command(), "started": provenance.now(), "draws": asked.draws, "seeds": asked.seeds,
        "root_seed": asked.root_seed, "scale": asked.scale,
        **{name: [names[each] for each in pair] for name, pair in asked.pairs._asdict().items()},
    }  # fmt: skip
    store.write_json(about, folder / store.MANIFEST)


def _design(source: str, asked: Asked):
    draws = make_draws(source, asked.draws, asked.root_seed)
    return make_design(source, draws, asked.pairs.scenarios, asked.seeds, asked.root_seed, asked.scale)


def described(folder: Path) -> dict[str, Any]:
    """Return what a folder says is run in it.

    Raises
    ------
    InputError
        If it is no folder of this command.
    """
    try:
        about = json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        about = {}
    if about.get("kind") != KIND:
        raise InputError(f"{folder}: holds nothing that twoclaims claims began (no {store.MANIFEST} of it)")
    return about


def go_on(folder: Path, workers: int | None, progress: bool, engine: Engine | None = None) -> dict[str, Result]:
    """Run what a folder lacks and return the sweeps of its sources, as far as they are.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C; what is finished is kept.
    """
    described(folder)
    results: dict[str, Result] = {}
    for source in SOURCES:
        if progress:
            print(f"Draws of the {source} ({len(results) + 1} of {len(SOURCES)}):", file=sys.stderr, flush=True)
        results[source] = _sweep(folder, source, workers, progress, engine)
        if results[source].manifest["status"] != store.COMPLETE:
            raise KeyboardInterrupt
    return results


def _sweep(folder: Path, source: str, workers: int | None, progress: bool, engine: Engine | None) -> Result:
    part = folder / source
    options: dict[str, Any] = {"workers": workers, "progress": progress, "engine": engine}
    if (part / store.MANIFEST).is_file() and store.read_manifest(part)["status"] == store.COMPLETE:
        return Result.open(part)
    if (part / JOURNAL).is_file():
        return sweep(resume=part, **options)
    return sweep(folder / f"{source}.toml", out=part, **options)


def kept(folder: Path) -> tuple[int, int]:
    """Return how many worlds of a stopped folder are kept, and how many there are to be."""
    about, done = described(folder), 0
    for source in SOURCES:
        if (folder / source / store.MANIFEST).is_file():
            done += store.read_manifest(folder / source)["counts"]["finished"]
    scenarios = {name for pair in ("sharing", "budget") for name in about[pair]}
    return done, len(SOURCES) * about["draws"] * about["seeds"] * len(scenarios)


def smallest_scale(results: Mapping[str, Result]) -> float:
    """Return the smallest scale at which effects are nearly those of the whole city."""
    result = next(iter(results.values()))
    scenario = Scenario.load(result.folder / result.manifest["scenarios"][0]["file"])
    return Place.load(scenario.place).smallest_scale


def samples(folder: Path, results: Mapping[str, Result]) -> dict[str, Sample]:
    """Judge every claim at every draw of both sources."""
    about = described(folder)
    pairs = Pairs(tuple(about["sharing"]), tuple(about["budget"]))
    fitted = {POSTERIOR: fitted_names(folder / REFERENCE.name)}
    return {
        source: Sample(_draws(result), judge_draws(result.runs, pairs, about["scale"]), fitted.get(source, ()))
        for source, result in results.items()
    }


def _draws(result: Result) -> pd.DataFrame:
    return result.points.set_index("point")
