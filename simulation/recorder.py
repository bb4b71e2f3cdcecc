"""What is observed of a run, as tidy tables; nothing in the process knows that it is watched (ODD 4.8)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

import numpy as np

from .compilation import plain, rule
from .state import COMMUNITIES, COMMUNITY_MEASURES, CRIME_MEASURES, VISITS, WASTED_VISITS
from .submodels.perception import salience
from .submodels.reporting import dread, dread_of, fear_of
from .vocabulary import Channel, ChargeGrade, Community, CrimeType, Criminality

SNAPSHOT_MEASURES = ("trust", "fear", "dread")
COMMUNITY_COUNTS = ("bookings", "immigration_arrests", "households_losing_member")
CITY_COUNTS = ("visits", "wasted_visits")


@rule
def total_dread(day, rules, people, residents, communities):
    """Sum dread over the residents of each community, present or not (ODD 4.3, 4.8).

    Most people have no fear of their own, and then the dread of everybody of one class is the same; so classes are
    counted, and only immigrant communities are gone through for those who do.

    Parameters
    ----------
    day : int
        The day at whose start people are asked.
    rules : RULES record
    people : People
    residents : RESIDENT records, shape (N,)
    communities : COMMUNITY records, shape (C,)

    Returns
    -------
    float64, shape (C,)
        0 to 1 a person.
    """
    calm = np.empty(people.class_size.shape)
    total = np.zeros(communities.shape[0])
    for c in range(calm.shape[0]):
        in_mind = salience(communities[c].surge, communities[c].news, communities[c].reassured_news)
        for v in range(calm.shape[1]):
            calm[c, v] = dread(rules.vulnerability[v], communities[c].belief, 0.0, in_mind)
            total[c] += people.class_size[c, v] * calm[c, v]
    for stretch in range(people.immigrant_rows.shape[0]):
        for row in range(people.immigrant_rows[stretch, 0], people.immigrant_rows[stretch, 1]):
            resident = residents[row]
            if resident.fear != 0.0:
                fear = fear_of(resident, day, rules.fear_decay)
                felt = dread_of(resident, fear, rules, communities)
                total[resident.community] += felt - calm[resident.community, resident.vulnerability_class]
    return total


@dataclass(frozen=True, eq=False)
class RunResult:
    """Show one world: a scenario run under one seed. Tables are made when first asked for.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed : int
        Root of every random number of the run.
    engine : Engine
        The columns and counts at the run's end.
    snapshot_days : int array, shape (S,)
        Days (from the run's start) of the snapshots; a snapshot shows the state at the start of its day.
    snapshot_means : float array, shape (S, C, 5)
        Mean trust, fear, dread; belief and salience, by community.
    """

    scenario: object
    seed: int
    engine: object
    snapshot_days: np.ndarray
    snapshot_means: np.ndarray

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """Every outcome by flat key: `name` for the city, `name.group` for a group; units are in `OUTCOMES`."""
        from .outcomes import compute_outcomes

        return compute_outcomes(self)

    @cached_property
    def dates(self) -> np.ndarray:
        """Date of every day of the run; datetime64[D], shape (T,)."""
        return np.datetime64(self.scenario.start, "D") + np.arange(self.scenario.days).astype("timedelta64[D]")

    @cached_property
    def series(self):
        """Counts by calendar month: date (first day of the month), metric, group, crime_type, value.

        The group is a community (of the victim for crimes, else of the person) or `all`; `crime_type` is `all` where a
        metric has none. Metrics are `CRIME_MEASURES`, `COMMUNITY_COUNTS` and `CITY_COUNTS`.
        """
        counts = self.engine.counts[:-1]
        starts = np.flatnonzero(np.append(True, np.diff(self.dates.astype("datetime64[M]").astype(int)) != 0))
        daily = [counts["crimes"][..., m] for m in range(len(CRIME_MEASURES))]
        daily += [counts["bookings"], counts["arrests"].sum(axis=(2, 3)), counts["households_lost"]]
        daily += [counts["city"][:, VISITS], counts["city"][:, WASTED_VISITS]]
        values = [np.add.reduceat(metric, starts, axis=0).ravel() for metric in daily]
        frame = _series_index(self.scenario.start, self.scenario.days).copy()
        frame["value"] = np.concatenate(values).astype(float)
        return frame

    @cached_property
    def snapshots(self):
        """State of the communities at the collection interval: one row a date and community.

        Mean trust (standard deviations from the average), fear (0 or more) and dread (0 to 1) of residents; belief (0
        to 1) and salience (0 or more) of the community.
        """
        import pandas as pd

        columns = (*SNAPSHOT_MEASURES, *COMMUNITY_MEASURES[:2])
        flat = self.snapshot_means.reshape(-1, len(columns))
        frame = pd.DataFrame(flat, columns=list(columns))
        dates = np.datetime64(self.scenario.start, "D") + self.snapshot_days.astype("timedelta64[D]")
        frame.insert(0, "date", np.repeat(dates, COMMUNITIES))
        frame.insert(1, "community", np.tile(Community.names(), len(self.snapshot_days)))
        return frame

    @cached_property
    def events(self):
        """Every crime that happened, one row each (fields of `CRIME`), or None if the run kept no events."""
        return self._log_frame("crimes")

    @cached_property
    def arrests(self):
        """Every immigration arrest, one row each (fields of `ICE_ARREST`), or None if the run kept no events."""
        return self._log_frame("ice_arrests")

    @cached_property
    def manifest(self) -> dict:
        """Origin of the run: scenario and its fingerprint, seeds, residents, period (`end` is the day after the last).

        `clipped_rates` above 0 tells that some crime rates passed their bound.
        """
        from . import __version__

        clipped = int(self.outcomes["clipped_rates"])
        return {
            "scenario": self.scenario.name,
            "fingerprint": self.scenario.fingerprint,
            "seed": self.seed,
            "population_seed": self.engine.population.seed,
            "residents": len(self.engine.population),
            "start": self.scenario.start.isoformat(),
            "end": (self.scenario.start + timedelta(days=self.scenario.days)).isoformat(),
            "clipped_rates": clipped,
            "version": __version__,
        }

    def _log_frame(self, kind):
        if self.engine.log is None:
            return None
        import pandas as pd

        days, records = self.engine.log.table(kind)
        columns = {"day": days, "date": self.dates[days]}
        for name in records.dtype.names:
            values = records[name]
            if name in _LABELED:
                columns[name] = np.array(_LABELED[name].names())[values]
            elif values.ndim == 1:
                columns[name] = values
            else:
                columns |= {f"{name}_{i}": values[:, i] for i in range(values.shape[1])}
        return pd.DataFrame(columns)


_LABELED = {"crime_type": CrimeType, "channel": Channel, "criminality": Criminality, "grade": ChargeGrade}


@lru_cache(maxsize=8)
def _series_index(start, days: int):
    """Return the columns of `RunResult.series` other than the value; the same for all runs of one period."""
    import pandas as pd

    months = pd.date_range(start.replace(day=1), start + timedelta(days=days - 1), freq="MS")
    everybody = ("all",)
    shapes = [(metric, Community.names(), CrimeType.names()) for metric in CRIME_MEASURES]
    shapes += [(metric, Community.names(), everybody) for metric in COMMUNITY_COUNTS]
    shapes += [(metric, everybody, everybody) for metric in CITY_COUNTS]
    blocks = [
        pd.MultiIndex.from_product(
            [months, [metric], groups, types], names=["date", "metric", "group", "crime_type"]
        ).to_frame(index=False)
        for metric, groups, types in shapes
    ]
    columns = pd.concat(blocks, ignore_index=True)
    return columns.astype({"metric": "category", "group": "category", "crime_type": "category"})


def collect_run(engine, scenario, seed: int) -> RunResult:
    """Run an engine to its end, taking a snapshot at the start, at every collection interval and at the end.

    Parameters
    ----------
    engine : Engine
        At day 0.
    scenario : Scenario
        Gives the number of days and the collection interval.
    seed : int
        The engine's seed, kept in the result.

    Returns
    -------
    RunResult
    """
    days = np.append(np.arange(0, scenario.days, scenario.collection_days), scenario.days)
    means = np.stack([_observe(engine, int(day)) for day in days])
    return RunResult(scenario, seed, engine, days, means)


def _observe(engine, day: int) -> np.ndarray:
    """Run up to a day and return the mean state of every community at its start; shape (C, 5)."""
    engine.advance_to(day)
    communities, size = engine.communities, engine.constants.community_size
    sums = np.column_stack(
        [
            engine.trust_baseline + communities["trust_change"] + communities["trust_shift"] * size,
            communities["fear"],
            total_dread(day, engine.rules, engine.people, engine.residents, communities),
        ]
    )
    means = sums / np.maximum(size, 1.0)[:, None]
    in_mind = plain(salience)(communities["surge"], communities["news"], communities["reassured_news"])
    return np.column_stack([means, communities["belief"], in_mind])
