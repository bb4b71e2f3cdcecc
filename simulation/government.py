"""What government decides during a run: votes on the agreement, and funding cuts (MODEL.md 5.8, ODD 4.1)."""

import math
from typing import NamedTuple

import numpy as np

from .levers import Policy
from .occurrences import FundingCut, Vote
from .randomness import INJUNCTION, uniform
from .state import HAPPENED, REPORTED
from .submodels import governance
from .vocabulary import DAYS_PER_YEAR, FOREVER, Community, Party, Yardstick


class VoteHeld(NamedTuple):
    """A vote that was held.

    Attributes
    ----------
    day : int
    votes : tuple of bool
        By `Party`: whether to end the agreement.
    values : tuple of (float or None)
        By `Party`: what its yardstick showed; None where the vote was given or the value undefined.
    ended : bool
        Whether the agreement was ended.
    """

    day: int
    votes: tuple[bool, ...]
    values: tuple[float | None, ...]
    ended: bool


class Cut(NamedTuple):
    """A funding cut: in force from `start` to before `end` (`FOREVER` if not blocked), a share of the police budget."""

    start: int
    end: int
    share: float
    blocked: bool


class Span(NamedTuple):
    """Days on which something decided by vote holds: from `start` to before `end`."""

    start: int
    end: int


class Government:
    """Hold what city, district attorney, courts and federal government have decided so far in a run.

    Parameters
    ----------
    counts : COUNTS records
        What happened on each day, for the yardsticks; read only.
    threats : list of (int, FundingCut)
        The funding cuts of the calendar by day.

    Attributes
    ----------
    votes : list of VoteHeld
    cuts : list of Cut
    ended : list of Span
        Days on which the agreement is ended by vote.
    """

    def __init__(self, counts: np.ndarray, threats: list[tuple[int, FundingCut]]):
        self.counts, self.threats = counts, threats
        self.votes: list[VoteHeld] = []
        self.cuts: list[Cut] = []
        self.ended: list[Span] = []

    def amend(self, day: int, policy: Policy) -> Policy:
        """Return the policy of the calendar as votes and funding cuts have left it on a day.

        Parameters
        ----------
        day : int
        policy : Policy
            What the calendar says of that day.
        """
        if any(span.start <= day < span.end for span in self.ended):
            policy = policy.without_agreement()
        left = math.prod(1.0 - cut.share for cut in self.cuts if cut.start <= day < cut.end)
        return policy._replace(police_budget=policy.police_budget * left) if left != 1.0 else policy

    def turning_days(self) -> list[int]:
        """Return the days on which something decided begins or ceases to hold."""
        spans: list[Span | Cut] = [*self.ended, *self.cuts]
        return [day for span in spans for day in (span.start, span.end) if day < FOREVER]

    def yardstick(self, day: int, yardstick: int) -> float:
        """Return what a yardstick shows on the morning of a day; a higher value speaks for ending the agreement.

        Parameters
        ----------
        day : int
        yardstick : int
            Code of `Yardstick`.

        Returns
        -------
        float
            Percentage points (`reporting_gap`) or percent; NaN where it is undefined.
        """
        if yardstick == Yardstick.BUDGET_KEPT:
            left = 100.0
            for when, cut in self.threats:
                left = governance.budget_left(left, cut.share, cut.injunction) if when >= day else left
            return left
        if yardstick == Yardstick.VICTIMIZATION_RISE:
            if day < 2 * DAYS_PER_YEAR:
                return math.nan
            before, after = (
                self.counts["crimes"][day - n * DAYS_PER_YEAR : day - (n - 1) * DAYS_PER_YEAR, ..., HAPPENED].sum()
                for n in (2, 1)
            )
            return governance.victimization_rise(after, before)
        crimes = self.counts["crimes"][max(0, day - DAYS_PER_YEAR) : day].sum(axis=(0, 2))
        without = crimes[Community.NO_IMMIGRANT_TIES]
        others = crimes.sum(axis=0) - without
        return governance.reporting_gap(without[HAPPENED], without[REPORTED], others[HAPPENED], others[REPORTED])

    def hold_vote(self, day: int, vote: Vote, policy: Policy) -> None:
        """Let the three owners of the database vote, if an agreement shows anything; two of three end it.

        Parameters
        ----------
        day : int
        vote : Vote
            A party whose vote it does not give votes by its yardstick and threshold.
        policy : Policy
            In force today; yardsticks and thresholds are read.
        """
        if not policy.shows_anything:
            return
        votes, values = [], []
        for party, given in zip(Party, vote.votes, strict=True):
            value = math.nan
            if given is None:
                value = self.yardstick(day, getattr(policy, f"{party.label}_yardstick"))
                given = bool(governance.votes_to_end(value, getattr(policy, f"{party.label}_threshold")))
            votes.append(given)
            values.append(None if math.isnan(value) else float(value))
        ended = bool(governance.is_ended(*votes))
        self.votes.append(VoteHeld(day, tuple(votes), tuple(values), ended))
        if ended:
            self.ended.append(Span(vote.ends, vote.until))

    def cut_funding(self, day: int, cut: FundingCut, policy: Policy, seed: int) -> None:
        """Cut the police budget, unless the city shares and the cut spares it; a court may block the cut.

        Parameters
        ----------
        day : int
        cut : FundingCut
        policy : Policy
            In force today.
        seed : int
            Root of the keyed draws.
        """
        if cut.unless_sharing and policy.shows_anything:
            return
        blocked = bool(governance.is_blocked(uniform(seed, INJUNCTION, 0, day), cut.injunction))
        self.cuts.append(Cut(day, max(day, cut.decided) if blocked else FOREVER, cut.share, blocked))
