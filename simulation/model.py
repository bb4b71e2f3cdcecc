"""`TrustModel`: the model as Mesa knows it, over the columns of the engine."""

import datetime
from typing import TYPE_CHECKING

import mesa
import numpy as np
from mesa.agent import Agent

from .agents.advocacy import AdvocacyOrganization
from .agents.agent_sets import CityAgents, ResidentSet
from .agents.governments import CityGovernment, Courts, DistrictAttorney, FederalGovernment
from .agents.organizations import ArrestDatabase, ImmigrationAgency, PoliceDepartment
from .agents.residents import COLUMNS, Resident
from .engine import build
from .levers import Policy

if TYPE_CHECKING:
    from .population import Population
    from .scenario import Scenario


class TrustModel(mesa.Model):
    """Simulate a city under a policy, one day a step.

    Residents are rows of columns shown as `Resident` agents on demand; the organizations are ordinary Mesa agents.
    `agents`, `agents_by_type`, `AgentSet` calls and `mesa.DataCollector` work on all of them. Nothing in the model
    draws from `model.random`.

    Parameters
    ----------
    scenario : Scenario
        What is simulated; kept as `model.scenario`.
    seed : int
        Root of every random number of the run, 0 to 2**63 - 1.
    record_events : bool
        Keep every crime, booking, visit and immigration arrest.

    Attributes
    ----------
    police : PoliceDepartment
    database : ArrestDatabase
    agency : ImmigrationAgency
    city : CityGovernment
    district_attorney : DistrictAttorney
    courts : Courts
    federal_government : FederalGovernment
    advocates : AdvocacyOrganization
    running : bool
        False once the scenario's last day is simulated.
    engine : Engine
        The columns of the run.

    Raises
    ------
    InputError
        If the place is not found or not valid, or the scale leaves too few residents.
    """

    def __init__(self, scenario: "Scenario", seed: int = 1, record_events: bool = False):
        super().__init__(rng=seed)
        self.scenario = scenario
        self.engine = build(scenario, seed, record_events)
        self.police = PoliceDepartment(self)
        self.database = ArrestDatabase(self)
        self.agency = ImmigrationAgency(self)
        self.city, self.district_attorney, self.courts = CityGovernment(self), DistrictAttorney(self), Courts(self)
        self.federal_government = FederalGovernment(self)
        self.advocates = AdvocacyOrganization(self)
        self._organizations: tuple[Agent, ...] = (
            self.police, self.database, self.agency, self.city, self.district_attorney, self.courts,
            self.federal_government, self.advocates,
        )  # fmt: skip
        self.first_resident_id = 1 + max(agent.unique_id for agent in self._organizations)
        self.district_ids = np.array([str(d.id) for d in self.engine.place.districts])

    @property
    def scenario(self) -> "Scenario":
        """What is simulated; a property, because newer Mesa would write the model into the scenario."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: "Scenario") -> None:
        """Keep what is simulated."""
        self._scenario = scenario

    @property
    def population(self) -> "Population":
        """The synthetic population, N residents (`Population`)."""
        return self.engine.population

    @property
    def day(self) -> int:
        """Days simulated so far; also the number of the day that the next step simulates."""
        return self.engine.day

    @property
    def date(self) -> datetime.date:
        """Date of the day that the next step simulates."""
        return self.scenario.start + datetime.timedelta(days=self.day)

    @property
    def policy(self) -> Policy:
        """The policy in force on the day that the next step simulates."""
        return self.engine.policy_on(min(self.day, self.engine.days - 1))

    def step(self) -> None:
        """Simulate one day; after the scenario's last day nothing happens and `running` is False."""
        self.run_until(self.day + 1)

    def run_until(self, day: int | datetime.date) -> None:
        """Simulate until a day is the next to be simulated, at most to the scenario's end.

        Parameters
        ----------
        day : int or date
            Number of the day from the scenario's start, or its date. Nothing happens if it has passed.
        """
        if isinstance(day, datetime.date):
            day = (day - self.scenario.start).days
        self.engine.advance_to(min(day, self.engine.days))
        self.running = self.day < self.engine.days

    @property
    def residents(self) -> ResidentSet:
        """All residents, as a set over the columns."""
        return ResidentSet(self)

    def resident(self, row: int) -> Resident:
        """Return the face of one resident.

        Parameters
        ----------
        row : int
            0 to N - 1.

        Returns
        -------
        Resident
        """
        return Resident(self, row)

    def has_column(self, name: str) -> bool:
        """Return whether residents have an attribute of this name.

        Parameters
        ----------
        name : str
            Such as `trust`; all are listed at `Resident`.

        Returns
        -------
        bool
        """
        return name in COLUMNS

    def column(self, name: str, rows) -> np.ndarray:
        """Return one attribute of some residents.

        Parameters
        ----------
        name : str
            An attribute of `Resident`, which states its unit.
        rows : int array, shape (n,)
            Which residents.

        Returns
        -------
        array, shape (n,)

        Raises
        ------
        AttributeError
            If residents have no such attribute.
        """
        if name not in COLUMNS:
            raise AttributeError(f"residents have no {name!r}; they have {', '.join(COLUMNS)}")
        return np.asarray(COLUMNS[name](self, rows))

    @property
    def agents(self) -> CityAgents:
        """All agents: the organizations, then the residents."""
        return CityAgents(self, self._organizations)

    @property
    def agents_by_type(self) -> dict:
        """Agent sets by class; `Resident` gives all residents."""
        return {**super().agents_by_type, Resident: self.residents}

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents in the model."""
        return list(self.agents_by_type)

    def close(self) -> None:
        """Give up the model's memory; the model cannot be used afterwards.

        Mesa 3.3 would otherwise keep every model ever made.
        """
        self.running = False
        self.remove_all_agents()
        getattr(Agent, "_ids", {}).pop(self, None)
        self._organizations = ()
        self.__dict__.pop("engine", None)
