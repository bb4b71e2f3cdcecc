"""What communities believe, have in mind and hold against the police, day by day, rebuilt from what caused it.

Perceived sharing follows the rules in force, arrests from police data, outreach and announcements; enforcement in mind
comes from immigration arrests, raids and news; a scandal lowers everybody's trust (ODD 2, 4.1 and 4.7, step 5).
"""

from typing import NamedTuple

import numpy as np

from simulation.compilation import plain
from simulation.initialization import initial_belief
from simulation.occurrences import Announcement, EnforcementNews, PoliceScandal, Raid
from simulation.rules import make_policy
from simulation.state import ACTUAL_SHARING, LEARNED_RISK
from simulation.submodels.outreach import convinced_in_a_day, outreach_message, told
from simulation.submodels.perception import (
    actual_now,
    belief_target,
    known_tomorrow,
    news_tomorrow,
    salience,
    surge_tomorrow,
    toward,
)

from .check import require_equal

BELIEF, SALIENCE, RISK = range(3)
"""Positions in the last axis of `Climate.morning`."""


class News(NamedTuple):
    """What one piece of news, or one raid, added to enforcement in a community's mind, and what is left of it.

    `arrests` are those of the raid in the community; None for news of enforcement elsewhere.
    """

    day: int
    arrests: int | None
    added: float
    left: float


