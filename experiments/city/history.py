"""Districts month by month: trust, dread, crimes, reports and immigration arrests, counted from a world's events."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulation.compilation import plain
from simulation.engine import build
from simulation.outcomes import IMMIGRANT, TRUST_CENTER, TRUST_SCALE
from simulation.place import Place
from simulation.randomness import replicate_seed
from simulation.scenario import Scenario
from simulation.submodels.perception import salience
from simulation.submodels.reporting import dread
from simulation.today import CRIMES_TODAY, ICE_ARRESTS_TODAY
from simulation.vocabulary import Community

EVERYBODY = "all"
GROUPS = (EVERYBODY, IMMIGRANT)
"""Whose trust, crimes and arrests are counted: third axis of the arrays of `DistrictRun`."""
STATES = ("trust", "dread")
COUNTS = ("happened", "reported", "solved", "arrests")


class DistrictRun(NamedTuple):
    """What one world shows of its districts; G groups, M months, D districts.

    Attributes
    ----------
    residents : int array, shape (G, D)
    sums : float array, shape (STATES, M, G, D)
        Of all residents, present or not, at each month's end: trust as an index (50 is the average), dread 0 to 1.
    counts : int array, shape (COUNTS, M, G, D)
        In each month: crimes by the victim's district, immigration arrests by that of the person.
    """

    residents: np.ndarray
    sums: np.ndarray
    counts: np.ndarray


def month_ends(scenario: Scenario) -> np.ndarray:
    """Return the day after each calendar month's last, counted from the run's start; the last is the run's end."""
    start, end = np.datetime64(scenario.start, "D"), np.datetime64(scenario.end, "D")
    firsts = np.arange(start.astype("datetime64[M]") + 1, (end - 1).astype("datetime64[M]") + 1)
    return np.append((firsts.astype("datetime64[D]") - start).astype(int), scenario.days)


def run_districts(scenario: Scenario, seed: int) -> DistrictRun:
    """Run one world and count its districts, month by month."""
    ends = month_ends(scenario)
    engine = build(scenario, seed)
    people, districts = engine.population, len(engine.place.districts)
    is_immigrant = people.community != Community.NO_IMMIGRANT_TIES
    immigrants = np.flatnonzero(is_immigrant)

    def by_district(of_all, of_immigrants):
        return [np.bincount(people.district[rows], weights, districts)
                for rows, weights in ((slice(None), of_all), (immigrants, of_immigrants))]  # fmt: skip

    sums = np.empty((len(STATES), len(ends), len(GROUPS), districts))
    counts = np.zeros((len(COUNTS), len(ends), len(GROUPS), districts), np.int32)
    for month, end in enumerate(ends.tolist()):
        for kind, rows in enumerate(_concerned(engine, end)):
            where = people.district[rows]
            counts[kind, month] = [np.bincount(where[mine], minlength=districts)
                                   for mine in (slice(None), is_immigrant[rows])]  # fmt: skip
        trust, felt = trust_index(engine), dread_of(engine, immigrants)
        sums[0, month] = by_district(trust, trust[immigrants])
        sums[1, month] = np.bincount(people.district[immigrants], felt, districts)  # others have nothing to dread
    return DistrictRun(np.array(by_district(None, None), dtype=int), sums, counts)


def _concerned(engine, end: int) -> list[np.ndarray]:
    """Run up to a day and return whom it concerned: victims of all crimes, of those reported, and solved; arrestees.

    Reading every day's events where the engine has them takes half the time of keeping them all.
    """
    victims, hows, arrestees = [], [], []
    while engine.day < end:
        engine.advance_to(engine.day + 1)
        today = engine.today
        crimes, arrests = today.crimes[: today.size[CRIMES_TODAY]], today.ice_arrests[: today.size[ICE_ARRESTS_TODAY]]
        victims.append(crimes["victim"].copy())
        hows.append(crimes["reported"] + 2 * (crimes["solved"] | crimes["on_view"]))
        if len(arrests):
            arrestees.append(arrests["row"].copy())
    victim, how = np.concatenate(victims), np.concatenate(hows)
    return [victim, victim[how & 1 > 0], victim[how & 2 > 0], np.concatenate([np.zeros(0, np.int32), *arrestees])]


def trust_index(engine, rows=slice(None)) -> np.ndarray:
    """Return residents' trust in the police this morning, as an index of which 50 is the average."""
    residents, decay = engine.residents[rows], engine.rules["trust_decay"]
    change = residents["trust"] * np.exp(-decay * (engine.day - residents["trust_day"]))
    shift = engine.communities["trust_shift"][residents["community"]]
    return TRUST_CENTER + TRUST_SCALE * (residents["trust_baseline"] + change + shift)


def dread_of(engine, rows=slice(None)) -> np.ndarray:
    """Return residents' dread of contact with the police this morning, 0 to 1."""
    rules, residents, state = engine.rules, engine.residents[rows], engine.communities
    fear = residents["fear"] * np.exp(-rules["fear_decay"] * (engine.day - residents["fear_day"]))
    in_mind = plain(salience)(state["surge"], state["news"], state["reassured_news"])[residents["community"]]
    vulnerability = rules["vulnerability"][residents["vulnerability_class"]]
    return plain(dread)(vulnerability, state["belief"][residents["community"]], fear, in_mind)


@dataclass(frozen=True, eq=False)
class CityHistory:
    """The districts of pairs of worlds, month by month.

    Attributes
    ----------
    a, b : Scenario
    root_seed : int
        Seed from which those of the replicates are derived.
    replicates : tuple of int
    runs : tuple of (DistrictRun, DistrictRun)
        World A and world B in each replicate.
    """

    a: Scenario
    b: Scenario
    root_seed: int
    replicates: tuple[int, ...]
    runs: tuple[tuple[DistrictRun, DistrictRun], ...]

    @cached_property
    def place(self) -> Place:
        """The city."""
        return Place.load(self.a.place)

    @cached_property
    def ends(self) -> np.ndarray:
        """The day after each month's last, from the run's start; int array, shape (M,)."""
        return month_ends(self.a)

    @cached_property
    def dates(self) -> np.ndarray:
        """The last day of every month; datetime64[D], shape (M,)."""
        return np.datetime64(self.a.start, "D") + (self.ends - 1).astype("timedelta64[D]")

    @cached_property
    def residents(self) -> np.ndarray:
        """Residents of all replicates together; shape (G, D)."""
        return np.sum([a.residents for a, _ in self.runs], axis=0)

    @cached_property
    def sums(self) -> np.ndarray:
        """Shape (2, n, STATES, M, G, D): world, replicate, and the axes of `DistrictRun.sums`."""
        return np.array([[world.sums for world in worlds] for worlds in zip(*self.runs)])

    @cached_property
    def counts(self) -> np.ndarray:
        """Shape (2, n, COUNTS, M, G, D): world, replicate, and the axes of `DistrictRun.counts`."""
        return np.array([[world.counts for world in worlds] for worlds in zip(*self.runs)])


def city_history(a: Scenario, b: Scenario, root_seed: int = 1, replicates: Sequence[int] = (1,)) -> CityHistory:
    """Run pairs of worlds and count their districts, month by month.

    Parameters
    ----------
    a, b : Scenario
        Of one place and period.
    root_seed : int
        Seed from which those of the replicates are derived.
    replicates : sequence of int
        Which pairs, from 1.
    """
    seeds = [replicate_seed(root_seed, replicate) for replicate in replicates]
    runs = tuple((run_districts(a, seed), run_districts(b, seed)) for seed in seeds)
    return CityHistory(a, b, root_seed, tuple(replicates), runs)
