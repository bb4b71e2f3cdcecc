"""What must hold for the residents of any place, at any scale and seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.place import Place
from simulation.synthesis import build
from simulation.vocabulary import CHARGED, CONVICTED, SERIOUS, Community, LegalStatus

populations = st.builds(
    lambda name, residents, seed: build(place := Place.load(name), residents / place.residents.sum(), seed),
    name=st.sampled_from(Place.names()),
    residents=st.integers(50, 12_000),
    seed=st.integers(0, 2**63 - 1),
)
few = settings(max_examples=25, deadline=None)


@few
@given(populations)
def test_rows_are_ordered_and_starts_are_where_things_start(population):
    n = len(population)
    rows = np.arange(n)
    order = np.lexsort((population.household, population.community, population.neighborhood, population.district))
    assert (order == rows).all()
    start = population.household_start
    assert start[0] == 0
    assert start[-1] == n
    assert (np.diff(start) >= 1).all()
    assert (np.repeat(np.arange(len(start) - 1), np.diff(start)) == population.household).all()
    assert (population.district == np.searchsorted(population.district_start, rows, side="right") - 1).all()
    for column in (population.neighborhood, population.community):
        assert (column == column[start[population.household]]).all()


@few
@given(populations)
def test_legal_statuses_fit_communities_and_households(population):
    us_born = population.status == LegalStatus.US_BORN_CITIZEN
    assert us_born[population.community == Community.NO_IMMIGRANT_TIES].all()
    foreign_born = np.bincount(population.household, ~us_born)
    immigrant = (population.community == Community.BLACK_IMMIGRANT) | (
        population.community == Community.OTHER_IMMIGRANT
    )
    assert (foreign_born[population.household[immigrant]] > 0).all()
    undocumented = population.status == LegalStatus.UNDOCUMENTED
    others = np.bincount(population.household, undocumented)[population.household] - undocumented
    assert (population.lives_with_undocumented == (others > 0)).all()
    assert (population.undocumented_rows == np.flatnonzero(undocumented)).all()


@few
@given(populations)
def test_weights_units_and_records_are_consistent(population):
    sums = np.bincount(population.district, population.victim_weight)
    sizes = np.bincount(population.district)
    assert sums[sizes > 0] == pytest.approx(sizes[sizes > 0], rel=1e-4)
    owned = np.bincount(population.roster, minlength=len(population))
    assert (owned == population.offending_weight).all()
    assert (np.diff(population.roster) >= 0).all()
    districts = population.district[population.roster]
    units = np.arange(len(population.roster))
    assert (districts == np.searchsorted(population.roster_start, units, side="right") - 1).all()
    assert population.roster_start[-1] == len(population.roster)
    record = population.record
    assert not (record & ~np.uint8(CHARGED | CONVICTED | SERIOUS)).any()
    assert ((record & CONVICTED > 0) | (record & SERIOUS == 0)).all()
    assert ((record & CHARGED > 0) | (record & CONVICTED == 0)).all()


def pairs(ties):
    """Return the ties as pairs of rows, and check that nothing follows an empty place."""
    empty = ties < 0
    assert (empty[:, 1:] >= empty[:, :-1]).all()
    rows = np.repeat(np.arange(len(ties)), (~empty).sum(axis=1))
    return np.stack([rows, ties[~empty]], axis=1)


@few
@given(populations)
def test_ties_are_mutual_and_outside_the_household(population):
    for ties in (population.neighbors, population.coworkers):
        found = pairs(ties)
        if len(found) == 0:
            continue
        a, b = found.T
        assert (population.household[a] != population.household[b]).all()
        assert (population.community[a] == population.community[b]).all()
        assert len(np.unique(found, axis=0)) == len(found)
        mutual = np.unique(found[:, ::-1], axis=0)
        assert (mutual == np.unique(found, axis=0)).all()
    a, b = pairs(population.neighbors).T
    assert (population.neighborhood[a] == population.neighborhood[b]).all()


@few
@given(populations)
def test_nearly_everybody_knows_people_where_there_are_enough(population):
    groups, size = np.unique(np.stack([population.neighborhood, population.community]), axis=1, return_counts=True)
    for (neighborhood, community), n in zip(groups.T, size):
        if n >= 200:
            inside = (population.neighborhood == neighborhood) & (population.community == community)
            assert (population.neighbors[inside] >= 0).sum(axis=1).mean() > 4.5
            assert (population.coworkers[inside] >= 0).sum(axis=1).mean() > 3.8
