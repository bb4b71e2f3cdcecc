"""The organization that speaks and stands up for immigrants (ODD 4.3, 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa import Agent

from simulation.randomness import ACCOMPANIMENT

from .arithmetic import Draws

if TYPE_CHECKING:
    from .city import CommunityState

DAYS_PER_MONTH = 30


class AdvocacyOrganization(Agent):
    """Goes with victims, tells communities what is shared (rightly or wrongly), and warns of raids."""

    def accompanies(self, u: Draws) -> bool:
        """Whether the organization goes along with the victim of a crime (ODD 4.3)."""
        return u(ACCOMPANIMENT) < self.model.policy.accompaniment

    def reach_out(self, community: CommunityState) -> None:
        """Pull the community's belief toward the message, the facts or a slant (ODD 4.7, step 5)."""
        policy = self.model.policy
        accuracy = policy.outreach_accuracy
        message = accuracy * community.actual_sharing + (1.0 - accuracy) * policy.outreach_slant
        left_in_a_month = 1.0 - self.model.values["outreach_effect"] * policy.outreach_reach
        share_moved = 1.0 - left_in_a_month ** (1.0 / DAYS_PER_MONTH)
        community.belief += share_moved * (message - community.belief)

    @property
    def loudness_of_raids(self) -> float:
        """How much alerts add to the news of a raid (ODD 4.7, step 5)."""
        return 1.0 + self.model.values["raid_alert_effect"] * self.model.policy.raid_alerts
