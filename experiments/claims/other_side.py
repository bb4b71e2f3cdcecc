"""Make the other side right: the smallest change of the assumptions found under which another verdict holds.

The search knows neither side. It is given the verdict to look for, and every step asks only whether a point has it, so
that exchanging the sides gives the same answers mirrored.

1. A Latin hypercube of points over the priors: how often is each verdict found at all? Then the points where a surface
   through all points so far promises it most.
2. The nearest point with the verdict and the clearest point are looked at closely, by more pairs. From those that have
   it, the changes are taken back one by one where it stays, and what is left is halved towards the values of today.
3. A search through many points finds something in mere noise. So what it found must hold on fresh seeds, with
   intervals widened for the number of such trials; if it does not, a larger change is tried, and the answer says so if
   none holds.

Each of the three has seeds of its own.
"""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulation.errors import InputError
from simulation.scenario import Scenario
from simulation.validation import unknown

from .. import statistics
from ..designs.design import Design
from ..designs.sampling import unit_sample
from .assumptions import DECIDING, Assumption, assumptions_of, basis_of, choose
from .batches import Answer, Batch, judgments_of, make_batch, run_batches, verdict_of
from .claims import CLAIMS, CONTRADICTED, SUPPORTED, judge
from .judgment import Judgment

POINTS, PAIRS, CLOSE_PAIRS, FRESH_PAIRS = 32, 6, 16, 30
"""Points of the sample; pairs at each of them, at each point looked at closely, and in a trial on fresh seeds."""
STARTS, HALVINGS, TRIALS, FARTHER = 2, 4, 5, 1.15
"""Points that changes are taken back from, halvings of what is left, trials on fresh seeds at most, and how many times
as large the change in each is at least as in the one before."""
ROUNDS, CANDIDATES, CORNER = 2, 256, 0.025
"""Rounds of promising points, each half as many as the sample; points that they are chosen from, together with the
nearest corners of the priors; and the share of a prior beyond a corner, on each side."""
_SAMPLE, _CLOSE = 0, 1
"""Stages of a search; its trials are 2, 3 ..."""

FOUND, NONE, NOT_CONFIRMED, ALREADY = "found", "none found", "not confirmed", "holds already"
STATES = (FOUND, NONE, NOT_CONFIRMED, ALREADY)
"""How a search ends: the verdict holds on fresh seeds; no point had it; it did not hold there; nothing need change."""


@dataclass(frozen=True)
class Change:
    """One assumption that was changed.

    Attributes
    ----------
    assumption : Assumption
    value : object
        What it is changed to.
    share : float
        Share of the prior below that value; `assumption.current_share` is where it was.
    """

    assumption: Assumption
    value: Any
    share: float


