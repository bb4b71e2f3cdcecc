"""Boxes in the space of factors in which most points are cases: searched for, one chosen by a stated rule, and checked.

The search is PRIM (`peeling`), of all factors together and of few at a time. The rule is checked on points
that were kept out of the search.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from simulation.errors import InputError

from .peeling import Limit, peel

SIGNIFICANT = 0.05
"""Restrictions with a larger quasi-p value are taken back."""
SMALLEST_MASS = 0.05
"""A box holds at least this share of the points."""
MOST_TRIED, MOST_PAIRED = 12, 4
"""Factors that are tried with others, and those of them that are paired with each other: those that alone came out
best."""

ENOUGH = 1.95
"""Sum of coverage and density with which no further search is made."""


@dataclass(frozen=True)
class Step:
    """One box of a peeling trajectory.

    Attributes
    ----------
    limits : mapping of str to Limit
        Only the factors that are restricted.
    points, cases : int
        Points inside, and how many of them are cases.
    coverage, density, mass : float
        Share of all cases that lie inside; share of the points inside that are cases; share of all points inside.
    simplified_from : int or None
        Step from which restrictions were taken back to make this one.
    """

    limits: Mapping[str, Limit]
    points: int
    cases: int
    coverage: float
    density: float
    mass: float
    simplified_from: int | None = None

    def contains(self, x: pd.DataFrame) -> np.ndarray:
        """Whether each point lies inside."""
        return _contains(self.limits, x)


@dataclass(frozen=True)
class Search:
    """What one search found.

    Attributes
    ----------
    steps : tuple of Step
        From the box of all points to the smallest, then the chosen one if it was simplified.
    chosen : int
        Position of the chosen step.
    reached : bool
        Whether the chosen box is as dense as was asked for.
    """

    steps: tuple[Step, ...]
    chosen: int
    reached: bool

    @property
    def box(self) -> Step:
        """The chosen box."""
        return self.steps[self.chosen]


class HeldOut(NamedTuple):
    """How the rule did on points that were kept out of the search.

    Attributes
    ----------
    points, cases : int
        Points kept out that lay inside the box found without them, and how many of them are cases.
    all_points, all_cases : int
        All points kept out, and how many are cases.
    p : float
        Chance of so many cases inside by luck alone (Fisher's exact test, one-sided).
    """

    points: int
    cases: int
    all_points: int
    all_cases: int
    p: float


def search(
    x: pd.DataFrame,
    holds: np.ndarray,
    density: float,
    boxes: int = 1,
    step: int | None = None,
    mass: float | None = None,
) -> list[Search]:
    """Search for boxes, one after the other, each among the points outside the earlier ones.

    Parameters
    ----------
    x : pandas.DataFrame
        One column per factor; a categorical one (dtype object) holds positions of levels.
    holds : ndarray of bool
        Which points are cases.
    density : float
        Density asked for. Of the steps that reach it, that with the largest sum of coverage and density is chosen;
        if none reaches it, the one least likely by luck. Restrictions whose quasi-p value is above `SIGNIFICANT` are
        taken back, least significant first; a box that loses the density by this is passed over.
    boxes : int
        Most boxes to find.
    step : int, optional
        Take this step of the trajectory instead, as it is.
    mass : float, optional
        Take the step whose share of the points is nearest to this instead, as it is.

    Raises
    ------
    InputError
        If the library is missing, or there is no such step.
    """  # fmt: skip
    found: list[Search] = []
    rest = np.ones(len(x), bool)
    while len(found) < boxes and holds[rest].any() and not holds[rest].all():
        points = _Points(x[rest], holds[rest], len(x), int(holds.sum()))
        best = _best_search(points, density)
        if step is not None or mass is not None:
            best = _by_hand(best, density, step, mass)
        found.append(replace(best, steps=tuple(points.with_quasi_p(each) for each in best.steps)))
        if not best.box.limits:
            break
        rest &= ~best.box.contains(x)
    return found


def check_held_out(
    x: pd.DataFrame,
    holds: np.ndarray,
    folds: np.ndarray,
    density: float,
    boxes: int,
    mass: float | None = None,
) -> list[HeldOut]:
    """Search anew without each part of the points, and count how the boxes do on that part.

    Parameters
    ----------
    folds : ndarray of int
        The part that each point belongs to.
    mass : float, optional
        Share of the points that a box chosen by hand holds: the searches then take the step nearest to it.

    Returns
    -------
    list of HeldOut
        One for each box.
    """  # fmt: skip
    totals = np.zeros((boxes, 4), int)
    for fold in np.unique(folds):
        kept_out = folds == fold
        found = search(x[~kept_out], holds[~kept_out], density, boxes, mass=mass)
        rest = kept_out.copy()
        for number, each in enumerate(found):
            inside = each.box.contains(x) & rest
            totals[number] += (inside.sum(), holds[inside].sum(), rest.sum(), holds[rest].sum())
            rest &= ~inside
    return [held_out_of(*map(int, row)) for row in totals]


def held_out_of(points: int, cases: int, all_points: int, all_cases: int) -> HeldOut:
    """Return how the rule did on points kept out, with the chance that luck does as well."""
    return HeldOut(points, cases, all_points, all_cases, _luck(points, cases, all_points, all_cases))


class _Points:
    """The points that a search is among, and how many points and cases there are in all."""

    def __init__(self, x: pd.DataFrame, holds: np.ndarray, points: int, cases: int):
        self.x, self.holds, self.all_points, self.all_cases = x, holds, points, cases

    def step(self, limits: Mapping[str, Limit]) -> Step:
        """Return the box with these limits, without quasi-p values."""
        inside = _contains(limits, self.x)
        points, cases = int(inside.sum()), int(self.holds[inside].sum())
        return Step(limits, points, cases, cases / self.all_cases, cases / points, points / self.all_points)

    def with_quasi_p(self, step: Step) -> Step:
        """Return a step with the quasi-p value of every restriction.

        It is the chance of so many cases inside if the restriction made no difference: binomial, with the density of
        the box without it.
        """
        limits = {}
        for name, limit in step.limits.items():
            ends: dict[str, Any] = {"p_low": None, "p_high": None}
            for end in ends:
                if _is_restricted(limit, end):
                    wider = _contains(_without(step.limits, name, end), self.x)
                    ends[end] = _tail(step.cases, step.points, float(self.holds[wider].mean()))
            limits[name] = limit._replace(**ends)
        return replace(step, limits=limits)


def _contains(limits: Mapping[str, Limit], x: pd.DataFrame) -> np.ndarray:
    inside = np.ones(len(x), bool)
    for name, limit in limits.items():
        inside &= limit.contains(x[name].to_numpy(float))
    return inside


def _is_restricted(limit: Limit, end: str) -> bool:
    if limit.levels is not None:
        return end == "p_low"
    return (limit.low if end == "p_low" else limit.high) is not None


def _without(limits: Mapping[str, Limit], name: str, end: str) -> dict[str, Limit]:
    """Return limits with one restriction taken back."""
    rest = dict(limits)
    limit = rest[name]
    if limit.levels is None:
        limit = limit._replace(**{"low" if end == "p_low" else "high": None})
    if limit.levels is not None or (limit.low is None and limit.high is None):
        del rest[name]
    else:
        rest[name] = limit
    return rest


def _tail(cases: int, points: int, share: float) -> float:
    from scipy import stats

    return float(stats.binom.sf(cases - 1, points, share))


def _luck(points: int, cases: int, all_points: int, all_cases: int) -> float:
    from scipy import stats

    return float(stats.hypergeom.sf(cases - 1, all_points, all_cases, points)) if points else 1.0


def _log_luck(steps: Sequence[Step], whole: Step) -> np.ndarray:
    """Return the logarithm of the chance that luck puts so many cases inside (hypergeometric)."""
    from scipy import stats

    points, cases = (np.array([getattr(step, name) for step in steps]) for name in ("points", "cases"))
    return stats.hypergeom.logsf(cases - 1, whole.points, whole.cases, points)


def _best_search(points: _Points, density: float) -> Search:
    """Search all factors together, each one alone, pairs and threes of the best; return what came out best.

    Peeling all factors together can lose its way: one that helps a little at first leads it off another that alone
    would lead to the cases; or it stops where two factors matter jointly and neither helps at first.
    """

    def search_few(*names: str) -> Search:
        return _search_among(points, list(names), density, patient=True)

    everything = list(points.x.columns)
    best = _search_among(points, everything, density, patient=False)
    if len(everything) == 1 or _is_enough(best):
        return best
    alone = {name: search_few(name) for name in everything if points.x[name].nunique() > 1}
    ranked = sorted(alone, key=lambda name: _merit(alone[name]), reverse=True)[:MOST_TRIED]
    best = max([best, *alone.values()], key=_merit)
    if len(ranked) == 1 or _is_enough(best):
        return best
    pairs = [*combinations(ranked[:MOST_PAIRED], 2), *((ranked[0], other) for other in ranked[MOST_PAIRED:])]
    together = {pair: search_few(*pair) for pair in pairs}
    pair = max(together, key=lambda each: _merit(together[each]))
    if _merit(together[pair]) <= _merit(best) or _is_enough(together[pair]):
        return max(best, together[pair], key=_merit)
    threes = [search_few(*pair, other) for other in ranked if other not in pair]
    return max([together[pair], *threes], key=_merit)


def _is_enough(search: Search) -> bool:
    """Whether a box holds nearly all cases and nearly nothing else, so that a further search can gain nothing."""
    return search.box.coverage + search.box.density > ENOUGH


def _merit(search: Search) -> tuple[float, float]:
    """Return by what a search is better than another one: density reached, then what the step was chosen by."""
    box = search.box
    return (1.0, box.coverage + box.density) if search.reached else (0.0, -float(_log_luck([box], search.steps[0])[0]))


def _search_among(points: _Points, names: list[str], density: float, patient: bool) -> Search:
    """Search a few factors, and choose a step by the rule."""
    smallest = min(0.99, SMALLEST_MASS * points.all_points / len(points.x))
    steps = [points.step(limits) for limits in peel(points.x[names], points.holds, smallest, patient)]
    for candidate in _candidates(steps, density):
        simple = _simplify(points, steps[candidate])
        if simple.density >= density:
            return _with_chosen(steps, simple, candidate, reached=True)
    clearest = int(_log_luck(steps, steps[0]).argmin())
    return _with_chosen(steps, _simplify(points, steps[clearest]), clearest, reached=False)


def _by_hand(found: Search, density: float, step: int | None, mass: float | None) -> Search:
    """Return a search with another step chosen: one by number, or that with the nearest mass."""
    steps = found.steps
    if step is None:
        assert mass is not None  # one of both is given
        step = min(range(len(steps)), key=lambda position: abs(steps[position].mass - mass))
    if step >= len(steps):
        raise InputError(f"--box {step}: the peeling trajectory has the steps 0 to {len(steps) - 1}")
    return Search(steps, step, steps[step].density >= density)


def _candidates(steps: Sequence[Step], density: float) -> Iterator[int]:
    """Yield the steps that are dense enough, by the sum of coverage and density; of equal ones the simpler first."""
    dense = [position for position, step in enumerate(steps) if step.limits and step.density >= density]
    yield from sorted(dense, key=lambda p: (-steps[p].coverage - steps[p].density, len(steps[p].limits)))


def _with_chosen(steps: list[Step], simple: Step, position: int, reached: bool) -> Search:
    if simple.limits.keys() == steps[position].limits.keys() and simple.points == steps[position].points:
        return Search(tuple(steps), position, reached)
    return Search((*steps, replace(simple, simplified_from=position)), len(steps), reached)


def _simplify(points: _Points, step: Step) -> Step:
    """Take back restrictions one by one, least significant first, until all that remain are significant."""
    current = points.with_quasi_p(step)
    while (worst := _least_significant(current)) is not None:
        current = points.with_quasi_p(points.step(_without(current.limits, *worst)))
    return current


def _least_significant(step: Step) -> tuple[str, str] | None:
    """Return the factor and end whose restriction has the largest quasi-p value, if that is not significant."""
    ends = [
        (p, name, end)
        for name, limit in step.limits.items()
        for end in ("p_low", "p_high")
        if (p := getattr(limit, end)) is not None
    ]
    p, name, end = max(ends, default=(0.0, "", ""))
    return (name, end) if p > SIGNIFICANT else None