class Climate:
    """The state of the communities of one world.

    Parameters
    ----------
    world : World
        Tables of events, levers and rules are read.

    Attributes
    ----------
    morning : float array, shape (T + 1, C, 3)
        Belief, salience and learned risk of each community when the people at a crime decide: at the start of each
        day, with that day's occurrences.
    trust_shift : float array, shape (T + 1, C)
        What all members of a community have lost of their trust, with that day's scandals.
    actual, known : float arrays, shape (T, C)
        Actual sharing, and the sharing that is public knowledge at the day's end.
    reassured : set of int
        Days of raids that officials followed by reassurance.

    Raises
    ------
    RuntimeError
        If a rebuilt number differs from the recorded one.
    """

    def __init__(self, world):
        self._world, self._rules = world, world.rules
        engine, days = world.engine, world.scenario.days
        self._per_thousand = 1000.0 / np.maximum(1.0, self._rules["community_size"])
        counted = world.population.community[world.arrests["row"]], world.arrests["in_raid"], world.arrests["from_data"]
        self._arrests, self._in_raid, self._from_data = (
            self._count(counted[0], where) for where in (~counted[1], counted[1], counted[2])
        )
        self._occurrences = [(day, each) for day, each in engine.occurrences if day < days]
        self.reassured = {day for day, each in self._occurrences if isinstance(each, Raid) and each.reassurance}
        self.actual = self._actual_sharing()
        self.known = np.empty_like(self.actual)
        self.trust_shift = np.zeros((days + 1, len(self._per_thousand)))
        for day, scandal in self._of(PoliceScandal):
            left = np.exp(-self._rules["trust_decay"] * np.arange(days + 1 - day))
            self.trust_shift[day:, list(scandal.communities)] -= scandal.size * left[:, None]
        self.morning = np.ones((days + 1, len(self._per_thousand), 3))
        self.morning[1:, :, RISK] = engine.counts["community"][:days, :, LEARNED_RISK]
        self._rebuild()

    def scandals(self, community: int, day: int) -> list[tuple[int, float, float]]:
        """Return the scandals that a community knows of on a day: when, trust lost then, and how much of it still."""
        decay = float(self._rules["trust_decay"])
        return [
            (when, each.size, each.size * float(np.exp(-decay * (day - when))))
            for when, each in self._of(PoliceScandal)
            if when <= day and community in each.communities
        ]

    def announcements(self, community: int, day: int) -> list[int]:
        """Return the days on which the city told a community what is shared, up to a day."""
        return [when for when, each in self._of(Announcement) if when <= day and community in each.communities]

    def news(self, community: int, day: int) -> list[News]:
        """Return the news and raids that a community still has in mind on a day."""
        rules, found = self._rules, []
        for when, each in self._of(EnforcementNews):
            if when <= day and community in each.communities:
                added = float(rules["news_effect"]) * each.size
                found.append(News(when, None, added, added * float(rules["salience_kept"]) ** (day - when)))
        for when in np.flatnonzero(self._in_raid[:day, community]).tolist():
            added = float(self._news_of_raid(when)[community])
            kept = float(rules["reassured_kept" if when in self.reassured else "salience_kept"])
            found.append(News(when, int(self._in_raid[when, community]), added, added * kept ** (day - 1 - when)))
        return sorted(found)

    def arrests(self, community: int, first: int, end: int, from_data: bool = False) -> int:
        """Count the immigration arrests in a community from one day to before another, raids included."""
        counted = self._from_data if from_data else self._arrests + self._in_raid
        return int(counted[max(0, first) : end, community].sum())

    def _of(self, kind) -> list:
        return [(day, each) for day, each in self._occurrences if isinstance(each, kind)]

    def _count(self, community, where) -> np.ndarray:
        """Count some of the immigration arrests by day and community."""
        counted = np.zeros((self._world.scenario.days, len(self._per_thousand)), int)
        np.add.at(counted, (self._world.days["ice_arrests"][where], community[where]), 1)
        return counted

    def _actual_sharing(self) -> np.ndarray:
        history = self._world.engine.history
        starts = [day for day, _ in history]
        held = np.array([self._actual_under(policy) for _, policy in history])
        days = np.arange(self._world.scenario.days)
        actual = held[np.searchsorted(starts, days, "right") - 1]
        require_equal(actual, self._world.engine.counts["community"][: len(days), :, ACTUAL_SHARING], "actual sharing")
        return actual

    def _actual_under(self, policy) -> np.ndarray:
        coded = make_policy(policy)
        return np.array([actual_now(c, coded, self._rules) for c in range(len(self._per_thousand))])

    def _news_of_raid(self, day: int) -> np.ndarray:
        """Return what a day's raid adds to enforcement in mind."""
        rules, alerts = self._rules, self._rules["raid_alert_effect"] * self._world.levers["raid_alerts"][day]
        in_raid = self._in_raid[day] * self._per_thousand
        return plain(news_tomorrow)(0.0, 0.0, rules["salience_gain"], in_raid, alerts)

    def _rebuild(self) -> None:
        """Go through the days: occurrences in the morning, then what the day's arrests and messages do by evening."""
        world, rules, constants = self._world, self._rules, self._world.engine.constants
        known = self._actual_under(world.engine.policies[0][1])
        belief = initial_belief(known, world.engine.values)
        surge, expected = constants.reference_salience, constants.expected_arrests
        news, reassured = np.zeros((2, len(belief)))
        happening: dict[int, list] = {}
        for day, each in self._occurrences:
            happening.setdefault(day, []).append(each)
        for day in range(world.scenario.days + 1):
            belief, news = self._happen(day, happening.get(day, ()), belief, news)
            self.morning[day, :, BELIEF] = belief
            self.morning[day, :, SALIENCE] = plain(salience)(surge, news, reassured)
            if day == world.scenario.days:
                break
            arrests = self._arrests[day] * self._per_thousand
            surge = plain(surge_tomorrow)(
                surge, arrests, expected, rules["salience_gain"], rules["habituation"], rules["salience_kept"]
            )
            expected = plain(toward)(expected, arrests, rules["expectation_kept"])
            added = self._news_of_raid(day)
            news = news * rules["salience_kept"] + (0.0 if day in self.reassured else added)
            reassured = reassured * rules["reassured_kept"] + (added if day in self.reassured else 0.0)
            known = plain(known_tomorrow)(known, self.actual[day], world.levers["publicity"][day])
            self.known[day] = known
            belief = self._believe(day, belief, known)
            require_equal(belief, world.engine.counts["community"][day, :, 0], "perceived sharing")
            in_mind = plain(salience)(surge, news, reassured)
            require_equal(in_mind, world.engine.counts["community"][day, :, 1], "enforcement in mind")

    def _happen(self, day: int, occurrences, belief, news):
        """Let the day's announcement and news take effect."""
        for each in occurrences:
            if isinstance(each, Announcement):
                heard, where = self._rules["announcement_effect"] * each.reach, list(each.communities)
                belief = belief.copy()
                belief[where] = plain(told)(belief[where], self.actual[day, where], heard)
            elif isinstance(each, EnforcementNews):
                news = news.copy()
                news[list(each.communities)] += self._rules["news_effect"] * each.size
        return belief, news

    def _believe(self, day: int, belief, known):
        """Move perceived sharing by what is known of the rules, by arrests from police data and by outreach."""
        rules, levers, actual = self._rules, self._world.levers, self.actual[day]
        target = plain(belief_target)(rules["belief_floor"], rules["awareness"], known)
        belief = plain(toward)(belief, target, rules["belief_kept"])
        arrests = self._from_data[day] * self._per_thousand
        belief = np.minimum(1.0, belief + rules["belief_gain"] * arrests * (1.0 - belief))
        message = plain(outreach_message)(levers["outreach_accuracy"][day], actual, levers["outreach_slant"][day])
        heard = plain(convinced_in_a_day)(levers["outreach_reach"][day], rules["outreach_effect"])
        return plain(told)(belief, message, heard)
