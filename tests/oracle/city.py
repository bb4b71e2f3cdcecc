"""Districts, where people live, and communities, within which news travels (ODD 2, 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.vocabulary import Community, Role

from .arithmetic import kept_per_day

if TYPE_CHECKING:
    from .model import Oracle
    from .police import Division
    from .resident import Resident


class District:
    """A part of the city, with its crime rates, its residents and its police division."""

    def __init__(self, model: Oracle, position: int, division: Division):
        constants = model.constants
        self.position = position
        self.division = division
        self.total_rate = float(constants.total_rate[position])
        self.cumulative_rate = [float(rate) for rate in constants.cumulative_rate[position]]
        self.residents: list[Resident] = []  # in row order
        self.offending_units: list[Resident] = []  # the owner of each unit of offending weight


class CommunityState:
    """What one community believes, has in mind and expects; and what offenders have learned about it."""

    def __init__(self, model: Oracle, code: Community):
        constants = model.constants
        self.model = model
        self.code = code
        self.size = float(constants.community_size[code])
        self.contact_share = {role: float(constants.contact_share[code, role]) for role in Role}
        self.expected = float(constants.expected_arrests[code])
        self.surge = float(constants.reference_salience[code])
        self.news = self.reassured_news = 0.0  # of enforcement, without and with official reassurance
        self.trust_shift = 0.0  # a change in trust that all share
        self.known_sharing = self.actual_sharing
        self.belief = self.belief_target
        self.risk_now = self.risk_base = float(constants.risk_mass[code])
        # Today's sums, which move the state at the day's end.
        self.arrests_today = 0  # outside raids
        self.raid_arrests_today = 0
        self.police_data_arrests_today = 0
        self.caught_now_today = 0.0
        self.caught_base_today = 0.0
        # The state at each day's end, for the comparison.
        self.belief_by_day: list[float] = []
        self.salience_by_day: list[float] = []
        self.risk_ratio_by_day: list[float] = []
        self.actual_sharing_by_day: list[float] = []

    @property
    def salience(self) -> float:
        """Enforcement in everybody's mind (ODD 2)."""
        return max(0.0, self.surge) + self.news + self.reassured_news

    @property
    def risk_ratio(self) -> float:
        """The risk that offenders have learned, relative to a city without dread; 1 where nobody lives."""
        return self.risk_now / self.risk_base if self.risk_base > 0.0 else 1.0

    @property
    def offending_factor(self) -> float:
        """How the learned risk multiplies offending (ODD 4.2)."""
        return self.risk_ratio ** -self.model.values["offender_response"]

    @property
    def actual_sharing(self) -> float:
        """The probability that a contact with the police becomes visible to the agency (ODD 4.7)."""
        visible = self.model.database.visibility
        return sum(self.contact_share[role] * visible(role) for role in Role)

    @property
    def belief_target(self) -> float:
        """Where perceived sharing is heading with what is known of the policy (ODD 4.7)."""
        floor, awareness = self.model.values["belief_floor"], self.model.values["awareness"]
        return floor + (1.0 - floor) * awareness * self.known_sharing

    def per_thousand(self, arrests: int) -> float:
        """Return arrests per 1,000 residents of the community at the start."""
        return arrests / self.size * 1000.0 if arrests else 0.0

    def hear_of_enforcement(self, size: float) -> None:
        """Hear news of enforcement elsewhere (ODD 4.1)."""
        self.news += self.model.values["news_effect"] * size

    def hear_of_police_scandal(self, size: float) -> None:
        """Lose trust in the police, all together (ODD 4.1)."""
        self.trust_shift -= size

    def end_day(self) -> None:
        """Let today's arrests and crimes move the community (ODD 4.7, step 5)."""
        self.follow_enforcement()
        self.follow_raids()
        self.trust_shift *= kept_per_day(self.model.values["trust_half_life"])
        self.revise_belief()
        self.teach_offenders()
        self.arrests_today = self.raid_arrests_today = self.police_data_arrests_today = 0
        self.caught_now_today = self.caught_base_today = 0.0

    def follow_enforcement(self) -> None:
        """Be moved by arrests beyond what was expected, and come to expect what happens outside raids."""
        values = self.model.values
        arrests = self.per_thousand(self.arrests_today)
        surprise = arrests - values["habituation"] * self.expected
        self.surge *= kept_per_day(values["salience_half_life"])
        self.surge += values["salience_gain"] * surprise
        self.expected += (arrests - self.expected) * (1.0 - kept_per_day(values["expectation_half_life"]))

    def follow_raids(self) -> None:
        """Let old news fade, and hear of today's raid; it fades sooner with official reassurance."""
        values, raid = self.model.values, self.model.raid_today
        self.news *= kept_per_day(values["salience_half_life"])
        self.reassured_news *= kept_per_day(values["reassured_half_life"])
        raid_arrests = self.per_thousand(self.raid_arrests_today)
        stir = values["salience_gain"] * raid_arrests * self.model.advocates.loudness_of_raids
        if raid is not None and raid.reassurance:
            self.reassured_news += stir
        else:
            self.news += stir

    def revise_belief(self) -> None:
        """Believe more of what policy is (as far as it is public), of arrests, and of what advocates say."""
        values = self.model.values
        learned = 1.0 - (1.0 - self.model.policy.publicity) ** (1.0 / 30.0)
        self.known_sharing += (self.actual_sharing - self.known_sharing) * learned
        self.belief += (self.belief_target - self.belief) * (1.0 - kept_per_day(values["belief_half_life"]))
        from_police_data = self.per_thousand(self.police_data_arrests_today)
        self.belief += values["belief_gain"] * from_police_data * (1.0 - self.belief)
        self.belief = min(self.belief, 1.0)
        self.model.advocates.reach_out(self)

    def teach_offenders(self) -> None:
        """Add today's crimes to what offenders have learned."""
        kept = kept_per_day(self.model.values["learning_half_life"])
        self.risk_now = self.risk_now * kept + self.caught_now_today
        self.risk_base = self.risk_base * kept + self.caught_base_today

    def observe(self) -> None:
        """Write down the state at the day's end (ODD 4.8)."""
        self.belief_by_day.append(self.belief)
        self.salience_by_day.append(self.salience)
        self.risk_ratio_by_day.append(self.risk_ratio)
        self.actual_sharing_by_day.append(self.actual_sharing)
