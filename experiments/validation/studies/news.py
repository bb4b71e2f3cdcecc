"""P6: national news of enforcement in early 2017 reaches cities in which nothing changes."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from simulation.vocabulary import Community

from ..counties import NEWS_ONLY, county, event, quarter_start
from ..estimators import Interval, mean_over_units
from ..observe import LATINO, OTHERS, crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of, simulate

DAY = datetime.date(2017, 1, 25)
START, YEARS, SCALE = datetime.date(2014, 1, 1), 3.5, 0.8
CITIES = 40
PERIODS = tuple(quarter_start(2016, quarter) for quarter in range(1, 8))
"""Quarters from the first of 2016 to the second of 2017."""
PAIRED_START, PAIRED_YEARS, PAIRED_SCALE = datetime.date(2016, 7, 1), 1.0, 0.5


def _news():
    immigrants = tuple(name for name in Community.names() if name != "no_immigrant_ties")
    return event(DAY, "enforcement_news", size=1.0, communities=immigrants)


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return cities with many immigrants, all of which hear the news."""
    scenario = county("many", draw, _news(), **NEWS_ONLY, start=START, years=YEARS, scale=size.scale(SCALE))
    return [World(scenario, seed_of(unit), {"unit": unit}) for unit in range(size.count(CITIES))]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return counts by city, quarter and group of victims."""
    return labeled((world, crimes(result, PERIODS)) for world, result in results)


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the ratio of ratios (Latino residents to others, 2017 to 2016) for one quarter, and its recovery."""
    ratio = panel.pivot(index="unit", columns=["group", "period"], values="reported")
    quarter, half = (_relative(ratio, quarters) for quarters in (1, 2))
    first = mean_over_units(np.log(quarter))
    recovery = mean_over_units(100.0 * (half - quarter))
    return [
        estimate_of("P6", "reports_quarter", *Interval(*100.0 * np.expm1(first))),
        estimate_of("P6", "recovery", *recovery),
    ]


def _relative(counts: pd.DataFrame, quarters: int) -> pd.Series:
    """Return, by city, reports of the first quarters of 2017 over 2016, Latino residents over others."""
    change = {
        group: counts[group].loc[:, range(4, 4 + quarters)].sum(axis=1)
        / counts[group].loc[:, range(quarters)].sum(axis=1)
        for group in (LATINO, OTHERS)
    }
    return change[LATINO] / change[OTHERS]


def paired(draw: Mapping[str, Any], size: Size, seeds: Sequence[int]) -> dict[str, float]:
    """Return P6's quantities by common random numbers: the same cities with the news and without.

    Parameters
    ----------
    draw : mapping
    size : Size
        Only the size of the cities is used.
    seeds : sequence of int
        One city for each.
    """
    dates = [quarter_start(2017, quarter) for quarter in (1, 2, 3)]
    settings = {**NEWS_ONLY, "start": PAIRED_START, "years": PAIRED_YEARS, "scale": size.scale(PAIRED_SCALE)}
    reports = {}
    for events in ((_news(),), ()):
        pairs = [World(county("many", draw, *events, **settings), seed, {}) for seed in seeds]
        rows = labeled((world, crimes(result, dates)) for world, result in simulate(pairs))
        reports[bool(events)] = rows.groupby(["group", "period"])["reported"].sum().unstack()
    ratio = {
        on: counts.cumsum(axis=1).loc[LATINO] / counts.cumsum(axis=1).loc[OTHERS] for on, counts in reports.items()
    }
    quarter, half = (100.0 * (ratio[True] / ratio[False] - 1.0)).tolist()
    return {"reports_quarter": quarter, "recovery": half - quarter}
