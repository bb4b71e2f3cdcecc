"""P3: the agency narrows its arrests to serious convictions, in a city that honors detainers (Dallas 2015)."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..counties import county, event
from ..estimators import Interval, difference_in_differences
from ..observe import LATINO, OTHERS, crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of

START, YEARS, SCALE = datetime.date(2012, 7, 1), 4, 0.8
DAY = datetime.date(2015, 7, 1)
CITIES = 24
"""Copies of the one city, for a precise estimate."""
MONTHS = tuple(datetime.date(2014 + (6 + n) // 12, (6 + n) % 12 + 1, 1) for n in range(25))
"""First days of the twelve months before and after, and the end."""


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return copies of the city."""
    narrowed = event(DAY, "priorities", value="serious")
    settings = {"fingerprint_checks": True, "start": START, "years": YEARS, "scale": size.scale(SCALE)}
    scenario = county("many", draw, narrowed, **settings)
    return [World(scenario, seed_of(unit), {"unit": unit}) for unit in range(size.count(CITIES))]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return counts by city, month and group of victims."""
    return labeled((world, crimes(result, MONTHS)) for world, result in results)


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the change of log reports by Hispanic minus other residents, before to after, with effects of months."""
    effect = relative_reports(panel, lambda month: month >= 12)
    return [estimate_of("P3", "reports_hispanic", *effect)]


def relative_reports(panel: pd.DataFrame, is_after) -> Interval:
    """Return the relative change, in percent, of Latino residents' reports over those of others.

    The difference of the logarithms takes out whatever a month does to both groups; each city has its own level.

    Parameters
    ----------
    panel : pandas.DataFrame
        Counts by unit, period and group.
    is_after : callable
        Given the column of periods, whether each is after.
    """
    reports = panel.pivot(index=["unit", "period"], columns="group", values="reported").reset_index()
    reports["log_ratio"] = np.log(reports[LATINO]) - np.log(reports[OTHERS])
    reports["after"] = is_after(reports["period"]).astype(float)
    reports["weight"] = 1.0
    change = difference_in_differences(reports, "log_ratio", ["after"], "weight", absorb=["unit"])["after"]
    return Interval(*100.0 * np.expm1(change))
