"""What a reader must be warned of, and how many more points or seeds would mend it.

Half widths shrink as one over the square root of the number of points, or of seeds, that they come from.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..statistics import t_quantile
from .columns import DECISIVE, MATTERS, MORRIS, NOISE, OAT, SOBOL, Row
from .luck import ENDS

PRECISION_OF_SHARES = 0.1
FEWEST_BLOCKS = 32
"""With fewer blocks of a Sobol sample, resampling them says too little about other samples."""
FEWEST_SEEDS = 3
_TOP = 3
_HOPELESS = 16
"""Times more points or seeds, beyond which two factors are called about equal."""
_MUCH_LUCK = 1 / 3
"""Share of luck in the variance of means, beyond which more seeds are asked for rather than more points."""
_MOST_SEEDS = 1_000_000
_ROOM = math.sqrt(0.5)


def advice(result, method: str, found, precision: float | None) -> list[str]:
    """Return warnings about one target.

    Parameters
    ----------
    result : Result
    method : str
    found : Explained
    precision : float or None
        Half width that intervals shall have.
    """
    seeds = found.groups.replicates
    lines = []
    if seeds == 1:
        lines.append(
            "warning: one seed at each point: luck cannot be told from what the factors do; run at least "
            f"{FEWEST_SEEDS} seeds"
        )
    elif seeds < FEWEST_SEEDS:
        lines.append(
            f"warning: {seeds} seeds at each point: what other seeds would give is hardly known, and intervals are "
            f"wide; run at least {FEWEST_SEEDS}"
        )
    blocks = len(found.groups.kept)
    if method == SOBOL and blocks < FEWEST_BLOCKS:
        lines.append(
            f"warning: {blocks} blocks are too few for intervals that one can trust; take at least {FEWEST_BLOCKS} "
            "(points in the design)"
        )
    rows = found.factors(DECISIVE[method])
    if not any(math.isfinite(row.half_width) for row in rows):
        if any(row.verdict == NOISE for row in rows):
            lines.append(
                "warning: the target does not vary with the factors beyond luck, as far as these points and seeds "
                "tell: shares of its variance are not defined; more seeds may tell"
            )
        return lines
    if precision is not None or method == SOBOL:
        lines += _too_wide(result, method, found, precision or PRECISION_OF_SHARES)
    else:
        lines += _unsettled(result, method, found, rows)
    return lines


def needed(points: int, seeds: int, by_points: float, by_seeds: float, half_width: float) -> tuple[int, int]:
    """Return how many points and seeds bring an interval down to a half width.

    Parameters
    ----------
    points, seeds : int
        What there is: base samples or trajectories, and seeds.
    by_points, by_seeds : float
        What each contributes to the half width now.
    half_width : float
        What it shall be.
    """
    room = half_width * _ROOM
    if by_seeds <= room:
        allowed_points, allowed_seeds = math.sqrt(half_width**2 - by_seeds**2), by_seeds
    elif by_points <= room:
        allowed_points, allowed_seeds = by_points, math.sqrt(half_width**2 - by_points**2)
    else:
        allowed_points = allowed_seeds = room
    times = (by_points / allowed_points) ** 2 if by_points else 1.0
    return max(points, math.ceil(points * times)), _needed_seeds(seeds, by_seeds, allowed_seeds)


def _needed_seeds(seeds: int, now: float, allowed: float) -> int:
    """Return how many seeds bring a half width down to another, Student's t included."""
    wanted = seeds
    while now > allowed * (1 + 1e-9) and wanted < _MOST_SEEDS:
        wanted += max(1, wanted // 50)
        if now * t_quantile(ENDS[1], wanted) / t_quantile(ENDS[1], seeds) * math.sqrt(seeds / wanted) <= allowed:
            break
    return wanted


def _too_wide(result, method: str, found, precision: float) -> list[str]:
    """Return a warning if an interval is wider than asked for."""
    half = np.nan_to_num(np.hypot(found.by_points, found.by_seeds))
    widest = int(half.argmax())
    if half[widest] <= precision:
        return []
    sizes = [_asked(result, method, found, place, precision) for place in np.flatnonzero(half > precision).tolist()]
    name = result.factors[widest].label
    return [
        f"warning: the {_WORDS[method]} of {name} is known only to within {half[widest]:.2g} to either side, asked for "
        f"{precision:g}: {_needs(result, method, found, max(sizes, key=math.prod))}"
    ]


def _unsettled(result, method: str, found, rows: Sequence[Row]) -> list[str]:
    """Return a warning if a large measure is not told from noise, or the order of those at the top is not settled."""
    labels = {factor.name: factor.label for factor in result.factors}
    places = {row.factor: place for place, row in enumerate(rows)}
    ranked = found.ranked(DECISIVE[method])
    top = [row for row in ranked if row.verdict == MATTERS][:_TOP]
    largest = ranked[0]
    if largest.verdict == NOISE and largest.noise_floor > 0:
        beyond = largest.estimate - largest.noise_floor
        if not beyond > 0:
            return [] if top else ["no factor moves the target further than luck alone would"]
        asked = _asked(result, method, found, places[largest.factor], beyond)
        return [
            f"warning: the largest {_WORDS[method]}, of {labels[largest.factor]}, is not told from noise; if it is as "
            f"large as it looks, {_needs(result, method, found, asked)} to tell"
        ]
    wanted = []
    for first, second in pairwise(top):
        gap, reach = first.estimate - second.estimate, first.half_width + second.half_width
        if gap < reach:
            wanted.append((first, second, reach / gap if gap > 0 else math.inf))
    if not wanted:
        return []
    first, second, times = max(wanted, key=lambda each: each[2])
    pair = f"{labels[first.factor]} and {labels[second.factor]}"
    if times**2 > _HOPELESS:
        return [f"{pair} matter about equally, as far as these runs tell"]
    wider = max(first, second, key=lambda row: row.half_width)
    asked = _asked(result, method, found, places[wider.factor], wider.half_width / times)
    return [f"warning: which of {pair} matters more is not settled; {_needs(result, method, found, asked)} to tell"]


def _asked(result, method: str, found, place: int, half_width: float) -> tuple[int, int]:
    """Return how many points and seeds one factor's interval needs.

    Where much of the spread between means is luck, seeds narrow the interval as points do, and points do not help
    beyond that.
    """
    by_points, by_seeds = found.by_points[place], found.by_seeds[place]
    if found.left_in_means > _MUCH_LUCK:
        by_points, by_seeds = 0.0, math.hypot(by_points, by_seeds)
    return needed(_count(result, method), found.groups.replicates, by_points, by_seeds, half_width)


_WORDS = {SOBOL: "total index", MORRIS: "mu*", OAT: "range"}
_KEYS = {SOBOL: "points", MORRIS: "trajectories"}


def _count(result, method: str) -> int:
    """Return how many base samples or trajectories a design has; 1 for one at a time."""
    return getattr(result.design, _KEYS[method]) if method in _KEYS else 1


def _needs(result, method: str, found, asked: tuple[int, int]) -> str:
    """Return what a design would need, in words."""
    points, seeds = asked
    have, have_seeds = _count(result, method), found.groups.replicates
    if method == SOBOL:
        points = 1 << (points - 1).bit_length()
    parts = []
    if points > have:
        parts.append(f"{_KEYS[method]} = {points:,} (now {have:,})")
    if seeds > have_seeds:
        parts.append(f"seeds = {seeds:,} (now {have_seeds:,})")
    size = len(result.points) // have
    runs = (len(result.points) if method == OAT else points * size) * max(seeds, have_seeds) * len(result.scenarios)
    return f"the design needs about {' and '.join(parts) or 'a few more'}, {runs:,} runs"
