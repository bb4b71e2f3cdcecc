"""A sample of residents with the ties among them, and what they feel from day to day in one world."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from simulation.outcomes import TRUST_CENTER, TRUST_SCALE
from simulation.scenario import Scenario
from simulation.vocabulary import Community

from ..stories.whereabouts import Whereabouts
from ..stories.world import COWORKER, HOUSEHOLD, NEIGHBOR, World, kept_world, people_at

SAMPLE_SIZE = 252
FEWEST_IN_DISTRICT = 4
MARKS = ("crime", "police_arrest", "immigration_arrest", "visit")
"""What can happen to a resident of the sample: `LiveWorld.marks`."""
_MOST_OF_HOUSEHOLD, _NEIGHBORS_TAKEN = 4, 2
_FIRST_SHARE = 2 / 3
"""Share of a district's places that goes to households and their neighbors before co-workers are asked."""


class Sample(NamedTuple):
    """Residents in order of district, and who of them knows whom.

    Attributes
    ----------
    rows, districts : int array, shape (n,)
        Rows of the population, and positions of their districts.
    ties : int array, shape (m, 3)
        Positions in `rows` of two people, and how they are related (`HOUSEHOLD`, `NEIGHBOR`, `COWORKER`); each once.
    """

    rows: np.ndarray
    districts: np.ndarray
    ties: np.ndarray


class LiveWorld(NamedTuple):
    """One world as its sampled residents go through it; F days shown, n residents.

    Attributes
    ----------
    sample : Sample
    communities : int array, shape (n,)
        Codes of `Community`.
    days : int array, shape (F,)
        The days shown, from the run's start; the last is the run's end.
    trust, dread : float array, shape (F, n)
        On each day's morning: an index of which 50 is the average, and 0 to 1.
    away : bool array, shape (F, n)
        Who is jailed, detained, removed or dead.
    marks : int array, shape (m, 3)
        What happened to residents of the sample: day, position in the sample, position in `MARKS`; in order of days.
    events : int array, shape (F, 5)
        In the whole world, from the day shown before to the day before this one: crimes, reported, solved, immigration
        arrests, visits.
    """

    sample: Sample
    communities: np.ndarray
    days: np.ndarray
    trust: np.ndarray
    dread: np.ndarray
    away: np.ndarray
    marks: np.ndarray
    events: np.ndarray


