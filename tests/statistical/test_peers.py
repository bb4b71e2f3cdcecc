"""The programs that `benchmarks.peers` times do the same: those whose framework is installed, on few people."""

from functools import cache

import numpy as np
import pytest

from benchmarks.peers import compiled, table, workload
from benchmarks.peers.agreement import OFTEN, answers, largest_difference
from benchmarks.peers.frameworks import PEERS, implementation

PEOPLE = workload.make_people(1500)


def installed(name):
    """Return the implementation of a framework, or skip the test."""
    pytest.importorskip(PEERS[name].packages[0].replace("-", "_"))
    return implementation(name)


@cache
def answered(name):
    return answers(installed(name), residents=1000, days=60, seeds=20)


@pytest.mark.parametrize("name", [name for name in PEERS if name != table.REFERENCE])
def test_answers_are_those_of_mesa(name):
    assert largest_difference(answered(name), answered(table.REFERENCE)) < 4


@pytest.mark.parametrize("name", PEERS)
def test_crimes_are_as_many_as_stated(name):
    """Each resident and day has its own chance, whatever else happens."""
    mean = 60 * workload.make_people(1000).hazard.sum()
    found = answered(name)[:, :3].sum(axis=1)
    assert found.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / len(found)))


@pytest.mark.parametrize("name", PEERS)
def test_without_enforcement_nobody_is_afraid(name):
    measures = dict(zip(workload.MEASURES, installed(name)(PEOPLE, 20, 1, 0.0)().transpose(1, 0, 2)))
    assert measures["fear"] == pytest.approx(np.tile(workload.FEAR_LEVEL, (20, 1)), abs=1e-6)
    assert (measures["cleared"] <= measures["reports"]).all()
    assert (measures["reports"] <= measures["crimes"]).all()
    assert measures["crimes"].sum() > 0


def test_enforcement_silences_those_it_threatens():
    """The agreement is tried where a fault in fear would show."""
    calm, afraid = (implementation("ours")(PEOPLE, 2000, 1, often)()[:, :2].sum(axis=0) for often in (0.0, OFTEN))
    calm, afraid = calm[1] / calm[0], afraid[1] / afraid[0]
    assert afraid[workload.UNDOCUMENTED] < 0.8 * calm[workload.UNDOCUMENTED]


def test_fear_worked_out_when_asked_is_fear_kept_daily():
    """The sums over all residents, kept by day, are those of the records, worked out on the last day."""
    city = compiled.City(PEOPLE, 3, OFTEN)
    measures, residents = city.run(30)[-1], city.residents
    left = residents["fear"] * workload.FEAR_KEPT ** (29 - residents["fear_day"])
    for status, level in enumerate(workload.FEAR_LEVEL):
        of_status = residents["status"] == status
        assert measures[compiled.FEAR, status] == pytest.approx(level + left[of_status].mean())
        assert measures[compiled.TRUST, status] == pytest.approx(residents["trust"][of_status].mean())


def test_people_are_tied_to_each_other():
    pairs = np.stack([np.repeat(np.arange(1500), np.diff(PEOPLE.ties_start)), PEOPLE.ties])
    assert len(np.unique(pairs, axis=1).T) == len(PEOPLE.ties)
    assert set(map(tuple, pairs.T)) == set(map(tuple, pairs[::-1].T))
    assert not (pairs[0] == pairs[1]).any()
    assert 7 < len(PEOPLE.ties) / 1500 < 8
    assert PEOPLE.household_start[-1] == 1500
    assert (PEOPLE.household == np.repeat(np.arange(PEOPLE.household[-1] + 1), np.diff(PEOPLE.household_start))).all()
    assert PEOPLE.hazard.mean() == pytest.approx(3e-4, rel=0.15)


def test_the_table_has_ratios_and_reasons():
    one = {"setup": 0.5, "seconds": 12.0, "megabytes": 300.0, "versions": {"mesa": "3.3"}}
    runs = {"mesa": {table.SMALL: [one], table.LARGE: [one]}, "ours": {table.SMALL: [one | {"seconds": 0.004}]}}
    rows = table.markdown(runs, {name: "not here" for name in PEERS}).splitlines()
    assert [row.count("|") for row in rows] == [len(table.HEAD) + 1] * (2 + len(PEERS))
    assert "| mesa 3.3 | 12.0 s | 12.0 s | 3.0 million | 500 ms | 300 MB | 1.0 | 1.0 |" in rows[3]
    assert rows[2].endswith("| 4.00 ms | - | - | - | - | 3,000 | - |")
    assert rows[4].endswith("| not here | - | - | - | - | - | - | - |")


@pytest.mark.parametrize(("ratio", "said"), [(0.4512, "0.45"), (8.94, "8.9"), (41.2, "41"), (3412.0, "3,400")])
def test_ratios_have_two_digits(ratio, said):
    assert table.times(ratio) == said
