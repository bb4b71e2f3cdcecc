"""The arrest database: who is entered, and what the immigration agency sees of it (ODD 4.5, 4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.vocabulary import CrimeType, Detainers, LegalStatus, Role

if TYPE_CHECKING:
    from .crime import Crime
    from .model import Oracle
    from .resident import Resident


class ArrestDatabase:
    """Everybody booked, and victims and witnesses of reported crimes; the agreement decides what it shows."""

    def __init__(self, model: Oracle):
        self.model = model
        self.entries = dict.fromkeys(Role, 0)

    def shows_role(self, role: Role) -> bool:
        """Whether the agreement shows people in this role."""
        policy = self.model.policy
        return (policy.shows_arrestee, policy.shows_victim, policy.shows_witness)[role]

    @property
    def shows_a_field(self) -> bool:
        """Whether the agreement shows any field that points at people born abroad."""
        return self.model.policy.shows_country_of_birth or self.model.policy.shows_immigration_status

    @property
    def shows_anything(self) -> bool:
        """Whether the agreement shows a role and a field (ODD 4.1)."""
        return self.shows_a_field and any(self.shows_role(role) for role in Role)

    def shows(self, role: Role, person: Resident) -> bool:
        """Whether the agreement shows this person's entry as that of a possible noncitizen (ODD 4.5).

        Immigration status points at people who can be removed; country of birth alone at everyone not born a citizen.
        """
        policy = self.model.policy
        if policy.shows_immigration_status:
            return self.shows_role(role) and person.is_removable
        born_abroad = person.status is not LegalStatus.US_BORN_CITIZEN
        return self.shows_role(role) and policy.shows_country_of_birth and born_abroad

    def enter_arrestee(self) -> None:
        """Count the entry of a person booked; what the agency makes of it is its own decision."""
        self.entries[Role.ARRESTEE] += 1

    def enter_victim_and_witnesses(self, crime: Crime) -> None:
        """Enter the people of a reported crime, which may give the agency leads (ODD 4.5)."""
        if crime.type is not CrimeType.HOMICIDE:
            self.enter_contact(Role.VICTIM, crime.victim)
        for bystander in crime.helpful_bystanders:
            self.enter_contact(Role.WITNESS, bystander.person)

    def enter_contact(self, role: Role, person: Resident) -> None:
        """Enter a victim or witness; a lead if shown, within the priorities and present today."""
        self.entries[role] += 1
        if self.shows(role, person) and person.meets_priority and person.present:
            self.model.agency.add_database_lead(role, person)

    def data_visibility(self, role: Role) -> float:
        """How visible the agreement makes this role: `data[role]` of ODD 4.7."""
        policy = self.model.policy
        if not (self.shows_role(role) and self.shows_a_field):
            return 0.0
        at_once = policy.real_time and not (role is Role.ARRESTEE and policy.after_disposition)
        return 1.0 if at_once else self.model.values["batch_visibility"]

    def print_visibility(self) -> float:
        """How visible fingerprint checks make an arrestee: `print` of ODD 4.7."""
        policy, values = self.model.policy, self.model.values
        if not policy.fingerprint_checks:
            return 0.0
        unhonored = values["unhonored_visibility"]
        honored = self.model.value("detainer_compliance", Detainers(policy.detainers))
        return values["fingerprint_match"] * (unhonored + (1.0 - unhonored) * honored)

    def visibility(self, role: Role) -> float:
        """How visible a contact in this role is under today's policy: `visible[role]` of ODD 4.7."""
        data = self.data_visibility(role)
        if role is Role.ARRESTEE:
            return 1.0 - (1.0 - data) * (1.0 - self.print_visibility())
        return data
