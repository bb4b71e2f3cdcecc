"""P8: publicized misconduct of the police lowers trust and nothing else; calls should hold steady."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from simulation.outcomes import TRUST_SCALE
from simulation.vocabulary import Community

from ..counties import MIX, NEWS_ONLY, county, event, quarter_start
from ..estimators import Interval, difference_in_differences, mean_over_units
from ..observe import crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of

START, YEARS, SCALE = datetime.date(2014, 10, 1), 1.6, 0.8
QUARTERS = tuple(quarter_start(2015, quarter) for quarter in (4, 5, 6))
"""The quarter before and the quarter after the case."""
CITIES = 50
"""Twice the 25 cases of the study."""
TRUST_LOST = 0.5
EARLIEST_POLL = 20
"""Days after the case from which on people are asked again; the first poll is the last one before it."""


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return cities of all kinds, each with one case."""
    case = event(QUARTERS[1], "police_scandal", size=TRUST_LOST, communities=Community.names())
    settings = {**NEWS_ONLY, "start": START, "years": YEARS, "scale": size.scale(SCALE)}
    return [
        World(county(MIX[unit % len(MIX)], draw, case, **settings), seed_of(unit), {"unit": unit})
        for unit in range(size.count(CITIES))
    ]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return reports of all residents by city and quarter, with mean trust around the case."""
    return labeled((world, _observe(result)) for world, result in results)


def _observe(result) -> pd.DataFrame:
    found = crimes(result, QUARTERS).groupby("period", as_index=False)[["reported"]].sum()
    since = result.snapshot_days - (QUARTERS[1] - START).days
    polls = (np.flatnonzero(since < 0)[-1], np.flatnonzero(since >= EARLIEST_POLL)[0])
    return found.assign(trust=[_trust(result, poll) for poll in polls])


def _trust(result, snapshot: int) -> float:
    """Return residents' mean trust, in index points, at a snapshot."""
    trust = result.snapshot_means[snapshot, :, 0]
    return float(TRUST_SCALE * np.average(trust, weights=result.engine.constants.community_size))


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the relative change of reports, and the change of trust."""
    rows = panel.assign(log_reports=np.log(panel["reported"]), after=panel["period"].astype(float), weight=1.0)
    change = difference_in_differences(rows, "log_reports", ["after"], "weight", absorb=["unit"])["after"]
    trust = panel.pivot(index="unit", columns="period", values="trust")
    return [
        estimate_of("P8", "reports", *Interval(*100.0 * np.expm1(change))),
        estimate_of("P8", "trust", *mean_over_units(trust[1] - trust[0])),
    ]
