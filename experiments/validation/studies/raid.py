"""P7: four days of raids without a word of reassurance, and one raid after which officials reassure the public."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..counties import NEWS_ONLY, county, event
from ..estimators import Interval, mean_over_units, ratio_over_units
from ..observe import LATINO, crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of

START, YEARS, SCALE = datetime.date(2016, 7, 1), 1.5, 0.8
DAY = datetime.date(2017, 9, 5)
CITIES = 30
PEOPLE_SOUGHT = 34.0
"""In a county of 250,000: as many per resident as in Philadelphia in September 2017 (scenario `raid`)."""
NONE, RAIDS, REASSURED = "none", "raids", "reassured"
PERIODS = {"days_1_3": (0, 3), "days_4_7": (3, 7), "days_8_14": (7, 14), "rest": (14, 45), "days_46_60": (45, 60)}


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return each city three times, with the same people and luck: no raid, raids, and one raid with reassurance."""
    days = [DAY + datetime.timedelta(days=n) for n in range(4)]
    events = {
        NONE: [],
        RAIDS: [event(day, "raid", size=PEOPLE_SOUGHT / 4, site="home", reassurance=False) for day in days],
        REASSURED: [event(DAY, "raid", size=PEOPLE_SOUGHT, site="home", reassurance=True)],
    }
    settings = {**NEWS_ONLY, "start": START, "years": YEARS, "scale": size.scale(SCALE)}
    return [
        World(county("many", draw, *happening, **settings), seed_of(unit), {"unit": unit, "world": name})
        for unit in range(size.count(CITIES))
        for name, happening in events.items()
    ]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return reports by Latino residents, by city, world and stretch of days since the raid."""
    edges = sorted({day for span in PERIODS.values() for day in span})
    dates = [DAY + datetime.timedelta(days=day) for day in edges]
    found = labeled((world, crimes(result, dates)) for world, result in results)
    return found[found["group"] == LATINO].assign(stretch=lambda rows: np.array(list(PERIODS))[rows["period"]])


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the effect of the first week, and what is left of effects later."""
    reports = panel.pivot(index="unit", columns=["world", "stretch"], values="reported")
    lost = {name: reports[name] - reports[NONE] for name in (RAIDS, REASSURED)}
    week = ["days_1_3", "days_4_7"]
    usual, first = reports[NONE][week].sum(axis=1), lost[RAIDS][week].sum(axis=1)
    return [
        estimate_of("P7", "reports_first_week", *mean_over_units(first).times(100.0 / usual.mean())),
        estimate_of("P7", "left_after_two_months", *_left(lost[RAIDS]["days_46_60"], 15, first, 7)),
        estimate_of(
            "P7", "left_after_reassured_week", *_left(lost[REASSURED]["days_8_14"], 7, lost[REASSURED]["days_1_3"], 3)
        ),
    ]


def _left(later, days: int, first, days_first: int) -> Interval:
    """Return a later daily effect in percent of the first."""
    return ratio_over_units(later / days, first / days_first)
