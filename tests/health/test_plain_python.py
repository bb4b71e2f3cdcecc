"""The rules are ordinary Python: without compilation (`NUMBA_DISABLE_JIT=1`) a tiny town comes to the same."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simulation.occurrences import (
    Announcement,
    EnforcementNews,
    FundingCut,
    Legalization,
    PoliceScandal,
    Raid,
    Vote,
)
from simulation.population import synthesize
from simulation.vocabulary import FOREVER, Yardstick
from tests.worlds import ALL_SHOWN, BUSY, EVERYBODY, HOT, IN_USE, KINDS, REFERENCE, events, run_engine

ROOT = Path(__file__).parents[2]


BY_RESULTS = {"city_threshold": -100.0, "courts_threshold": 50.0, "courts_yardstick": int(Yardstick.BUDGET_KEPT)}
OCCURRENCES = [
    (20, EnforcementNews(1.0, EVERYBODY)),
    (40, Raid(2000.0, None, False, True)),
    (60, Raid(2000.0, None, True, False)),
    (80, Announcement(0.5, EVERYBODY)),
    (90, PoliceScandal(0.5, EVERYBODY)),
    (120, Vote((None, None, None), 130, 150)),
    (160, FundingCut(0.3, 0.5, 180, False)),
    (170, FundingCut(0.2, 0.0, 170, False)),
    (300, Vote((None, True, True), 310, FOREVER)),
    (350, Legalization(0.5)),
]


def tiny_town():
    """Return all that happened to 360 people in 400 days, as arrays of plain numbers by name."""
    policies = [
        (0, ALL_SHOWN._replace(**IN_USE, **BY_RESULTS)),
        (200, REFERENCE._replace(**IN_USE, real_time=False)),
        (250, REFERENCE._replace(after_disposition=True)),
    ]
    people = synthesize(BUSY, 0.01, 1)
    parameters = HOT | {"domestic_replacement": 0.3}
    engine = run_engine(policies, parameters, days=400, seed=4, people=people, place=BUSY, occurrences=OCCURRENCES)
    found = {f"{kind}.day": events(engine, kind)[0] for kind in KINDS}
    tables = {kind: events(engine, kind)[1] for kind in KINDS} | {
        "counts": engine.counts,
        "residents": engine.residents,
        "communities": engine.communities,
    }
    found |= {f"{name}.{field}": table[field] for name, table in tables.items() for field in table.dtype.names}
    found |= {"history.days": np.array([day for day, _ in engine.history])}
    found |= {"history": np.array([policy for _, policy in engine.history], float)}
    found |= {"votes": np.array([vote.votes for vote in engine.government.votes])}
    return found | {"cuts": np.array([cut[:2] for cut in engine.government.cuts])}


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
    assert compiled["ice_arrests.in_raid"].any()
    assert (compiled["residents.status"] != compiled["residents.status_at_start"]).any()
    assert len(compiled["votes"]) == len(compiled["cuts"]) == 2
    differing = [k for k in compiled if compiled[k].dtype.kind != "f" and not np.array_equal(compiled[k], plain[k])]
    assert differing == []


def test_trust_fear_and_probabilities_are_the_same_uncompiled(worlds):
    """Equal to 1e-12: NumPy's exponential and the C library's, which compiled code calls, differ in the last bit."""
    compiled, plain = worlds
    for name, values in compiled.items():
        if values.dtype.kind == "f":
            np.testing.assert_allclose(values, plain[name], rtol=1e-12, atol=1e-12, err_msg=name)
