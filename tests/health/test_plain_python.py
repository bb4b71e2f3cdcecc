"""The rules are ordinary Python: without compilation (`NUMBA_DISABLE_JIT=1`) a tiny town comes to the same."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulation.population import synthesize
from tests.worlds import ALL_SHOWN, BUSY, HOT, KINDS, REFERENCE, events, run_engine

ROOT = Path(__file__).parents[2]


def tiny_town():
    """Return all that happened to 360 people in 400 days, as arrays of plain numbers by name."""
    policies = [(0, ALL_SHOWN), (200, REFERENCE._replace(real_time=False))]
    engine = run_engine(policies, HOT, days=400, seed=4, people=synthesize(BUSY, 0.01, 1), place=BUSY)
    found = {f"{kind}.day": events(engine, kind)[0] for kind in KINDS}
    tables = {kind: events(engine, kind)[1] for kind in KINDS} | {
        "counts": engine.counts,
        "residents": engine.residents,
        "communities": engine.communities,
    }
    return found | {f"{name}.{field}": table[field] for name, table in tables.items() for field in table.dtype.names}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Return the town as run here, compiled, and in a process that compiles nothing."""
    file = tmp_path_factory.mktemp("plain") / "town.npz"
    code = (
        "import sys, numpy, numba; from tests.health.test_plain_python import tiny_town;"
        "assert numba.config.DISABLE_JIT; numpy.savez(sys.argv[1], **tiny_town())"
    )
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}
    plain = subprocess.run(
        [sys.executable, "-c", code, str(file)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert plain.returncode == 0, plain.stderr[-2000:]
    with np.load(file) as arrays:
        return tiny_town(), dict(arrays)


def test_the_same_events_happen_uncompiled(worlds):
    """Every whole number and yes or no is the same: who, when, what, counts, absences, records."""
    compiled, plain = worlds
    assert compiled.keys() == plain.keys()
    assert len(compiled["crimes.day"]) > 100
    differing = [k for k in compiled if compiled[k].dtype.kind != "f" and not np.array_equal(compiled[k], plain[k])]
    assert differing == []


def test_trust_fear_and_probabilities_are_the_same_uncompiled(worlds):
    """Equal to 1e-12: NumPy's exponential and the C library's, which compiled code calls, differ in the last bit."""
    compiled, plain = worlds
    for name, values in compiled.items():
        if values.dtype.kind == "f":
            np.testing.assert_allclose(values, plain[name], rtol=1e-12, atol=1e-12, err_msg=name)
