"""Measure the model and print the table: `python -m benchmarks [--quick]`."""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from statistics import median

from .table import MEASURES, NOTES, Measure, markdown

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results.md"
README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- benchmarks -->\n).*?(<!-- end of benchmarks -->)", re.DOTALL)
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def main() -> None:
    """Measure, print, and after a full measurement write results.md and the table of the README."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only what is measured in a minute; writes no file")
    quick = parser.parse_args().quick
    results = {}
    for measure in MEASURES:
        if measure.quick or not quick:
            print(f"{measure.name} ...", file=sys.stderr, flush=True)
            results[measure.name] = measure_in_processes(measure)
    table = markdown(results)
    print(f"\n{table}\n{NOTES}\n{machine()}")
    if not quick:
        RESULTS.write_text(
            f"# Speed and size\n\n`python -m benchmarks` writes this file. {machine()}\n\n{table}\n{NOTES}"
        )
        README.write_text(MARKED.sub(rf"\g<1>{table}\g<2>", README.read_text()))


def measure_in_processes(measure: Measure) -> dict[str, float]:
    """Return the median of every number over repetitions, each in a new process."""
    command = [sys.executable, "-m", "benchmarks.measures", *measure.name.split()]
    found = []
    for _ in range(measure.repetitions):
        done = subprocess.run(command, cwd=ROOT, env=os.environ | ONE_THREAD, check=True, stdout=subprocess.PIPE)
        found.append(json.loads(done.stdout))
    return {key: median(each[key] for each in found) for key in found[0]}


def machine() -> str:
    """Describe what it was measured on."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "mesa"))
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"Measured on {system}, Python {platform.python_version()}, {versions}; medians, one thread per process."


if __name__ == "__main__":
    main()
