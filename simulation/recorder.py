"""What is observed of a run, as tidy tables; nothing in the process knows that it is watched (ODD 4.8)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .compilation import plain
from .state import ANSWERS, COMMUNITIES, COMMUNITY_MEASURES, CRIME_MEASURES, VISITS, WASTED_VISITS
from .submodels.perception import salience
from .vocabulary import Channel, ChargeGrade, Community, CrimeType, Criminality

if TYPE_CHECKING:
    from .engine import Engine
    from .scenario import Scenario

SNAPSHOT_MEASURES = ("trust", "fear", "dread")
COMMUNITY_COUNTS = ("bookings", "immigration_arrests", "households_losing_member")
CITY_COUNTS = ("visits", "wasted_visits")


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
        The columns, counts and snapshots at the run's end.
    """

    scenario: "Scenario"
    seed: int
    engine: "Engine"

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
    def snapshot_days(self) -> np.ndarray:
        """Days (from the run's start) of the snapshots, which show the state at the start of their day; shape (S,)."""
        return np.flatnonzero(self.engine.snapshots.of_day >= 0)

    @cached_property
    def snapshot_means(self) -> np.ndarray:
        """Mean trust, fear and dread of residents; belief and salience; by snapshot and community, shape (S, C, 5)."""
        engine, size = self.engine, self.engine.constants.community_size
        communities = engine.snapshots.communities
        trust = engine.baseline_sum + communities["trust_change"] + communities["trust_shift"] * size
        sums = np.stack([trust, communities["fear"], engine.snapshots.dread], axis=-1)
        means = sums / np.maximum(size, 1.0)[:, None]
        in_mind = plain(salience)(communities["surge"], communities["news"], communities["reassured_news"])
        return np.concatenate([means, communities["belief"][..., None], in_mind[..., None]], axis=-1)

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
    def survey(self):
        """What a victimization survey found: one row a wave and community (`ANSWERS`), at the wave's last day.

        Residents asked, and those who answered; crimes that they told of, and how many of them were reported.
        """
        import pandas as pd

        waves, columns = self.engine.survey, ANSWERS.names
        ends = waves.first + waves.recall * np.arange(1, len(waves.answers) + 1) - 1
        frame = pd.DataFrame({name: waves.answers[name].ravel() for name in columns})
        frame.insert(0, "date", np.repeat(self.dates[ends], COMMUNITIES))
        frame.insert(1, "community", np.tile(Community.names(), len(ends)))
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


def collect_run(engine: "Engine", scenario: "Scenario", seed: int) -> RunResult:
    """Run an engine to its end.

    Parameters
    ----------
    engine : Engine
        At day 0.
    scenario : Scenario
        What it runs; kept in the result.
    seed : int
        The engine's seed, kept in the result.

    Returns
    -------
    RunResult
    """
    engine.advance_to(engine.days)
    return RunResult(scenario, seed, engine)
