"""Regret: how far is each scenario from the best one, over all points of a design?

The regret of a scenario at a point is the distance of its outcome to that of the scenario that is best there, on means
over common replicates. No probability of the points is needed to say which scenario has the smallest maximum regret
(Savage 1951; Lempert, Popper and Bankes 2003 for its use under deep uncertainty).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simulation.errors import InputError
from simulation.outcomes import OUTCOMES
from simulation.validation import show, unknown

from .. import analysis, statistics
from ..rounding import short_unit
from ..storage import columns
from ..storage.columns import split_key
from ..storage.result import label, of_difference
from . import columns as regret_columns
from .columns import HIGHER, LOWER


@dataclass(frozen=True)
class Regret:
    """What `regret` found.

    Attributes
    ----------
    result : Result
    outcome : str
    better : str
        `higher` or `lower`.
    table : pandas.DataFrame
        One row per scenario, that with the smallest maximum regret first; `regret_columns.REGRET`.
    pairs : pandas.DataFrame
        One row per pair of scenarios; `regret_columns.PAIRS`.
    regrets : pandas.DataFrame
        Regret of every scenario (columns) at every point (index).
    notes : list of str
        What a reader must know besides.
    folder : Path or None
        Where it was written.
    """

    result: Any
    outcome: str
    better: str
    table: pd.DataFrame
    pairs: pd.DataFrame
    regrets: pd.DataFrame
    notes: list[str]
    folder: Path | None = None

    @property
    def unit(self) -> str:
        """Unit of regret: that of a difference in the outcome."""
        return of_difference(self.result.unit(self.outcome))

    @property
    def answer(self) -> str:
        """The finding in plain sentences."""
        first = self.table.iloc[0]
        near = self.table.loc[self.table["within_noise_of_minimax"] & ~self.table["minimax"], "scenario"].tolist()
        ties = self.table.loc[self.table["minimax"], "scenario"].tolist()
        smallest = f"{' and '.join(ties)} {'has' if len(ties) == 1 else 'have'} the smallest maximum regret"
        count = len(self.regrets)
        where = f"over {count} points" if count > 1 else "at the only point"
        text = f"{label(self.outcome).capitalize()}, where {self.better} is better: {smallest}, "
        text += f"{first['maximum_regret']:.3g} {short_unit(self.unit)} {where}."
        if near and len(near) + len(ties) == len(self.table):
            return f"{text} No other scenario is told apart from it."
        return f"{text} Not told apart from it: {', '.join(near)}." if near else text

    def record(self) -> dict:
        """Return what a script wants to know."""
        return {
            "folder": None if self.folder is None else str(self.folder),
            "outcome": self.outcome,
            "unit": self.unit,
            "better": self.better,
            "answer": self.answer,
            "notes": self.notes,
            "regret": analysis.records(self.table),
            "pairs": analysis.records(self.pairs),
        }


def measure_regret(
    result, outcome: str, better: str | None = None, out=None, csv: bool = False, write: bool = True
) -> Regret:
    """Compare scenarios by their regret in one outcome.

    Parameters
    ----------
    result : Result, str or Path
        With at least two scenarios.
    outcome : str
        Flat name of an outcome.
    better : str, optional
        `higher` or `lower`; needed where the declaration says neither.
    out : str or Path, optional
        Folder for tables and figures; by default one inside the result folder.
    csv : bool
        Write every table as CSV too.
    write : bool
        False to write nothing.

    Returns
    -------
    Regret

    Raises
    ------
    InputError
        If there is nothing to compare, no such outcome, or no direction that is better.
    """
    result = analysis.opened(result)
    if len(result.scenarios) < 2:
        raise InputError(f"{result.folder}: regret compares scenarios, and there is only {result.scenarios[0]}")
    if outcome not in result.outcomes:
        raise InputError(f"{result.folder}: {unknown('outcome', outcome, result.outcomes)}")
    better, remark = _direction(outcome, better)
    values = _values(result, outcome)
    if not len(values.points):
        raise InputError(f"{result.folder}: {outcome} is defined in all scenarios at no point and replicate")
    sign = 1.0 if better == HIGHER else -1.0
    regrets = _regrets(sign * values.y)
    table = _table(result, outcome, better, values, regrets, sign)
    pairs = _pairs(result, outcome, values)
    found = Regret(
        result, outcome, better, table, pairs, pd.DataFrame(regrets, values.points, result.scenarios),
        [remark, *_notes(result, values)],
    )  # fmt: skip
    if not write:
        return found
    from .figure import regret_figure

    tables = {"regret": (table, regret_columns.REGRET), "pairs": (pairs, regret_columns.PAIRS)}
    figures = {"regret": regret_figure(found)}
    folder = analysis.write(result, "regret", out, tables, figures, found.answer, csv, outcome=outcome, better=better)
    return Regret(result, outcome, better, table, pairs, found.regrets, found.notes, folder)


@dataclass(frozen=True)
class _Values:
    """The outcome on common seeds; `y` has NaN where a replicate lacks a scenario, and then it does in all.

    Attributes
    ----------
    points : ndarray, shape (points,)
        Only those with a complete replicate.
    y : ndarray, shape (points, replicates, scenarios)
    left_out : int
        Points without a complete replicate.
    thinned : int
        Points that lack some of the replicates.
    """

    points: np.ndarray
    y: np.ndarray
    left_out: int
    thinned: int


def _values(result, outcome: str) -> _Values:
    tables = {
        name: result.values(outcome, name).set_index(["point", "replicate"])["value"] for name in result.scenarios
    }
    both = pd.concat(tables, axis=1).astype(float)
    both[~np.isfinite(both).all(axis=1)] = np.nan
    replicates = both.index.get_level_values("replicate").unique().sort_values()
    points = result.points["point"].to_numpy()
    index = pd.MultiIndex.from_product([points, replicates])
    y = both.reindex(index).to_numpy().reshape(len(points), len(replicates), len(tables))
    counts = np.isfinite(y[:, :, 0]).sum(axis=1)
    used = counts > 0
    thinned = int((used & (counts < len(replicates))).sum())
    return _Values(points[used], y[used], int((~used).sum()), thinned)


def _regrets(gain: np.ndarray) -> np.ndarray:
    """Return the regret of every scenario at every point; `gain` as `_Values.y`, higher is better."""
    means = np.nanmean(gain, axis=1)
    return means.max(axis=1, keepdims=True) - means


def _table(result, outcome: str, better: str, values: _Values, regrets: np.ndarray, sign: float) -> pd.DataFrame:
    sampled = analysis.is_sampled(result) and len(values.points) > 1
    maxima, means = regrets.max(axis=0), regrets.mean(axis=0)
    without = _without_each_replicate(sign * values.y)
    errors = ([f(each, axis=0) for each in without] for f in (np.mean, np.max))
    error_of_means, error_of_maxima = (_jackknife(each, len(maxima)) for each in errors)
    if sampled:
        of_points = regrets.std(axis=0, ddof=1) / np.sqrt(len(regrets))
        error_of_means = np.hypot(of_points, np.nan_to_num(error_of_means))
    t = _t(values.y.shape[1], len(values.points) if sampled else 0)
    near = _near_the_smallest(maxima, without)
    apart = told_apart(sign * values.y)
    best = regrets == 0
    shares = [analysis.wilson(int(each.sum()), len(each)) if sampled else (np.nan, np.nan) for each in best.T]
    rows = [
        {
            "outcome": outcome, "unit": of_difference(result.unit(outcome)), "better": better, "scenario": name,
            "points": len(values.points), "mean": np.nanmean(values.y[:, :, s], axis=1).mean(),
            **_with_ends("mean_regret", means[s], t * error_of_means[s]),
            **_with_ends("maximum_regret", maxima[s], t * error_of_maxima[s]),
            "point_of_maximum": int(values.points[regrets[:, s].argmax()]),
            "best_share": best[:, s].mean(), "best_share_lower": shares[s][0], "best_share_upper": shares[s][1],
            "clearly_best_share": (np.delete(apart[:, s, :], s, axis=1) > 0).all(axis=1).mean(),
            "clearly_worse_share": (apart[:, s, :] < 0).any(axis=1).mean(),
            "minimax": bool(maxima[s] == maxima.min()), "within_noise_of_minimax": bool(near[s]),
        }
        for s, name in enumerate(result.scenarios)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns.names(regret_columns.REGRET))
    return table.sort_values(["maximum_regret", "mean_regret"], kind="stable", ignore_index=True)


def told_apart(y: np.ndarray) -> np.ndarray:
    """Compare all scenarios with each other at every point, by the rule of `statistics.paired_effect`.

    Parameters
    ----------
    y : ndarray, shape (points, replicates, scenarios)

    Returns
    -------
    ndarray of int, shape (points, scenarios, scenarios)
        1 where the first is higher, -1 where it is lower, 0 where they are not told apart.
    """
    difference = y[:, :, :, None] - y[:, :, None, :]
    counts = np.isfinite(y[:, :, 0]).sum(axis=1)
    enough = counts >= statistics.FEWEST_PAIRS
    found = np.zeros((y.shape[0], y.shape[2], y.shape[2]), int)
    if enough.any():
        given, pairs = difference[enough], counts[enough]
        quantiles = {n: statistics.t_quantile(0.5 + statistics.CONFIDENCE / 2, n) for n in np.unique(pairs)}
        t = np.array([quantiles[n] for n in pairs])[:, None, None]
        half = t * np.nanstd(given, axis=1, ddof=1) / np.sqrt(pairs)[:, None, None]
        mean = np.nanmean(given, axis=1)
        found[enough] = np.where(mean - half > 0, 1, np.where(mean + half < 0, -1, 0))
    return found


def _without_each_replicate(gain: np.ndarray) -> list[np.ndarray]:
    """Return the regrets with each replicate left out in turn; a point's only replicate stays."""
    found = []
    several = np.isfinite(gain[:, :, 0]).sum(axis=1) > 1
    for replicate in range(gain.shape[1] if gain.shape[1] > 1 else 0):
        rest = gain.copy()
        rest[several, replicate] = np.nan
        found.append(_regrets(rest))
    return found


