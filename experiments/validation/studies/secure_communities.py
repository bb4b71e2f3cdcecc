"""P1 and P2: counties begin to check the fingerprints of everybody booked, one after the other (Secure Communities).

The jails honor detainers before and after. P1 is the event study of a survey of victims, P2 what police records show of
the same counties.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..counties import MIX, county, event, quarter_start
from ..estimators import difference_in_differences, event_study
from ..observe import LATINO, OTHERS, crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of

START_YEAR, YEARS, SCALE = 2006, 7, 0.2
QUARTERS = 4 * YEARS
FIRST_QUARTER = 2
"""Quarters before are the first half year of a run, in which the county settles."""
COHORTS = (11, 13, 15, 17, 19, QUARTERS)
"""Quarter (counted from that of January 2006) in which a cohort starts; the last starts when the data end."""
COUNTIES = 90
POST = range(8)
"""Quarters since the start over which an effect is averaged."""
PEAK, RETURN = 4, 8
EXPOSURE_UNIT = 0.05

PAIRED_YEARS_BEFORE, PAIRED_QUARTERS = 2, 9


def _activation(quarter: int):
    return event(quarter_start(START_YEAR, quarter + 1), "fingerprint_checks", value=True)


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return the counties: kinds in the mix of the country in every cohort."""
    found = []
    for unit in range(size.count(COUNTIES, len(COHORTS) * len(MIX))):
        start, kind = COHORTS[unit // len(MIX) % len(COHORTS)], MIX[unit % len(MIX)]
        events = [_activation(start)] if start < QUARTERS else []
        scenario = county(kind, draw, *events, years=YEARS, scale=size.scale(SCALE))
        found.append(World(scenario, seed_of(unit), {"unit": unit, "start": start, "kind": kind}))
    return found


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return counts by county, quarter and group of victims, with the share of undocumented residents before."""
    dates = [quarter_start(START_YEAR, quarter + 1) for quarter in range(QUARTERS + 1)]
    frames = ((world, crimes(result, dates).assign(exposure=exposure(result))) for world, result in results)
    found = labeled(frames)
    return found[found["period"] >= FIRST_QUARTER].reset_index(drop=True)


def exposure(result) -> float:
    """Return the share of residents who were undocumented at the start of a run."""
    return float((result.engine.residents["status_at_start"] == 3).mean())


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the estimates of both patterns."""
    return [*_estimate_survey(panel), *_estimate_records(panel)]


def _estimate_survey(panel: pd.DataFrame) -> list[Estimate]:
    """Return P1: chance to be a victim, chance that it is reported given that, and reports, by event study."""
    groups = {
        name: panel[panel["group"] == group].assign(
            victimization=lambda rows: rows["happened"] / rows["people"],
            reporting=lambda rows: rows["reported"] / rows["happened"],
        )
        for name, group in (("hispanic", LATINO), ("nonhispanic", OTHERS))
    }
    found = []
    for name, rows in groups.items():
        reporting = event_study(rows, "reporting", "happened", RETURN)
        victimization = event_study(rows, "victimization", "people", RETURN)
        found.append(estimate_of("P1", f"reporting_{name}", *reporting.relative(POST)))
        found.append(estimate_of("P1", f"victimization_{name}", *victimization.relative(POST)))
        if name == "hispanic":
            for quarter in (PEAK, RETURN):
                effect = victimization.relative([quarter])
                found.append(estimate_of("P1", f"victimization_hispanic_quarter_{quarter}", *effect))
    total = everybody(panel)
    recorded = event_study(total.assign(rate=total["reported"] / total["people"]), "rate", "people", RETURN)
    return [*found, estimate_of("P1", "recorded_crime", *recorded.relative(POST))]


def _estimate_records(panel: pd.DataFrame) -> list[Estimate]:
    """Return P2: recorded crime and clearance on the start, and on the start times earlier exposure."""
    total = everybody(panel)
    total = total.assign(
        log_recorded=np.log(total["recorded"]),
        clearance=100.0 * total["cleared"] / total["recorded"],
        started=(total["period"] >= total["start"]).astype(float),
    )
    total["exposed"] = total["started"] * (total["exposure"] - total["exposure"].mean()) / EXPOSURE_UNIT
    found = []
    for outcome, name, factor, weight in (
        ("log_recorded", "recorded_crime", 100.0, "people"),
        ("clearance", "clearance", 1.0, "recorded"),
    ):
        alone = difference_in_differences(total, outcome, ["started"], weight)["started"]
        crossed = difference_in_differences(total, outcome, ["started", "exposed"], weight)["exposed"]
        found.append(estimate_of("P2", name, *alone.times(factor)))
        found.append(estimate_of("P2", f"{name}_by_exposure", *crossed.times(factor)))
    return found


def everybody(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the panel of all residents together."""
    keys = ["unit", "start", "kind", "exposure", "period"]
    return panel.groupby(keys, as_index=False)[["happened", "reported", "recorded", "cleared", "people"]].sum()


def paired(draw: Mapping[str, Any], size: Size, seeds: Sequence[int]) -> dict[str, float]:
    """Return P1's quantities by common random numbers: the same counties with the checks and without.

    Parameters
    ----------
    draw : mapping
    size : Size
        Only the size of the counties is used.
    seeds : sequence of int
        One county of every kind in the mix for each.
    """
    from ..study import simulate

    start = quarter_start(START_YEAR + PAIRED_YEARS_BEFORE, 1)
    dates = [quarter_start(start.year, quarter + 1) for quarter in range(PAIRED_QUARTERS + 1)]
    settings = {"years": PAIRED_YEARS_BEFORE + PAIRED_QUARTERS / 4, "scale": size.scale(SCALE)}
    switch = event(start, "fingerprint_checks", value=True)
    pairs = [
        World(county(kind, draw, *events, **settings), seed, {"on": bool(events), "share": MIX.count(kind)})
        for seed in seeds
        for kind in dict.fromkeys(MIX)
        for events in ((switch,), ())
    ]
    rows = labeled((world, crimes(result, dates)) for world, result in simulate(pairs))
    columns = ["happened", "reported", "people"]
    rows[columns] = rows[columns].mul(rows["share"], axis=0)
    counts = rows.groupby(["on", "group", "period"])[columns].sum()
    on, off = counts.loc[True], counts.loc[False]
    found = {}
    for name, group in (("hispanic", LATINO), ("nonhispanic", OTHERS)):
        a, b = on.loc[group], off.loc[group]
        first, second = a.loc[list(POST)].sum(), b.loc[list(POST)].sum()
        rates = [each["reported"] / each["happened"] for each in (first, second)]
        found[f"reporting_{name}"] = _percent(*rates)
        found[f"victimization_{name}"] = _percent(first["happened"], second["happened"])
        if name == "hispanic":
            for quarter in (PEAK, RETURN):
                found[f"victimization_hispanic_quarter_{quarter}"] = _percent(
                    a.loc[quarter, "happened"], b.loc[quarter, "happened"]
                )
    everyone = [each.groupby("period")["reported"].sum().loc[list(POST)].sum() for each in (on, off)]
    return {**found, "recorded_crime": _percent(*everyone)}


def _percent(on: float, off: float) -> float:
    return float(100.0 * (on / off - 1.0))
