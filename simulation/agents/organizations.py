"""The organizations as Mesa agents: police, arrest database and immigration agency (MODEL.md 2, ODD 2).

They show the model's columns and counts; what they do is in `simulation.submodels`.
"""

import mesa

from ..state import ARREST_DUE, VISITS, WASTED_VISITS
from ..submodels.investigation import staffing
from ..vocabulary import Channel, Field, Role
from .governments import levers_of


class PoliceDepartment(mesa.Agent):
    """Show the city's police: one department with a division for each group of districts (MODEL.md 5.3, ODD 4.4)."""

    @property
    def divisions(self) -> dict[str, float]:
        """Open cases of each division by name; 0 or more, a fraction where old cases are closing."""
        engine = self.model.engine
        return dict(zip(engine.place.divisions, engine.districts.open_cases.tolist()))

    @property
    def open_cases(self) -> float:
        """Open cases of all divisions, 0 or more."""
        return float(self.model.engine.districts.open_cases.sum())

    @property
    def detectives(self) -> float:
        """Detectives today, as a multiple of the usual number."""
        policy = self.model.policy
        elasticity = self.model.engine.rules.detective_elasticity
        return float(staffing(policy.detectives, policy.police_budget, elasticity))

    @property
    def arrests_due(self) -> int:
        """Arrests that fall due on the days still to be simulated, before the run's end."""
        engine = self.model.engine
        slots, n = engine.due, 0
        for head in slots.head[ARREST_DUE, self.model.day :].tolist():
            while head >= 0:
                n, head = n + 1, int(slots.slot["next"][head])
        return n


class ArrestDatabase(mesa.Agent):
    """Show the arrest database, of which the agreement in force decides what the immigration agency sees.

    MODEL.md 5.4, ODD 4.5.
    """

    @property
    def visible_roles(self) -> tuple[str, ...]:
        """Labels of the roles whose records the immigration agency sees today."""
        policy = self.model.policy
        shown = (policy.shows_arrestee, policy.shows_victim, policy.shows_witness)
        return tuple(role.label for role in Role if shown[role])

    @property
    def visible_fields(self) -> tuple[str, ...]:
        """Labels of the fields shown today that tell who was born abroad or has which status."""
        policy = self.model.policy
        shown = (policy.shows_country_of_birth, policy.shows_immigration_status)
        return tuple(field.label for field in Field if shown[field])

    @property
    def is_shared(self) -> bool:
        """Whether the agreement shows the immigration agency anything today."""
        return bool(self.visible_roles and self.visible_fields)

    @property
    def bookings(self) -> int:
        """Bookings entered so far."""
        return int(self.model.engine.counts["bookings"].sum())


class ImmigrationAgency(mesa.Agent):
    """Show the federal immigration agency (MODEL.md 5.5, ODD 4.6)."""

    @property
    def leads(self) -> int:
        """Leads from police data on the stack."""
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
        """Immigration arrests so far, by label of `Channel`."""
        return dict(zip(Channel.names(), self.model.engine.counts["arrests"].sum(axis=(0, 1, 3)).tolist()))

    @property
    def levers(self) -> dict[str, object]:
        """The agency's own levers and their values today, as `Policy` holds them."""
        return levers_of("immigration agency", self.model.policy)
