"""The organizations as Mesa agents: police, arrest database and immigration agency.

They show the model's columns and counts, and are where later decisions of organizations belong.
"""

import mesa

from ..levers import LEVERS
from ..state import ARREST_DUE, VISITS, WASTED_VISITS
from ..vocabulary import Channel, Field, Role


class PoliceDepartment(mesa.Agent):
    """The city's police; one department with a division for each group of districts."""

    @property
    def divisions(self) -> dict[str, float]:
        """Open cases of each division."""
        engine = self.model.engine
        return dict(zip(engine.place.divisions, engine.districts.open_cases.tolist()))

    @property
    def open_cases(self) -> float:
        """Open cases of all divisions."""
        return float(self.model.engine.districts.open_cases.sum())

    @property
    def arrests_due(self) -> int:
        """Arrests that police will make on a later day."""
        engine = self.model.engine
        slots, n = engine.due, 0
        for head in slots.head[ARREST_DUE, self.model.day :].tolist():
            while head >= 0:
                n, head = n + 1, int(slots.slot["next"][head])
        return n


class ArrestDatabase(mesa.Agent):
    """The arrest database; the access agreement in force decides what the immigration agency sees of it."""

    @property
    def visible_roles(self) -> tuple[str, ...]:
        """Roles whose records the immigration agency sees today."""
        policy = self.model.policy
        shown = (policy.shows_arrestee, policy.shows_victim, policy.shows_witness)
        return tuple(role.label for role in Role if shown[role])

    @property
    def visible_fields(self) -> tuple[str, ...]:
        """Fields that tell the immigration agency who was born abroad or has which status."""
        policy = self.model.policy
        shown = (policy.shows_country_of_birth, policy.shows_immigration_status)
        return tuple(field.label for field in Field if shown[field])

    @property
    def is_shared(self) -> bool:
        """Whether the immigration agency sees anything today."""
        return bool(self.visible_roles and self.visible_fields)

    @property
    def bookings(self) -> int:
        """Bookings entered so far."""
        return int(self.model.engine.counts["bookings"].sum())


class ImmigrationAgency(mesa.Agent):
    """The federal immigration agency (ICE)."""

    @property
    def leads(self) -> int:
        """Police-data leads on the stack."""
        return int(self.model.engine.leads.size[0])

    @property
    def visits(self) -> int:
        """Visits made so far."""
        return int(self.model.engine.counts["city"][:, VISITS].sum())

    @property
    def wasted_visits(self) -> int:
        """Visits so far to people who were not removable."""
        return int(self.model.engine.counts["city"][:, WASTED_VISITS].sum())

    @property
    def arrests(self) -> dict[str, int]:
        """Arrests so far, by channel."""
        return dict(zip(Channel.names(), self.model.engine.counts["arrests"].sum(axis=(0, 1, 3)).tolist()))

    @property
    def levers(self) -> dict[str, object]:
        """The agency's own levers and their values today."""
        policy = self.model.policy._asdict()
        return {name: policy[name] for name, lever in LEVERS.items() if lever.controlled_by == "immigration agency"}
