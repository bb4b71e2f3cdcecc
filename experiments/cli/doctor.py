"""`twoclaims doctor`: is this installation able to run?"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import rich_click as click

from . import text
from .options import json_option

DISTRIBUTION = "two-claims"
OLDEST_PYTHON = (3, 11)
LEAST_DISK = 500e6
"""Bytes that a result of ordinary size and the compiled code need with room to spare."""

TINY = {
    "place": "riverton",
    "scale": 1.0,
    "start": date(2018, 1, 1),
    "years": 0.1,
    "outcomes_from": date(2018, 1, 1),
}
"""A run that compiles every rule and ends in a moment."""


class Finding(NamedTuple):
    """One thing that was looked at; `advice` is empty where all is well."""

    name: str
    detail: str
    advice: str = ""


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check this installation and say what to do about a problem.

    The last check runs the model; the first time on a machine that includes compiling it.

    \b
    Example:
      twoclaims doctor
    """
    findings = []
    for check in CHECKS:
        for finding in _look(check):
            findings.append(finding)
            if not as_json:
                verdict = "problem" if finding.advice else "ok"
                advice = f" -> {finding.advice}" if finding.advice else ""
                click.echo(f"{verdict.ljust(8)} {finding.name.ljust(14)} {finding.detail}{advice}")
    if as_json:
        click.echo(json.dumps([{"ok": not f.advice, **f._asdict()} for f in findings], indent=2))
    if any(finding.advice for finding in findings):
        ctx.exit(1)


def _look(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Run one check; one that breaks is itself a finding."""
    try:
        yield from check()
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        name = check.__name__.removeprefix("_").replace("_", " ")
        yield Finding(name, f"{type(error).__name__}: {reason}", "install again: pip install --force-reinstall .")


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    old = sys.version_info < OLDEST_PYTHON
    wanted = ".".join(map(str, OLDEST_PYTHON))
    yield Finding("Python", f"{version} at {sys.executable}", f"install Python {wanted} or newer" if old else "")


def _dependencies() -> Iterator[Finding]:
    """Compare what is installed with what the installed package asks for."""
    from packaging.requirements import Requirement

    try:
        required = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        yield Finding("package", f"{DISTRIBUTION} is not installed", "run `pip install .` in the project's folder")
        return
    yield Finding("package", f"{DISTRIBUTION} {metadata.version(DISTRIBUTION)}")
    for requirement in required:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            yield Finding(requirement.name, "missing", f'run `pip install "{requirement}"`')
            continue
        fits = requirement.specifier.contains(version, prereleases=True)
        yield Finding(requirement.name, version, "" if fits else f'run `pip install "{requirement}"`')


def _compile_cache() -> Iterator[Finding]:
    """Find the folder that compiled code is kept in."""
    from simulation.compilation import cache_folder

    folder = os.environ.get("NUMBA_CACHE_DIR") or cache_folder()
    writable = bool(folder) and _is_writable(Path(folder))
    advice = "" if writable else "set NUMBA_CACHE_DIR to a folder you can write to"
    yield Finding("compile cache", folder if writable else f"cannot write to {folder or 'any cache folder'}", advice)


def _shipped_data() -> Iterator[Finding]:
    from simulation.evidence import all_evidence
    from simulation.place import Place
    from simulation.scenario import Scenario

    scenarios = [Scenario.load(name) for name in Scenario.names()]
    places = [Place.load(name) for name in Place.names()]
    counted = f"{len(scenarios)} scenarios, {len(places)} places, {len(all_evidence())} sources"
    lacking = not (scenarios and places)
    yield Finding("shipped data", counted, "install again: pip install --force-reinstall ." if lacking else "")


def _model() -> Iterator[Finding]:
    from simulation import run
    from simulation.scenario import Scenario

    tiny = Scenario.load("agreement-renewed", overrides=TINY)
    begin = time.perf_counter()
    run(tiny, seed=1)
    yield Finding("model", f"compiled and ran {tiny.days} days in {time.perf_counter() - begin:.1f} s")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    advice = f"free at least {LEAST_DISK / 1e6:.0f} MB" if free < LEAST_DISK else ""
    yield Finding("free disk", f"{free / 1e9:.1f} GB in {Path.cwd()}", advice)


def _cores() -> Iterator[Finding]:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Finding("cores", text.value(usable))


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


CHECKS = (_python, _dependencies, _compile_cache, _shipped_data, _disk, _cores, _model)
"""What is looked at, in order; the one that takes time comes last."""