def _jackknife(without: list[np.ndarray], scenarios: int) -> np.ndarray:
    """Return standard errors from numbers with each replicate left out; NaN where there is a single replicate."""
    if not without:
        return np.full(scenarios, np.nan)
    values, count = np.array(without), len(without)
    return np.sqrt((count - 1) / count * ((values - values.mean(axis=0)) ** 2).sum(axis=0))


def _near_the_smallest(maxima: np.ndarray, without: list[np.ndarray]) -> np.ndarray:
    """Find the scenarios whose maximum regret is within noise of the smallest, or too few replicates tell."""
    smallest = int(maxima.argmin())
    difference = maxima - maxima[smallest]
    if len(without) < statistics.FEWEST_PAIRS:
        return np.ones(len(maxima), bool)
    changes = [each.max(axis=0) - each.max(axis=0)[smallest] for each in without]
    return difference <= _t(len(without), 0) * _jackknife(changes, len(maxima))


def _t(replicates: int, points: int) -> float:
    """Return the t quantile for errors over replicates, or over points where there is one replicate."""
    observations = replicates if replicates > 1 else points
    return statistics.t_quantile(0.5 + statistics.CONFIDENCE / 2, observations) if observations > 1 else np.nan


def _with_ends(name: str, value: float, half: float) -> dict[str, float]:
    """Return a regret and its interval, which does not reach below 0; both ends are NaN where `half` is."""
    return {name: value, f"{name}_lower": float(np.maximum(0.0, value - half)), f"{name}_upper": value + half}


