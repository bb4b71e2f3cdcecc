"""P4: all undocumented residents become lawful at once, as most did under the amnesty of 1986."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulation.state import STATUS_HAPPENED, STATUS_REPORTED
from simulation.vocabulary import LegalStatus

from ..counties import county, event
from ..estimators import difference_in_differences
from ..observe import OTHERS, crimes, labeled, period_edges, sums
from ..study import Estimate, Size, World, estimate_of, seed_of

START, YEARS, SCALE = datetime.date(1980, 1, 1), 8, 0.4
"""Residents start out expecting as many arrests as where a jail shares; years pass until they expect what happens."""
DAY = datetime.date(1986, 11, 6)
CITIES = 24
YEARS_SEEN = tuple(DAY.replace(year=DAY.year + n) for n in (-1, 0, 1))
"""The year before and the year after."""
APPLICANTS = "applicants"


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return cities in which the jail does nothing for the agency."""
    amnesty = event(DAY, "legalization", share=1.0)
    settings = {"detainers": "never", "start": START, "years": YEARS, "scale": size.scale(SCALE)}
    scenario = county("many", draw, amnesty, **settings)
    return [World(scenario, seed_of(unit), {"unit": unit}) for unit in range(size.count(CITIES))]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return counts by city, year and group: those undocumented at the start, and victims who are not Hispanic."""
    return labeled((world, _observe(result)) for world, result in results)


def _observe(result) -> pd.DataFrame:
    status = sums(result.engine.counts["status"][:-1], period_edges(result, YEARS_SEEN))[:, LegalStatus.UNDOCUMENTED]
    applicants = pd.DataFrame(
        {
            "period": np.arange(len(status)),
            "group": APPLICANTS,
            "happened": status[:, STATUS_HAPPENED].astype(float),
            "reported": status[:, STATUS_REPORTED].astype(float),
        }
    )
    found = crimes(result, YEARS_SEEN)
    return pd.concat([applicants, found.loc[found["group"] == OTHERS, applicants.columns]], ignore_index=True)


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the change of reporting of applicants minus that of others, and that of others alone, in points."""
    rows = panel.assign(
        reporting=100.0 * panel["reported"] / panel["happened"],
        after=panel["period"].astype(float),
        gained=panel["period"] * (panel["group"] == APPLICANTS),
        city_group=panel["unit"].astype(str) + panel["group"],
    )
    both = difference_in_differences(rows, "reporting", ["gained", "after"], "happened", absorb=["city_group"])
    return [
        estimate_of("P4", "reporting_applicants", *both["gained"]),
        estimate_of("P4", "reporting_nonhispanic", *both["after"]),
    ]
