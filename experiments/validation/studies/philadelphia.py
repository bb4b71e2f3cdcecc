"""P10: the agreement of Philadelphia ends in 2018 and nothing else changes."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from .. import counties
from ..estimators import mean_over_units
from ..observe import LATINO, crimes, labeled
from ..study import Estimate, Size, World, estimate_of, seed_of

SCALE = 0.2
PAIRS = 6
SCENARIOS = {"renewed": "agreement-renewed", "ended": "agreement-ended"}


def worlds(draw: Mapping[str, Any], size: Size) -> list[World]:
    """Return the city with the agreement renewed and ended, the same people and luck in both."""
    return [
        World(counties.philadelphia(name, draw, scale=size.scale(SCALE)), seed_of(unit), {"unit": unit, "world": world})
        for unit in range(size.count(PAIRS))
        for world, name in SCENARIOS.items()
    ]


def panel(results: Iterable[tuple[World, Any]]) -> pd.DataFrame:
    """Return crimes from the day of the end on, by pair, world and group of victims."""
    return labeled(
        (world, crimes(result, [result.scenario.outcomes_from, result.scenario.end])) for world, result in results
    )


def estimate(panel: pd.DataFrame) -> list[Estimate]:
    """Return the relative change of reporting that the end brings, among Latino residents and in the whole city."""
    counts = panel.groupby(["world", "unit", "group"])[["happened", "reported"]].sum()
    found = []
    for quantity, rows in (
        ("reporting_latino", counts.xs(LATINO, level="group")),
        ("reporting_all", counts.groupby(["world", "unit"]).sum()),
    ):
        rate = rows["reported"] / rows["happened"]
        change = 100.0 * (rate["ended"] / rate["renewed"] - 1.0)
        found.append(estimate_of("P10", quantity, *mean_over_units(change)))
    return found