@dataclass(frozen=True)
class Search:
    """What is looked for, and among what.

    Attributes
    ----------
    a, b : Scenario
        The pair, under the assumptions that it has by itself.
    claim : str
        Id.
    target : str
        `SUPPORTED` or `CONTRADICTED`.
    assumptions : tuple of Assumption
        What may be changed.
    outcome : str or None
        Key of one measure of the claim; None for all of them.
    root_seed : int
        Of the worlds and of the sample.
    points, pairs, close_pairs, fresh_pairs : int
    thresholds : mapping
        As `claims.check_thresholds` returns them.
    """

    a: Scenario
    b: Scenario
    claim: str
    target: str
    assumptions: tuple[Assumption, ...]
    outcome: str | None = None
    root_seed: int = 1
    points: int = POINTS
    pairs: int = PAIRS
    close_pairs: int = CLOSE_PAIRS
    fresh_pairs: int = FRESH_PAIRS
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def most_pairs(self) -> int:
        """Pairs that the search runs at most."""
        close = STARTS * (1 + len(self.assumptions) + HALVINGS)
        return (
            (1 + self.points + ROUNDS * (self.points // 2)) * self.pairs
            + close * self.close_pairs
            + TRIALS * self.fresh_pairs
        )

    @property
    def basis(self) -> str:
        """What the assumptions are spread over (`assumptions.basis_of`)."""
        return basis_of(self.assumptions)


@dataclass(frozen=True)
class Finding:
    """What a search found.

    Attributes
    ----------
    search : Search
    state : str
        One of `STATES`.
    today : str
        The verdict before anything is changed.
    tally : mapping of str to int
        How many points of the sample over the priors have each verdict.
    changes : tuple of Change
        The smallest change found, the farthest moved first; where `NOT_CONFIRMED`, the last that was tried.
    judgments : tuple of Judgment
        Those of the answer, on seeds that did not choose it; where `ALREADY`, on those of the sample.
    trials : int
        Trials on fresh seeds.
    """

    search: Search
    state: str
    today: str
    tally: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    judgments: tuple[Judgment, ...] = ()
    trials: int = 0


Shares = tuple[float, ...]
"""A point: for each assumption the share of its prior below its value."""
Steps = Generator[Batch, Answer, Any]
"""Asks for batches, is sent their answers, and returns something in the end."""


def make_search(
    a: Scenario, b: Scenario, claim: str, target: str, names: Sequence[str] = (), sample: Mapping | None = None, **sizes
) -> Search:
    """Return a search, checked.

    Parameters
    ----------
    a, b : Scenario
    claim, target : str
    names : sequence of str
        Assumptions that may be changed; by default those of `DECIDING` that can be.
    sample : mapping, optional
        Calibrated values (see `assumptions.assumptions_of`).
    **sizes
        Further fields of `Search`.

    Raises
    ------
    InputError
        For a claim, verdict or assumption that there is not.
    """
    ids = [each.id for each in CLAIMS]
    if claim not in ids:
        raise InputError(unknown("claim", claim, ids))
    if target not in (SUPPORTED, CONTRADICTED):
        raise InputError(unknown("verdict to look for", target, (SUPPORTED, CONTRADICTED)))
    known = assumptions_of(a, b, sample)
    chosen = choose(known, names or [name for name in DECIDING if name in known])
    return Search(a, b, claim, target, chosen, **sizes)


def steps(search: Search) -> Steps:
    """Search: ask for batches of pairs, one after the other, and return the `Finding`.

    Whoever drives it runs each batch and sends its answer, and may stop at any time (`run_search`).
    """
    here = tuple(each.current_share for each in search.assumptions)
    judgments = yield from _judged(search, here)
    today = verdict_of(judgments)
    if today == search.target:
        return Finding(search, ALREADY, today, judgments=tuple(judgments))
    points, judged = _sample(search), []
    judged += yield from _all_judged(search, points)
    tally = Counter(map(verdict_of, judged))
    for n in range(1, ROUNDS + 1):
        promising = _promising(
            points, _clarity(judged, search.target), _sample(search, CANDIDATES, search.root_seed + n)
        )
        judged += yield from _all_judged(search, promising[: search.points // 2])
        points += promising[: search.points // 2]
    found = [point for point, judgments in zip(points, judged) if verdict_of(judgments) == search.target]
    clarity = _clarity(judged, search.target)
    clearest = [points[np.nanargmax(clarity)]] if np.isfinite(clarity).any() else []
    nearest = sorted(found, key=lambda point: _size(point, here))[:1]
    kept, seen = set(), None
    for start in dict.fromkeys([*nearest, *clearest]):
        judgments = yield from _judged(search, start, _CLOSE)
        if verdict_of(judgments) == search.target:
            kept |= set((yield from _taken_back(search, start, here)))
        elif start in found:
            seen = Finding(search, NOT_CONFIRMED, today, tally, _changes(search, start, here), tuple(judgments))
    if not kept:
        return seen or Finding(search, NONE, today, tally)
    tried = _spread(tuple(kept), here)
    for trial, point in enumerate(tried, 1):
        judgments = yield from _judged(search, point, _CLOSE + trial)
        if all(_holds(each, search.target, len(tried)) for each in judgments):
            break
    state = FOUND if all(_holds(each, search.target, len(tried)) for each in judgments) else NOT_CONFIRMED
    return Finding(search, state, today, tally, _changes(search, point, here), tuple(judgments), trial)


def run_search(search: Search, pool, tell: Callable[[int], None] = lambda pairs: None) -> Finding:
    """Search with the processes of a pool (`runs.execution.Pool`); `tell` gets the number of pairs that are done."""
    running, done = steps(search), 0
    try:
        batch = next(running)
        while True:
            ((_, answer),) = run_batches([batch], search.root_seed, pool)
            done += len(batch.replicates)
            tell(done)
            batch = running.send(answer)
    except StopIteration as end:
        return end.value


def _judged(search: Search, point: Shares, stage: int = _SAMPLE) -> Steps:
    """Judge the claim at a point, on the seeds of a stage."""
    values = {each.name: each.value(share) for each, share in zip(search.assumptions, point)}
    answer = yield make_batch((search.a, search.b), values, _replicates(search, stage))
    return judgments_of(answer, search.claim, search.outcome, search.thresholds)


def _replicates(search: Search, stage: int) -> range:
    """Return the pairs of the sample, of a close look, or of the first, second ... trial: no stage shares any."""
    if stage == _SAMPLE:
        return range(1, search.pairs + 1)
    begin = search.pairs + 1
    if stage == _CLOSE:
        return range(begin, begin + search.close_pairs)
    begin += search.close_pairs + (stage - _CLOSE - 1) * search.fresh_pairs
    return range(begin, begin + search.fresh_pairs)


def _all_judged(search: Search, points: Sequence[Shares]) -> Steps:
    judged = []
    for point in points:
        judged.append((yield from _judged(search, point)))
    return judged


def _sample(search: Search, points: int | None = None, root_seed: int | None = None) -> list[Shares]:
    """Return a Latin hypercube over the priors."""
    design = Design(
        name="other-side", title="", scenarios=(search.a.name, search.b.name), method="latin_hypercube",
        points=points or search.points, root_seed=search.root_seed if root_seed is None else root_seed,
        factors=tuple(each.factor for each in search.assumptions),
    )  # fmt: skip
    return [tuple(row) for row in unit_sample(design).tolist()]


def _promising(points: Sequence[Shares], clarity: np.ndarray, candidates: Sequence[Shares]) -> list[Shares]:
    """Return candidates, and the corners of the priors nearest to them, the clearest by a quadratic surface first.

    The surface is a ridge regression, in which noise has the variance 1 that it has by the definition of clarity. Where
    no point tests the claim there is none.
    """
    known = np.isfinite(clarity)
    if not known.any():
        return []
    inner = np.array(candidates)
    choice = np.unique(np.vstack([inner, np.where(inner < 0.5, CORNER, 1 - CORNER)]), axis=0)
    features, heights = _quadratic(np.array(points)[known]), clarity[known] - clarity[known].mean()
    ridge = features.shape[1] / max(float(heights.var()), 1e-9)
    weights = np.linalg.solve(features.T @ features + ridge * np.eye(features.shape[1]), features.T @ heights)
    return [tuple(row) for row in choice[np.argsort(-(_quadratic(choice) @ weights), kind="stable")].tolist()]


def _quadratic(shares: np.ndarray) -> np.ndarray:
    """Return shares of the priors, from -1 to 1, with their squares and products."""
    centered = 2 * shares - 1
    first, second = np.triu_indices(centered.shape[1])
    return np.column_stack([centered, centered[:, first] * centered[:, second]])


def _clarity(judged: Sequence[Sequence[Judgment]], target: str) -> np.ndarray:
    """Return how far the effect on the least clear measure points to the target at every point of a sample.

    In the standard error that is usual for the measure; NaN where nothing is tested.
    """
    sign = 1 if target == SUPPORTED else -1
    by_measure = []
    for judgments in zip(*judged):
        effects = np.array([sign * each.measure.claimed * each.effect.effect for each in judgments])
        errors = np.array([each.effect.standard_error for each in judgments])
        tested = np.array([each.contrast.tested for each in judgments]) & np.isfinite(errors)
        usual = np.sqrt(np.mean(errors[tested] ** 2)) if tested.any() else np.nan
        by_measure.append(np.where(tested, effects / (usual or 1.0), np.nan))
    return np.min(by_measure, axis=0)


def _spread(points: Sequence[Shares], here: Shares) -> list[Shares]:
    """Return as many points as there are trials: the nearest, then each plainly farther away, and the farthest."""
    ordered = sorted(points, key=lambda point: _size(point, here))
    chosen = ordered[:1]
    for point in ordered[1:-1]:
        if len(chosen) < TRIALS - 1 and _size(point, here) > FARTHER * _size(chosen[-1], here):
            chosen.append(point)
    return [*chosen, *ordered[max(1, len(ordered) - 1) :]]


def _taken_back(search: Search, point: Shares, here: Shares) -> Steps:
    """Take back what a point changes as far as the verdict stays; return the points that have it, this one first."""
    kept = [point]
    for n in sorted(range(len(here)), key=lambda n: -abs(point[n] - here[n])):
        nearer = (*kept[-1][:n], here[n], *kept[-1][n + 1 :])
        if nearer != here and (yield from _has_target(search, nearer)):
            kept.append(nearer)
    whole, low, high = kept[-1], 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        nearer = tuple(start + middle * (end - start) for start, end in zip(here, whole))
        if (yield from _has_target(search, nearer)):
            kept.append(nearer)
            high = middle
        else:
            low = middle
    return kept


def _has_target(search: Search, point: Shares) -> Steps:
    return verdict_of((yield from _judged(search, point, _CLOSE))) == search.target


def _holds(judgment: Judgment, target: str, trials: int) -> bool:
    """Whether a verdict holds with an interval that errs no more often in all trials together than one does."""
    effect = judgment.effect
    if effect.pairs < 2:
        return False
    error = (1 - statistics.CONFIDENCE) / trials
    half = statistics.t_quantile(1 - error / 2, effect.pairs) * effect.standard_error
    wider = effect._replace(lower=effect.effect - half, upper=effect.effect + half)
    return judgment.verdict == target == judge(wider, judgment.measure.claimed, judgment.threshold)


def _size(point: Shares, here: Shares) -> float:
    """Return how far a point is away: the shares of the priors that its assumptions move through, added up."""
    return sum(abs(share - start) for share, start in zip(point, here))


def _changes(search: Search, point: Shares, here: Shares) -> tuple[Change, ...]:
    moved = [
        Change(each, each.value(share), share)
        for each, share, start in zip(search.assumptions, point, here)
        if each.value(share) != each.current
    ]
    return tuple(sorted(moved, key=lambda change: -abs(change.share - change.assumption.current_share)))
