"""At which points of a design does a condition hold: on means over replicates, and what had to be left out."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import InputError

from .. import statistics
from ..claims import claims
from ..claims.judgment import contrast_of
from ..storage.tables import paired_rows
from .expression import Condition, Name

USED, FAILED, UNDEFINED, INCOMPLETE = "used", "failed", "undefined", "incomplete"
STATES = (USED, FAILED, UNDEFINED, INCOMPLETE)
STATE_MEANINGS: Mapping[str, str] = {
    FAILED: "a run failed",
    UNDEFINED: "an outcome is undefined, or a claim is not tested",
    INCOMPLETE: "runs are missing",
}


class Cases(NamedTuple):
    """Where a condition holds.

    Attributes
    ----------
    condition : Condition
    table : pandas.DataFrame
        One row per point: `point`, `state` (one of `STATES`), `holds`, `replicates` (that the means are over), and
        `doubtful`: whether the answer turns if one of the replicates is left out.
    """

    condition: Condition
    table: pd.DataFrame

    @property
    def used(self) -> pd.DataFrame:
        """The points that count."""
        return self.table[self.table["state"] == USED]

    @property
    def excluded(self) -> dict[str, int]:
        """How many points are left out, by reason."""
        counts = self.table["state"].value_counts()
        return {state: int(counts[state]) for state in STATES[1:] if state in counts}

    @property
    def left_out(self) -> str:
        """Why points are left out, and how many, in words; empty if none is."""
        return ", ".join(f"{STATE_MEANINGS[state]} ({count})" for state, count in self.excluded.items())


def find_cases(result, condition: Condition) -> Cases:
    """Evaluate a condition at every point of a result, on the means over the point's replicates.

    A point is left out if a run that it needs failed, if no replicate has all its runs, or if a value is undefined.

    Parameters
    ----------
    result : Result
    condition : Condition
    """
    points = pd.Index(result.points["point"], name="point")
    numbers = [name for name in condition.names if name.claim is None]
    judged = {name: _claim_values(result, name, points) for name in condition.names if name.claim is not None}
    values = _values(result, numbers) if numbers else None
    replicates = _replicates(values, judged, points)
    means = None if values is None else values.groupby(level="point").mean()
    holds, undefined = _evaluate(condition, means, judged, points)
    if values is not None:  # a mean skips what is undefined; such points do not count
        undefined |= values.isna().any(axis=1).groupby(level="point").any().reindex(points, fill_value=False).to_numpy()
    state = np.where(undefined, UNDEFINED, USED).astype(object)
    state[replicates == 0] = INCOMPLETE
    state[points.isin(_failed_points(result, condition))] = FAILED
    used = state == USED
    turns = np.zeros(len(points), bool) if values is None else _turns(condition, values, judged, points, holds)
    table = pd.DataFrame({
        "point": points.to_numpy(), "state": state, "holds": holds & used, "replicates": replicates,
        "doubtful": turns & used,
    })  # fmt: skip
    return Cases(condition, table)


def _values(result, names) -> pd.DataFrame:
    """Return one column per name, one row per point and replicate that has all of them."""
    columns = {}
    for name in names:
        found = (
            result.effects(name.key, *name.scenarios) if name.is_effect else result.values(name.key, *name.scenarios)
        )
        columns[name.text] = found.set_index(["point", "replicate"])["value"].astype(float)
    return pd.concat(columns, axis=1, join="inner").replace([np.inf, -np.inf], np.nan)


def _replicates(values, judged: Mapping, points: pd.Index) -> np.ndarray:
    """Return over how many replicates each point's answer is."""
    counts = [pairs for _, pairs in judged.values()]
    if values is not None:
        counts.append(values.groupby(level="point").size().reindex(points, fill_value=0).to_numpy())
    return np.min(counts, axis=0)


def _evaluate(condition: Condition, means, judged: Mapping, points: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    given = {name: verdicts for name, (verdicts, _) in judged.items()}
    if means is not None:
        means = means.reindex(points)
        given |= {name: means[name.text].to_numpy() for name in condition.names if name.claim is None}
    return condition.holds(given)


def _turns(condition: Condition, values: pd.DataFrame, judged, points: pd.Index, holds: np.ndarray) -> np.ndarray:
    """Find the points where the answer turns if one replicate is left out; claims stay as they are judged."""
    turns = np.zeros(len(points), bool)
    numbers = values.index.get_level_values("replicate")
    for replicate in numbers.unique():
        left = values[numbers != replicate].groupby(level="point").mean()
        answer, undefined = _evaluate(condition, left, judged, points)
        turns |= (answer != holds) & ~undefined
    return turns


def _failed_points(result, condition: Condition) -> np.ndarray:
    failures = result.failures
    if not len(failures):
        return np.array([], int)
    needed = {scenario for name in condition.names for scenario in name.scenarios}
    return failures.loc[failures["scenario"].isin(needed), "point"].unique()


def _claim_values(result, name: Name, points: pd.Index) -> tuple[np.ndarray, np.ndarray]:
    """Judge a claim at every point; NaN where the pair does not test it.

    Returns
    -------
    verdicts, pairs : ndarray
        1 where every measure of the claim has the verdict that is asked for, else 0; and pairs of runs.
    """
    claim = name.claim
    assert claim is not None  # only names of claims are judged
    keys = [claim.contrast, *(measure.outcome for measure in claim.measures)]
    missing = [key for key in keys if key not in result.runs.columns]
    if missing:
        raise InputError(
            f"{name.text}: needs the outcome {missing[0]}, which this result does not hold; "
            "add it to the outcomes of the design"
        )
    by_point = dict(iter(result.runs.groupby("point")))
    verdicts, pairs = np.full(len(points), np.nan), np.zeros(len(points), int)
    for position, point in enumerate(points):
        if point in by_point:
            a, b = paired_rows(by_point[point], *name.scenarios)
            verdicts[position], pairs[position] = _judge(name, a, b), len(a)
    if pairs.max(initial=0) < statistics.FEWEST_PAIRS:
        raise InputError(
            f"{name.text}: a claim is judged by at least {statistics.FEWEST_PAIRS} replicates at a point, and this "
            f"result has {pairs.max(initial=0)}; compare an effect instead, such as effect.solve_rate < 0"
        )
    return verdicts, pairs


def _judge(name: Name, a: pd.DataFrame, b: pd.DataFrame) -> float:
    """Return 1 if the pairs of one point give the verdict, 0 if not, NaN if they do not test the claim."""
    claim = name.claim
    assert claim is not None  # only names of claims are judged
    contrast = contrast_of(a, b, claim.contrast, claim.with_is)
    if not contrast.tested:
        return np.nan
    with_, without = (a, b) if contrast.with_first else (b, a)
    found = [
        claims.judge(statistics.paired_effect(with_[m.outcome], without[m.outcome]), m.claimed, m.threshold)
        for m in claim.measures
    ]
    if {statistics.UNDEFINED, statistics.TOO_FEW} & set(found):
        return np.nan
    return float(all(verdict == name.verdict for verdict in found))
