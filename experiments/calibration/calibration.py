"""One calibration in one folder: started, stopped, gone on with, and read."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

from simulation.errors import InputError

from ..runs.progress import duration
from ..storage.provenance import code, command, environment, now, version_text
from ..validation import bands
from . import model
from .abc import JOURNAL, fit
from .figures import draw_figures
from .posterior import Posterior, read_posterior, write_tables
from .sample import MANIFEST
from .sampler import Journal
from .targets import Targets, shipped

POPULATION, GENERATIONS, SEED = 300, 16, 2018
FINISHED, INTERRUPTED = "finished", "interrupted"
REPORT_SECONDS = 20.0
USED_OF_VALIDATION = (
    "counties.toml", "counties.py", "observe.py", "study.py",
    *(f"studies/{name}.py" for name in model.STUDIES.values()),
)  # fmt: skip
"""What the summaries of patterns are made with, besides the places of the counties."""


@dataclass(frozen=True)
class Calibration:
    """What a folder holds after a call.

    Attributes
    ----------
    folder : Path
    manifest : dict
    posterior : Posterior
    tables : dict of str to DataFrame
        By file name.
    """

    folder: Path
    manifest: dict
    posterior: Posterior
    tables: dict[str, pd.DataFrame]


def calibrate(
    folder: Path,
    *,
    resume: bool = False,
    population: int = POPULATION,
    generations: int = GENERATIONS,
    seed: int = SEED,
    workers: int = 1,
    told: Callable[[str], None] = lambda _: None,
    targets: Targets | None = None,
    measure: Callable = model.summaries,
) -> Calibration:
    """Fit the parameters to the targets, and write the sample, its diagnostics and figures.

    Parameters
    ----------
    folder : Path
        New, or one that holds a calibration if `resume`.
    resume : bool
        Go on with what is there; its own population and seed count.
    population, generations, seed, workers : int
    told : callable
        Told one line of progress from time to time.
    targets : Targets, optional
        Those that ship by default.
    measure : callable
        From parameter values to summaries.

    Raises
    ------
    InputError
        If the folder is taken, or holds a calibration of other targets, bands or code.
    KeyboardInterrupt
        After the manifest says what was kept.
    """
    targets = targets or shipped()
    if resume:
        manifest = _stored(folder, targets)
    else:
        if folder.exists() and any(folder.iterdir()):
            raise InputError(f"{folder}: exists and is not empty; choose another --out, or --resume it")
        folder.mkdir(parents=True, exist_ok=True)
        manifest = _origin(targets, population, generations, seed)
    started = time.monotonic()
    before = manifest["seconds"]
    try:
        manifest |= {"status": INTERRUPTED, "workers": workers}
        _write(folder, manifest)
        history = fit(
            targets, folder, population=manifest["population"], generations=manifest["generations"],
            seed=manifest["seed"], workers=workers, measure=measure, told=_reporter(told, manifest["generations"]),
        )  # fmt: skip
        posterior = read_posterior(targets, history, list(Journal(folder / JOURNAL).read()))
        manifest |= {"status": FINISHED, "finished": now()}
    finally:
        manifest["seconds"] = round(before + time.monotonic() - started, 1)
        _write(folder, manifest)
    tables = write_tables(posterior, folder)
    draw_figures(posterior, folder)
    manifest |= {
        "temperature": posterior.temperature,
        "effective_size": round(posterior.effective_size, 1),
        "fit": {name: round(value, 2) for name, value in posterior.fit().items()},
        "evaluations": sum(1 for _ in Journal(folder / JOURNAL).read()),
        "files": {name: _digest(folder / name) for name in tables},
    }
    _write(folder, manifest)
    return Calibration(folder, manifest, posterior, tables)


def inputs() -> dict[str, str]:
    """Return hashes of what a calibration rests on: bands, model, studies with their places."""
    validation = Path(str(files("experiments.validation")))
    paths = [*(validation / "places").glob("*.toml"), *(validation / name for name in USED_OF_VALIDATION)]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(validation).as_posix().encode() + path.read_bytes())
    return {
        "bands": bands.shipped().fingerprint,
        "simulation": code()["fingerprint"],
        "studies": digest.hexdigest(),
        "summaries": _digest(Path(model.__file__)),
    }


def _origin(targets: Targets, population: int, generations: int, seed: int) -> dict:
    return {
        "what": "calibration",
        "status": INTERRUPTED,
        "started": now(),
        "command": command(),
        "version": version_text(),
        "commit": code()["commit"],
        "targets": targets.fingerprint,
        "inputs": inputs(),
        "population": population,
        "generations": generations,
        "seed": seed,
        "worlds_seed": model.ROOT_SEED,
        "environment": environment() | {"pyabc": _version("pyabc")},
        "seconds": 0.0,
    }


def _version(name: str) -> str:
    from importlib.metadata import version

    return version(name)


def _stored(folder: Path, targets: Targets) -> dict:
    """Return the manifest of a calibration that can be gone on with, or say why it cannot."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"{folder}: holds no calibration to resume (no readable {MANIFEST})") from None
    if manifest.get("what") != "calibration":
        raise InputError(f"{path}: is not of a calibration")
    if manifest["targets"] != targets.fingerprint:
        raise InputError(f"{folder}: was fitted to other targets (targets.toml has changed); start anew")
    changed = [name for name, digest in inputs().items() if manifest["inputs"][name] != digest]
    if changed:
        raise InputError(f"{folder}: {', '.join(changed)} changed since it was started; start anew")
    return manifest


def _reporter(told: Callable[[str], None], generations: int) -> Callable[[int, int, int, int], None]:
    """Return what turns counts into a line from time to time: where it stands, and how long this generation takes."""
    state = {"line": time.monotonic(), "generation": None, "began": 0.0}

    def report(generation: int, accepted: int, wanted: int, evaluated: int) -> None:
        moment = time.monotonic()
        if generation != state["generation"]:
            state.update(generation=generation, began=moment)
        if accepted < wanted and moment - state["line"] < REPORT_SECONDS:
            return
        state["line"] = moment
        name = "prior" if generation < 0 else f"generation {generation + 1} (at most {generations})"
        line = f"{name}: {accepted} of {wanted} points, {evaluated} evaluated"
        if 0 < accepted < wanted:
            line += f", about {duration((moment - state['began']) * (wanted - accepted) / accepted)} left of this one"
        told(line)

    return report


def _write(folder: Path, manifest: dict) -> None:
    """Write the manifest as a whole or not at all."""
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    os.replace(part, folder / MANIFEST)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
