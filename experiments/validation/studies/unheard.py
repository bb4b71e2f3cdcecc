"""P9: the agency works more leads year by year, and no news tells of it; fear and calls should stay as they are."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from simulation.vocabulary import Community

from ..counties import CAPACITY, county, event
from ..estimators import ratio_over_units
from ..observe import crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of
from .narrowing import relative_reports

START, YEARS, SCALE = datetime.date(2001, 1, 1), 12, 0.4
"""Residents start out expecting as many arrests as where a jail shares; years pass until they expect what happens."""
CAPACITY_BY_YEAR = {2009: 1.12, 2010: 1.24, 2011: 1.36}
"""Relative to the years before: national removals rose by about 36% from 2007 to 2013 (recalled)."""
YEARS_SEEN = tuple(datetime.date(year, 1, 1) for year in range(2007, 2014))
LOW, HIGH = (2007, 2008), (2011, 2012)
CITIES = 30
DREAD = 2
"""Column of dread among the means of a snapshot."""


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return cities in which capacity rises."""
    steps = [
        event(datetime.date(year, 1, 1), "capacity", value=factor * CAPACITY["many"])
        for year, factor in CAPACITY_BY_YEAR.items()
    ]
    settings = {"publicity": 0.0, "start": START, "years": YEARS, "scale": size.scale(SCALE)}
    scenario = county("many", draw, *steps, **settings)
    return [World(scenario, seed_of(unit), {"unit": unit}) for unit in range(size.count(CITIES))]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return counts by city, year and group of victims, with the mean dread of Latino residents in each year."""
    return labeled((world, _observe(result)) for world, result in results)


def _observe(result) -> pd.DataFrame:
    found = crimes(result, YEARS_SEEN)
    asked = result.dates[0] + result.snapshot_days.astype("timedelta64[D]")
    dread = result.snapshot_means[:, Community.LATINO, DREAD]
    by_year = pd.Series(dread).groupby(pd.DatetimeIndex(asked).year).mean()
    return found.assign(year=2007 + found["period"]).assign(dread=lambda rows: rows["year"].map(by_year))


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the change of Latino reports over those of others, and of dread, from years of few to years of many."""
    used = panel[panel["year"].isin((*LOW, *HIGH))]
    reports = relative_reports(used, lambda period: 2007 + period >= HIGH[0])
    latino = used[used["group"] == "latino"].assign(high=lambda rows: rows["year"] >= HIGH[0])
    dread = latino.groupby(["unit", "high"])["dread"].mean().unstack()
    change = ratio_over_units(dread[True] - dread[False], dread[False])
    return [estimate_of("P9", "reports_latino", *reports), estimate_of("P9", "dread_latino", *change)]
