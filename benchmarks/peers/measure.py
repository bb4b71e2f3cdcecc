"""One framework in a process of its own, which prints JSON: `python -m benchmarks.peers.measure NAME [RESIDENTS DAYS]`.

With a number of residents and of days it measures a run, without it says to what runs of the agreement come.
"""

import json
import sys
import time

from ..sweeps import peak
from . import agreement
from .frameworks import implementation, versions
from .workload import ENFORCEMENT, make_people


def speed(name: str, residents: int, days: int) -> dict:
    """Measure set-up and run after a small run, which loads what is loaded once, and the peak of memory in MB.

    Times are seconds of the processor, because what else runs on the machine counts little in them.
    """
    prepare = implementation(name)
    prepare(make_people(200), 3, 1, ENFORCEMENT)()
    people = make_people(residents)
    begin = time.process_time()
    run = prepare(people, days, 1, ENFORCEMENT)
    ready = time.process_time()
    run()
    done = time.process_time()
    return {"setup": ready - begin, "seconds": done - ready, "megabytes": peak(), "versions": versions(name)}


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    found = speed(name, *map(int, numbers)) if numbers else agreement.answers(implementation(name)).tolist()
    print(json.dumps(found))
