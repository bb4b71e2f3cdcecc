"""What can happen on one day of a run and is not a rule in force: votes, cuts, raids, news (MODEL.md 5.8, ODD 4.1).

A run gets a list of (day, occurrence); on one day they take effect in the order of `ORDER`.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Vote(NamedTuple):
    """The three owners of the arrest database vote on the agreement.

    Attributes
    ----------
    votes : tuple of (bool or None), one for each `Party`
        Whether the party votes to end the agreement; None: it votes by its yardstick.
    ends, until : int
        First day without the agreement if it is ended, and the day of the next event that starts one.
    """

    votes: tuple[bool | None, ...]
    ends: int
    until: int


class FundingCut(NamedTuple):
    """The federal government withholds a share of the police budget, which a court may block.

    Attributes
    ----------
    share : float
        Share of the police budget, 0 to 1.
    injunction : float
        Probability that a court blocks the cut.
    decided : int
        Day of the court's decision.
    unless_sharing : bool
        Whether the cut happens only where the agreement shows nothing on its day.
    """

    share: float
    injunction: float
    decided: int
    unless_sharing: bool


class Legalization(NamedTuple):
    """A share of the undocumented residents, 0 to 1, gets lawful status."""

    share: float


class Announcement(NamedTuple):
    """The city says what is shared to a share (`reach`, 0 to 1) of some communities (codes of `Community`)."""

    reach: float
    communities: tuple[int, ...]


class EnforcementNews(NamedTuple):
    """News of enforcement elsewhere reaches some communities; size 1 is that of early 2017."""

    size: float
    communities: tuple[int, ...]


class PoliceScandal(NamedTuple):
    """Some communities lose trust in the police, by `size` standard deviations."""

    size: float
    communities: tuple[int, ...]


class Raid(NamedTuple):
    """The immigration agency comes for many people on one day.

    Attributes
    ----------
    size : float
        People targeted in the whole city, 0 or more.
    district : int or None
        Position of the district; None for the whole city.
    at_work : bool
        At workplaces and not at homes.
    reassurance : bool
        Whether officials reassure the public afterwards.
    """

    size: float
    district: int | None
    at_work: bool
    reassurance: bool


ORDER = (Vote, FundingCut, Legalization, Announcement, EnforcementNews, PoliceScandal, Raid)
"""The order in which occurrences of one day take effect."""

Occurrence = Vote | FundingCut | Legalization | Announcement | EnforcementNews | PoliceScandal | Raid


def in_order(occurrences: Iterable[tuple[int, Occurrence]]) -> list[tuple[int, Occurrence]]:
    """Return (day, occurrence) in the order in which they take effect.

    Parameters
    ----------
    occurrences : iterable of (int, Occurrence)
    """
    return sorted(occurrences, key=lambda each: (each[0], ORDER.index(type(each[1]))))