def sample_residents(population, size: int = SAMPLE_SIZE) -> Sample:
    """Pick residents in every district so that ties among them show: households, their neighbors, their co-workers.

    Every second household is of an immigrant community where a district has any, so these are more than their share of
    the city, and so are those who live with others. Households lie evenly over each district's list; nothing is drawn,
    and every world has the same.
    """
    districts = len(population.district_start) - 1
    places = max(FEWEST_IN_DISTRICT, size // districts)
    first = round(_FIRST_SHARE * places)
    chosen: list[dict[int, None]] = []  # by district, rows in order of choice
    for district in range(districts):
        taken: dict[int, None] = {}
        for row in _clusters(population, district):
            if len(taken) >= first:
                break
            taken[row] = None
        chosen.append(taken)
    for row in [row for taken in chosen for row in taken]:
        for other in population.coworkers[row].tolist():
            if other >= 0 and len(chosen[population.district[other]]) < places:
                chosen[population.district[other]][other] = None
    for district, taken in enumerate(chosen):
        for row in _clusters(population, district):
            if len(taken) >= places:
                break
            taken[row] = None
    rows = np.array([row for taken in chosen for row in sorted(taken)], dtype=int)
    return Sample(rows, population.district[rows].astype(int), _ties(population, rows))


def _clusters(population, district: int) -> Iterator[int]:
    """Yield residents of a district, household by household with some neighbors; who lives alone comes last."""
    rows = np.arange(*population.district_start[district : district + 2])
    if not len(rows):
        return
    lives_alone = np.diff(population.household_start)[population.household[rows]] == 1
    immigrants = rows[population.community[rows] != Community.NO_IMMIGRANT_TIES]
    starts = [[*_evenly(of[~lives_alone[of - rows[0]]]), *of[lives_alone[of - rows[0]]].tolist()]
              for of in (immigrants, rows) if len(of)]  # fmt: skip
    for turn in range(len(rows)):
        of = starts[turn % len(starts)]
        if turn // len(starts) < len(of):
            start = of[turn // len(starts)]
            home = population.household[start]
            yield from range(*population.household_start[home : home + 2])[:_MOST_OF_HOUSEHOLD]
            yield from (int(row) for row in population.neighbors[start][:_NEIGHBORS_TAKEN] if row >= 0)


def _evenly(rows: np.ndarray) -> list[int]:
    """Return rows so that any first few of them lie apart: every 2**k-th, then those between, and so on."""
    bits = max(0, len(rows) - 1).bit_length() or 1
    order = [int(format(i, f"0{bits}b")[::-1], 2) for i in range(2**bits)]
    return [int(rows[i]) for i in order if i < len(rows)]


def _ties(population, rows: np.ndarray) -> np.ndarray:
    """Return who knows whom among some residents; the closest tie where two have several."""
    at = {row: i for i, row in enumerate(rows.tolist())}
    ties: dict[tuple[int, int], int] = {}
    for row, i in at.items():
        home = population.household[row]
        members = range(*population.household_start[home : home + 2])
        near = ((HOUSEHOLD, members), (NEIGHBOR, population.neighbors[row]), (COWORKER, population.coworkers[row]))
        for relation, others in near:
            for other in map(int, others):
                if other in at and other != row:
                    pair = min(i, at[other]), max(i, at[other])
                    ties[pair] = min(relation, ties.get(pair, relation))
    return np.array([(*pair, relation) for pair, relation in sorted(ties.items())], dtype=int).reshape(-1, 3)


def live_world(scenario: Scenario, seed: int, step: int = 7, size: int = SAMPLE_SIZE) -> LiveWorld:
    """Run one world and follow a sample of its residents.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    step : int
        Days from one day shown to the next.
    size : int
        About how many residents.
    """
    world = kept_world(scenario, seed)
    sample = sample_residents(world.population, size)
    days = np.append(np.arange(0, scenario.days, step), scenario.days)
    n = len(sample.rows)
    trust, _, felt = world.feelings(np.tile(sample.rows, len(days)), np.repeat(days, n))
    return LiveWorld(
        sample,
        world.population.community[sample.rows].astype(int),
        days,
        TRUST_CENTER + TRUST_SCALE * trust.reshape(-1, n),
        felt.reshape(-1, n),
        _away(world.whereabouts, sample.rows, days),
        _marks(world, sample.rows),
        _events(world, days),
    )


def _away(whereabouts: Whereabouts, rows: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return who is away on which day; shape (F, n)."""
    away = np.zeros((len(days), len(rows)), bool)
    for i, row in enumerate(rows.tolist()):
        if any(True for _ in whereabouts.spans(row)):
            away[:, i] = [whereabouts.away(row, day) is not None for day in days.tolist()]
    return away


def _marks(world: World, rows: np.ndarray) -> np.ndarray:
    """Return what happened to people: crimes they were at, arrests of themselves, visits to them."""
    at = np.full(len(world.population) + 1, -1)  # the last is nobody
    at[rows] = np.arange(len(rows))
    involved = [
        (np.repeat(world.days["crimes"], 3), people_at(world.crimes).ravel()),
        (world.days["bookings"], world.bookings["row"]),
        (world.days["ice_arrests"], world.arrests["row"]),
        (world.days["visits"], world.visits["row"]),
    ]
    marks = np.concatenate([
        np.column_stack([days, at[people], np.full(len(days), kind)])
        for kind, (days, people) in enumerate(involved)
    ])  # fmt: skip
    marks = marks[marks[:, 1] >= 0]
    return marks[np.argsort(marks[:, 0], kind="stable")]


def _events(world: World, days: np.ndarray) -> np.ndarray:
    """Count what happened in the whole world between the days shown."""
    crimes, when = world.crimes, world.days["crimes"]
    counted = [when, when[crimes["reported"]], when[crimes["solved"] | crimes["on_view"]],
               world.days["ice_arrests"], world.days["visits"]]  # fmt: skip
    return np.column_stack(
        [np.bincount(np.searchsorted(days, each, "right"), minlength=len(days))[: len(days)] for each in counted]
    )
