"""Synthetic residents: right totals, the same people every time, kept only as long as they are small."""

import hashlib
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from experiments.place_check import MOST_VICTIMIZED, concentration, population_targets
from simulation import population as module
from simulation.composition import CELLS, compose
from simulation.errors import InputError
from simulation.place import Place
from simulation.population import synthesize
from simulation.synthesis import build
from simulation.vocabulary import CHARGED, CONVICTED, SERIOUS, Community, LegalStatus

ROOT = Path(__file__).parents[2]


def fingerprint(population):
    digest = hashlib.sha256()
    for field in fields(population):
        value = getattr(population, field.name)
        digest.update(value.tobytes() if isinstance(value, np.ndarray) else str(value).encode())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def town():
    return Place.load("riverton")


@pytest.fixture(scope="module")
def city():
    return Place.load("philadelphia")


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])
def test_same_inputs_give_the_same_people_in_a_fresh_process(city, compiled):
    code = (
        "from simulation.place import Place; from simulation.synthesis import build;"
        "from tests.unit.test_population import fingerprint;"
        "print(fingerprint(build(Place.load('philadelphia'), 0.003, 42)))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "11", "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
    command = [sys.executable, "-c", code]
    fresh = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    here = fingerprint(build(city, 0.003, 42))
    assert fresh.stdout.strip() == here == fingerprint(build(city, 0.003, 42))
    assert here != fingerprint(build(city, 0.003, 43))


def test_a_population_is_built_once_and_old_ones_make_room(town, monkeypatch):
    monkeypatch.setattr(module, "_kept", type(module._kept)())
    monkeypatch.setattr(module, "RESIDENTS_KEPT", 10_000)
    first = synthesize(town, 0.1, 1)
    assert synthesize(town, 0.1, 1) is first
    for seed in range(2, 12):
        synthesize(town, 0.1, seed)
        assert sum(map(len, module._kept.values())) <= 10_100
    assert synthesize(town, 0.1, 1) is not first


def test_columns_are_small_and_cannot_be_changed(city):
    population = build(city, 0.02, 3)
    columns = [
        value for field in fields(population) if isinstance(value := getattr(population, field.name), np.ndarray)
    ]
    assert sum(column.nbytes for column in columns) < 75 * len(population)
    assert not any(column.flags.writeable for column in columns)
    with pytest.raises(ValueError, match="read-only"):
        population.status[0] = 3


@pytest.mark.parametrize(("scale", "words"), [(0.0, "greater than 0"), (1.5, "at most 1"), (1e-4, "at least 0.00056")])
def test_bad_scales_are_refused(town, scale, words):
    with pytest.raises(InputError, match=words):
        synthesize(town, scale, 1)


def test_philadelphia_at_scale_one_is_the_place_file(city):
    for row in population_targets(city, 1.0, 7):
        assert row.simulated == pytest.approx(row.target, rel=0.02), row
    population = synthesize(city, 1.0, 7)
    expected = np.array([each.noncitizens for each in city.districts]) * 0.85
    noncitizen = population.status >= LegalStatus.LAWFUL_NONCITIZEN
    found = np.bincount(population.district, noncitizen, minlength=21)
    assert (np.abs(found - expected) < 4 * np.sqrt(2 * expected)).all()
    latino = np.bincount(population.district, population.community == Community.LATINO, minlength=21)
    share = np.array([each.hispanic_share for each in city.districts])
    assert latino / np.bincount(population.district) == pytest.approx(share, abs=0.003)


def test_puerto_rican_districts_are_latino_and_mostly_born_here(city):
    population = synthesize(city, 1.0, 7)
    for position, district in enumerate(city.districts):
        if district.id in ("24", "25", "26"):
            latinos = (population.district == position) & (population.community == Community.LATINO)
            assert (population.status[latinos] == LegalStatus.US_BORN_CITIZEN).mean() > 0.75


def test_random_numbers_of_residents_have_their_distributions(city):
    population, people = synthesize(city, 1.0, 7), city.content.people
    n = len(population)
    trust = population.trust_baseline
    assert abs(trust.mean()) < 4 / np.sqrt(n)
    assert trust.std() == pytest.approx(1, abs=4 / np.sqrt(2 * n))
    variance = population.victim_weight.var(dtype=np.float64)
    assert variance == pytest.approx(1 / people.frailty_shape.value, rel=0.02)
    units = population.offending_weight
    for status, ratio in zip(LegalStatus, (1.0, 0.6, 0.6, 0.5)):
        group = units[population.status == status]
        assert group.mean() == pytest.approx(0.1 * ratio, abs=4 * group.std() / np.sqrt(len(group)))
        none = (
            people.offending_shape.value / (people.offending_shape.value + 0.1 * ratio)
        ) ** people.offending_shape.value
        assert (group == 0).mean() == pytest.approx(none, abs=4 * np.sqrt(none * (1 - none) / len(group)))
    for offends, shares in ((False, people.record_without_offending), (True, people.record_with_offending)):
        record = population.record[(units > 0) == offends]
        for bit, share in zip((CHARGED, CONVICTED, SERIOUS), shares.value):
            error = np.sqrt(share * (1 - share) / len(record))
            assert (record & bit > 0).mean() == pytest.approx(share, abs=4 * error)


def test_the_most_victimized_bear_what_the_survey_says(city):
    population = synthesize(city, 0.1, 3)
    assert concentration(city, population, MOST_VICTIMIZED) == pytest.approx(0.40, abs=0.01)
    assert concentration(city, population, 1.0) == pytest.approx(1)


def test_composition_meets_its_margins(city):
    composition, parts = compose(city), city.neighborhoods
    households = composition.households
    sizes = np.arange(1, households.shape[2] + 1)
    assert households.sum(axis=(1, 2)) == pytest.approx(parts.households)
    assert (households @ sizes).sum(axis=1) == pytest.approx(city.residents)
    communities = np.array([community for community, _ in CELLS])
    for community, share in ((Community.LATINO, parts.hispanic_share), (Community.ASIAN, parts.asian_share)):
        found = households[:, communities == community].sum(axis=(1, 2)) / parts.households
        assert found == pytest.approx(share, abs=1e-3)
    assert (households >= 0).all()


def test_allotment_keeps_city_totals_at_small_scale(city):
    sizes = [len(build(city, 0.001, seed)) for seed in range(20)]
    assert np.mean(sizes) == pytest.approx(city.residents.sum() * 0.001, rel=0.02)
    assert np.std(sizes) < 0.03 * np.mean(sizes)