def _pairs(result, outcome: str, values: _Values) -> pd.DataFrame:
    apart = told_apart(values.y)
    complete = np.isfinite(values.y[:, :, 0]).all(axis=0)
    by_replicate = values.y[:, complete].mean(axis=0)
    rows = []
    for a, name in enumerate(result.scenarios):
        for b in range(a + 1, len(result.scenarios)):
            effect = statistics.paired_effect(by_replicate[:, a], by_replicate[:, b])
            counts = [int((apart[:, a, b] == sign).sum()) for sign in (1, -1, 0)]
            rows.append((
                outcome, of_difference(result.unit(outcome)), name, result.scenarios[b], len(values.points),
                effect.pairs, effect.effect, effect.lower, effect.upper, effect.verdict, *counts,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=columns.names(regret_columns.PAIRS))


def _direction(outcome: str, better: str | None) -> tuple[str, str]:
    """Return which direction is better, and a remark on whose view that is."""
    if better not in (None, HIGHER, LOWER):
        raise InputError(f"better = {show(better)}: must be {HIGHER} or {LOWER}")
    declared = OUTCOMES.get(split_key(outcome)[0])
    direction = declared.better if declared else "neither"
    if better is None and direction not in (HIGHER, LOWER):
        raise InputError(
            f"{outcome}: which direction is better is in dispute (declared: {direction}); say --better {HIGHER} or "
            f"--better {LOWER}"
        )
    chosen = better or direction
    if declared and chosen == direction:
        return chosen, f"{chosen.capitalize()} counts as better, for {declared.better_for} (docs/outcomes.md)."
    return chosen, f"{chosen.capitalize()} counts as better, as was asked for; declared is {direction}."


def _notes(result, values: _Values) -> list[str]:
    replicates = values.y.shape[1]
    of_points = " and the choice of points" if analysis.is_sampled(result) else ""
    notes = [
        "The best scenario at a point is the one with the best mean over replicates. Where scenarios are equal, luck "
        "picks it, so that regret is above 0 by luck alone.",
        f"Intervals: luck (each of {replicates} replicates left out in turn){of_points}.",
    ]
    if replicates == 1:
        notes[1] = "With a single replicate, nothing tells how much of the regret is luck."
    elif replicates < statistics.FEWEST_PAIRS:
        notes.append(
            f"With fewer than {statistics.FEWEST_PAIRS} replicates no two scenarios are told apart: too few to say."
        )
    if values.left_out:
        notes.append(f"Points left out, because no replicate has the outcome in every scenario: {values.left_out}.")
    if values.thinned:
        notes.append(f"Points at which some replicates are left out, for the same reason: {values.thinned}.")
    return notes
