"""The advocacy organization as a Mesa agent (MODEL.md 2, ODD 2, 4.3 and 4.7).

It tells residents what is shared, goes to the police with victims, and spreads the news of raids: three switches, none
of them assumed to be good. Under real sharing, outreach raises perceived sharing; alerts raise salience.
"""

import mesa

from ..rules import make_policy
from ..submodels.outreach import outreach_message
from ..submodels.perception import actual_now
from ..vocabulary import Community
from .governments import levers_of


class AdvocacyOrganization(mesa.Agent):
    """Show the organization that speaks for immigrants."""

    @property
    def levers(self) -> dict[str, object]:
        """The organization's own levers and their values today, as `Policy` holds them."""
        return levers_of("advocacy organization", self.model.policy)

    @property
    def message(self) -> dict[str, float]:
        """What it says to each community: the share of contacts with police that the immigration agency sees."""
        policy, rules = self.model.policy, self.model.engine.rules
        return {
            community.label: float(
                outreach_message(
                    policy.outreach_accuracy,
                    actual_now(int(community), make_policy(policy), rules),
                    policy.outreach_slant,
                )
            )
            for community in Community
        }

    @property
    def raises_belief(self) -> dict[str, bool]:
        """Whether its message is above what each community believes, so that outreach raises perceived sharing."""
        belief = self.model.engine.communities["belief"].tolist()
        return {label: said > held for (label, said), held in zip(self.message.items(), belief)}
