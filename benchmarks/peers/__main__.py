"""Measure the same workload in several frameworks, side by side: `python -m benchmarks.peers [--quick]`."""

import argparse
import json
import os
import re
import sys
from collections import defaultdict
from subprocess import PIPE, run

from ..__main__ import ONE_THREAD, ROOT, machine
from .agreement import largest_difference
from .frameworks import PEERS, interpreter
from .table import DAYS, LARGE, REFERENCE, SMALL, WORDS, markdown, same_answers

RESULTS = ROOT / "benchmarks" / "peers.md"
DOCUMENT = ROOT / "docs" / "performance.md"
MARKED = re.compile(r"(<!-- peers -->\n).*?(<!-- end of peers -->)", re.DOTALL)
REPETITIONS = {SMALL: 3, LARGE: 3}
ALONE = ONE_THREAD | {"POLARS_MAX_THREADS": "1"}
TOO_MUCH = 4.5
"""Standard errors, beyond which an implementation is wrong and its speed means nothing."""


def main() -> None:
    """Measure, print, and after a full measurement write peers.md and the table in docs/performance.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 residents, once; installs and writes nothing")
    quick = parser.parse_args().quick
    found = {name: interpreter(name, may_install=not quick) for name in PEERS}
    pythons = {name: python for name, (python, _) in found.items() if python}
    load = os.getloadavg()
    differences = {} if quick else compared(pythons)
    runs = measured(pythons, {SMALL: 1} if quick else REPETITIONS)
    table = markdown(runs, {name: reason for name, (_, reason) in found.items()})
    print(f"\n{table}\n{machine()}")
    if not quick:
        busy = f"The machine's load was {load[1]:.1f} when it began."
        origin = f"`python -m benchmarks.peers` writes this file. {machine()} {busy}"
        parts = ("# Beside other frameworks", origin, table, same_answers(differences), WORDS)
        RESULTS.write_text("\n\n".join(part.rstrip() for part in parts) + "\n", encoding="utf-8")
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(MARKED.sub(rf"\g<1>{table}\g<2>", document), encoding="utf-8")


def compared(pythons: dict[str, str]) -> dict[str, float]:
    """Return how far each framework's answers are from Mesa's, in standard errors; too far ends it."""
    answers = {name: child(python, name) for name, python in pythons.items()}
    reference = answers.pop(REFERENCE)
    differences = {name: largest_difference(each, reference) for name, each in answers.items()}
    if wrong := [name for name, difference in differences.items() if difference > TOO_MUCH]:
        sys.exit(f"not the same answers as {REFERENCE}, so not comparable: {', '.join(wrong)}")
    return differences


def measured(pythons: dict[str, str], repetitions: dict[int, int]) -> dict[str, dict[int, list]]:
    """Return the runs of each framework by number of residents; the frameworks take turns."""
    runs = defaultdict(lambda: defaultdict(list))
    for residents, number in repetitions.items():
        for turn in range(number):
            print(f"{residents:,} residents, turn {turn + 1} of {number} ...", file=sys.stderr, flush=True)
            for name, python in pythons.items():
                runs[name][residents].append(child(python, name, residents, DAYS))
    return runs


def child(python: str, *arguments):
    """Return what `benchmarks.peers.measure` prints in a new process."""
    command = [python, "-m", "benchmarks.peers.measure", *map(str, arguments)]
    done = run(command, cwd=ROOT, env=os.environ | ALONE, check=True, stdout=PIPE)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
