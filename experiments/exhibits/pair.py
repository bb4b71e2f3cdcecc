"""Two worlds over common seeds, small enough for a page: every outcome, monthly counts, and states of communities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simulation.errors import InputError
from simulation.outcomes import IMMIGRANT, TRUST_CENTER, TRUST_SCALE
from simulation.recorder import COMMUNITY_COUNTS
from simulation.scenario import Scenario
from simulation.state import CRIME_MEASURES
from simulation.vocabulary import Community

from .. import statistics
from ..claims.claims import check_thresholds, needed_outcomes
from ..claims.judgment import Judgment, judge_pair
from ..runs.worker import SNAPSHOT_METRICS
from ..storage import provenance

COUNTS = (*CRIME_MEASURES, *COMMUNITY_COUNTS)
"""Metrics of `RunSummary.counts`, by month and community."""
STATES = SNAPSHOT_METRICS
"""Metrics of `RunSummary.states`, by date and community; trust as the index of the outcome."""
COMMUNITIES = Community.names()


class RunSummary(NamedTuple):
    """What exhibits need of one run; some 30 kB for five years.

    Attributes
    ----------
    outcomes : dict of str to float
    counts : float32 array, shape (metrics, months, communities)
        Of `COUNTS`, in calendar months.
    states : float32 array, shape (metrics, dates, communities)
        Of `STATES`.
    """

    outcomes: dict[str, float]
    counts: np.ndarray
    states: np.ndarray


def summarize(result) -> RunSummary:
    """Return what exhibits need of a run.

    Parameters
    ----------
    result : simulation.recorder.RunResult
    """
    daily, starts = result.engine.counts[:-1], _month_starts(result.scenario)
    # Crimes have many columns, of which sums month by month are the quickest.
    crimes = np.stack(
        [month["crimes"].sum(axis=0, dtype=np.int32).sum(axis=1) for month in np.split(daily, starts[1:])]
    )
    arrests = np.add.reduceat(daily["arrests"], starts, axis=0).sum(axis=(2, 3))
    bookings, households = (np.add.reduceat(daily[name], starts, axis=0) for name in ("bookings", "households_lost"))
    counts = np.concatenate([np.moveaxis(crimes, 2, 0), np.stack([bookings, arrests, households])]).astype(np.float32)
    states = np.moveaxis(result.snapshot_means, 2, 0).astype(np.float32)
    return RunSummary(dict(result.outcomes), counts, trust_as_index(states))


@dataclass(frozen=True, eq=False)
class Pair:
    """Two worlds over common seeds; make it with `from_runs`, `from_tables` or `from_result`.

    Attributes
    ----------
    a, b : Scenario
        World A and world B; an effect is A minus B.
    root_seed : int
    replicates : tuple of int
        Those that both worlds finished; row r of every array is `replicates[r]`.
    runs : tuple of (RunSummary, RunSummary)
        World A and world B in each replicate. NaN is what a run does not define or did not keep.
    failed : int
        Pairs that are left out because a run failed.
    version : str
        Of the code that made the runs.
    """

    a: Scenario
    b: Scenario
    root_seed: int
    replicates: tuple[int, ...]
    runs: tuple[tuple[RunSummary, RunSummary], ...] = field(repr=False)
    failed: int
    version: str

    @classmethod
    def from_runs(
        cls,
        a: Scenario,
        b: Scenario,
        root_seed: int,
        runs: Mapping[int, tuple[RunSummary, RunSummary]],
        failed: int = 0,
        version: str | None = None,
    ) -> "Pair":
        """Put together the runs of two scenarios, by replicate; at least one pair.

        The version is that of the code that runs now, unless given.
        """
        if not runs:
            raise ValueError("a pair needs at least one replicate that both worlds finished")
        replicates = tuple(sorted(runs))
        version = version or provenance.version_text()
        return cls(a, b, root_seed, replicates, tuple(runs[r] for r in replicates), failed, version)

    @classmethod
    def from_tables(
        cls, a: Scenario, b: Scenario, runs, series, failed: int = 0, version: str | None = None
    ) -> "Pair | None":
        """Put together the runs of two scenarios from the tables `runs` and `series` of a result.

        Returns
        -------
        Pair or None
            None if no replicate was finished by both worlds.
        """
        from .tables import summaries

        found = summaries(a, b, runs, series)
        return cls.from_runs(a, b, int(runs["root_seed"].iloc[0]), found, failed, version) if found else None

    @classmethod
    def from_result(cls, result, a: str | None = None, b: str | None = None) -> "Pair":
        """Read the pair of two scenarios, by default the first two, from a result folder.

        Parameters
        ----------
        result : Result
            Of `compare`, or of a sweep that varies nothing.
        a, b : str, optional
            Names of scenarios.

        Raises
        ------
        InputError
            If the result has no such pair, or varies factors.
        """
        from .tables import read_pair

        return read_pair(result, a, b)

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.replicates)

    @cached_property
    def months(self) -> np.ndarray:
        """First day of every calendar month of the run; datetime64[D], shape (M,)."""
        return months_of(self.a)

    @cached_property
    def whole_months(self) -> np.ndarray:
        """Which of the months the run covers from the first to the last day; bool, shape (M,)."""
        ends = (self.months.astype("datetime64[M]") + 1).astype("datetime64[D]")
        return (self.months >= np.datetime64(self.a.start)) & (ends <= np.datetime64(self.a.end))

    @cached_property
    def dates(self) -> np.ndarray:
        """Dates on which states were taken; datetime64[D], shape (S,)."""
        return dates_of(self.a)

    def values(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Return one outcome in both worlds of every pair, by its flat key; shape (n,) each."""
        a, b = (np.array([world.outcomes.get(key, np.nan) for world in worlds]) for worlds in zip(*self.runs))
        return a, b

    def effect(self, key: str) -> statistics.PairedEffect:
        """Return the paired effect, A minus B, on one outcome."""
        return statistics.paired_effect(*self.values(key))

    def counts(self, metric: str, groups: Sequence[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return one of `COUNTS` by month in both worlds, summed over communities (all by default); shape (n, M) each.

        `immigrant_communities` stands for the four communities with immigrant ties.
        """
        chosen = self._counts[:, :, COUNTS.index(metric)][..., _positions(groups)]
        return tuple(chosen.sum(axis=-1, dtype=float))

    def state(self, metric: str, groups: Sequence[str] | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean of one of `STATES` over the residents of communities, by date; shape (n, S) each.

        In the unit of the outcome of the same name.
        """
        positions = _positions(groups)
        weights = self._residents[:, positions]
        chosen = self._states[:, :, STATES.index(metric)][..., positions].astype(float)
        if len(positions) == 1:
            return tuple(chosen[..., 0])
        chosen = np.where(weights[None, :, None, :] > 0, chosen, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return tuple((chosen * weights[None, :, None, :]).sum(axis=-1) / weights.sum(axis=-1)[None, :, None])

    def verdicts(self, thresholds: Mapping[str, float] | None = None) -> list[Judgment]:
        """Judge the claims of both sides, measure by measure.

        Parameters
        ----------
        thresholds : mapping of str to float, optional
            Smallest difference that counts, by claim or by claim and outcome (`claims.check_thresholds`).
        """
        a, b = ({}, {})
        for key in needed_outcomes():
            a[key], b[key] = self.values(key)
        return judge_pair(a, b, check_thresholds(thresholds or {}))

    @cached_property
    def _counts(self) -> np.ndarray:
        """Shape (2, n, metrics, M, communities)."""
        return np.stack([[world.counts for world in worlds] for worlds in zip(*self.runs)])

    @cached_property
    def _states(self) -> np.ndarray:
        """Shape (2, n, metrics, S, communities)."""
        return np.stack([[world.states for world in worlds] for worlds in zip(*self.runs)])

    @cached_property
    def _residents(self) -> np.ndarray:
        """Residents of each community up to a factor, from crimes and crimes per resident; shape (n, communities).

        A community without a single crime in a run has as many as in the mean of the others; both worlds have the same.
        """
        crimes, rates = (
            np.stack([self.values(f"{name}.{community}")[0] for community in COMMUNITIES], axis=1)
            for name in ("crimes_happened", "victimization_rate")
        )
        known = rates > 0
        sizes = np.divide(crimes, rates, out=np.zeros_like(crimes), where=known)
        means = sizes.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        return np.where(known, sizes, means)


def _positions(groups: Sequence[str] | None) -> list[int]:
    """Return the positions of communities; all by default."""
    if groups is None:
        return list(range(len(COMMUNITIES)))
    named = [name for group in groups for name in (COMMUNITIES[1:] if group == IMMIGRANT else (group,))]
    unknown = [name for name in named if name not in COMMUNITIES]
    if unknown:
        raise InputError(f"there is no community {unknown[0]!r}; the communities are {', '.join(COMMUNITIES)}")
    return [COMMUNITIES.index(name) for name in named]


def months_of(scenario: Scenario) -> np.ndarray:
    """Return the first day of every calendar month of a run; datetime64[D]."""
    first, last = np.datetime64(scenario.start, "M"), np.datetime64(scenario.end, "D") - 1
    return np.arange(first, last.astype("datetime64[M]") + 1).astype("datetime64[D]")


def dates_of(scenario: Scenario) -> np.ndarray:
    """Return the dates on which a run's states are taken; datetime64[D]."""
    days = np.append(np.arange(0, scenario.days, scenario.collection_days), scenario.days)
    return np.datetime64(scenario.start, "D") + days.astype("timedelta64[D]")


def trust_as_index(states: np.ndarray) -> np.ndarray:
    """Give trust, the first of `STATES`, in points of the index instead of standard deviations; in place."""
    states[0] = TRUST_CENTER + TRUST_SCALE * states[0]
    return states


def _month_starts(scenario: Scenario) -> list[int]:
    """Return the day on which each calendar month of a run begins; 0 for the first."""
    days = (months_of(scenario) - np.datetime64(scenario.start)).astype(int)
    return np.maximum(days, 0).tolist()
