"""P5: counties stop honoring detainers one after the other (sanctuary policies, 2010 to 2015)."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from simulation.vocabulary import Channel, Criminality

from ..counties import county, event, quarter_start
from ..estimators import event_study
from ..observe import crimes, labeled, period_edges, sums
from ..study import Estimate, Size, World, estimate_of, seed_of

START, YEARS, SCALE = datetime.date(2008, 1, 1), 6, 0.8
FIRST_YEAR = 2009
QUARTERS = 4 * 5
COHORTS = (8, 11, 14, QUARTERS)
"""Quarter (counted from that of January 2009) in which a cohort adopts; the last when the data end."""
COUNTIES = 64
POST = range(6)
FROM_BOOKINGS = (Channel.DATABASE, Channel.FINGERPRINT, Channel.CUSTODY, Channel.PRISON)
"""Channels that begin with an arrest by local police."""
RECORDS = {
    "removals": tuple(Criminality),
    "removals_no_conviction": (Criminality.NO_CHARGE, Criminality.CHARGED),
    "removals_serious_conviction": (Criminality.SERIOUS_CONVICTION,),
}


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return the counties, all with many immigrants; the cohorts are of one size."""
    found = []
    for unit in range(size.count(COUNTIES, len(COHORTS))):
        start = COHORTS[unit % len(COHORTS)]
        adopted = event(quarter_start(FIRST_YEAR, start + 1), "detainers", value="judicial_warrant")
        settings = {"fingerprint_checks": True, "start": START, "years": YEARS, "scale": size.scale(SCALE)}
        scenario = county("many", draw, *[adopted] * (start < QUARTERS), **settings)
        found.append(World(scenario, seed_of(unit), {"unit": unit, "start": start}))
    return found


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return crimes of all residents and immigration arrests that follow from bookings, by county and quarter."""
    return labeled((world, _observe(result)) for world, result in results)


def _observe(result) -> pd.DataFrame:
    dates = [quarter_start(FIRST_YEAR, quarter + 1) for quarter in range(QUARTERS + 1)]
    found = crimes(result, dates).groupby("period", as_index=False)[["recorded", "cleared", "people"]].sum()
    arrests = sums(result.engine.counts["arrests"][:-1], period_edges(result, dates)).sum(axis=1)
    arrests = arrests[:, list(FROM_BOOKINGS)].sum(axis=1)
    return found.assign(**{name: arrests[:, list(records)].sum(axis=1) for name, records in RECORDS.items()})


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the event studies of removals by record, recorded crime, and clearance."""
    rows = panel.assign(clearance=100.0 * panel["cleared"] / panel["recorded"])
    for name in (*RECORDS, "recorded"):
        rows[name] = rows[name] / rows["people"]
    found = [
        estimate_of("P5", quantity, *event_study(rows, column, "people", max(POST)).relative(POST))
        for column, quantity in ((*((name, name) for name in RECORDS), ("recorded", "recorded_crime")))
    ]
    clearance = event_study(rows, "clearance", "people", max(POST)).mean(POST)
    return [*found, estimate_of("P5", "clearance", *clearance)]
