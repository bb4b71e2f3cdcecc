"""Make the other side right: the smallest change of the assumptions found under which another verdict holds.

The search knows neither side. It is given the verdict to look for, and every step asks only whether a point has it, so
that exchanging the sides gives the same answers mirrored.

1. A Latin hypercube of points over the priors: how often is each verdict found at all?
2. From the nearest points with the verdict, the changes are taken back one by one where the verdict stays, and what is
   left is halved towards the values of today.
3. A search through many points finds something in mere noise. So what it found must hold on fresh seeds, with
   intervals widened for the number of such trials; if it does not, the next larger change is tried, and the answer says
   so if none holds.
"""

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simulation.errors import InputError
from simulation.scenario import Scenario
from simulation.validation import unknown

from .. import statistics
from ..designs.design import Design
from ..designs.sampling import unit_sample
from .assumptions import CALIBRATED, DECIDING, PRIOR, Assumption, assumptions_of, choose
from .batches import Answer, Batch, judgments_of, make_batch, run_batches, verdict_of
from .claims import CLAIMS, CONTRADICTED, SUPPORTED, judge
from .judgment import Judgment

POINTS, PAIRS, FRESH_PAIRS = 40, 6, 20
"""Points of the sample, pairs at each point, and pairs of fresh seeds."""
NEAREST, HALVINGS, TRIALS = 2, 4, 4
"""Points that changes are taken back from, halvings of what is left, and trials on fresh seeds at most."""

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
    points, pairs, fresh_pairs : int
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
    fresh_pairs: int = FRESH_PAIRS
    thresholds: Mapping[str, float] = field(default_factory=dict)

    @property
    def most_batches(self) -> int:
        """Batches that the search runs at most."""
        return 1 + self.points + NEAREST * (len(self.assumptions) + HALVINGS) + TRIALS

    @property
    def basis(self) -> str:
        """`calibrated` if every assumption has a calibrated sample, else `prior`."""
        return CALIBRATED if {each.basis for each in self.assumptions} == {CALIBRATED} else PRIOR


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
        How many points of the sample have each verdict.
    changes : tuple of Change
        The smallest change found, the farthest moved first; where `NOT_CONFIRMED`, the last that was tried.
    judgments : tuple of Judgment
        On fresh seeds; where `ALREADY`, on those of the search.
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
    tally, found = Counter(), []
    for point in _sample(search):
        verdict = verdict_of((yield from _judged(search, point)))
        tally[verdict] += 1
        found += [point] * (verdict == search.target)
    if not found:
        return Finding(search, NONE, today, tally)
    tried = []
    for point in sorted(found, key=lambda point: _size(point, here))[:NEAREST]:
        tried += yield from _taken_back(search, point, here)
    tried = sorted(set(tried), key=lambda point: _size(point, here))[:TRIALS]
    for trial, point in enumerate(tried, 1):
        judgments = yield from _judged(search, point, trial)
        confirmed = all(_holds(each, search.target, len(tried)) for each in judgments)
        if confirmed or trial == len(tried):
            state = FOUND if confirmed else NOT_CONFIRMED
            return Finding(search, state, today, tally, _changes(search, point, here), tuple(judgments), trial)
    raise AssertionError("a point that was found is tried")


def run_search(search: Search, pool, tell=lambda done: None) -> Finding:
    """Search with the processes of a pool (`runs.execution.Pool`); `tell` gets the number of batches done."""
    running, answer = steps(search), None
    for done in count():
        tell(done)
        try:
            batch = running.send(answer)
        except StopIteration as end:
            return end.value
        ((_, answer),) = run_batches([batch], search.root_seed, pool)


def _judged(search: Search, point: Shares, trial: int = 0) -> Steps:
    """Judge the claim at a point, on the seeds of the search or on the fresh ones of a trial."""
    first, last = 1, search.pairs
    if trial:
        first = last + 1 + (trial - 1) * search.fresh_pairs
        last = first + search.fresh_pairs - 1
    values = {each.name: each.value(share) for each, share in zip(search.assumptions, point)}
    answer = yield make_batch((search.a, search.b), values, range(first, last + 1))
    return judgments_of(answer, search.claim, search.outcome, search.thresholds)


def _sample(search: Search) -> list[Shares]:
    design = Design(
        name="other-side", title="", scenarios=(search.a.name, search.b.name), method="latin_hypercube",
        points=search.points, root_seed=search.root_seed, factors=tuple(each.factor for each in search.assumptions),
    )  # fmt: skip
    return [tuple(row) for row in unit_sample(design).tolist()]


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
    return verdict_of((yield from _judged(search, point))) == search.target


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
